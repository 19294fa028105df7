"""The worker, run in this process with jobs of a test's own."""

import time
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

import pytest

from app.core.clock import now
from app.db import jobs as queue
from app.jobs.job import Job
from app.jobs.worker import Pace, Worker

PACE = Pace(threads=2, poll=0.02, lease=1.0)


@contextmanager
def working(database, *jobs, pace=PACE):
    worker = Worker(database, jobs, pace)
    thread = Thread(target=worker.run)
    thread.start()
    try:
        yield worker
    finally:
        worker.end()
        thread.join(20)
        assert not thread.is_alive()


def ask(database, key="1", name="a"):
    with database.write_session() as session:
        queue.enqueue(session, name, key)


def waiting(database, name="a"):
    with database.read_session() as session:
        return session.query(queue.QueuedJob).filter_by(name=name).all()


def eventually(check, seconds=10):
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
        eventually(lambda: len(done) == 3)
        time.sleep(0.1)
    assert len(done) == 3
    assert [one.holder for one in waiting(database)] == [None]


def test_what_breaks_is_tried_again_later_and_its_message_is_kept_to_itself(database, capsys):
    tries = []

    def run(_turn):
        tries.append(1)
        if len(tries) == 1:
            raise ValueError("canary-secret")

    with working(database, Job("a", run)):
        ask(database)
        eventually(lambda: len(tries) == 1 and waiting(database)[0].last_error == "ValueError")
        eventually(lambda: len(tries) == 2 and not waiting(database))
    said = capsys.readouterr()
    assert "ValueError" in said.out + said.err
    assert "canary-secret" not in said.out + said.err


def test_what_is_wanted_is_done_without_being_asked_for(database):
    wanted, done = {"x", "y"}, []

    def run(turn):
        done.append(turn.key)
        wanted.discard(turn.key)

    with working(database, Job("a", run, wanted=lambda _session: sorted(wanted))):
        eventually(lambda: not wanted and not waiting(database))
    assert sorted(done) == ["x", "y"]


def test_work_that_takes_longer_than_a_lease_stays_its_own(database):
    done = []

    def run(turn):
        done.append(1)
        time.sleep(2.5)
        with database.write_session() as session:
            turn.hold(session)

    job = Job("a", run)
    with working(database, job), working(database, job):
        ask(database)
        eventually(lambda: bool(done) and not waiting(database))
    assert len(done) == 1


def test_work_that_was_taken_away_writes_nothing(database):
    wrote, goes_on = [], Event()

    def run(turn):
        goes_on.wait(10)
        with database.write_session() as session:
            queue.enqueue(session, "b", "written")
            turn.hold(session)
        wrote.append(1)

    with working(database, Job("a", run)):
        ask(database)
        eventually(lambda: waiting(database) and waiting(database)[0].holder)
        with database.write_session() as session:
            session.query(queue.QueuedJob).update({"holder": "somebody else"})
        goes_on.set()
        time.sleep(0.3)
    assert not wrote
    assert waiting(database, "b") == []
    assert waiting(database)[0].holder == "somebody else"


def test_told_to_end_it_lets_what_runs_come_to_its_end(database):
    began, done = Event(), []

    def run(turn):
        began.set()
        while not turn.is_ending():
            time.sleep(0.01)
        done.append(1)

    with working(database, Job("a", run), pace=Pace(1, 0.02, 5)):
        ask(database)
        began.wait(10)
        ask(database, "later")
    assert done == [1]
    assert [one.key for one in waiting(database)] == ["later"]


@pytest.mark.parametrize("threads", [1, 3])
def test_no_more_run_at_once_than_it_has_threads(database, threads):
    running, most = [], []

    def run(turn):
        running.append(turn.key)
        most.append(len(running))
        time.sleep(0.3)
        running.remove(turn.key)

    for number in range(9):
        ask(database, str(number))
    with working(database, Job("a", run), pace=Pace(threads, 0.02, 5)):
        eventually(lambda: not waiting(database))
    assert max(most) == threads
