"""The loops that put bounds of scores together, compiled by numba; the interpreter's lock is not held.

They run over all offers. Without branches, in float32 and where a division raises no error, the processor takes eight
of them at a time.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

SLACK = 1 + 1e-4
"""Above the rounding of sums in float32."""

_ONE, _NONE = np.float32(1), np.float32(0)


class AskedBound(NamedTuple):
    """What `add_asked` needs of a requirement.

    Attributes:
        share: Its share of the whole.
        least: The part of its words that must be reached.
        full: What each part of them is worth.
        unnamed: What a figure of its kind is worth under whatever name.
        alike: The square of how alike the name of a figure must be to say anything.
        sure: What each part of that likeness is worth.
        kinds: The kinds of figures that can answer it.
    """

    share: np.float32
    least: np.float32
    full: np.float32
    unnamed: np.float32
    alike: np.float32
    sure: np.float32
    kinds: np.uint64


@njit(cache=True, nogil=True)
def add_asked(
    worth: NDArray[np.float32],
    spoken: NDArray[np.float32],
    named: NDArray[np.float32],
    kinds: NDArray[np.uint64],
    asked: AskedBound,
) -> None:
    """Add what one requirement is worth at most; see `requirements`."""
    for i in range(len(worth)):
        by_words = min(_ONE, asked.full * spoken[i]) if spoken[i] >= asked.least else _NONE
        by_figure = min(_ONE, np.sqrt(named[i]) * asked.sure) if named[i] >= asked.alike else _NONE
        by_figure = max(by_figure, asked.unnamed) if kinds[i] & asked.kinds else _NONE
        worth[i] += asked.share * max(by_words, by_figure)


class ScoreNumbers(NamedTuple):
    """What `highest` needs of the score's numbers; `fitting` and `supporting` of facts that count as perfect."""

    half: np.float32
    fitting_gate: np.float32
    gate: np.float32
    text: np.float32
    asked: np.float32
    meaning: np.float32
    fitting: np.float32
    supporting: np.float32


@njit(cache=True, nogil=True, error_model="numpy")
def highest(
    texts: NDArray[np.float32],
    asked: NDArray[np.float32],
    meaning: NDArray[np.float32],
    gained: NDArray[np.float32],
    stated: NDArray[np.float32],
    numbers: ScoreNumbers,
) -> NDArray[np.float32]:
    """Put the bounds of an offer's signals together as the score does; see `scoring`.

    Of the facts that were asked for, `stated` is the weight of those that are present and `gained` what they earn.
    """
    found = np.empty(len(texts), np.float32)
    for i in range(len(texts)):
        covered = min(_ONE, texts[i])
        value = (_ONE + numbers.half) * covered / (covered + numbers.half)
        asks, means = not np.isnan(asked[i]), not np.isnan(meaning[i])
        best = numbers.text * value + (numbers.asked * min(_ONE, asked[i]) if asks else _NONE)
        total = numbers.text + (numbers.asked if asks else _NONE)
        best += numbers.meaning * meaning[i] if means else _NONE
        total += numbers.meaning if means else _NONE
        agreed = (value + meaning[i]) * np.float32(0.5) if means else value
        opened, supported = min(_ONE, agreed / numbers.fitting_gate), min(_ONE, agreed / numbers.gate)
        opened, supported = opened * opened, supported * supported
        best, total = best + opened * gained[i], total + stated[i]
        # Facts that are present and perfect help where their gate is above the rest.
        reached = best / total
        best, total = best + numbers.fitting * opened, total + numbers.fitting
        reached = max(reached, best / total)
        best, total = best + numbers.supporting * supported, total + numbers.supporting
        found[i] = np.float32(SLACK) * max(reached, best / total)
    return found
