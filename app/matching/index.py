"""Offers in segments: one that never changes, and a small one that takes in what changed since."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.matching.lexicon import Lexicon
from app.matching.offer_table import ids_of
from app.matching.table import Table, concatenate
from app.matching.upper import Bounds


@dataclass(frozen=True, slots=True)
class Segment:
    """Offers in the order of their ids.

    Attributes:
        table: See `offer_table`.
        live: Which rows still hold, others were withdrawn or replaced; shape (rows,).
        bounds: Tells which rows can be among the best; None where it pays to score all.
    """

    table: Table
    live: NDArray[np.bool_]
    bounds: Bounds | None = None

    def row_of(self, offer_id: str) -> int | None:
        """Give the row of an offer that still holds."""
        wanted = offer_id.encode()
        row = int(np.searchsorted(self.table["id"], np.bytes_(wanted)))
        found = row < self.table.rows and self.table["id"][row] == wanted and self.live[row]
        return row if found else None


# Without slots: a cached property needs a place to keep its value.
@dataclass(frozen=True)
class OfferIndex:
    """Segments of which no two hold the same offer. It is never changed, so threads may share it."""

    segments: tuple[Segment, ...]

    @cached_property
    def ids(self) -> NDArray[np.bytes_]:
        """The ids of all rows, segment after segment, those that no longer hold among them; shape (rows,)."""
        return np.concatenate([segment.table["id"] for segment in self.segments])

    @property
    def offers(self) -> int:
        """How many offers hold."""
        return sum(int(segment.live.sum()) for segment in self.segments)

    def parts(self, mask: NDArray[np.bool_]) -> Iterator[tuple[Segment, NDArray[np.bool_]]]:
        """Give each segment with its part of a mask over all rows, without the rows that no longer hold."""
        start = 0
        for segment in self.segments:
            end = start + segment.table.rows
            yield segment, mask[start:end] & segment.live
            start = end

    def find(self, offer_id: str) -> tuple[Segment, int] | None:
        """Give the segment and the row of an offer."""
        for segment in self.segments:
            row = segment.row_of(offer_id)
            if row is not None:
                return segment, row
        return None

    def rows(self) -> Table:
        """Give all offers as one table, in the order of their ids."""
        held = concatenate([segment.table.take(np.flatnonzero(segment.live)) for segment in self.segments])
        return held.take(np.argsort(held["id"], kind="stable"))

    def with_changes(self, changed: Table, gone: Collection[str]) -> tuple["OfferIndex", list[Table]]:
        """Take in changed offers and leave out others.

        Args:
            changed: New offers and new forms of old ones.
            gone: Ids that hold no longer, those of old forms among them.

        Returns:
            The new index and what it holds no longer.
        """
        leaving = ids_of(gone)
        segments: list[Segment] = []
        removed: list[Table] = []
        for segment in self.segments:
            out = segment.live & np.isin(segment.table["id"], leaving)
            segments.append(Segment(segment.table, segment.live & ~out, segment.bounds))
            if out.any():
                removed.append(segment.table.take(np.flatnonzero(out)))
        *first, last = segments
        return OfferIndex((*first, _merged(last, changed))), removed


def large_segment(table: Table, lexicon: Lexicon) -> Segment:
    """Make a segment of many offers in the order of their ids."""
    return Segment(table, np.ones(table.rows, dtype=np.bool_), Bounds.build(table, lexicon))


def small_segment(table: Table) -> Segment:
    """Make a segment of offers in any order."""
    return Segment(table.take(np.argsort(table["id"], kind="stable")), np.ones(table.rows, dtype=np.bool_))


def _merged(segment: Segment, changed: Table) -> Segment:
    kept = segment.table.take(np.flatnonzero(segment.live))
    return small_segment(concatenate([kept, changed]))
