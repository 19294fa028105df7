"""Finds the best offers for a need: exactly those that scoring all of them would give."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from app.matching.index import OfferIndex, Segment
from app.matching.params import FITTING
from app.matching.probe import Probe
from app.matching.query import Query
from app.matching.scoring import Model, Scored, fact, score, text_score
from app.matching.upper import Bounds

# Offers scored at once: enough that the loops outweigh the calls.
_FIRST = 512
_MORE = 2048


@dataclass(frozen=True, slots=True)
class Ask:
    """A need, laid out for an index, on a day."""

    query: Query
    probe: Probe
    model: Model
    as_of: date

    def scored(self, segment: Segment, rows: NDArray[np.int64]) -> Scored:
        """Score some offers (row numbers) of a segment."""
        return score(self.query, self.probe, segment.table, rows, self.model, self.as_of)

    def text(self, segment: Segment) -> NDArray[np.float64]:
        """Give the text scores of all offers of a segment; shape (rows,)."""
        every = np.arange(segment.table.rows)
        return text_score(self.query, self.probe, segment.table, every, self.model)

    def upper(self, segment: Segment, bounds: Bounds) -> NDArray[np.float64]:
        """Give what the score of no offer of a segment exceeds; shape (rows,)."""
        table, model, need = segment.table, self.model, self.query.read.document
        every = np.arange(table.rows)
        facts = {name: fact(name, need, table, every, model.numbers, self.as_of) for name in FITTING}
        return bounds.highest(self.query, self.probe, table, model.lexicon, model.params, facts)


@dataclass(frozen=True, slots=True)
class Place:
    """A scored offer: `place` of what `scored` scored of a segment."""

    segment: Segment
    scored: Scored
    place: int

    @property
    def row(self) -> int:
        """Its row in the segment."""
        return int(self.scored.rows[self.place])

    @property
    def score(self) -> float:
        """Its score."""
        return float(self.scored.scores[self.place])

    @property
    def offer_id(self) -> str:
        """Its id."""
        return bytes(self.segment.table["id"][self.row]).decode()


class Placed:
    """Scored offers, the best first, of equals the one whose id comes first."""

    def __init__(self, pieces: Sequence[tuple[Segment, Scored]]) -> None:
        self._pieces = pieces
        scores = np.concatenate([scored.scores for _, scored in pieces])
        self.ids = np.concatenate([segment.table["id"][scored.rows] for segment, scored in pieces])
        owner = np.repeat(np.arange(len(pieces)), [len(scored.rows) for _, scored in pieces])
        place = np.concatenate([np.arange(len(scored.rows)) for _, scored in pieces])
        order = np.lexsort((self.ids, -scores))
        self.ids, self._owner, self._place = self.ids[order], owner[order], place[order]

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, number: int) -> Place:
        segment, scored = self._pieces[self._owner[number]]
        return Place(segment, scored, int(self._place[number]))


def everything(ask: Ask, index: OfferIndex, mask: NDArray[np.bool_]) -> Placed:
    """Score every offer of a mask over all rows of the index."""
    return Placed([(segment, ask.scored(segment, np.flatnonzero(part))) for segment, part in index.parts(mask)])


def best(ask: Ask, index: OfferIndex, mask: NDArray[np.bool_], count: int) -> Placed:
    """Find the best `count` offers of a mask over all rows of the index; others may follow them, in no known order."""
    pieces: list[tuple[Segment, Scored]] = []
    for segment, part in index.parts(mask):
        if segment.bounds is None:
            pieces.append((segment, ask.scored(segment, np.flatnonzero(part))))
        else:
            _search(ask, segment, segment.bounds, part, count, pieces)
    return Placed(pieces)


def _search(
    ask: Ask,
    segment: Segment,
    bounds: Bounds,
    mask: NDArray[np.bool_],
    count: int,
    pieces: list[tuple[Segment, Scored]],
) -> None:
    """Add what can be among the best of a segment to `pieces`: the likeliest first, those that cannot never."""
    upper = ask.upper(segment, bounds)
    upper[~mask] = -1.0
    first = np.argpartition(-upper, min(_FIRST, len(upper) - 1))[:_FIRST]
    rows = first[upper[first] >= 0]
    rest: NDArray[np.int64] | None = None
    while len(rows):
        pieces.append((segment, ask.scored(segment, np.sort(rows))))
        upper[rows] = -1.0
        least = _reached(pieces, count)
        if rest is None:
            rest = np.flatnonzero(upper >= least)
            rest = rest[np.argsort(-upper[rest], kind="stable")]
        rows, rest = rest[:_MORE], rest[_MORE:]
        rows = rows[upper[rows] >= least]


def _reached(pieces: Sequence[tuple[Segment, Scored]], count: int) -> float:
    """Give the score of the last of the best so far, 0 while there are fewer."""
    scores = np.concatenate([scored.scores for _, scored in pieces])
    return float(np.partition(scores, -count)[-count]) if len(scores) >= count else 0.0
