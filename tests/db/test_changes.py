"""The log of changes: its order is the order of commits."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from sqlalchemy import text

from app.core.ids import new_id
from app.db import changes, counters


def _record(session, kind="need"):
    record_id = new_id()
    changes.record(session, kind=kind, record_id=record_id)
    session.flush()
    return record_id


def test_changes_are_read_in_order(database):
    with database.write_session() as session:
        assert changes.revision(session) == 0
        ids = [_record(session, kind) for kind in ("need", "capability", "organization")]
    with database.read_session() as session:
        assert changes.revision(session) == 3
        assert [change.record_id for change in changes.since(session, 0)] == ids
        assert [(change.number, change.kind) for change in changes.since(session, 1)] == [
            (2, "capability"),
            (3, "organization"),
        ]
        assert changes.since(session, 3) == []


def test_what_is_taken_back_to_a_savepoint_is_no_change(database):
    with database.write_session() as session:
        ids = [_record(session)]
        back = session.begin_nested()
        _record(session)
        with session.begin_nested():
            _record(session)
        back.rollback()
        with session.begin_nested():
            ids.append(_record(session))
        ids.append(_record(session))
    with database.read_session() as session:
        assert [(change.number, change.record_id) for change in changes.since(session, 0)] == list(enumerate(ids, 1))


def test_the_first_change_of_all_may_be_taken_back(database):
    with database.write_session() as session:
        with session.begin_nested() as part:
            _record(session)
            part.rollback()
        assert changes.revision(session) == 0
    with database.read_session() as session:
        assert changes.since(session, 0) == []


def test_a_lower_number_is_committed_first(database):
    holds, release = Event(), Event()
    committed = []

    def first():
        with database.write_session() as session:
            _record(session)
            changes.write(session)
            holds.set()
            release.wait(10)
        committed.append("first")

    def second():
        holds.wait(10)
        with database.write_session() as session:
            _record(session)
            changes.write(session)
            committed.append("second has its number")

    writers = [Thread(target=first), Thread(target=second)]
    for writer in writers:
        writer.start()
    holds.wait(10)
    time.sleep(0.2)  # time enough for the second to overtake, were it not made to wait
    assert committed == []
    with database.read_session() as reader:
        assert changes.since(reader, 0) == []
    release.set()
    for writer in writers:
        writer.join(10)
    assert sorted(committed) == ["first", "second has its number"]
    with database.read_session() as reader:
        assert [change.number for change in changes.since(reader, 0)] == [1, 2]


@contextmanager
def followed(database):
    """What a reader sees who asks for the changes after its last again and again; all of it when the block ends."""
    seen, over = [], Event()

    def follow():
        last, is_over = 0, False
        while not is_over:
            is_over = over.is_set()  # asked first, so that the last look comes after the last commit
            with database.read_session() as session:
                for change in changes.since(session, last):
                    seen.append(change)
                    last = change.number

    with ThreadPoolExecutor(1) as reader:
        following = reader.submit(follow)
        try:
            yield seen
        finally:
            over.set()
        following.result(10)


def test_a_reader_that_follows_the_log_misses_nothing(database):
    def write(_):
        with database.write_session() as session:
            return _record(session)

    with followed(database) as seen, ThreadPoolExecutor(2) as writers:
        written = list(writers.map(write, range(20)))
    assert [change.number for change in seen] == list(range(1, 21))
    assert sorted(change.record_id for change in seen) == sorted(written)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)  # SQLite writers begin one after the other
def test_who_wrote_first_and_commits_last_is_read_last(database):
    """Numbers given out when writing would let a reader pass the lower one before it can be seen."""
    written, rounds = [], 10
    with followed(database) as seen:
        for turn in range(rounds):
            with database.write_session() as first:
                early = _record(first)
                counters.take(first, "a row that only the first writer locks")
                with database.write_session() as second:
                    second.execute(text("SET LOCAL lock_timeout = '10s'"))  # to fail rather than wait for oneself
                    written.append(_record(second))
                _wait_until(lambda turn=turn: len(seen) > 2 * turn)
                assert [change.record_id for change in seen] == written
            written.append(early)
            _wait_until(lambda turn=turn: len(seen) > 2 * turn + 1)
    assert [change.record_id for change in seen] == written
    assert [change.number for change in seen] == list(range(1, 2 * rounds + 1))


def _wait_until(reached):
    end = time.monotonic() + 10
    while not reached() and time.monotonic() < end:
        time.sleep(0.002)
