"""Columns of numbers for many rows of any shape: a row may own any number of rows of another table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as columns. It is never changed, so threads may share it.

    Attributes:
        rows: How many.
        columns: By name; shape (rows,) each.
        children: By name, what the rows own.
    """

    rows: int
    columns: Mapping[str, Array] = field(default_factory=dict)
    children: Mapping[str, "Owned"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Said to numpy too: mapped files are read-only, and what is compiled for them serves all.
        for column in self.columns.values():
            column.flags.writeable = False

    def __getitem__(self, name: str) -> Array:
        return self.columns[name]

    def take(self, rows: NDArray[np.int64]) -> "Table":
        """Give some rows, with all they own, in the order asked for."""
        return Table(
            len(rows),
            {name: column[rows] for name, column in self.columns.items()},
            {name: owned.take(rows) for name, owned in self.children.items()},
        )

    def arrays(self) -> Iterator[tuple[str, Array]]:
        """Give every array with a name of its own, such as `passages.terms.step`."""
        yield from self.columns.items()
        for name, owned in self.children.items():
            yield f"{name}.starts", owned.starts
            yield from ((f"{name}.{inner}", array) for inner, array in owned.table.arrays())


@dataclass(frozen=True, slots=True)
class Owned:
    """A table whose rows belong to the rows of another one.

    Attributes:
        starts: The rows of owner i are those from `starts[i]` to `starts[i + 1]`; shape (owners + 1,).
        table: The rows, owner after owner.
    """

    starts: NDArray[np.int64]
    table: Table

    def __post_init__(self) -> None:
        self.starts.flags.writeable = False

    def __getitem__(self, name: str) -> Array:
        return self.table.columns[name]

    def of(self, owner: int) -> slice:
        """Where the rows of an owner are."""
        return slice(int(self.starts[owner]), int(self.starts[owner + 1]))

    def take(self, owners: NDArray[np.int64]) -> "Owned":
        """Give what some owners own."""
        first, counts = self.starts[owners], self.starts[owners + 1] - self.starts[owners]
        starts = starts_of(counts)
        return Owned(starts, self.table.take(np.repeat(first - starts[:-1], counts) + np.arange(starts[-1])))


def starts_of(counts: Iterable[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    """Turn the number of rows of each owner into where they start; shape (owners + 1,)."""
    found = np.fromiter(counts, dtype=np.int64)
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(found)])


def concatenate(tables: Sequence[Table]) -> Table:
    """Put at least one table of the same shape after another."""
    first = tables[0]
    if len(tables) == 1:
        return first
    return Table(
        sum(table.rows for table in tables),
        {name: np.concatenate([table.columns[name] for table in tables]) for name in first.columns},
        {name: _together([table.children[name] for table in tables]) for name in first.children},
    )


def _together(parts: Sequence[Owned]) -> Owned:
    counts = np.concatenate([np.diff(part.starts) for part in parts])
    return Owned(starts_of(counts), concatenate([part.table for part in parts]))
