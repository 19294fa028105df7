"""What the score of an offer is at most: few offers can be among the best, and only they are scored.

The bound is made of what all offers can be asked quickly: how much of the need their texts can cover, how much of each
requirement's words they have anywhere, and the facts that weigh most. Facts that weigh little count as perfect.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numba import njit
from numpy.typing import NDArray

from app.matching.figures import LEAST_SIMILARITY, SURE_SIMILARITY
from app.matching.kernels import Codes, Rows, bound, present
from app.matching.lexicon import Lexicon, Row
from app.matching.params import FITTING, SUPPORTING, MatcherParams
from app.matching.postings import encoded
from app.matching.probe import Probe
from app.matching.query import Query
from app.matching.requirements import FOREIGN_COVERAGE, MET_COVERAGE, UNMEASURED_CREDIT, requirement_weights
from app.matching.table import Table

# Above the rounding of sums in float32.
_SLACK = 1 + 1e-4

# A figure whose name is alike by s is worth s / SURE, and s² is no more than the part of the name's squared weight that
# the offer has; below LEAST it is worth nothing.
_FIGURE = 1 / (SURE_SIMILARITY * LEAST_SIMILARITY)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bounds of the scores of the offers of a table.

    Attributes:
        codes: What offers earn by each term, rounded up.
        length: The mean length of an offer it was made with.
    """

    codes: Codes
    length: float

    @classmethod
    def build(cls, table: Table, lexicon: Lexicon) -> Self:
        """Make bounds for a table.

        What an offer rules out counts as if it said it: a need that rules it out too earns by it.
        """
        owned = table.children["terms"]
        counts = np.abs(owned["count"].astype(np.float64))
        lengths = np.repeat(lexicon.lengths(table["length"]), np.diff(owned.starts))
        rows = Rows(owned.starts, owned["term"], lexicon.saturated(counts, lengths))
        return cls(encoded(rows, len(lexicon.frequency_)), lexicon.length_)

    def highest(
        self,
        query: Query,
        probe: Probe,
        table: Table,
        lexicon: Lexicon,
        params: MatcherParams,
        facts: Mapping[str, NDArray[np.float64]],
    ) -> NDArray[np.float64]:
        """Give what the score of no offer exceeds; shape (offers,).

        Args:
            query: The need.
            probe: The same, laid out.
            table: The offers.
            lexicon: What was learned of their texts since.
            params: The numbers of the score.
            facts: The values of the fitting signals; shape (offers,) each.
        """
        # Beside a larger mean an offer is shorter, which makes its words weigh more, by no more than the means differ.
        scale = _SLACK * max(1.0, lexicon.length_ / self.length)
        sides = (query.words, query.translated)
        texts = [self._text(row, table.rows) for row in sides]
        asked = [self._asked(query, probe, side, table.rows) for side in range(len(sides))]
        weights = params.signal_weights
        numbers = _Numbers(
            scale=scale,
            crossing=params.crossing,
            half=params.half,
            fitting_gate=params.fitting_gate,
            gate=params.gate,
            text=weights["text"],
            asked=weights["requirements"] if query.requirements else 0.0,
            supporting=math.fsum(weights[name] for name in SUPPORTING),
        )
        stated, importance = np.stack([facts[name] for name in FITTING]), np.array([weights[name] for name in FITTING])
        other = table["chinese"] != query.chinese
        text, asks = np.where(other, texts[1], texts[0]), np.where(other, asked[1], asked[0])
        found: NDArray[np.float64] = _highest(text, asks, other, stated, importance, numbers)
        return found

    def _text(self, row: Row, count: int) -> NDArray[np.float32]:
        # Terms that were met later are in no offer of this table.
        known = row.terms < len(self.codes.steps)
        found: NDArray[np.float32] = bound(self.codes, count, row.terms[known], np.abs(row.weights[known]))
        return found

    def _asked(self, query: Query, probe: Probe, side: int, count: int) -> NDArray[np.float32]:
        """Give the most the requirements can be worth by the words an offer has at all."""
        importance = requirement_weights(query.requirements)
        factor = FOREIGN_COVERAGE if side else 1.0
        worth = np.zeros(len(probe.terms))
        for i, requirement in enumerate(query.requirements):
            squares = probe.squares[:, side, i]
            if requirement.target is None:
                most = factor / MET_COVERAGE * squares
            else:
                names = np.maximum(probe.names[:, side, 2 * i], probe.names[:, side, 2 * i + 1]) ** 2
                most = np.maximum(factor * UNMEASURED_CREDIT * squares, _FIGURE * names)
            worth += importance[i] / importance.sum() * most
        used = np.flatnonzero((worth > 0) & (probe.terms < len(self.codes.steps)))
        found: NDArray[np.float32] = present(self.codes, count, probe.terms[used], worth[used].astype(np.float32))
        return found


class _Numbers(NamedTuple):
    """What the loop below needs of the score's numbers; `scale` is by how much bounds may be too low."""

    scale: float
    crossing: float
    half: float
    fitting_gate: float
    gate: float
    text: float
    asked: float
    supporting: float


@njit(cache=True, nogil=True)
def _highest(
    texts: NDArray[np.float32],
    asked: NDArray[np.float32],
    foreign: NDArray[np.bool_],
    facts: NDArray[np.float64],
    importance: NDArray[np.float64],
    numbers: _Numbers,
) -> NDArray[np.float64]:
    """Put the bounds of an offer's signals together as the score does; see `scoring`."""
    found = np.empty(len(foreign))
    for i in range(len(foreign)):
        covered = min(1.0, numbers.scale * texts[i] * (numbers.crossing if foreign[i] else 1.0))
        value = (1 + numbers.half) * covered / (covered + numbers.half)
        best = numbers.text * value + numbers.asked * min(1.0, numbers.scale * asked[i])
        total = numbers.text + numbers.asked
        opened = min(1.0, value / numbers.fitting_gate) ** 2
        for j in range(len(importance)):
            if not np.isnan(facts[j, i]):
                best += importance[j] * opened * facts[j, i]
                total += importance[j]
        # Supporting facts that are present and perfect help where their gate is above the rest.
        opened = min(1.0, value / numbers.gate) ** 2
        with_all = (best + numbers.supporting * opened) / (total + numbers.supporting)
        found[i] = min(1.0, numbers.scale * max(best / total, with_all))
    return found
