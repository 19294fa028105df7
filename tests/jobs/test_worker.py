"""The worker, run in this process with jobs of a test's own."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import pairwise
from threading import Barrier, BrokenBarrierError, Event, Thread

import pytest

from app.core.clock import now
from app.db import jobs as queue
from app.db.jobs import LeaseLost
from app.jobs import worker as at_work
from app.jobs.job import Job
from app.jobs.worker import Pace, Worker, pause_after

PACE = Pace(threads=2, poll=0.02, lease=30)
UNHURRIED = Pace(threads=2, poll=0.01, lease=3600)
"""For a clock that runs fast, on which leases run out fast."""


class Clock:
    """What the queue and the worker take for the time.

    Args:
        times: how many times as fast it runs; 0: it stands still until it is moved.
    """

    def __init__(self, times):
        self.times = times
        self.start = now()
        self.began = time.monotonic()

    def __call__(self):
        return self.start + timedelta(seconds=(time.monotonic() - self.began) * self.times)

    def move(self, **by):
        self.start += timedelta(**by)


@pytest.fixture
def clock(monkeypatch):
    """`clock(times=50)` sets another clock for this test."""

    def made(times=0):
        new = Clock(times)
        for module in (queue, at_work):
            monkeypatch.setattr(module, "now", new)
        return new

    return made


@contextmanager
def working(database, *jobs, pace=PACE):
    worker = Worker(database, jobs, pace)
    thread = Thread(target=worker.run)
    thread.start()
    try:
        yield worker
    finally:
        worker.end()
        thread.join(30)
        assert not thread.is_alive()


def ask(database, key="1", name="a"):
    with database.write_session() as session:
        queue.enqueue(session, name, key)


def waiting(database, name="a"):
    with database.read_session() as session:
        return session.query(queue.QueuedJob).filter_by(name=name).all()


def eventually(check, seconds=30):
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def test_what_is_asked_for_is_done_and_gone(database):
    done = []
    with working(database, Job("a", lambda turn: done.append(turn.key))):
        for key in ("1", "2", "3"):
            ask(database, key)
        eventually(lambda: not waiting(database))
    assert sorted(done) == ["1", "2", "3"]


def test_it_is_done_again_when_it_says(database):
    done = []

    def run(_turn):
        done.append(1)
        return now() + timedelta(hours=1) if len(done) == 3 else now()

    with working(database, Job("a", run)):
        ask(database)
        eventually(lambda: [one for one in waiting(database) if one.due_at > now()])
    assert len(done) == 3
    assert [one.holder for one in waiting(database)] == [None]


def test_what_breaks_is_tried_again_later_and_its_message_is_kept_to_itself(database, clock, capsys):
    tries = []

    def run(_turn):
        tries.append([(one.failures, one.last_error) for one in waiting(database)])
        if len(tries) == 1:
            raise ValueError("canary-secret")

    clock(times=20)
    with working(database, Job("a", run), pace=UNHURRIED):
        ask(database)
        eventually(lambda: len(tries) == 2 and not waiting(database))
    assert tries == [[(0, None)], [(1, "ValueError")]]
    said = capsys.readouterr()
    assert "ValueError" in said.out + said.err
    assert "canary-secret" not in said.out + said.err


def test_what_always_breaks_is_tried_less_and_less_often_however_much_it_is_wanted(database, clock, monkeypatch):
    tries, time_there = [], clock(times=50)
    monkeypatch.setattr(at_work, "_LOOKS_EVERY", 1 / 50)

    def run(_turn):
        tries.append(time_there())
        raise ValueError

    with working(database, Job("a", run, wanted=lambda _session: ["1"]), pace=UNHURRIED):
        eventually(lambda: len(tries) >= 6)
    pauses = [(later - earlier).total_seconds() for earlier, later in pairwise(tries)]
    assert [pause >= 2**number for number, pause in enumerate(pauses)] == [True] * len(pauses), pauses


@pytest.mark.parametrize(("failures", "seconds"), [(1, 1), (2, 2), (3, 4), (9, 256), (10, 300), (5_000, 300)])
def test_pauses_grow_up_to_a_bound(failures, seconds):
    assert pause_after(failures) == seconds


def test_what_is_wanted_is_done_without_being_asked_for(database):
    wanted, done = {"x", "y"}, []

    def run(turn):
        done.append(turn.key)
        wanted.discard(turn.key)

    with working(database, Job("a", run, wanted=lambda _session: sorted(wanted))):
        eventually(lambda: not wanted and not waiting(database))
    assert sorted(done) == ["x", "y"]


def test_two_workers_that_want_the_same_do_not_wait_for_each_other(database, monkeypatch):
    both, enqueue = Barrier(2), queue.enqueue

    def one_after_another(*what):
        enqueue(*what)
        with suppress(BrokenBarrierError):
            both.wait(0.5)  # for the other to have its first, unless it waits for ours

    monkeypatch.setattr(queue, "enqueue", one_after_another)
    orders = (["1", "2"], ["2", "1"])
    workers = [Worker(database, [Job("a", print, lambda _session, keys=keys: keys)], PACE) for keys in orders]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(Worker._look, workers))
    assert sorted(one.key for one in waiting(database)) == ["1", "2"]


def test_work_that_takes_longer_than_a_lease_stays_its_own(database, clock):
    done, goes_on, time_there = [], Event(), clock()

    def run(turn):
        goes_on.wait(20)
        with database.write_session() as session:
            turn.hold(session)
        done.append(1)

    def is_kept():
        return any(
            one.lease_until and one.lease_until - time_there() > timedelta(seconds=0.2) for one in waiting(database)
        )

    job, pace = Job("a", run), Pace(threads=2, poll=0.02, lease=0.3)
    with working(database, job, pace=pace), working(database, job, pace=pace):
        ask(database)
        for _ in range(4):
            eventually(is_kept)
            time_there.move(seconds=0.25)
        goes_on.set()
        eventually(lambda: not waiting(database))
    assert done == [1]


def writing(database, turn, what, lost):
    """Write something as a job does; what was lost is noted."""
    try:
        with database.write_session() as session:
            queue.enqueue(session, "b", what)
            turn.hold(session)
    except LeaseLost:
        lost.append(what)
        raise


def test_work_that_was_taken_away_writes_nothing(database):
    lost, goes_on = [], Event()

    def run(turn):
        goes_on.wait(20)
        writing(database, turn, "late", lost)

    with working(database, Job("a", run)):
        ask(database)
        eventually(lambda: waiting(database) and waiting(database)[0].holder)
        with database.write_session() as session:
            session.query(queue.QueuedJob).update({"holder": "somebody else"})
        goes_on.set()
        eventually(lambda: lost)
    assert waiting(database, "b") == []
    assert [one.holder for one in waiting(database)] == ["somebody else"]


def test_a_turn_that_was_frozen_writes_nothing_once_its_own_worker_has_the_work_again(database, clock, monkeypatch):
    turns, lost, time_there = [], [], clock()
    go_on = {"old": Event(), "new": Event()}
    monkeypatch.setattr(queue, "extend", lambda *_, **__: None)  # as when the database was away for too long

    def run(turn):
        turns.append(turn)
        what = "old" if len(turns) == 1 else "new"
        go_on[what].wait(20)
        writing(database, turn, what, lost)

    with working(database, Job("a", run)):
        ask(database)
        eventually(lambda: len(turns) == 1)
        time_there.move(seconds=PACE.lease + 1)
        eventually(lambda: len(turns) == 2)
        go_on["old"].set()
        eventually(lambda: lost or waiting(database, "b"))
        go_on["new"].set()
        eventually(lambda: not waiting(database))
    assert lost == ["old"]
    assert [one.key for one in waiting(database, "b")] == ["new"]


def test_told_to_end_it_lets_what_runs_come_to_its_end(database):
    began, done = Event(), []

    def run(turn):
        began.set()
        while not turn.is_ending():
            time.sleep(0.01)
        done.append(1)

    with working(database, Job("a", run), pace=Pace(1, 0.02, 30)):
        ask(database)
        began.wait(20)
        ask(database, "later")
    assert done == [1]
    assert [one.key for one in waiting(database)] == ["later"]


@pytest.mark.parametrize("threads", [1, 3])
def test_no_more_run_at_once_than_it_has_threads(database, threads):
    running, most, are_all_there = [], [], Event()

    def run(turn):
        running.append(turn.key)
        most.append(len(running))
        if len(running) == threads:
            are_all_there.set()
        are_all_there.wait(20)
        time.sleep(0.05)  # for one too many to come
        running.remove(turn.key)

    for number in range(9):
        ask(database, str(number))
    with working(database, Job("a", run), pace=Pace(threads, 0.02, 30)):
        eventually(lambda: not waiting(database))
    assert max(most) == threads
