"""Offers in segments: one that never changes, and a small one that takes in what changed since."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

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

    def rows_of(self, offer_ids: Iterable[str]) -> NDArray[np.int64]:
        """Give the rows of those among some offers that still hold."""
        return np.array([row for one in offer_ids if (row := self.row_of(one)) is not None], dtype=np.int64)

    def without(self, rows: NDArray[np.int64]) -> "Segment":
        """This segment with some rows that no longer hold."""
        if not len(rows):
            return self
        live = self.live.copy()
        live[rows] = False
        return replace(self, live=live)


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

    @property
    def loose(self) -> int:
        """How many rows are outside the first segment or no longer hold: what merging would tidy up."""
        first, *others = self.segments
        return first.table.rows - int(first.live.sum()) + sum(segment.table.rows for segment in others)

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

    def in_order(self, size: int) -> Iterator[Table]:
        """Give all offers in the order of their ids, so many at a time."""
        where = np.concatenate([np.flatnonzero(segment.live) for segment in self.segments])
        owner = np.repeat(np.arange(len(self.segments)), [int(segment.live.sum()) for segment in self.segments])
        ids = np.concatenate([segment.table["id"][segment.live] for segment in self.segments])
        order = np.argsort(ids, kind="stable")
        for low in range(0, max(len(order), 1), size):
            some = order[low : low + size]
            held = concatenate(
                [segment.table.take(where[some[owner[some] == i]]) for i, segment in enumerate(self.segments)]
            )
            yield held.take(np.argsort(held["id"], kind="stable"))

    def with_changes(self, changed: Table, gone: AbstractSet[str]) -> tuple["OfferIndex", list[Table]]:
        """Take in changed offers and leave out others.

        Args:
            changed: New offers and new forms of old ones.
            gone: Ids that hold no longer, those of old forms among them.

        Returns:
            The new index and what it holds no longer.
        """
        leaving = [segment.rows_of(gone) for segment in self.segments]
        removed = [segment.table.take(rows) for segment, rows in zip(self.segments, leaving, strict=True) if len(rows)]
        *first, last = (segment.without(rows) for segment, rows in zip(self.segments, leaving, strict=True))
        return OfferIndex((*first, _merged(last, changed))), removed


def opened(table: Table, bounds: Bounds) -> OfferIndex:
    """Index the offers of a table that is in the order of their ids, ready to take in changes."""
    nothing = table.take(np.zeros(0, dtype=np.int64))
    return OfferIndex((Segment(table, np.ones(table.rows, dtype=np.bool_), bounds), small_segment(nothing)))


def small_segment(table: Table) -> Segment:
    """Make a segment of offers in any order."""
    return Segment(table.take(np.argsort(table["id"], kind="stable")), np.ones(table.rows, dtype=np.bool_))


def _merged(segment: Segment, changed: Table) -> Segment:
    kept = segment.table.take(np.flatnonzero(segment.live))
    return small_segment(concatenate([kept, changed]))
