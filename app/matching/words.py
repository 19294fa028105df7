"""Where the words of a normalised text begin and end, and what each is called in the index."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import Stemmer

from app.matching.normalise import Normalised
from app.matching.stopwords import CHINESE, ENGLISH

NUMBER = r"(?<![a-z0-9.])\d+(?:,\d{3})*(?:\.\d+)?"

_SHAPES = re.compile(
    rf"(?P<number>{NUMBER})"
    r"|(?P<latin>[a-z][a-z0-9]*(?:[-+][a-z0-9]+)*)"
    r"|(?P<han>[\u3400-\u9fff\uf900-\ufaff]+)"
)
_UNIT = re.compile(
    r"\s?(%fs|%|‰|ppm|ppb|mm2|mm3|cm2|m2|m3|m/min|mm/s|m/s|km/h|mm|cm|nm|[uμ]m|km|m|kg|mg/l|mg|g|t|ms|min|h|s|"
    r"kwh|kw|mw|w|v|a|hz|khz|mhz|ghz|mpa|kpa|pa|bar|db|℃|°c|°|"
    r"万元|亿元|元|分钟|小时|秒|天|周|个月|月|年|人|件/小时|件/分钟|台|套|条|件|吨|公斤|毫米|微米|米)(?![a-z])"
)

_VOWEL = re.compile("[aeiouy]")


class Word(NamedTuple):
    """A piece of normalised text: `kind` is number, latin or han; `term` is its name in the index (empty for han)."""

    kind: str
    term: str
    start: int
    end: int


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Give the Snowball (Porter 2) stem of a lower-case English word."""
    # A stemmer of its own for each word: they cost next to nothing and must not be shared by threads.
    stemmed: str = Stemmer.Stemmer("english").stemWord(word)
    return stemmed


def words(text: Normalised, short_forms: frozenset[str] = frozenset()) -> tuple[Word, ...]:
    """Split a normalised text into numbers with their units, Latin words and runs of Chinese characters.

    Args:
        text: The text.
        short_forms: Words, in small letters, that stay whole (aps, mems); others are stemmed. Letter case says
            nothing: a heading in capitals reads like the same words in small letters.
    """
    found: list[Word] = []
    position = 0
    while match := _SHAPES.search(text.text, position):
        start, position = match.span()
        kind = match.lastgroup or ""
        if kind == "number":
            term = match.group().replace(",", "")
            unit = _UNIT.match(text.text, position)
            if unit:
                position = unit.end()
                term += unit.group(1).replace("um", "μm")
            found.append(Word(kind, term, start, position))
        elif kind == "latin":
            found.extend(_latin(text, start, position, short_forms))
        else:
            found.append(Word(kind, "", start, position))
    return tuple(found)


def _latin(text: Normalised, start: int, end: int, short_forms: frozenset[str]) -> Iterator[Word]:
    """Split a hyphenated compound into its parts, so that `pick-and-place` and `pick and place` meet."""
    for piece in re.finditer(r"[a-z0-9]+", text.text[start:end]):
        word, left, right = piece.group(), start + piece.start(), start + piece.end()
        if word not in ENGLISH:
            yield Word("latin", _latin_term(word, text, (left, right), short_forms), left, right)


def _latin_term(word: str, text: Normalised, place: tuple[int, int], short_forms: frozenset[str]) -> str:
    one = word[:-1]
    whole = word in short_forms
    # No English word is without a vowel: plcs can only be several PLC.
    if word[-1] == "s" and one in short_forms and not (whole or _VOWEL.search(word)):
        return one
    if word[-1] == "s" and (whole or one in short_forms) and _is_plural(text, *place):
        return one
    return word if whole or not word.isalpha() else stem(word)


def _is_plural(text: Normalised, start: int, end: int) -> bool:
    """Tell the plural of a shorter form (IDs, ICs) from a short form that ends in S (IDS, ICS)."""
    first, last = text.span(start, end)
    surface = text.original[first:last]
    return surface[-1] in "sｓ" and surface[:-1].isupper()


def han_grams(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Give the characters and character pairs of a Chinese run of a text, as (term, start, end)."""
    was_stop = True
    for i in range(start, end):
        is_stop = text[i] in CHINESE
        if not is_stop:
            yield text[i], i, i + 1
        if i > start and not (was_stop and is_stop):
            yield text[i - 1 : i + 1], i - 1, i + 1
        was_stop = is_stop
