"""Counters: no number twice, none left out."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.db import counters


def test_numbers_start_at_one(database):
    with database.write_session() as session:
        assert counters.last(session, "XQ") == 0
        assert [counters.take(session, "XQ") for _ in range(3)] == [1, 2, 3]
        assert counters.last(session, "XQ") == 3


def test_names_count_apart(database):
    with database.write_session() as session:
        assert counters.take(session, "XQ") == 1
        assert counters.take(session, "NL") == 1


def test_what_is_rolled_back_is_given_out_again(database):
    def take_and_fail():
        with database.write_session() as session:
            counters.take(session, "XQ")
            raise LookupError

    with pytest.raises(LookupError):
        take_and_fail()
    with database.write_session() as session:
        assert counters.take(session, "XQ") == 1


def test_concurrent_takers_get_every_number_once(database):
    def take(_):
        with database.write_session() as session:
            return counters.take(session, "XQ")

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(take, range(40)))
    assert sorted(taken) == list(range(1, 41))


@given(raises=st.lists(st.integers(1, 2**40), min_size=1, max_size=5))
def test_raising_never_lowers(shared_database, raises):
    name = "raised"
    with shared_database.write_session() as session:
        before = counters.last(session, name)
        for value in raises:
            counters.raise_to(session, name, value)
        highest = max(before, *raises)
        assert counters.last(session, name) == highest
        assert counters.take(session, name) == highest + 1
        session.rollback()
