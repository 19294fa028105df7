"""Keyset pages: sort by a column and the primary key, go on after the last row seen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Result, func, literal, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.elements import KeyedColumnElement

from app.core.paging import Cursor, SortValue
from app.db.types import AnySelect

KeyColumn = InstrumentedAttribute[Any] | KeyedColumnElement[Any]


@dataclass(frozen=True, slots=True)
class SortColumn:
    """A column a list may be sorted by, and how its values are read back from a cursor."""

    column: KeyColumn
    value: Callable[[object], SortValue]


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of a list is asked for. `sort` is a name from the allow-list, `-` in front for descending."""

    limit: int
    sort: str
    cursor: str | None = None
    with_total: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """One page as plain mappings; the same members as `Page`."""

    items: Sequence[dict[str, Any]]
    next_cursor: str | None
    total: int | None


class Paged(NamedTuple):
    """A list query cut to one page, and the whole of it for counting."""

    page: AnySelect
    whole: AnySelect


def fetch_page(
    session: Session,
    statement: AnySelect,
    wanted: Slice,
    *,
    sorts: Mapping[str, SortColumn],
    key: KeyColumn,
    read_key: Callable[[str], UUID | str | int] = UUID,
) -> Rows:
    """Run a list query for one page: `cut`, then `run`."""
    return run(session, cut(statement, wanted, sorts=sorts, key=key, read_key=read_key), wanted, sorts=sorts, key=key)


def cut(
    statement: AnySelect,
    wanted: Slice,
    *,
    sorts: Mapping[str, SortColumn],
    key: KeyColumn,
    read_key: Callable[[str], UUID | str | int] = UUID,
) -> Paged:
    """Cut a list query to one page.

    Args:
        statement: selects columns, already scoped and filtered; it must include the sorted column and the key.
        wanted: the page asked for.
        sorts: the columns that may be sorted by.
        key: the primary key, last in every sort so that the order is total.
        read_key: reads the key back from a cursor.

    Raises:
        MalformedCursor: the cursor is not one of this list and sort.
    """
    chosen = sorts[wanted.sort.removeprefix("-")]
    descending = wanted.sort.startswith("-")
    page = statement
    if wanted.cursor is not None:
        seen = Cursor.decode(wanted.cursor, sort=wanted.sort, value=chosen.value, key=read_key)
        page = page.where(_after(chosen.column, key, seen, descending=descending))
    order = (chosen.column.desc(), key.desc()) if descending else (chosen.column, key)
    return Paged(page.order_by(*order).limit(wanted.limit + 1), statement)


def run(session: Session, paged: Paged, wanted: Slice, *, sorts: Mapping[str, SortColumn], key: KeyColumn) -> Rows:
    """Fetch a page that was cut with the same slice, sorts and key."""
    rows = as_mappings(session.execute(paged.page))
    total = None
    if wanted.with_total:
        total = session.scalar(select(func.count()).select_from(paged.whole.subquery()))
    return Rows(
        items=rows[: wanted.limit],
        next_cursor=_next(rows, wanted, sorts[wanted.sort.removeprefix("-")].column, key),
        total=total,
    )


def as_mappings(result: Result[*tuple[Any, ...]]) -> list[dict[str, Any]]:
    """All rows under plain names: the names SQLAlchemy gives are a subclass of str that costs JSON ten times."""
    names = [str(name) for name in result.keys()]  # noqa: SIM118 - a result's keys, not a mapping's
    return [dict(zip(names, row, strict=True)) for row in result.all()]


def _after(column: KeyColumn, key: KeyColumn, seen: Cursor, *, descending: bool) -> ColumnElement[bool]:
    last = tuple_(column, key)
    # typed literals: the comparison must bind each value as its own column's type
    values = tuple_(_bound(column, seen.value), _bound(key, seen.id))
    return last < values if descending else last > values


def _bound(column: KeyColumn, value: object) -> ColumnElement[Any]:
    return literal(value, column.type)


def _next(rows: Sequence[Mapping[str, Any]], wanted: Slice, column: KeyColumn, key: KeyColumn) -> str | None:
    if len(rows) <= wanted.limit:
        return None
    last = rows[wanted.limit - 1]
    return Cursor(sort=wanted.sort, value=last[str(column.key)], id=last[str(key.key)]).encode()
