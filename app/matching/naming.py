"""Which words beside a figure name what it measures: the nearest ones, of one phrase."""

import re
from collections.abc import Sequence

from app.matching.stopwords import ENGLISH

# A name is this many Chinese characters long at most; a Latin word counts as several of them.
NAME_LENGTH = 9
LATIN_LENGTH = 3

_FILLER = re.compile(r"(?:[\s=:的在为是约仅只均也由从将把已了])+$")
_HEAD = re.compile(r".*[的在将把使让对:]", re.DOTALL)
_PIECE = re.compile(r"[a-z][a-z0-9]*|[\u3400-\u9fff]+")
# A Latin name goes on over these.
_INNER = frozenset({"of", "the"})


def name_before(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Find the name in a range of a normalised text that ends where the words of a figure begin."""
    region = _FILLER.sub("", text[start:end])
    head = _HEAD.match(region)
    words = list(_PIECE.finditer(text, start + (head.end() if head else 0), start + len(region)))
    while words and words[-1].group() in ENGLISH:
        words.pop()
    near = _near([word.group() for word in reversed(words)])
    if not near:
        return None
    first, last = words[-near].start(), words[-1].end()
    if not words[-1].group().isascii():
        first = max(first, last - NAME_LENGTH)
        first += len(text[first:last]) - len(text[first:last].lstrip())
    return first, last


def name_after(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Find the name in a range of a normalised text that begins where a figure ends."""
    words = list(_PIECE.finditer(text, start + len(text[start:end]) - len(text[start:end].lstrip(" 的")), end))
    near = _near([word.group() for word in words])
    if not near:
        return None
    first, last = words[0].start(), words[near - 1].end()
    return first, (last if words[0].group().isascii() else min(last, first + NAME_LENGTH))


def _near(words: Sequence[str]) -> int:
    """Count the words, nearest to the number first, that are of one name: no longer, and of no other phrase."""
    length = 0
    for i, word in enumerate(words):
        if length >= NAME_LENGTH or (word in ENGLISH and word not in _INNER):
            return i
        if word not in ENGLISH:
            length += LATIN_LENGTH if word.isascii() else len(word)
    return len(words)
