"""Keyset pages: whoever walks to the end has seen each row once."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from app.core.errors import MalformedCursor
from app.core.ids import new_id
from app.core.paging import Cursor, moment, words
from app.db.changes import Change
from app.db.keyset import Slice, SortColumn, fetch_page

_KIND = "sample"
_EPOCH = datetime(2027, 1, 1, tzinfo=UTC)
_SORTS = {"at": SortColumn(Change.at, moment), "kind": SortColumn(Change.kind, words)}
_ALL = select(Change.record_id, Change.at, Change.kind)
_CHOSEN = st.sampled_from(["at", "-at", "kind", "-kind"])
# few distinct values, so that most rows tie on the sorted column
_ROWS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["a", "A", "标题", "é", "z"])), min_size=0, max_size=14)


def _insert(session, rows):
    first = session.scalar(select(Change.number).order_by(Change.number.desc()).limit(1)) or 0
    for number, (days, kind) in enumerate(rows, start=first + 1):
        at = _EPOCH + timedelta(days=days, microseconds=days)
        session.execute(insert(Change).values(number=number, kind=kind, record_id=new_id(), at=at))


def _page(session, **wanted):
    return fetch_page(session, _ALL, Slice(**wanted), sorts=_SORTS, key=Change.record_id)


def _walk(session, *, sort, limit, between=None):
    cursor, seen = None, []
    while True:
        page = _page(session, limit=limit, sort=sort, cursor=cursor)
        assert len(page.items) <= limit
        seen.extend(page.items)
        cursor = page.next_cursor
        if cursor is None:
            return seen
        assert len(page.items) == limit
        if between is not None:
            between()


@given(rows=_ROWS, sort=_CHOSEN, limit=st.integers(1, 6))
def test_walking_gives_each_row_once_and_in_order(shared_database, rows, sort, limit):
    with shared_database.write_session() as session:
        _insert(session, rows)
        seen = _walk(session, sort=sort, limit=limit)
        column = _SORTS[sort.removeprefix("-")].column
        order = (column.desc(), Change.record_id.desc()) if sort.startswith("-") else (column, Change.record_id)
        assert [row["record_id"] for row in seen] == session.scalars(select(Change.record_id).order_by(*order)).all()
        session.rollback()


@given(rows=_ROWS, late=_ROWS, sort=_CHOSEN, limit=st.integers(1, 4))
def test_rows_that_come_or_go_between_pages_disturb_no_other(shared_database, rows, late, sort, limit):
    with shared_database.write_session() as session:
        _insert(session, rows)
        before = set(session.scalars(select(Change.record_id)))
        waiting = [late]

        def between():
            if waiting:
                _insert(session, waiting.pop())

        seen = [row["record_id"] for row in _walk(session, sort=sort, limit=limit, between=between)]
        assert len(seen) == len(set(seen))
        assert before <= set(seen)
        session.rollback()


def test_going_on_after_a_row_that_was_deleted(database):
    with database.write_session() as session:
        _insert(session, [(day, "a") for day in range(4)])
        page = _page(session, limit=2, sort="at")
        session.execute(delete(Change).where(Change.record_id == page.items[-1]["record_id"]))
        rest = _page(session, limit=2, sort="at", cursor=page.next_cursor)
    assert [row["at"] for row in rest.items] == [_EPOCH + timedelta(days=day, microseconds=day) for day in (2, 3)]
    assert rest.next_cursor is None


def test_the_total_counts_all_pages_and_only_when_asked(database):
    with database.write_session() as session:
        _insert(session, [(day, "a") for day in range(5)])
        page = _page(session, limit=2, sort="at", with_total=True)
        assert page.total == 5
        rest = _page(session, limit=2, sort="at", cursor=page.next_cursor, with_total=True)
        assert rest.total == 5
        assert _page(session, limit=2, sort="at").total is None


def test_an_empty_list_is_one_empty_page(database):
    with database.read_session() as session:
        page = _page(session, limit=5, sort="at", with_total=True)
    assert (list(page.items), page.next_cursor, page.total) == ([], None, 0)


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "%%%",
        Cursor(sort="-at", value=_EPOCH, id=UUID(int=1)).encode(),
        Cursor(sort="at", value="yesterday", id=UUID(int=1)).encode(),
        Cursor(sort="at", value=3, id=UUID(int=1)).encode(),
        Cursor(sort="at", value=_EPOCH, id="not an id").encode(),
    ],
)
def test_a_cursor_that_is_not_of_this_list_is_refused(database, cursor):
    with database.read_session() as session, pytest.raises(MalformedCursor):
        _page(session, limit=5, sort="at", cursor=cursor)


@given(
    value=st.datetimes(timezones=st.just(UTC)) | st.text(max_size=20) | st.integers() | st.none() | st.floats(),
    key=st.uuids() | st.text(max_size=12),
    sort=_CHOSEN,
)
def test_a_forged_cursor_gives_a_page_or_is_refused(shared_database, value, key, sort):
    try:
        cursor = Cursor(sort=sort, value=value, id=key).encode()
    except (OverflowError, UnicodeEncodeError):
        return
    with shared_database.write_session() as session:
        _insert(session, [(1, "a"), (2, "b")])
        with suppress(MalformedCursor):
            assert len(_page(session, limit=5, sort=sort, cursor=cursor).items) <= 2
        session.rollback()
