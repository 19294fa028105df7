"""The worker: claims work that is due, runs it in a few threads, keeps its leases alive.

Any number of workers on any number of hosts share one queue. A worker that is told to end claims nothing more and lets
what runs come to a good place; one that is killed leaves leases that run out.
"""

import os
import socket
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Event, Lock, Thread

import structlog
from sqlalchemy.orm import Session

from app.core.clock import now
from app.db import jobs as queue
from app.db.engine import Database
from app.db.jobs import Claim, LeaseLost
from app.jobs.job import Job, Turn

log = structlog.get_logger("duijie.jobs")

_LONGEST_PAUSE = 300.0
_DOUBLINGS = 9  # until a pause is the longest
_LOOKS_EVERY = 1.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How a worker works.

    Args:
        threads: jobs it runs at once.
        poll: seconds between two looks for work.
        lease: seconds after which others take the work of a worker of which nothing is heard.
    """

    threads: int
    poll: float
    lease: float


class Worker:
    """Runs jobs until it is told to end.

    Args:
        database: with at least one connection more than threads.
        jobs: those it knows.
        pace: how it works.
    """

    def __init__(self, database: Database, jobs: Sequence[Job], pace: Pace) -> None:
        self.database = database
        self.jobs = {job.name: job for job in jobs}
        self.pace = pace
        self.name = f"{socket.gethostname()[:32]}:{os.getpid()}"
        self._lease = timedelta(seconds=pace.lease)
        self._held: dict[Claim, Future[None]] = {}
        self._lock = Lock()
        self._ending = Event()
        self._over = Event()
        self._awake = Event()

    def end(self) -> None:
        """Claim nothing more and come back from `run` once what runs has come to a good place."""
        self._ending.set()
        self._awake.set()

    def run(self) -> None:
        """Work until told to end."""
        log.info("worker starts", worker=self.name, jobs=sorted(self.jobs))
        keeper = Thread(target=self._keep_leases, name="duijie-leases", daemon=True)
        keeper.start()
        looked_at = 0.0
        with ThreadPoolExecutor(self.pace.threads, "duijie-job") as pool:
            while not self._ending.is_set():
                try:
                    if time.monotonic() - looked_at >= _LOOKS_EVERY:
                        looked_at = time.monotonic()
                        self._look()
                    self._claim_all(pool)
                except Exception as error:  # noqa: BLE001 - a database that is away comes back
                    log.warning("worker cannot claim", error=type(error).__name__)
                self._awake.wait(self.pace.poll)
                self._awake.clear()
        self._over.set()
        keeper.join()
        log.info("worker ends", worker=self.name)

    def _look(self) -> None:
        """Ask for what is wanted and was not asked for."""
        for job in self.jobs.values():
            if job.wanted is None:
                continue
            with self.database.read_session() as session:
                wanted = list(job.wanted(session))
                keys = queue.unasked(session, job.name, wanted) if wanted else []
            if keys:
                with self.database.write_session() as session:
                    for key in keys:
                        queue.enqueue(session, job.name, key)

    def _claim_all(self, pool: ThreadPoolExecutor) -> None:
        while len(self._running()) < self.pace.threads:
            with self.database.read_session() as session:
                if not queue.is_due(session, self.jobs):
                    return
            with self.database.write_session() as session:
                held = queue.claim(session, self.jobs, worker=self.name, lease=self._lease)
            if held is None:
                return
            with self._lock:
                self._held[held] = future = pool.submit(self._do, held)
            # a thread that is free looks for work at once
            future.add_done_callback(lambda _: self._awake.set())

    def _running(self) -> list[Claim]:
        with self._lock:
            for one in [one for one, future in self._held.items() if future.done()]:
                del self._held[one]
            return list(self._held)

    def _do(self, held: Claim) -> None:
        turn = Turn(held.key, self.database, partial(_hold, held), self._ending.is_set)
        try:
            again_at = self.jobs[held.name].run(turn)
            with self.database.write_session() as session:
                queue.finish(session, held, again_at=again_at)
        except LeaseLost:
            log.warning("lease lost", job=held.name, key=held.key)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
            # where it happened, but not what it says: messages of errors may hold contents
            log.warning("job failed", job=held.name, key=held.key, error=type(error).__name__, where=_where(error))
            self._give_back(held, type(error).__name__)

    def _give_back(self, held: Claim, error: str) -> None:
        again_at = now() + timedelta(seconds=pause_after(held.failures + 1))
        try:
            with self.database.write_session() as session:
                queue.fail(session, held, error=error[:64], again_at=again_at)
        except Exception as again:  # noqa: BLE001 - the lease runs out by itself
            log.warning("job not given back", job=held.name, key=held.key, error=type(again).__name__)

    def _keep_leases(self) -> None:
        # beyond the end of claiming: what still runs is still held
        while not self._over.wait(self.pace.lease / 3):
            held = self._running()
            if not held:
                continue
            try:
                with self.database.write_session() as session:
                    queue.extend(session, held, lease=self._lease)
            except Exception as error:  # noqa: BLE001 - tried again before the lease runs out
                log.warning("leases not kept", error=type(error).__name__)


def pause_after(failures: int) -> float:
    """Seconds until work that has failed so often in a row is tried again: twice as long each time, up to a bound."""
    return min(2.0 ** min(failures - 1, _DOUBLINGS), _LONGEST_PAUSE)


def _hold(held: Claim, session: Session) -> None:
    queue.hold(session, held)


def _where(error: BaseException) -> str:
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return "" if place is None else f"{Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}"
