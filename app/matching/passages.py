"""Sentences of an offer: what can be quoted to show that a requirement is met."""

import re
from dataclasses import dataclass

from app.matching.prepared import ReadField, ReadOffer

_SENTENCE = re.compile(r"[^。！？；!?;\n]*?(?:[。！？；!?;\n]|\.(?=\s|$)|$)")
QUOTABLE = frozenset({"title", "summary", "description", "advantages", "spec_evidence", "case_solution"})


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of an offer, with the part of the field that reads it."""

    field: str
    start: int
    end: int
    text: str
    read: ReadField


def passages(offer: ReadOffer) -> tuple[Passage, ...]:
    """Give the quotable sentences of an offer, in the order of its fields. Offsets are of the original field."""
    found: list[Passage] = []
    for read in offer.fields:
        if read.field.role not in QUOTABLE:
            continue
        for match in _SENTENCE.finditer(read.field.text):
            start, end = match.span()
            tokens = tuple(token for token in read.tokens if start <= token.start and token.end <= end)
            if tokens:
                text = read.field.text[start:end].strip()
                found.append(Passage(read.field.name, start, end, text, ReadField(read.field, tokens)))
    return tuple(found)
