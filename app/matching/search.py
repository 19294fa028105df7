"""Finds the best offers for a need: exactly those that scoring all of them would give."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.matching.cores import both
from app.matching.facts import Facts
from app.matching.index import OfferIndex, Segment
from app.matching.params import FITTING
from app.matching.probe import Probe
from app.matching.query import Query
from app.matching.requirements import Assessment, assess
from app.matching.scoring import Model, Scored, score, text_score
from app.matching.upper import Bounds, Signals

# So many are asked for their facts first, and scored at once: enough that the loops outweigh the calls.
_ASKED = 1024
_FIRST = 64
_MORE = 512
# So many are asked for their requirements by two threads: fewer take no longer than waking one.
_SHARED = 128


@dataclass(frozen=True, slots=True)
class Ask:
    """A need, laid out for an index, on a day. Not for several threads."""

    query: Query
    probe: Probe
    model: Model
    facts: Facts

    def scored(self, segment: Segment, rows: NDArray[np.int64]) -> Scored:
        """Score some offers (row numbers) of a segment."""
        return self.scored_with(segment, rows, self.assessed(segment, rows))

    def scored_with(self, segment: Segment, rows: NDArray[np.int64], assessment: Assessment) -> Scored:
        """The same, their requirements having been assessed."""
        return score(self.query, self.probe, segment.table, rows, self.model, self.facts, assessment)

    def text(self, segment: Segment) -> NDArray[np.float64]:
        """Give the text scores of all offers of a segment; shape (rows,)."""
        every = np.arange(segment.table.rows)
        return text_score(self.query, self.probe, segment.table, every, self.model)

    def native(self, segment: Segment, bounds: Bounds) -> Signals:
        """Bound the signals of the offers of a segment that are in the need's language."""
        return bounds.native(self.query, self.probe, segment.table, self.model)

    def foreign(self, segment: Segment, bounds: Bounds) -> Signals:
        """Bound the signals of its offers in the other language."""
        return bounds.foreign(self.query, self.probe, segment.table, self.model)

    def assessed(self, segment: Segment, rows: NDArray[np.int64]) -> Assessment:
        """Hold the requirements against some offers (row numbers) of a segment."""

        def of(some: NDArray[np.int64]) -> Assessment:
            return assess(self.query, self.probe, segment.table, some, self.model.short_texts)

        if len(rows) < _SHARED:
            return of(rows)
        half = len(rows) // 2
        first, second = both(lambda: of(rows[:half]), lambda: of(rows[half:]))
        return first.followed_by(second)

    def fitting(self, segment: Segment, rows: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
        """Give the facts that weigh most of some offers (row numbers) of a segment; shape (rows,) each."""
        return {name: self.facts.values(name, segment.table, rows) for name in FITTING}


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
            rows = np.flatnonzero(part)
            if len(rows):  # nothing may have changed since the index was made
                pieces.append((segment, ask.scored(segment, rows)))
        else:
            _search_both(ask, segment, segment.bounds, part, count, pieces)
    return Placed(pieces)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Offers of a segment in one language, with bounds of their signals."""

    ask: Ask
    segment: Segment
    signals: Signals

    def with_facts(self, places: NDArray[np.int64]) -> Signals:
        """Ask some, by their places, for the facts that weigh most."""
        some = self.signals.at(places)
        return some.with_facts(self.ask.fitting(self.segment, some.rows), self.ask.model.params)

    def highest(self, signals: Signals) -> NDArray[np.float32]:
        """Give what the scores do not exceed."""
        return signals.highest(self.ask.model.params)


def _search_both(
    ask: Ask,
    segment: Segment,
    bounds: Bounds,
    part: NDArray[np.bool_],
    count: int,
    pieces: list[tuple[Segment, Scored]],
) -> None:
    """Search both languages of a segment, the need's own first: in it most of the best are found."""
    native = Candidates(ask, segment, ask.native(segment, bounds))
    _, signals = both(lambda: _search(native, part, count, pieces), lambda: ask.foreign(segment, bounds))
    _search(Candidates(ask, segment, signals), part, count, pieces)


def _search(candidates: Candidates, part: NDArray[np.bool_], count: int, pieces: list[tuple[Segment, Scored]]) -> None:
    """Add what can be among the best to `pieces`: the likeliest first, those that cannot never."""
    ask, segment, highest = candidates.ask, candidates.segment, candidates.highest
    # Below 0 no offer is left.
    upper = np.where(part[candidates.signals.rows], highest(candidates.signals), np.float32(-1))
    least = _reached(pieces, count)
    if not least:
        # What the likeliest score tells which others need not be asked.
        likely = np.argpartition(-upper, _ASKED)[:_ASKED] if len(upper) > _ASKED else np.arange(len(upper))
        likely = np.sort(likely[upper[likely] >= 0])
        by_facts = highest(candidates.with_facts(likely))
        first = np.sort(likely[np.argsort(-by_facts, kind="stable")][: max(_FIRST, 2 * count)])
        pieces.append((segment, ask.scored(segment, candidates.signals.rows[first])))
        least = _reached(pieces, count)
        upper[first] = -1
    # Each bound is closer than the one before, and dearer.
    left = candidates.with_facts(np.flatnonzero(upper >= least))
    upper = highest(left)
    order = np.flatnonzero(upper >= least)
    order = order[np.argsort(-upper[order], kind="stable")]
    for low in range(0, len(order), _MORE):
        places = order[low : low + _MORE]
        some = left.at(np.sort(places[upper[places] >= least]))
        if not len(some.rows):
            break
        # Requirements are what bounds know least of: they leave few of the offers that get so far.
        assessment = ask.assessed(segment, some.rows)
        kept = np.flatnonzero(highest(some.with_asked(assessment.credit)) >= least)
        if len(kept):
            pieces.append((segment, ask.scored_with(segment, some.rows[kept], assessment.at(kept))))
            least = _reached(pieces, count)


def _reached(pieces: Sequence[tuple[Segment, Scored]], count: int) -> float:
    """Give the score of the last of the best so far, 0 while there are fewer."""
    scores = np.concatenate([scored.scores for _, scored in pieces]) if pieces else np.zeros(0)
    return float(np.partition(scores, -count)[-count]) if len(scores) >= count else 0.0
