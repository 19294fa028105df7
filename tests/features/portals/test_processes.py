"""Webhooks with real workers, which are killed in the middle of what they do."""

import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from threading import Event

import psutil
import pytest

from app.core.clock import now
from app.db import jobs as queue
from tests.features.portals.hooks import environment
from tests.support.processes import working

RETRIES = {"DUIJIE_WEBHOOKS__RETRY_SECONDS": "[0.05, 0.05, 0.1, 0.1, 0.1, 0.1]"}
PATIENCE = 90
MATCHER = ("app.matching", "sklearn", "numba", "scipy", "numpy", "app.main", "app.registry", "fastapi")


@pytest.fixture
def start_worker(staffed_database, tmp_path):
    """`with start_worker() as worker`: a process that works for this test's database."""

    def start(**settings):
        return working(staffed_database, cwd=tmp_path, **environment(**RETRIES, **settings))

    return start


def eventually(check):
    end = time.monotonic() + PATIENCE
    while not (found := check()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
    return found


def nothing_to_do(database):
    """Whether there is no work, neither due nor under way nor later."""
    with database.read_session() as session:
        return session.query(queue.QueuedJob).count() == 0


def let_leases_run_out(database):
    """Go on as if the time of a lease had passed since a worker was killed."""
    with database.write_session() as session:
        session.query(queue.QueuedJob).update({"lease_until": now() - timedelta(seconds=1)})


def test_a_receiver_that_fails_five_times_gets_exactly_the_right_messages(
    hooks, receiver, needs, start_worker, staffed_database
):
    hook = hooks.made(receiver.url)
    attempts = Counter()

    def answer(received, _before):
        attempts[received.id] += 1
        return 503 if attempts[received.id] <= 5 else 204

    receiver.answer = answer
    ids = [needs.published()["id"] for _ in range(3)]
    with start_worker():
        receiver.wait_for(18)
        deliveries = hooks.settled(hook)
        eventually(lambda: nothing_to_do(staffed_database))
    assert len(receiver.requests) == 18
    assert set(attempts.values()) == {6}
    assert all(request.is_signed_by(hook["secret"]) for request in receiver.requests)
    assert {request.id: request.said["data"]["id"] for request in receiver.requests} == dict(
        zip(sorted(attempts), ids, strict=True)
    )
    assert [(one["state"], one["attempts"]) for one in deliveries] == [("delivered", 6)] * 3


def test_a_worker_that_is_killed_in_the_middle_of_a_delivery_loses_nothing(
    hooks, receiver, needs, start_worker, staffed_database
):
    hook = hooks.made(receiver.url)
    in_the_middle, goes_on = Event(), Event()

    def answer(_received, before):
        if before == 4:
            in_the_middle.set()
            goes_on.wait(PATIENCE)
        return 204

    receiver.answer = answer
    ids = [needs.published()["id"] for _ in range(10)]
    with start_worker() as worker:
        assert in_the_middle.wait(PATIENCE)
        worker.kill()
    with staffed_database.read_session() as session:
        assert session.query(queue.QueuedJob.holder).filter_by(key=hook["id"]).scalar() is not None, "held by the dead"
    let_leases_run_out(staffed_database)
    goes_on.set()
    more = [needs.published()["id"] for _ in range(2)]
    assert len(receiver.requests) == 5
    with start_worker(), start_worker():
        receiver.wait_for(len(ids) + len(more) + 1)
        deliveries = hooks.settled(hook)
        eventually(lambda: nothing_to_do(staffed_database))
    sent = [(request.id, request.said["data"]["id"]) for request in receiver.requests]
    # what was in the middle comes twice, under one id; nothing else does, and nothing is missing
    assert sent[5] == sent[4]
    assert [record for _, record in dict.fromkeys(sent)] == [*ids, *more]
    assert len(sent) == len(ids) + len(more) + 1
    assert {one["state"] for one in deliveries} == {"delivered"}
    assert {one["id"] for one in deliveries} == {one for one, _ in sent}


def test_a_worker_that_is_killed_again_and_again_loses_nothing(hooks, receiver, needs, start_worker, staffed_database):
    hook = hooks.made(receiver.url)
    receiver.answer = lambda _received, _before: time.sleep(0.05) or 204
    ids = []
    for _ in range(3):
        ids += [needs.published()["id"] for _ in range(6)]
        before = len(receiver.requests)
        with start_worker() as worker:
            receiver.wait_for(before + 2)
            worker.kill()
        let_leases_run_out(staffed_database)
    with start_worker():
        eventually(lambda: {request.said["data"]["id"] for request in receiver.requests} == set(ids))
        hooks.settled(hook)
    by_record = {}
    for request in receiver.requests:
        by_record.setdefault(request.said["data"]["id"], set()).add(request.id)
    assert all(request.is_signed_by(hook["secret"]) for request in receiver.requests)
    assert set(by_record) == set(ids)


def test_a_worker_told_to_end_does(start_worker, hooks, receiver):
    hook = hooks.made(receiver.url)
    hooks.act(hook, "ping")
    with start_worker() as worker:
        receiver.wait_for(1)
        assert worker.end() == 0
        assert "worker ends" in worker.output


def test_no_secret_is_in_what_a_worker_says(start_worker, hooks, receiver):
    hook = hooks.made(receiver.url + "?token=canary-in-the-address")
    receiver.answer = lambda _received, _before: 500
    hooks.act(hook, "ping")
    with start_worker() as worker:
        hooks.settled(hook)
        worker.end()
        assert hook["secret"] not in worker.output
        assert "canary-in-the-address" not in worker.output


def _workers_of(server):
    found = []
    for child in psutil.Process(server.process.pid).children(recursive=True):
        try:
            if "worker" in child.cmdline() and "--parent" in child.cmdline():
                found.append(child)
        except psutil.Error:
            continue
    return found


def _wait_for_workers(server, other_than=()):
    return eventually(lambda: [one for one in _workers_of(server) if one.pid not in other_than])


def _has_ended(process):
    # one that nobody waits for any more may stay as a zombie
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_a_server_brings_its_worker_which_is_started_again_and_ends_with_it(serve, hooks, receiver, staffed_database):
    hook = hooks.made(receiver.url)
    hooks.act(hook, "ping")
    with serve(**environment(**RETRIES, DUIJIE_JOBS__EMBEDDED="true")) as server:
        receiver.wait_for(1)
        (first,) = _wait_for_workers(server)
        first.kill()
        let_leases_run_out(staffed_database)
        (second,) = _wait_for_workers(server, other_than={first.pid})
        hooks.act(hook, "ping")
        receiver.wait_for(2)
        (parent,) = [one for one in psutil.Process(server.process.pid).children() if "serve" in one.cmdline()]
        others = [one for one in parent.children(recursive=True) if one.pid != second.pid]
        parent.kill()  # the server alone, and it before all others: nobody tells the worker
        for one in others:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        eventually(lambda: _has_ended(second))


def test_a_server_that_ends_takes_its_worker_with_it(serve):
    with serve(**environment(DUIJIE_JOBS__EMBEDDED="true")) as server:
        (worker,) = _wait_for_workers(server)
    assert _has_ended(worker)


def test_a_server_may_be_without_a_worker(serve):
    with serve() as server:  # it answers: a worker would have been started before that
        assert _workers_of(server) == []


def test_a_worker_does_not_bring_the_matcher():
    script = (
        "import sys, app.duties, app.composition, app.jobs.worker, app.cli.working, app.cli.opening, app.db.migrate;"
        f"print([one for one in {MATCHER} if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
