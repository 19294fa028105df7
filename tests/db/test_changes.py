"""The log of changes: its order is the order of commits."""

import time
from threading import Event, Thread

from app.core.ids import new_id
from app.db import changes


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


def test_a_reader_that_follows_the_log_misses_nothing(database):
    wanted, done = 20, Event()
    seen = []

    def write():
        for _ in range(wanted // 2):
            with database.write_session() as session:
                _record(session)

    def follow():
        last = 0
        while len(seen) < wanted and not done.is_set():
            with database.read_session() as session:
                for change in changes.since(session, last):
                    seen.append(change.number)
                    last = change.number
            time.sleep(0.002)

    follower = Thread(target=follow)
    writers = [Thread(target=write), Thread(target=write)]
    for thread in (follower, *writers):
        thread.start()
    for writer in writers:
        writer.join(30)
    follower.join(10)
    done.set()
    assert seen == list(range(1, wanted + 1))
