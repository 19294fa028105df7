"""Column types that mean the same on both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, insert, inspect, literal, select
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import Session

from app.core.labels import Labelled
from app.db.types import Json, Moment, codes


class Colour(Labelled):
    RED = "red", "红", "Red"
    DARK_BLUE = "dark_blue", "深蓝", "Dark blue"


_TABLE = Table(
    "samples",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("at", Moment),
    Column("document", Json),
    Column("colour", codes(Colour, "colour")),
)
_ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_MOMENTS = st.datetimes(datetime(1900, 1, 2), datetime(2200, 1, 1), timezones=_ZONES)  # noqa: DTZ001 - zones are drawn


@pytest.fixture(scope="module")
def samples(store):
    with store.nothing() as database:
        with database.write_session() as session:
            _TABLE.create(session.connection())
        yield database


def _round_trip(database, **values):
    with database.write_session() as session:
        session.execute(insert(_TABLE).values(**values))
        row = session.execute(select(_TABLE)).mappings().one()
        session.rollback()
    return row


@given(at=_MOMENTS)
def test_a_moment_comes_back_in_utc(samples, at):
    found = _round_trip(samples, at=at)["at"]
    assert found == at
    assert found.tzinfo is UTC or found.utcoffset() == timedelta(0)


@given(first=_MOMENTS, second=_MOMENTS)
def test_moments_compare_as_times_whatever_their_zones(samples, first, second):
    with samples.write_session() as session:
        session.execute(insert(_TABLE).values(at=first))
        later = session.scalar(select(literal(1)).select_from(_TABLE).where(_TABLE.c.at < second))
        session.rollback()
    assert (later == 1) == (first < second)


def test_a_time_without_its_zone_is_refused(samples):
    with pytest.raises(StatementError, match="without its zone"):
        _round_trip(samples, at=datetime(2027, 1, 1))  # noqa: DTZ001 - the point


def test_nothing_is_nothing(samples):
    row = _round_trip(samples, at=None, document=None, colour=None)
    assert (row["at"], row["document"], row["colour"]) == (None, None, None)


def test_an_empty_document_is_sql_null_not_json_null(samples):
    with samples.write_session() as session:
        session.execute(insert(_TABLE).values(document=None))
        assert session.scalar(select(literal(1)).select_from(_TABLE).where(_TABLE.c.document.is_(None))) == 1
        session.rollback()


@given(
    document=st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53), 2**53)
        | st.text(st.characters(exclude_characters="\0", codec="utf-8")),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", "键", "c d"]), inner),
        max_leaves=8,
    )
)
def test_a_document_comes_back_as_it_was(samples, document):
    assert _round_trip(samples, document=document)["document"] == document


@pytest.mark.parametrize("colour", list(Colour))
def test_a_code_comes_back_as_its_member(samples, colour):
    assert _round_trip(samples, colour=colour)["colour"] is colour


def test_an_unknown_code_is_refused_by_python(samples):
    with pytest.raises(StatementError, match="green"):
        _round_trip(samples, colour="green")


def test_an_unknown_code_is_refused_by_the_database(samples):
    with pytest.raises(DBAPIError), samples.write_session() as session:
        session.connection().exec_driver_sql("INSERT INTO samples (id, colour) VALUES (1, 'green')")


def test_a_code_is_plain_text_in_the_database(samples):
    with Session(samples.engine) as session:
        columns = {column["name"]: column["type"] for column in inspect(session.connection()).get_columns("samples")}
    assert columns["colour"].length == 32
