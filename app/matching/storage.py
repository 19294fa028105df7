"""A fitted matcher's columns in a folder: plain files that are mapped into memory, the rest as JSON.

Processes of one machine share the mapped pages, and a start looks up what it needs instead of reading every text again.
Nothing in the folder can run code.
"""

import json
import os
from collections.abc import Hashable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from app.matching.index import opened
from app.matching.kernels import SEGMENT, Codes
from app.matching.lexicon import Lexicon, Statistics
from app.matching.matcher import Matcher
from app.matching.numbering import Numbering
from app.matching.offer_table import Numberings
from app.matching.params import MatcherParams
from app.matching.signals import STRUCTURED
from app.matching.table import Array, Owned, Table
from app.matching.terms import Terms
from app.matching.upper import Bounds, Side

_MANIFEST = "manifest.json"
_STARTS = "starts"
_FREQUENCY = "frequency.npy"
_FIGURES = "figures.npy"
_ROWS = "rows.npy"
_KINDS = "kinds.npy"
_CHINESE, _ENGLISH = "chinese", "english"
_WIDTH = 64  # bytes of an id


def save(folder: Path, params: MatcherParams, offers: Iterable[Table], needs: Table, numbers: Numberings) -> None:
    """Write what a matcher learns from.

    Args:
        folder: Made here; must not be there yet.
        params: The numbers of the score.
        offers: At least one table, together in the order of their ids; only one is held at a time.
        needs: The needs.
        numbers: What the numbers of all of them stand for; looked at when all tables are written.
    """
    folder.mkdir(mode=0o700, parents=True)
    write_table(folder / "offers", offers)
    write_table(folder / "needs", [needs])
    table, known = read_table(folder / "offers"), len(numbers.terms)
    statistics = Statistics().with_offers(table, known).with_needs(needs, known)
    _write_statistics(folder / "statistics", statistics)
    _write_bounds(folder / "bounds", Bounds.build(table, Lexicon(params, numbers.terms, statistics)))
    _write_numbers(folder / "numbers.json", numbers)


def load(folder: Path, matcher: Matcher) -> Matcher:
    """Fit a matcher on what `save` wrote with the same parameters and the same reader.

    Raises:
        OSError: The folder is not there, or not whole.
        ValueError, KeyError, TypeError, EOFError: What is in a file is damaged.
    """
    index = opened(read_table(folder / "offers"), _read_bounds(folder / "bounds"))
    numbers, statistics = _read_numbers(folder / "numbers.json"), _read_statistics(folder / "statistics")
    return matcher.fit_tables(index, read_table(folder / "needs"), numbers, statistics)


def write_table(folder: Path, parts: Iterable[Table]) -> None:
    """Write a table part by part, of which only one is held at a time.

    Args:
        folder: Made here; must not be there yet.
        parts: At least one, all of the same shape.
    """
    folder.mkdir()
    kinds: dict[str, str] = {}
    totals: dict[str, int] = {}
    for part in parts:
        for name, array in part.arrays():
            total = totals.get(name)
            written = _as_written(array, total)
            if name.endswith(_STARTS):
                totals[name] = int(array[-1]) + (total or 0)
            kinds.setdefault(name, written.dtype.str)
            with (folder / name).open("ab") as file:
                written.tofile(file)
    _synced(folder)
    sizes = {name: (kind, (folder / name).stat().st_size) for name, kind in kinds.items()}
    (folder / _MANIFEST).write_text(json.dumps(sizes))


def read_table(folder: Path) -> Table:
    """Map a table that `write_table` wrote into memory."""
    written: Mapping[str, tuple[str, int]] = json.loads((folder / _MANIFEST).read_text())
    return _built({name: _mapped(folder / name, kind, size) for name, (kind, size) in written.items()})


def _write_statistics(folder: Path, statistics: Statistics) -> None:
    """Write what was counted, so that a start need not read every text to count again."""
    folder.mkdir()
    np.save(folder / _FREQUENCY, statistics.frequency)
    np.save(folder / _FIGURES, statistics.figures)
    counted = {"documents": statistics.documents, "offers": statistics.offers, "length": statistics.length}
    (folder / _MANIFEST).write_text(json.dumps(counted))


def _read_statistics(folder: Path) -> Statistics:
    """Read what `_write_statistics` wrote."""
    counted = json.loads((folder / _MANIFEST).read_text())
    frequency, figures = (np.load(folder / name, allow_pickle=False) for name in (_FREQUENCY, _FIGURES))
    return Statistics(counted["documents"], frequency, counted["offers"], counted["length"], figures)


def _write_bounds(folder: Path, bounds: Bounds) -> None:
    """Write the bounds of a table."""
    folder.mkdir()
    for name, side in ((_CHINESE, bounds.chinese), (_ENGLISH, bounds.english)):
        (folder / name).mkdir()
        np.save(folder / name / _ROWS, side.rows)
        np.save(folder / name / _KINDS, side.kinds)
        for field, array in zip(Codes._fields, side.codes, strict=True):
            np.save(folder / name / f"{field}.npy", np.asarray(array))
    (folder / _MANIFEST).write_text(json.dumps({"length": bounds.length}))


def _read_bounds(folder: Path) -> Bounds:
    """Map bounds that `_write_bounds` wrote into memory."""
    length = json.loads((folder / _MANIFEST).read_text())["length"]
    return Bounds(_read_side(folder / _CHINESE), _read_side(folder / _ENGLISH), length)


def _read_side(folder: Path) -> Side:
    names = (_ROWS, _KINDS, *(f"{field}.npy" for field in Codes._fields))
    rows, kinds, *codes = (np.asarray(np.load(folder / name, mmap_mode="r", allow_pickle=False)) for name in names)
    side = Side(rows, kinds, Codes(*codes))
    if not _fits(side):
        raise OSError(f"{folder} is not whole")
    return side


def _fits(side: Side) -> bool:
    """Say whether the arrays of a side are as long as one another needs; loops do not look again."""
    steps, column, columns, starts, places, codes = side.codes
    count = len(side.rows)
    return (
        len(side.kinds) == count
        and columns.shape == (column.max(initial=-1) + 1, count)
        and starts.shape == (-(-count // SEGMENT), len(steps) + 1)
        and len(column) == len(steps)
        and len(places) == len(codes) == (starts[-1, -1] if count else 0)
    )


def _write_numbers(file: Path, numbers: Numberings) -> None:
    """Write what numbers stand for."""
    values = {
        "terms": numbers.terms.values,
        "units": numbers.units.values,
        "dimensions": numbers.dimensions.values,
        "parts": {name: numbering.values for name, numbering in numbers.parts.items()},
    }
    file.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")


def _read_numbers(file: Path) -> Numberings:
    """Read what `_write_numbers` wrote."""
    values: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return Numberings(
        terms=Terms(values["terms"]),
        units=Numbering(values["units"]),
        dimensions=Numbering(values["dimensions"]),
        parts={name: Numbering(map(_frozen, values["parts"][name])) for name in STRUCTURED},
    )


def _frozen(value: object) -> Hashable:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _as_written(array: Array, total: int | None) -> Array:
    """Give a part of a column as its file takes it.

    Args:
        array: The part.
        total: Where the rows of the part before ended, for a column of starts that has one.
    """
    if total is not None:
        return array[1:] + total
    if array.dtype.kind != "S":
        return array
    if array.dtype.itemsize > _WIDTH:
        raise ValueError(f"an id is longer than {_WIDTH} bytes")
    return array.astype(f"S{_WIDTH}")


def _synced(folder: Path) -> None:
    """Wait until the files of a folder are on the disk."""
    for file in folder.iterdir():
        with file.open("rb") as written:
            os.fsync(written.fileno())


def _mapped(file: Path, kind: str, size: int) -> Array:
    if file.stat().st_size != size:
        raise OSError(f"{file} is not whole")
    if not size:
        return np.zeros(0, dtype=kind)
    # As a plain array: what numba compiles for arrays of its own need not be compiled again for mapped ones.
    return np.asarray(np.memmap(file, dtype=kind, mode="r"))


def _built(arrays: Mapping[str, Array]) -> Table:
    """Put a table together from its arrays by name; see `Table.arrays`."""
    columns = {name: array for name, array in arrays.items() if "." not in name}
    owned: dict[str, dict[str, Array]] = {}
    for name, array in arrays.items():
        first, dot, rest = name.partition(".")
        if dot:
            owned.setdefault(first, {})[rest] = array
    children: dict[str, Owned] = {}
    for name, inner in owned.items():
        starts = inner.pop(_STARTS)
        table = _built(inner)
        children[name] = Owned(starts, Table(int(starts[-1]), table.columns, table.children))
    return Table(len(next(iter(columns.values()), ())), columns, children)
