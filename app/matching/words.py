"""Where the words of a normalised text begin and end, and what each is called in the index."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

from app.matching.normalise import Normalised
from app.matching.stopwords import CHINESE, ENGLISH

SHORT_FORM_LENGTH = 5

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


@dataclass(frozen=True, slots=True)
class Word:
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


def latin_term(surface: str) -> str:
    """Name a Latin word: short forms in capitals (AI, CNC, MES) and words with digits stay whole, others are stemmed.

    Args:
        surface: The word as written, so that capitals can be seen.
    """
    folded = unicodedata.normalize("NFKC", surface)
    lowered = folded.lower()
    short_form = len(folded) <= SHORT_FORM_LENGTH and folded.isupper()
    return lowered if short_form or not lowered.isalpha() else stem(lowered)


def words(text: Normalised) -> tuple[Word, ...]:
    """Split a normalised text into numbers with their units, Latin words and runs of Chinese characters."""
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
            found.extend(_latin(text, start, position))
        else:
            found.append(Word(kind, "", start, position))
    return tuple(found)


def _latin(text: Normalised, start: int, end: int) -> list[Word]:
    """Split a hyphenated compound into its parts, so that `pick-and-place` and `pick and place` meet."""
    parts: list[Word] = []
    for piece in re.finditer(r"[a-z0-9]+", text.text[start:end]):
        left, right = start + piece.start(), start + piece.end()
        original_left, original_right = text.span(left, right)
        if piece.group() not in ENGLISH:
            parts.append(Word("latin", latin_term(text.original[original_left:original_right]), left, right))
    return parts


def han_grams(run: str) -> list[tuple[str, int, int]]:
    """Give the characters and character pairs of a Chinese run, as (term, start, end) within the run."""
    grams = [(character, i, i + 1) for i, character in enumerate(run) if character not in CHINESE]
    grams += [
        (run[i : i + 2], i, i + 2) for i in range(len(run) - 1) if not (run[i] in CHINESE and run[i + 1] in CHINESE)
    ]
    return grams
