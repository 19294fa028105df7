"""A small HTTP load from this machine to this machine: keep-alive connections, one thread each, bounded."""

import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Request = Callable[[int], bytes]
"""Gives the bytes of the n-th request."""

_CONNECTIONS = 8


@dataclass(frozen=True)
class Load:
    """What a load measured: the time of each request and of all, and the server's CPU time, in seconds."""

    times: Sequence[float]
    seconds: float
    cpu_seconds: float

    @property
    def cpu_microseconds(self) -> float:
        """The server's CPU time for one request."""
        return self.cpu_seconds / len(self.times) * 1e6


def get(path: str, key: str | None = None) -> Request:
    """The same GET every time."""
    authorization = f"Authorization: Bearer {key}\r\n" if key else ""
    raw = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{authorization}\r\n".encode()
    return lambda _: raw


def post(path: str, key: str, body: Callable[[int], bytes]) -> Request:
    """A POST whose body differs each time."""

    def raw(number: int) -> bytes:
        content = body(number)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        return head.encode() + content

    return raw


def run(port: int, request: Request, *, count: int, first: int, cpu_seconds: Callable[[], float]) -> Load:
    """Send `count` requests over a few connections.

    Args:
        port: of a server on 127.0.0.1.
        request: gives each request's bytes.
        count: how many, in all.
        first: the number of the first, so that repeated loads differ.
        cpu_seconds: the CPU time the server has used so far.

    Raises:
        RuntimeError: an answer was not 2xx.
    """
    numbers = iter(range(first, first + count))
    lock = threading.Lock()
    times: list[float] = []
    faults: list[str] = []

    def work() -> None:
        mine: list[float] = []
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while True:
                with lock:
                    number = next(numbers, None)
                    if number is None or faults:
                        times.extend(mine)
                        return
                began = time.perf_counter()
                connection.sendall(request(number))
                status = _read_answer(connection)
                mine.append(time.perf_counter() - began)
                if not status.startswith("2"):
                    faults.append(status)

    used, began = cpu_seconds(), time.perf_counter()
    threads = [threading.Thread(target=work) for _ in range(_CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    if faults:
        raise RuntimeError(f"the server answered {faults[0]}")
    return Load(times, seconds, cpu_seconds() - used)


def _read_answer(connection: socket.socket) -> str:
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").lower().split("\r\n")
    length = next(int(line.split(":")[1]) for line in lines if line.startswith("content-length:"))
    while len(body) < length:
        body += connection.recv(65536)
    return lines[0].split(" ", 1)[1]
