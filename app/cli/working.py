"""`duijie worker`: what is done in the background, in a process of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.opening import opened

if TYPE_CHECKING:
    from app.jobs.worker import Worker
    from app.settings import Settings

_COMMAND = (sys.executable, "-c", "from app.cli import main; main()", "worker", "--parent")
_LOOKS_EVERY = 1.0
_PAUSES = (1.0, 2.0, 5.0, 15.0, 30.0)
_LONG_ENOUGH = 60.0
_PATIENCE = 25.0


def worker(
    parent: Annotated[int | None, typer.Option(hidden=True, help="End when this process is no longer its own.")] = None,
) -> None:
    """Do what is to be done in the background: send mail, deliver webhooks, note what has ended. Run any number."""
    from app.composition import destinations_of, public_url_of, seal_of, sender_of
    from app.core.outbound import Outbound
    from app.db.engine import Database
    from app.duties import duties
    from app.jobs.worker import Pace, Worker

    with opened() as found:
        settings = found.settings
        # one connection for each job, one for claiming and one for the leases
        database = Database(settings.database.url, pool_size=settings.jobs.threads + 2)
        hooks = settings.webhooks
        outbound = Outbound(destinations_of(settings), seconds=hooks.timeout_seconds, ca_file=hooks.ca_file)
        jobs = duties(
            seal=seal_of(settings),
            outbound=outbound,
            delays=hooks.retry_seconds,
            sender=sender_of(settings.mail),
            public_url=public_url_of(settings),
        )
        pace = Pace(settings.jobs.threads, settings.jobs.poll_seconds, settings.jobs.lease_seconds)
        made = Worker(database, jobs, pace)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: made.end())
        if parent is not None:
            Thread(target=_end_with, args=(made, parent), name="duijie-parent", daemon=True).start()
        try:
            made.run()
        finally:
            database.close()


@contextmanager
def worker_beside(settings: "Settings") -> Iterator[None]:
    """A worker that runs beside the server while the block does, unless the settings say otherwise.

    One that dies is started again; one whose server is gone, however it went, ends by itself.
    """
    if not settings.jobs.embedded:
        yield
        return
    over = Event()
    # here and not in the thread: what the server forks while a process is being started keeps the pipe open on which
    # that start is waited for
    first = _start()
    keeper = Thread(target=_keep, args=(first, over), name="duijie-worker", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join(_PATIENCE + 5)


def _start() -> "subprocess.Popen[bytes]":
    return subprocess.Popen([*_COMMAND, str(os.getpid())], stdin=subprocess.DEVNULL)  # noqa: S603 - ourselves


def _keep(process: "subprocess.Popen[bytes]", over: Event) -> None:
    began, failures = time.monotonic(), 0
    while True:
        while process.poll() is None and not over.wait(0.2):
            pass
        if process.poll() is None:
            _stop(process)
            return
        failures = 0 if time.monotonic() - began > _LONG_ENOUGH else failures + 1
        if over.wait(_PAUSES[min(failures, len(_PAUSES) - 1)]):
            return
        process, began = _start(), time.monotonic()


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _end_with(made: "Worker", parent: int) -> None:
    """Told by nobody: a server that was killed leaves its worker to another parent."""
    never = Event()
    while os.getppid() == parent:
        never.wait(_LOOKS_EVERY)
    made.end()
