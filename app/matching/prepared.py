"""Documents read once: their tokens, kept so that a refit re-reads only what changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.matching.documents import Need, Offer
from app.matching.fields import Field, need_fields, offer_fields
from app.matching.text import Token, tokenise
from app.matching.thesaurus import Thesaurus

CACHED_DOCUMENTS = 200_000


@dataclass(frozen=True, slots=True)
class ReadField:
    """A field and its tokens."""

    field: Field
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class ReadNeed:
    """A need and its read fields."""

    document: Need
    fields: tuple[ReadField, ...]


@dataclass(frozen=True, slots=True)
class ReadOffer:
    """An offer and its read fields."""

    document: Offer
    fields: tuple[ReadField, ...]


class Reader:
    """Tokenises needs and offers with one thesaurus and remembers the result by the document's value.

    Share one reader between matchers: a matcher fitted after one document changed reads only that document.
    """

    def __init__(self, thesaurus: Thesaurus, *, cached_documents: int = CACHED_DOCUMENTS) -> None:
        self.thesaurus = thesaurus
        self.need = lru_cache(cached_documents)(self._read_need)
        self.offer = lru_cache(cached_documents)(self._read_offer)

    def _read_need(self, need: Need) -> ReadNeed:
        return ReadNeed(need, tuple(self._read(need_fields(need))))

    def _read_offer(self, offer: Offer) -> ReadOffer:
        return ReadOffer(offer, tuple(self._read(offer_fields(offer))))

    def _read(self, fields: Iterator[Field]) -> Iterator[ReadField]:
        return (ReadField(field, tokenise(field.text, self.thesaurus)) for field in fields)
