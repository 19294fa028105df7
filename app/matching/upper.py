"""What the score of an offer is at most: few offers can be among the best, and only they are scored.

The bound is made of what all offers can be asked quickly: how much of the need their texts can cover, and how much of
each requirement's words they have anywhere. Facts count as perfect, until the few offers left are asked for those that
weigh most.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numba import njit
from numpy.typing import NDArray

from app.matching.cores import both
from app.matching.figures import LEAST_SIMILARITY, SURE_SIMILARITY, asked_figures, asked_kinds, stated_kinds
from app.matching.kernels import Codes, Rows, bound, present
from app.matching.lexicon import Lexicon, Row
from app.matching.params import FITTING, SUPPORTING, MatcherParams
from app.matching.postings import encoded
from app.matching.probe import Probe
from app.matching.query import ROWS_PER_REQUIREMENT, Query
from app.matching.requirements import (
    FOREIGN_COVERAGE,
    MET_COVERAGE,
    PARTIAL_COVERAGE,
    UNMEASURED_CREDIT,
    requirement_weights,
)
from app.matching.scan import PER_COUNT
from app.matching.scoring import Model, meaning_value
from app.matching.table import Table

# Above the rounding of sums in float32.
_SLACK = 1 + 1e-4
# The weight of a term that only stands there.
_PRESENT = 1e-9


@dataclass(frozen=True, slots=True)
class Signals:
    """Bounds of signals of the offers of one side of a table; shape (offers,) each.

    Attributes:
        rows: Which rows of the table they are.
        text: Of the part of the need that is covered.
        asked: Of the requirements' worth, nan if there are none.
        meaning: What the texts mean: its very value, nan if it is not read.
    """

    rows: NDArray[np.int64]
    text: NDArray[np.float32]
    asked: NDArray[np.float32]
    meaning: NDArray[np.float64]

    def highest(
        self,
        places: NDArray[np.int64],
        asked: NDArray[np.floating],
        facts: Mapping[str, NDArray[np.float64]],
        params: MatcherParams,
    ) -> NDArray[np.float32]:
        """Give what the scores of some of these offers do not exceed; shape (places,).

        Args:
            places: Which of these offers.
            asked: Of what the requirements are worth; shape (places,).
            facts: Values of fitting signals, shape (places,) each; those left out count as perfect.
            params: The numbers of the score.
        """
        weights = params.signal_weights
        stated = np.array([facts[name] for name in facts]).reshape(len(facts), len(places))
        numbers = _Numbers(
            half=params.half,
            fitting_gate=params.fitting_gate,
            gate=params.gate,
            text=weights["text"],
            asked=weights["requirements"],
            meaning=weights.get("meaning", 0.0),
            fitting=math.fsum(weights[name] for name in FITTING if name not in facts),
            supporting=math.fsum(weights[name] for name in SUPPORTING),
        )
        importance = np.array([weights[name] for name in facts], dtype=np.float64)
        found: NDArray[np.float32] = _highest(
            self.text[places], asked.astype(np.float32), self.meaning[places], stated, importance, numbers
        )
        return found


@dataclass(frozen=True, slots=True)
class Side:
    """The offers of a table that are in one language.

    Attributes:
        rows: Which they are; shape (offers,).
        kinds: The kinds of figures each states, see `figures`; shape (offers,).
        codes: What they earn by each term, rounded up.
    """

    rows: NDArray[np.int64]
    kinds: NDArray[np.uint64]
    codes: Codes

    @classmethod
    def build(cls, table: Table, rows: NDArray[np.int64], lexicon: Lexicon) -> Self:
        """Make the side of some rows of a table.

        What an offer rules out counts as if it said it: a need that rules it out too earns by it. What it says neither
        way has a code too, as its sentences can meet a requirement all the same.
        """
        owned = table.children["terms"].take(rows)
        lengths = np.repeat(lexicon.lengths(table["length"][rows]), np.diff(owned.starts))
        earned = np.maximum(lexicon.saturated(np.abs(owned["count"] / PER_COUNT), lengths), _PRESENT)
        codes = encoded(Rows(owned.starts, owned["term"], earned), len(lexicon.frequency_))
        return cls(rows, stated_kinds(table.children["figures"].take(rows)), codes)

    def text(self, row: Row) -> NDArray[np.float32]:
        """Bound the text scores of its offers; shape (offers,)."""
        # Terms that were met later are in no offer of this table.
        known = row.terms < len(self.codes.steps)
        terms, weights = row.terms[known], np.abs(row.weights[known])
        found: NDArray[np.float32] = bound(self.codes, len(self.rows), terms, weights)
        return found

    def asked(self, query: Query, probe: Probe, kinds: NDArray[np.uint64], foreign: int) -> NDArray[np.float32]:
        """Bound what the requirements are worth, nan if there are none; shape (offers,).

        Each by the words an offer has, in whatever sentence, or if it has a figure of its kind, by how it is called.

        Args:
            query: The need.
            probe: The same, laid out.
            kinds: Of figures, see `figures`; shape (requirements,).
            foreign: 1 if its language is another one, else 0.
        """
        worth = np.full(len(self.rows), 0.0 if query.requirements else np.nan, dtype=np.float32)
        importance = requirement_weights(query.requirements)
        factor = FOREIGN_COVERAGE if foreign else 1.0
        for i, requirement in enumerate(query.requirements):
            measured = requirement.target is not None
            least, full = (MET_COVERAGE, UNMEASURED_CREDIT) if measured else (PARTIAL_COVERAGE, 1 / MET_COVERAGE)
            # The square of how alike the name of a figure is to the asked one is no more than the part of that name the
            # offer has.
            names = probe.names[:, foreign, ROWS_PER_REQUIREMENT * i : ROWS_PER_REQUIREMENT * (i + 1)]
            _add(
                worth,
                self._present(probe, _SLACK * factor * probe.squares[:, foreign, i]),
                self._present(probe, _SLACK * (names**2).max(axis=1) if kinds[i] else np.zeros(len(names))),
                self.kinds,
                _Asked(float(importance[i] / importance.sum()), least, full, kinds[i]),
            )
        return worth

    def _present(self, probe: Probe, weights: NDArray[np.float64]) -> NDArray[np.float32]:
        """Sum weights, shape (slots,), of the words each offer has; shape (offers,)."""
        used = np.flatnonzero((weights > 0) & (probe.terms < len(self.codes.steps)))
        terms, sought = probe.terms[used], weights[used].astype(np.float32)
        found: NDArray[np.float32] = present(self.codes, len(self.rows), terms, sought)
        return found


@dataclass(frozen=True, slots=True)
class Bounds:
    """What bounds of the scores of the offers of a table are made of.

    Attributes:
        chinese: Its offers in Chinese.
        english: Its offers in English.
        length: The mean length of an offer it was made with.
    """

    chinese: Side
    english: Side
    length: float

    @classmethod
    def build(cls, table: Table, lexicon: Lexicon) -> Self:
        """Make bounds for a table."""
        chinese, english = (np.flatnonzero(table["chinese"] == is_chinese) for is_chinese in (True, False))
        return cls(Side.build(table, chinese, lexicon), Side.build(table, english, lexicon), lexicon.length_)

    def signals(self, query: Query, probe: Probe, table: Table, model: Model) -> tuple[Signals, Signals]:
        """Bound the signals of every offer: of those in the need's language, and of the others.

        Args:
            query: The need.
            probe: The same, laid out.
            table: The offers.
            model: What scores them; it may have learned of other texts since.
        """
        # Beside a larger mean an offer is shorter, which makes its words weigh more, by no more than the means differ.
        scale = _SLACK * max(1.0, model.lexicon.length_ / self.length)
        kinds = asked_kinds(asked_figures(query.requirements, model.numbers.dimensions))

        def bounded(side: Side, row: Row, foreign: int, factor: float) -> Signals:
            asked, text = both(
                lambda: side.asked(query, probe, kinds, foreign), lambda: side.text(row) * np.float32(factor)
            )
            meaning = np.full(len(side.rows), np.nan)
            if model.params.reads_meaning:
                meaning = meaning_value(query, table, side.rows, model.params)
            return Signals(side.rows, text, asked, meaning)

        native, foreign = (self.chinese, self.english) if query.chinese else (self.english, self.chinese)
        return (
            bounded(native, query.words, 0, scale),
            bounded(foreign, query.translated, 1, scale * model.params.crossing),
        )


class _Asked(NamedTuple):
    """What the loop below needs of a requirement.

    Attributes:
        share: Its share of the whole.
        least: The part of its words that must be reached.
        full: What each part of them is worth.
        kinds: The kinds of figures that can answer it.
    """

    share: float
    least: float
    full: float
    kinds: np.uint64


@njit(cache=True, nogil=True)
def _add(
    worth: NDArray[np.float32],
    spoken: NDArray[np.float32],
    named: NDArray[np.float32],
    kinds: NDArray[np.uint64],
    asked: _Asked,
) -> None:
    """Add what one requirement is worth at most; see `requirements`."""
    for i in range(len(worth)):
        by_words = min(1.0, asked.full * spoken[i]) if spoken[i] >= asked.least else 0.0
        by_figure = 0.0
        if kinds[i] & asked.kinds and named[i] >= LEAST_SIMILARITY**2:
            by_figure = min(1.0, math.sqrt(named[i]) / SURE_SIMILARITY)
        worth[i] += asked.share * max(by_words, by_figure)


class _Numbers(NamedTuple):
    """What the loop below needs of the score's numbers; `fitting` and `supporting` of facts that count as perfect."""

    half: float
    fitting_gate: float
    gate: float
    text: float
    asked: float
    meaning: float
    fitting: float
    supporting: float


@njit(cache=True, nogil=True)
def _highest(
    texts: NDArray[np.float32],
    asked: NDArray[np.float32],
    meaning: NDArray[np.float64],
    facts: NDArray[np.float64],
    importance: NDArray[np.float64],
    numbers: _Numbers,
) -> NDArray[np.float32]:
    """Put the bounds of an offer's signals together as the score does; see `scoring`."""
    found = np.empty(len(texts), np.float32)
    for i in range(len(texts)):
        covered = min(1.0, texts[i])
        value = (1 + numbers.half) * covered / (covered + numbers.half)
        best, total = numbers.text * value, numbers.text
        if not np.isnan(asked[i]):
            best, total = best + numbers.asked * min(1.0, asked[i]), total + numbers.asked
        agreed = value
        if not np.isnan(meaning[i]):
            best, total = best + numbers.meaning * meaning[i], total + numbers.meaning
            agreed = (value + meaning[i]) / 2
        opened = min(1.0, agreed / numbers.fitting_gate) ** 2
        for j in range(len(importance)):
            if not np.isnan(facts[j, i]):
                best, total = best + importance[j] * opened * facts[j, i], total + importance[j]
        # Facts that are present and perfect help where their gate is above the rest.
        highest = best / total
        best, total = best + numbers.fitting * opened, total + numbers.fitting
        highest = max(highest, best / total)
        best, total = best + numbers.supporting * min(1.0, agreed / numbers.gate) ** 2, total + numbers.supporting
        found[i] = _SLACK * max(highest, best / total)
    return found
