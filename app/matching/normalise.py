"""One spelling for every text, with a way back to the characters people wrote."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from opencc import OpenCC


@dataclass(frozen=True, slots=True)
class Normalised:
    """A normalised text; character `i` of `text` came from `original[starts[i]:ends[i]]`."""

    original: str
    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Turn a non-empty normalised range into a range of character offsets of the original."""
        return self.starts[start], self.ends[end - 1]


def taiwanese(text: str) -> str:
    """Say in the words of Taiwan what is written in simplified Chinese: 传感器 becomes 感測器."""
    converted: str = _to_taiwanese().convert(text)
    return converted


@cache
def _to_taiwanese() -> OpenCC:
    return OpenCC("s2twp")


@cache
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


def _simplify(text: str) -> str:
    if text.isascii():
        return text
    # The one word of engineering that is 坐标 in simplified characters and that OpenCC leaves as 座标.
    text = text.replace("座標", "坐標")
    converted: str = _to_simplified().convert(text)
    if len(converted) == len(text):
        return converted
    # A phrase rule changed the length: fall back to single characters, which keep the offsets true.
    return "".join(_one_for_one(character) for character in text)


def _one_for_one(character: str) -> str:
    converted: str = _to_simplified().convert(character)
    return converted if len(converted) == 1 else character


def normalise(text: str) -> Normalised:
    """Fold compatibility forms, width, case and script (traditional to simplified Chinese).

    Args:
        text: Any text, as written.

    Returns:
        The normalised text with the offsets of every character in the original. NFKC is applied character by
        character, so a base letter and a combining mark that follows it stay two characters.
    """
    pieces = list(map(_FOLDS.__getitem__, text))
    folded = _simplify("".join(pieces))
    if len(folded) == len(text):
        return Normalised(text, folded, range(len(text)), range(1, len(text) + 1))
    starts = tuple(offset for offset, piece in enumerate(pieces) for _ in piece)
    ends = tuple(start + 1 for start in starts)
    return Normalised(original=text, text=folded, starts=starts, ends=ends)


class _Folds(dict[str, str]):
    """What each character becomes, worked out when it is first met."""

    def __missing__(self, character: str) -> str:
        self[character] = unicodedata.normalize("NFKC", character).lower()
        return self[character]


_FOLDS = _Folds()
