"""Asks a server for matches over connections to each of its workers."""

import random
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from itertools import islice
from threading import Lock
from uuid import UUID

import psutil

from benchmarks.machine import peak_bytes
from benchmarks.serving import Served

LIMIT = 20
_FIRST_SECONDS = 1_800.0  # an index of all postings is made before the first answer
_PATIENCE = 120.0  # seconds after which no other need is asked
_TRIES = 50


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds each request took."""

    singly: Sequence[float]
    together: Sequence[float]


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes one worker holds: resident, its fair share of what is resident in several, and the most so far."""

    rss: int
    pss: int
    peak: int


class Client:
    """Asks for the matches of needs in an order drawn anew, and the same every time."""

    def __init__(self, key: str, needs: Sequence[UUID]) -> None:
        self._headers = {"Authorization": f"Bearer {key}"}
        self._needs = needs
        self._draw = random.Random(1)

    def ask(self, connection: HTTPConnection, need: UUID) -> float:
        """Give the seconds an explained ranking takes.

        Raises:
            RuntimeError: It was not answered with one.
        """
        began = time.perf_counter()
        connection.request("GET", f"/v1/needs/{need}/matches?limit={LIMIT}", headers=self._headers)
        answer = connection.getresponse()
        body = answer.read()
        took = time.perf_counter() - began
        if answer.status != HTTPStatus.OK or b'"terms"' not in body:
            raise RuntimeError(f"the server answered {answer.status}: {body[:300]!r}")
        return took

    def ask_any(self, connection: HTTPConnection) -> float:
        """Ask for a need that is drawn; seconds and errors as in `ask`."""
        return self.ask(connection, self._draw.choice(self._needs))

    def measure(self, connections: Sequence[HTTPConnection], requests: int) -> Times:
        """Ask one after the other, then all workers at once.

        A client keeps its connection, and with it its worker: each worker answers its share at a stretch.
        """
        for connection in connections:
            self.ask_any(connection)  # what the first of a kind compiles or fills is no part of what one takes
        needs = _in_time(self._drawn(requests))
        share = -(-requests // len(connections))
        singly = [self.ask(connection, need) for connection in connections for need in islice(needs, share)]
        left, lock = _in_time(self._drawn(requests)), Lock()

        def work(connection: HTTPConnection) -> list[float]:
            times: list[float] = []
            while True:
                with lock:
                    need = next(left, None)
                if need is None:
                    return times
                times.append(self.ask(connection, need))

        with ThreadPoolExecutor(len(connections)) as pool:
            return Times(singly, [one for times in pool.map(work, connections) for one in times])

    def _drawn(self, count: int) -> list[UUID]:
        return self._draw.choices(self._needs, k=count)


def first_connection(port: int) -> HTTPConnection:
    """A connection that waits as long as a first answer may take."""
    return HTTPConnection("127.0.0.1", port, timeout=_FIRST_SECONDS)


def to_each_worker(server: Served, workers: int) -> dict[psutil.Process, HTTPConnection]:
    """Open connections until each worker has one. Whichever worker is free takes the next, so the others are kept open.

    Raises:
        RuntimeError: Some worker took none of many.
    """
    found: dict[psutil.Process, HTTPConnection] = {}
    spare: list[HTTPConnection] = []
    for _ in range(_TRIES):
        connection = first_connection(server.port)
        connection.connect()
        worker = _taken_by(server, connection)
        if worker is None or worker in found:
            spare.append(connection)
        else:
            found[worker] = connection
        if len(found) == workers:
            break
    for connection in spare:
        connection.close()
    if len(found) < workers:
        raise RuntimeError("a worker takes no connections")
    return found


def memory_of(worker: psutil.Process) -> Memory:
    """Give what a worker holds."""
    held = worker.memory_full_info()
    return Memory(held.rss, held.pss, peak_bytes(worker.pid))


def _taken_by(server: Served, connection: HTTPConnection) -> psutil.Process | None:
    own = connection.sock.getsockname()[:2]
    for _ in range(_TRIES):
        for process in server.processes():
            if any(one.raddr == own for one in process.net_connections("tcp4")):
                return process
        time.sleep(0.02)
    return None


def _in_time(needs: Sequence[UUID]) -> Iterator[UUID]:
    end = time.monotonic() + _PATIENCE
    for need in needs:
        if time.monotonic() > end:
            return
        yield need
