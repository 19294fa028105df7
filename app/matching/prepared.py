"""Documents as they are read: their fields with their tokens."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from typing import Literal

import numpy as np

from app.matching.dictionary import Dictionary
from app.matching.documents import Need, Offer
from app.matching.fields import Field, need_fields, offer_fields
from app.matching.meaning import Meaning, Vector
from app.matching.negation import NEED_VOICES, OFFER_VOICES, Voice
from app.matching.occurrences import Occurrences, occurrences
from app.matching.text import Token, tokenise
from app.matching.thesaurus import Thesaurus
from app.matching.translation import WordGroup, word_groups


@dataclass(frozen=True, slots=True)
class ReadField:
    """A field and its tokens."""

    field: Field
    tokens: tuple[Token, ...]


KEPT_NEEDS = 1024
"""So many readings of needs a reader keeps, those used last; one takes some 90 KB."""


# Without slots: a cached property needs a place to keep its value.
@dataclass(frozen=True)
class _Read:
    fields: tuple[ReadField, ...]

    @cached_property
    def occurrences(self) -> Occurrences:
        """Where each term stands; gathered when first asked for, as only explanations ask."""
        return occurrences((read.field, read.tokens) for read in self.fields)


@dataclass(frozen=True)
class ReadNeed(_Read):
    """A need, its read fields, its words as they are looked for in the other language, and what it means, if read."""

    document: Need
    groups: tuple[WordGroup, ...]
    meaning: Vector = field(compare=False)


@dataclass(frozen=True)
class ReadOffer(_Read):
    """An offer, its read fields and what it means, if that is read."""

    document: Offer
    meaning: Vector = field(compare=False)


def is_chinese(document: Need | Offer) -> bool:
    """Say whether a document is written in Chinese, in either script."""
    return document.lang != "en"


class Reader:
    """Reads needs and offers with one thesaurus and one dictionary; threads may share it."""

    def __init__(self, thesaurus: Thesaurus, dictionary: Dictionary, meaning: Meaning | None = None) -> None:
        """Take what to read by; without `meaning`, only words are read."""
        self.thesaurus = thesaurus
        self.dictionary = dictionary
        self.meaning = meaning
        # A need is read for every ranking it takes part in. A cache of a method would hold this object, and with it all
        # that was read, in a circle that is freed late.
        self.need = lru_cache(maxsize=KEPT_NEEDS)(partial(_read_need, thesaurus, dictionary, meaning))

    def need_fields(self, need: Need) -> tuple[ReadField, ...]:
        """Read only the fields of a need: enough to count its words, and a small part of the work of reading it."""
        return _need_fields(self.thesaurus, need)

    def offer(self, offer: Offer) -> ReadOffer:
        """Read an offer."""
        fields = _read_fields(offer_fields(offer), OFFER_VOICES, self.thesaurus)
        return ReadOffer(fields, offer, _meant(self.meaning, "offer", fields))


def _read_need(thesaurus: Thesaurus, dictionary: Dictionary, meaning: Meaning | None, need: Need) -> ReadNeed:
    fields = _need_fields(thesaurus, need)
    groups = word_groups(((read.field, read.tokens) for read in fields), dictionary, chinese=is_chinese(need))
    return ReadNeed(fields, need, groups, _meant(meaning, "need", fields))


def _need_fields(thesaurus: Thesaurus, need: Need) -> tuple[ReadField, ...]:
    return _read_fields(need_fields(need), NEED_VOICES, thesaurus)


def _read_fields(fields: Iterator[Field], voices: Mapping[str, Voice], thesaurus: Thesaurus) -> tuple[ReadField, ...]:
    return tuple(ReadField(field, tokenise(field.text, thesaurus, voices.get(field.role))) for field in fields)


def _meant(meaning: Meaning | None, side: Literal["need", "offer"], fields: Sequence[ReadField]) -> Vector:
    return np.zeros(0, dtype=np.int8) if meaning is None else meaning.of(side, [read.field.text for read in fields])
