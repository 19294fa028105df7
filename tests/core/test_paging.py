"""Cursors: what is written is read back, and nothing else is."""

import base64
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.core.errors import MalformedCursor
from app.core.paging import MAX_LIMIT, Cursor, Limit, Page, moment, words

_TEXT = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=60)
_ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_MOMENTS = st.datetimes(datetime(1900, 1, 2), datetime(2200, 1, 1), timezones=_ZONES)  # noqa: DTZ001 - zones are drawn


def _number(value):
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return value


def _packed(document):
    raw = document if isinstance(document, bytes) else json.dumps(document).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@given(sort=_TEXT, value=_TEXT, key=st.uuids())
def test_text_round_trip(sort, value, key):
    cursor = Cursor(sort=sort, value=value, id=key)
    assert Cursor.decode(cursor.encode(), sort=sort, value=words) == cursor


@given(value=_MOMENTS, key=st.uuids())
def test_moment_round_trip(value, key):
    cursor = Cursor(sort="-created_at", value=value, id=key)
    read = Cursor.decode(cursor.encode(), sort="-created_at", value=moment)
    assert read == cursor
    assert read.value.utcoffset() == timedelta(0)


@given(value=st.integers(-(2**63), 2**63 - 1), key=_TEXT)
def test_number_round_trip(value, key):
    cursor = Cursor(sort="rank", value=value, id=key)
    assert Cursor.decode(cursor.encode(), sort="rank", value=_number, key=str) == cursor


@given(value=_TEXT, key=st.uuids())
def test_a_cursor_is_safe_in_an_address(value, key):
    text = Cursor(sort="name", value=value, id=key).encode()
    assert text.replace("-", "").replace("_", "").isalnum()
    assert text.isascii()


@given(text=st.text(max_size=80))
def test_any_other_text_is_refused(text):
    with pytest.raises(MalformedCursor):
        Cursor.decode(text, sort="name", value=words)


@given(raw=st.binary(max_size=80))
def test_any_other_bytes_are_refused(raw):
    with pytest.raises(MalformedCursor):
        Cursor.decode(_packed(raw), sort="name", value=words)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(document=_JSON | st.tuples(st.just("name"), _JSON, _JSON))
@pytest.mark.parametrize("value", [words, moment])
def test_any_other_json_is_refused(value, document):
    """Unless it happens to be of the cursor's form, which a forger may well send."""
    try:
        read = Cursor.decode(_packed(document), sort="name", value=value)
    except MalformedCursor:
        return
    assert document[0] == "name"
    assert read.value == value(document[1])


@pytest.mark.parametrize(
    "text",
    [
        "[" * 1500,  # deep nesting, once decoded
        _packed(b"[" * 1400),
        "A" * 2001,
        _packed(["name", "a", "00000000-0000-0000-0000-000000000001"]) + "\n",
        _packed(["name", "a\0b", "00000000-0000-0000-0000-000000000001"]),
        _packed(b'["name","\\ud800","00000000-0000-0000-0000-000000000001"]'),
        _packed(["name", "a", 7]),
        _packed(["name", "a", None]),
        _packed(["name", "a"]),
        _packed(["other", "a", "00000000-0000-0000-0000-000000000001"]),
        _packed([["name"], "a", "00000000-0000-0000-0000-000000000001"]),
    ],
)
def test_known_tricks_are_refused(text):
    with pytest.raises(MalformedCursor):
        Cursor.decode(text, sort="name", value=words)


@pytest.mark.parametrize("value", ["2027-01-01T00:00:00", "soon", "", 5, None, ["2027-01-01T00:00:00Z"]])
def test_a_moment_has_a_zone(value):
    with pytest.raises((TypeError, ValueError)):
        moment(value)


def test_a_moment_is_read_in_utc():
    assert moment("2027-01-01T08:00:00+08:00") == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("value", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_moment_at_the_edge_of_time_is_refused(value):
    with pytest.raises(MalformedCursor):
        Cursor.decode(_packed(["at", value, "00000000-0000-0000-0000-000000000001"]), sort="at", value=moment)


@pytest.mark.parametrize(("limit", "sound"), [(1, True), (MAX_LIMIT, True), (0, False), (MAX_LIMIT + 1, False)])
def test_limits_of_a_page(limit, sound):
    if sound:
        assert TypeAdapter(Limit).validate_python(limit) == limit
    else:
        with pytest.raises(ValidationError):
            TypeAdapter(Limit).validate_python(limit)


def test_a_page_tells_its_members():
    assert Page[int](items=[1]).model_dump() == {"items": [1], "next_cursor": None, "total": None}
