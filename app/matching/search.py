"""Finds the best offers for a need: exactly those that scoring all of them would give."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from app.matching.index import OfferIndex, Segment
from app.matching.params import FITTING
from app.matching.probe import Probe
from app.matching.query import Query
from app.matching.scoring import Model, Scored, fact, score

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


class Placed(Sequence[Place]):
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

    def __getitem__(self, index):
        segment, scored = self._pieces[self._owner[index]]
        return Place(segment, scored, int(self._place[index]))


def everything(ask: Ask, index: OfferIndex, mask: NDArray[np.bool_]) -> Placed:
    """Score every offer of a mask over all rows of the index."""
    return Placed([(segment, ask.scored(segment, np.flatnonzero(part))) for segment, part in index.parts(mask)])


def best(ask: Ask, index: OfferIndex, mask: NDArray[np.bool_], count: int) -> Placed:
    """Find the best `count` offers of a mask over all rows of the index; others may follow them, in no known order."""
    pieces: list[tuple[Segment, Scored]] = []
    least = 0.0
    for segment, part in index.parts(mask):
        for rows in _worth_scoring(ask, segment, part, lambda: least):
            pieces.append((segment, ask.scored(segment, rows)))
            least = _reached(pieces, count)
    return Placed(pieces)


def _worth_scoring(ask, segment: Segment, mask: NDArray[np.bool_], least) -> Iterator[NDArray[np.int64]]:
    """Give the rows that can still be among the best, by parts: the likeliest first, those that cannot never."""
    if segment.bounds is None:
        yield np.flatnonzero(mask)
        return
    model = ask.model
    table, every = segment.table, np.arange(segment.table.rows)
    facts = {name: fact(name, ask.query.read.document, table, every, model.numbers, ask.as_of) for name in FITTING}
    upper = segment.bounds.highest(ask.query, ask.probe, table, model.lexicon, model.params, facts)
    upper[~mask] = -1.0
    first = np.argpartition(-upper, min(_FIRST, len(upper) - 1))[:_FIRST]
    yield np.sort(first[upper[first] >= 0])
    upper[first] = -1.0
    rest = np.flatnonzero(upper >= least())
    rest = rest[np.argsort(-upper[rest], kind="stable")]
    for low in range(0, len(rest), _MORE):
        rows = rest[low : low + _MORE]
        rows = rows[upper[rows] >= least()]
        if not len(rows):
            return
        yield np.sort(rows)


def _reached(pieces: Sequence[tuple[Segment, Scored]], count: int) -> float:
    """Give the score of the last of the best so far, 0 while there are fewer."""
    scores = np.concatenate([scored.scores for _, scored in pieces])
    return float(np.partition(scores, -count)[-count]) if len(scores) >= count else 0.0
