"""What the score of an offer is at most: few offers can be among the best, and only they are scored.

The bound is made of what all offers can be asked quickly: how much of the need their texts can cover, how much of each
requirement's words they have anywhere, and whether they state a figure of its kind. Facts count as perfect, until the
few offers left are asked for those that weigh most.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.matching.ceilings import SLACK, AskedBound, ScoreNumbers, add_asked, highest
from app.matching.cores import both
from app.matching.figures import LEAST_SIMILARITY, SURE_SIMILARITY, asked_kinds, stated_kinds
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

# The weight of a term that only stands there.
_PRESENT = 1e-9


@dataclass(frozen=True, slots=True)
class Signals:
    """Bounds of signals of some offers of a table; shape (offers,) each.

    Attributes:
        rows: Which rows of the table they are.
        text: Of the part of the need that is covered.
        asked: Of the requirements' worth, nan if there are none.
        meaning: Of what the texts mean, nan if that is not read.
        gained: What the fitting facts earn, before their gate; None while they were not asked for.
        stated: The weight of those that are present.
    """

    rows: NDArray[np.int64]
    text: NDArray[np.float32]
    asked: NDArray[np.float32]
    meaning: NDArray[np.float32]
    gained: NDArray[np.float32] | None = None
    stated: NDArray[np.float32] | None = None

    def at(self, places: NDArray[np.int64]) -> "Signals":
        """Give those of some of the offers."""
        return Signals(
            self.rows[places],
            self.text[places],
            self.asked[places],
            self.meaning[places],
            None if self.gained is None else self.gained[places],
            None if self.stated is None else self.stated[places],
        )

    def with_facts(self, facts: Mapping[str, NDArray[np.float64]], params: MatcherParams) -> "Signals":
        """Put in what fitting facts are worth; values of each, nan for absent, shape (offers,)."""
        gained, stated = np.zeros((2, len(self.rows)), dtype=np.float32)
        for name, values in facts.items():
            is_stated = ~np.isnan(values)
            gained += np.where(is_stated, params.signal_weights[name] * values, 0.0)
            stated += params.signal_weights[name] * is_stated
        return replace(self, gained=gained, stated=stated)

    def with_asked(self, credit: NDArray[np.float64]) -> "Signals":
        """Put in what the requirements are worth."""
        return replace(self, asked=credit.astype(np.float32))

    def highest(self, params: MatcherParams) -> NDArray[np.float32]:
        """Give what the scores of the offers do not exceed, facts that were not asked for being perfect."""
        weights = params.signal_weights
        none = np.zeros(len(self.rows), dtype=np.float32)
        gained, stated = (none, none) if self.gained is None or self.stated is None else (self.gained, self.stated)
        fitting = math.fsum(weights[name] for name in FITTING) if self.gained is None else 0.0
        numbers = ScoreNumbers(
            half=np.float32(params.half),
            fitting_gate=np.float32(params.fitting_gate),
            gate=np.float32(params.gate),
            text=np.float32(weights["text"]),
            asked=np.float32(weights["requirements"]),
            meaning=np.float32(weights.get("meaning", 0.0)),
            fitting=np.float32(fitting),
            supporting=np.float32(math.fsum(weights[name] for name in SUPPORTING)),
        )
        found: NDArray[np.float32] = highest(self.text, self.asked, self.meaning, gained, stated, numbers)
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

    def __post_init__(self) -> None:
        # As in a table: what is compiled for what was just built serves what is mapped.
        for array in (self.rows, self.kinds, *self.codes):
            array.flags.writeable = False

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

    def asked(self, query: Query, probe: Probe, *, foreign: int) -> NDArray[np.float32]:
        """Bound what the requirements are worth, nan if there are none; shape (offers,).

        Each by the words an offer has, in whatever sentence, or if it has a figure of its kind, by how it is called.

        Args:
            query: The need.
            probe: The same, laid out.
            foreign: 1 if its language is another one, else 0.
        """
        worth = np.full(len(self.rows), 0.0 if query.requirements else np.nan, dtype=np.float32)
        importance = requirement_weights(query.requirements)
        kinds = asked_kinds(probe.figures)
        said = probe.squares[:, foreign] * (SLACK * (FOREIGN_COVERAGE if foreign else 1.0))
        # The square of how alike the name of a figure is to the asked one is no more than the part of that name the
        # offer has.
        names = probe.names[:, foreign] ** 2 * SLACK
        named = np.maximum(names[:, ::ROWS_PER_REQUIREMENT], names[:, 1::ROWS_PER_REQUIREMENT])
        named[:, kinds == 0] = 0.0
        for i, requirement in enumerate(query.requirements):
            measured = requirement.target is not None
            least, full = (MET_COVERAGE, UNMEASURED_CREDIT) if measured else (PARTIAL_COVERAGE, 1 / MET_COVERAGE)
            asked = AskedBound(
                share=np.float32(importance[i] / importance.sum()),
                least=np.float32(least),
                full=np.float32(full),
                unnamed=np.float32(SLACK * probe.unnamed[i]),
                alike=np.float32(LEAST_SIMILARITY**2),
                sure=np.float32(1 / SURE_SIMILARITY),
                kinds=kinds[i],
            )
            spoken, called = self._present(probe, said[:, i]), self._present(probe, named[:, i])
            add_asked(worth, spoken, called, self.kinds, asked)
        return worth

    def meaning(self, query: Query, table: Table, model: Model) -> NDArray[np.float32]:
        """Give what the meaning of its offers is worth, nan if it is not read; shape (offers,)."""
        if model.params.reads_meaning:
            return meaning_value(query, table, self.rows, model.params).astype(np.float32)
        return np.full(len(self.rows), np.nan, dtype=np.float32)

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

    def native(self, query: Query, probe: Probe, table: Table, model: Model) -> Signals:
        """Bound the signals of every offer in the need's language.

        Args:
            query: The need.
            probe: The same, laid out.
            table: The offers.
            model: What scores them; it may have learned of other texts since.
        """
        side = self.chinese if query.chinese else self.english
        asked, text = both(
            lambda: side.asked(query, probe, foreign=0),
            lambda: side.text(query.words) * self._scale(model),
        )
        return Signals(side.rows, text, asked, side.meaning(query, table, model))

    def foreign(self, query: Query, probe: Probe, table: Table, model: Model) -> Signals:
        """Bound the signals of every offer in the other language; see `native`."""
        side = self.english if query.chinese else self.chinese
        asked = side.asked(query, probe, foreign=1)
        text = side.text(query.translated) * (self._scale(model) * np.float32(model.params.crossing))
        return Signals(side.rows, text, asked, side.meaning(query, table, model))

    def _scale(self, model: Model) -> np.float32:
        # Beside a larger mean an offer is shorter, which makes its words weigh more, by no more than the means differ.
        return np.float32(SLACK * max(1.0, model.lexicon.length_ / self.length))
