"""Documents read once: their tokens, kept so that a refit re-reads only what changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.matching.dictionary import Dictionary
from app.matching.documents import Need, Offer
from app.matching.fields import Field, need_fields, offer_fields
from app.matching.negation import NEED_VOICES, OFFER_VOICES, Voice
from app.matching.occurrences import Occurrences
from app.matching.text import Token, tokenise
from app.matching.thesaurus import Thesaurus
from app.matching.translation import WordGroup, word_groups


@dataclass(frozen=True, slots=True)
class ReadField:
    """A field and its tokens."""

    field: Field
    tokens: tuple[Token, ...]


# Without slots: a cached property needs a place to keep its value.
@dataclass(frozen=True)
class _Read:
    fields: tuple[ReadField, ...]

    @cached_property
    def occurrences(self) -> Occurrences:
        """Where each term stands; gathered when first asked for, as only explanations ask."""
        return Occurrences((read.field, read.tokens) for read in self.fields)


@dataclass(frozen=True)
class ReadNeed(_Read):
    """A need, its read fields, and its words as they are looked for in the other language."""

    document: Need
    groups: tuple[WordGroup, ...]


@dataclass(frozen=True)
class ReadOffer(_Read):
    """An offer and its read fields."""

    document: Offer


def is_chinese(document: Need | Offer) -> bool:
    """Say whether a document is written in Chinese, in either script."""
    return document.lang != "en"


class Reader:
    """Reads needs and offers with one thesaurus and one dictionary and keeps the readings of those fitted last.

    Share one reader between matchers: a matcher fitted after one document changed reads only that document. Threads
    may share it too: what is kept is never changed, only replaced, and a reading counts only for an equal document, so
    that a matcher still serving older documents at worst reads them again.
    """

    def __init__(self, thesaurus: Thesaurus, dictionary: Dictionary) -> None:
        self.thesaurus = thesaurus
        self.dictionary = dictionary
        self._needs: dict[str, ReadNeed] = {}
        self._offers: dict[str, ReadOffer] = {}

    def need(self, need: Need) -> ReadNeed:
        """Give the kept reading of a need, or read it and keep nothing."""
        kept = self._needs.get(need.id)
        return kept if kept is not None and kept.document == need else self._read_need(need)

    def offer(self, offer: Offer) -> ReadOffer:
        """Give the kept reading of an offer, or read it and keep nothing."""
        kept = self._offers.get(offer.id)
        return kept if kept is not None and kept.document == offer else self._read_offer(offer)

    def keep_needs(self, needs: Sequence[Need]) -> list[ReadNeed]:
        """Read needs of different ids in their order, keep these readings and drop all others."""
        read = [self.need(need) for need in needs]
        self._needs = {reading.document.id: reading for reading in read}
        return read

    def keep_offers(self, offers: Sequence[Offer]) -> list[ReadOffer]:
        """Read offers of different ids in their order, keep these readings and drop all others."""
        read = [self.offer(offer) for offer in offers]
        self._offers = {reading.document.id: reading for reading in read}
        return read

    def _read_need(self, need: Need) -> ReadNeed:
        fields = tuple(self._read(need_fields(need), NEED_VOICES))
        groups = word_groups(((read.field, read.tokens) for read in fields), self.dictionary, chinese=is_chinese(need))
        return ReadNeed(fields, need, groups)

    def _read_offer(self, offer: Offer) -> ReadOffer:
        return ReadOffer(tuple(self._read(offer_fields(offer), OFFER_VOICES)), offer)

    def _read(self, fields: Iterator[Field], voices: Mapping[str, Voice]) -> Iterator[ReadField]:
        return (ReadField(field, tokenise(field.text, self.thesaurus, voices.get(field.role))) for field in fields)
