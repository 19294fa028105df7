"""Rows and models are written alike, whichever encoder writes them."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from app.db.keyset import Rows
from app.features.postings.types import PostingStatus
from app.web.encoding import as_json

_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.text(),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    st.uuids(),
    st.sampled_from(PostingStatus),
)


class _Page(BaseModel):
    items: list[dict[str, Any]]
    next_cursor: str | None
    total: int | None


@given(st.lists(st.dictionaries(st.text(), _VALUES, max_size=5), max_size=3), st.none() | st.text())
def test_rows_are_written_as_a_model_of_them_would_be(items, cursor):
    rows = Rows(items=items, next_cursor=cursor, total=None)
    assert as_json(rows) == as_json(_Page(items=items, next_cursor=cursor, total=None))


def test_what_rows_hold_is_written_as_the_document_says():
    row = {
        "id": UUID(int=1),
        "at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        "on": date(2026, 1, 2),
        "status": PostingStatus.DRAFT,
        "of": _Page(items=[], next_cursor=None, total=1),
    }
    assert as_json([row]) == (
        b'[{"id":"00000000-0000-0000-0000-000000000001","at":"2026-01-02T03:04:05Z","on":"2026-01-02",'
        b'"status":"draft","of":{"items":[],"next_cursor":null,"total":1}}]'
    )


def test_a_time_elsewhere_keeps_its_moment():
    noon = datetime(2026, 1, 2, 12, tzinfo=timezone(timedelta(hours=8)))
    assert as_json([noon]) == b'["2026-01-02T12:00:00+08:00"]'
