"""Lines of real postings and their variants: what generated postings are made of.

A line is a sentence or a short field of a demonstration posting. A variant of it says something of the same kind:
concepts of the thesaurus give way to siblings (same category, same language) and numbers change.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.matching import Need, Offer, Thesaurus
from app.matching.fields import Field, need_fields, offer_fields
from app.matching.text import Token, tokenise
from app.matching.thesaurus import CONCEPT_PREFIX

SWAPPED = 0.4
"""Chance that a concept gives way to a sibling."""
RENUMBERED = 0.8
"""Chance that a number changes."""

_END = re.compile(r"(?<=[。！？；!?;])\s*|(?<=\.)\s+(?=[A-Z])|\n+")
_NUMBER = re.compile(r"(?<![A-Za-z\d.])\d+(?:\.\d+)?(?![\d.]*[A-Z])")
_LATIN = re.compile(r"[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a posting and the role of the field it stands in."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """A real posting as lines. Its topics are its scenarios, each within its language."""

    language: str
    topics: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]


def of_offer(offer: Offer) -> Source:
    """Take an offer apart."""
    topics = tuple((offer.lang, scenario.code) for scenario in offer.scenarios)
    return Source(offer.lang, topics, tuple(line for _, line in placed(offer_fields(offer))))


def of_need(need: Need) -> Source:
    """Take a need apart."""
    topics = ((need.lang, need.scenario.code),) if need.scenario else ()
    return Source(need.lang, topics, tuple(line for _, line in placed(need_fields(need))))


def placed(fields: Iterator[Field]) -> Iterator[tuple[str, Line]]:
    """Give the lines of a posting, each with the name of the field it stands in."""
    for field in fields:
        yield from ((field.name, Line(field.role, text)) for text in _END.split(field.text) if text.strip())


class Varied:
    """Makes variants of lines."""

    def __init__(self, thesaurus: Thesaurus) -> None:
        self.thesaurus = thesaurus
        self._category = {concept.id: concept.category for concept in thesaurus.concepts}
        self._siblings = _siblings(thesaurus)

    def variants(self, text: str, count: int, draw: random.Random) -> list[str]:
        """Give so many variants of a text; the same text and the same state of `draw` give the same ones."""
        named = [token for token in tokenise(text, self.thesaurus) if token.term.startswith(CONCEPT_PREFIX)]
        return [self._vary(text, named, draw) for _ in range(count)]

    def _vary(self, text: str, named: Sequence[Token], draw: random.Random) -> str:
        pieces: list[str] = []
        position = 0
        for token in named:
            if token.start >= position and draw.random() < SWAPPED:
                category = self._category[token.term.removeprefix(CONCEPT_PREFIX)]
                siblings = self._siblings[category, _is_latin(text[token.start : token.end])]
                pieces += [text[position : token.start], draw.choice(siblings)]
                position = token.end
        return _NUMBER.sub(lambda found: _renumbered(found.group(), draw), "".join([*pieces, text[position:]]))


def _siblings(thesaurus: Thesaurus) -> Mapping[tuple[str, bool], Sequence[str]]:
    found: dict[tuple[str, bool], list[str]] = {}
    for concept in thesaurus.concepts:
        for _, term, _ in concept.terms:
            found.setdefault((concept.category, _is_latin(term)), []).append(term)
    return found


def _is_latin(text: str) -> bool:
    return _LATIN.match(text) is not None


def _renumbered(number: str, draw: random.Random) -> str:
    if draw.random() >= RENUMBERED:
        return number
    _, _, decimals = number.partition(".")
    return f"{float(number) * 2 ** draw.uniform(-2, 2):.{len(decimals)}f}"
