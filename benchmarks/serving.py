"""Servers that benchmarks start on this machine, each in a process of its own, and end by its id."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from app.settings import ROOT

_START_SECONDS = 60
_END_SECONDS = 30


class Served:
    """A server process on a port of 127.0.0.1."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self.process = process
        self.port = port

    def processes(self) -> list[psutil.Process]:
        """The server's process and those it has started."""
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]

    def cpu_seconds(self) -> float:
        """CPU time of the server and its workers so far, by the scheduler's clock: others tick in hundredths."""
        threads = (Path(f"/proc/{one.pid}/task").glob("*/schedstat") for one in self.processes())
        return sum(int(spent.read_text().split()[0]) for found in threads for spent in found) / 1e9


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


# a benchmark asks more often than anybody may
_UNLIMITED = {"DUIJIE_LIMITS__CALLER_PER_MINUTE": "1000000", "DUIJIE_LIMITS__ADDRESS_PER_MINUTE": "1000000"}


@contextmanager
def served(command: Sequence[str], port: int, environment: Mapping[str, str]) -> Iterator[Served]:
    """A server from when it takes connections until the block ends.

    Args:
        command: Starts a server.
        port: On 127.0.0.1, on which it will listen.
        environment: Variables beside those of this process.

    Raises:
        RuntimeError: It ended, or took no connection for a minute.
    """
    process = subprocess.Popen(
        command,
        env={**os.environ, **_UNLIMITED, **environment},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # a group of its own, so that its workers can be ended with it
    )
    try:
        _wait_for(process, port)
        yield Served(process, port)
    finally:
        process.terminate()
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for(process: "subprocess.Popen[bytes]", port: int) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server did not start")
