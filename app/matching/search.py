"""Finds the best offers for a need: exactly those that scoring all of them would give."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.matching.facts import Facts
from app.matching.index import OfferIndex, Segment
from app.matching.params import FITTING
from app.matching.probe import Probe
from app.matching.query import Query
from app.matching.requirements import assess
from app.matching.scoring import Model, Scored, score, text_score
from app.matching.upper import Bounds, Signals

# So many are asked for their facts first, and scored at once: enough that the loops outweigh the calls.
_ASKED = 4096
_FIRST = 64
_MORE = 512


@dataclass(frozen=True, slots=True)
class Ask:
    """A need, laid out for an index, on a day. Not for several threads."""

    query: Query
    probe: Probe
    model: Model
    facts: Facts

    def scored(self, segment: Segment, rows: NDArray[np.int64]) -> Scored:
        """Score some offers (row numbers) of a segment."""
        return score(self.query, self.probe, segment.table, rows, self.model, self.facts)

    def text(self, segment: Segment) -> NDArray[np.float64]:
        """Give the text scores of all offers of a segment; shape (rows,)."""
        every = np.arange(segment.table.rows)
        return text_score(self.query, self.probe, segment.table, every, self.model)

    def signals(self, segment: Segment, bounds: Bounds) -> Signals:
        """Bound the signals of all offers of a segment."""
        return bounds.signals(self.query, self.probe, segment.table, self.model.lexicon, self.model.params)

    def with_asked(self, segment: Segment, signals: Signals, rows: NDArray[np.int64]) -> Signals:
        """Give bounds that know what the requirements are worth for some offers (row numbers) of a segment."""
        model = self.model
        assessed = assess(self.query, self.probe, segment.table, rows, model.numbers, model.short_texts)
        asked = signals.asked.copy()
        asked[rows] = assessed.credit
        return replace(signals, asked=asked)

    def upper(self, segment: Segment, signals: Signals, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Give what the scores of some offers (row numbers) of a segment do not exceed; shape (rows,)."""
        facts = {name: self.facts.values(name, segment.table, rows) for name in FITTING}
        return signals.highest(rows, facts, self.model.params)


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
    signals, left = ask.signals(segment, bounds), np.flatnonzero(mask)
    quick = signals.highest(left, {}, ask.model.params)
    # Facts are asked of the likeliest first: what they score tells which others need not be asked.
    likely = np.argpartition(-quick, _ASKED)[:_ASKED] if len(left) > _ASKED else np.arange(len(left))
    first = likely[np.argsort(-ask.upper(segment, signals, left[likely]), kind="stable")][: max(_FIRST, 2 * count)]
    pieces.append((segment, ask.scored(segment, np.sort(left[first]))))
    least = _reached(pieces, count)
    quick[first] = -1.0
    left = left[quick >= least]
    upper = ask.upper(segment, signals, left)
    others = np.flatnonzero(upper >= least)
    others = others[np.argsort(-upper[others], kind="stable")]
    for low in range(0, len(others), _MORE):
        some = others[low : low + _MORE]
        rows = np.sort(left[some[upper[some] >= least]])
        if not len(rows):
            break
        # Requirements are what bounds know least of: they leave few of the offers that get so far.
        rows = rows[ask.upper(segment, ask.with_asked(segment, signals, rows), rows) >= least]
        if len(rows):
            pieces.append((segment, ask.scored(segment, rows)))
            least = _reached(pieces, count)


def _reached(pieces: Sequence[tuple[Segment, Scored]], count: int) -> float:
    """Give the score of the last of the best so far, 0 while there are fewer."""
    scores = np.concatenate([scored.scores for _, scored in pieces])
    return float(np.partition(scores, -count)[-count]) if len(scores) >= count else 0.0
