"""Counts of requests, shared by everybody who uses the database."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from app.core.rates import Rate
from app.db import limits
from app.db.limits import Limiter

RATE = Rate("test", 20, 3_600)
_ANOTHER_PROCESS = """
import sys
from app.core.rates import Rate
from app.db.engine import Database
database = Database(sys.argv[1])
limiter = database.limiter
with database.read_session() as session:
    taken = [limiter.take(session, "a", Rate("test", 20, 3600)).is_over for _ in range(10)]
print(taken.count(False))
"""


@pytest.fixture
def limiter(database):
    made = Limiter(database.engine)
    yield made
    made.close()


def _take(limiter, database, caller="a", rate=RATE):
    with database.read_session() as session:
        return limiter.take(session, caller, rate)


def _rows(limiter, database):
    with (limiter._beside or database.engine).connect() as connection:
        return connection.execute(text("SELECT count(*) FROM rate_limits")).scalar()


def test_each_caller_has_its_own_quota(limiter, database):
    found = [_take(limiter, database) for _ in range(22)]
    assert [one.is_over for one in found] == [False] * 20 + [True] * 2
    assert found[0].remaining == 19
    assert found[-1].remaining == 0
    assert 170 <= found[-1].retry_after <= 180
    assert not _take(limiter, database, "b").is_over


def test_what_is_refused_does_not_count(limiter, database):
    for _ in range(20):
        _take(limiter, database)
    waits = [_take(limiter, database).retry_after for _ in range(10)]
    assert max(waits) <= 180


def test_no_more_than_the_quota_when_all_come_at_once(limiter, database):
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: _take(limiter, database).is_over, range(80)))
    assert found.count(False) == 20


def test_other_processes_count_in_the_same_place(database):
    address = database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", _ANOTHER_PROCESS, address]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(4)]
    let_through = [int(one.communicate(timeout=60)[0]) for one in running]
    assert sum(let_through) == 20


def test_who_owes_nothing_is_swept_away(limiter, database, monkeypatch):
    monkeypatch.setattr(limits, "_SWEPT_EVERY", 3)
    brief = Rate("brief", 1_000_000, 1)
    _take(limiter, database, "gone", brief)
    _take(limiter, database, "a")
    _take(limiter, database, "a")
    assert _rows(limiter, database) == 1


def test_on_sqlite_nobody_waits_for_who_is_writing(store):
    if store.backend != "sqlite":
        pytest.skip("writers of PostgreSQL lock rows, not the database")
    with store.fresh("empty") as database:
        limiter = Limiter(database.engine)
        with database.write_session():
            assert not _take(limiter, database).is_over
        limiter.close()
        other = Limiter(database.engine)
        assert _take(other, database).remaining == 18, "the counts are beside the database, for all"
        other.close()
