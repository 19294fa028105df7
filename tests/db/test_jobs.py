"""The queue: work is there if and only if what makes it necessary is, and is held by one worker at a time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.core.clock import now
from app.db import jobs
from app.db.jobs import LeaseLost

LEASE = timedelta(seconds=30)
LATER = timedelta(hours=1)


def _ask(database, key="1", name="a", **due):
    with database.write_session() as session:
        jobs.enqueue(session, name, key, **due)


def _claim(database, worker="one", names=("a",), lease=LEASE):
    with database.write_session() as session:
        return jobs.claim(session, names, worker=worker, lease=lease)


def _finish(database, held, again_at=None):
    with database.write_session() as session:
        jobs.finish(session, held, again_at=again_at)


def test_work_is_asked_for_with_what_makes_it_necessary(database):
    with database.write_session() as session:
        jobs.enqueue(session, "a", "1")
        session.rollback()
    assert _claim(database) is None
    _ask(database)
    held = _claim(database)
    assert (held.name, held.key, held.failures) == ("a", "1", 0)


def test_work_is_held_by_one(database):
    _ask(database)
    assert _claim(database) is not None
    assert _claim(database, "two") is None
    with database.read_session() as session:
        assert not jobs.is_due(session, ["a"])


def test_work_of_a_worker_that_is_gone_is_taken_by_another(database):
    _ask(database)
    lost = _claim(database, lease=timedelta(0))
    held = _claim(database, "two")
    assert held.id == lost.id
    with pytest.raises(LeaseLost), database.write_session() as session:
        jobs.hold(session, lost)
    _finish(database, lost)  # too late: it is not its own any more
    with database.write_session() as session:
        jobs.hold(session, held)
    assert _claim(database, "three") is None


def test_a_lease_that_is_kept_alive_holds(database):
    _ask(database)
    held = _claim(database, lease=timedelta(0))
    with database.write_session() as session:
        jobs.extend(session, [held], lease=LEASE)
    assert _claim(database, "two") is None


def test_done_is_done(database):
    _ask(database)
    _finish(database, _claim(database))
    assert _claim(database) is None


def test_what_is_done_again_is_due_when_it_says(database):
    _ask(database)
    _finish(database, _claim(database), now() + LATER)
    assert _claim(database) is None
    _ask(database)
    assert _claim(database) is not None


def test_what_is_asked_for_while_it_is_done_is_done_once_more(database):
    for again_at in (None, now() + LATER):
        _ask(database)
        held = _claim(database)
        _ask(database)
        assert _claim(database, "two") is None
        _finish(database, held, again_at)
        _finish(database, _claim(database))
        assert _claim(database) is None


def test_asked_for_twice_it_is_done_once_at_the_earlier_time(database):
    _ask(database, due_at=now() + LATER)
    assert _claim(database) is None
    _ask(database)
    _ask(database, due_at=now() + LATER)
    _finish(database, _claim(database))
    assert _claim(database) is None


def test_what_fails_is_kept(database):
    _ask(database)
    held = _claim(database)
    with database.write_session() as session:
        jobs.fail(session, held, error="ValueError", again_at=now())
    assert _claim(database).failures == 1


def _fail(database, held, again_at):
    with database.write_session() as session:
        jobs.fail(session, held, error="ValueError", again_at=again_at)


def _unasked(database, *keys):
    with database.read_session() as session:
        return jobs.unasked(session, "a", keys)


def test_what_failed_waits_though_it_is_wanted_and_is_due_when_it_is_asked_for(database):
    _ask(database)
    _fail(database, _claim(database), now() + LATER)
    assert _unasked(database, "1", "2") == ["2"], "that it is wanted is nothing new"
    assert _claim(database) is None
    _ask(database)
    held = _claim(database)
    assert held.failures == 1
    _fail(database, held, now() + LATER)
    assert _claim(database) is None


def test_what_is_asked_for_while_it_fails_is_due_at_once(database):
    _ask(database)
    held = _claim(database)
    _ask(database)
    _fail(database, held, now() + LATER)
    _fail(database, _claim(database), now() + LATER)
    assert _claim(database) is None


def test_a_claim_is_of_its_own_though_the_same_worker_made_the_one_before(database):
    _ask(database)
    old = _claim(database, lease=timedelta(0))
    new = _claim(database)
    assert new.id == old.id
    with pytest.raises(LeaseLost), database.write_session() as session:
        jobs.hold(session, old)
    _finish(database, old)
    _fail(database, old, now())
    with database.write_session() as session:
        jobs.extend(session, [old], lease=timedelta(0))
    assert _claim(database) is None, "it is held still"
    with database.write_session() as session:
        jobs.hold(session, new)


def test_what_is_taken_back_to_a_savepoint_was_not_asked_for(database):
    with database.write_session() as session:
        jobs.enqueue(session, "a", "before")
        with session.begin_nested() as part:
            jobs.enqueue(session, "a", "taken back")
            part.rollback()
        jobs.enqueue(session, "a", "after")
    assert [_claim(database).key for _ in range(2)] == ["before", "after"]
    assert _claim(database) is None


def test_a_worker_takes_only_what_it_knows_and_what_waits_longest_first(database):
    _ask(database, "2", due_at=now() - timedelta(minutes=1))
    _ask(database, "1", due_at=now() - timedelta(minutes=2))
    _ask(database, "3", name="b", due_at=now() - timedelta(minutes=3))
    assert [_claim(database).key for _ in range(2)] == ["1", "2"]
    assert _claim(database) is None


def test_only_what_is_neither_due_nor_being_done_is_unasked(database):
    for key in ("due", "held", "later"):
        _ask(database, key, due_at=now() + (LATER if key == "later" else -LATER))
    with database.write_session() as session:
        held = jobs.claim(session, ["a"], worker="one", lease=LEASE)
    assert _unasked(database, "new", "due", "later", "held", "new") == ["later", "new"], "in one order, each once"
    assert held.key in ("due", "held")


def test_many_who_claim_at_once_get_each_piece_once(database):
    for number in range(40):
        _ask(database, str(number))

    def take(holder):
        taken = []
        while (held := _claim(database, f"worker {holder}")) is not None:
            taken.append(held.key)
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [key for keys in pool.map(take, range(4)) for key in keys]
    assert sorted(taken, key=int) == [str(number) for number in range(40)]
