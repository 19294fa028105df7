"""The command as people run it: a process of its own in a folder of its own, ended by its id."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx2
import pytest

from app.db.engine import Database

DUIJIE = Path(sys.executable).with_name("duijie")
_LEASH = Path(__file__).with_name("leash.py")
_PATIENCE = 90
# tests ask more often than anybody may
_UNLIMITED = {"DUIJIE_LIMITS__CALLER_PER_MINUTE": "1000000", "DUIJIE_LIMITS__ADDRESS_PER_MINUTE": "1000000"}


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """What a process of the command sees: nothing of our settings but those given; no worker beside the server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DUIJIE_")}
    quiet = {"COLUMNS": "100", "PYTHONUNBUFFERED": "1", "DUIJIE_JOBS__EMBEDDED": "false"}
    return {**kept, **quiet, **settings}


def duijie(*words: str, cwd: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; one that serves when it should have refused is ended with its workers."""
    process = subprocess.Popen(
        [DUIJIE, *words],
        cwd=cwd,
        env=environment(settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a group of its own, so that its workers can be ended with it
    )
    try:
        printed, told = process.communicate(timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        printed, told = process.communicate()
    return subprocess.CompletedProcess(words, process.returncode, printed, told)


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(frozen=True)
class Served:
    """A running server."""

    process: subprocess.Popen[bytes]
    base: str
    said: Path

    @property
    def output(self) -> str:
        """Everything it has printed so far."""
        return self.said.read_text("utf-8")

    def get(self, path: str, key: str | None = None) -> httpx2.Response:
        """One request over a connection of its own."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return httpx2.get(self.base + path, headers=headers, timeout=30)

    def client(self) -> httpx2.Client:
        """A client that keeps its connections to the server; whoever asks for it closes it."""
        return httpx2.Client(base_url=self.base, timeout=30)

    def kill(self) -> None:
        """End the server and its workers at once, without a chance to tidy up."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(_PATIENCE)


@dataclass(frozen=True)
class Working:
    """A running worker."""

    process: subprocess.Popen[bytes]
    said: Path

    @property
    def output(self) -> str:
        """Everything it has printed so far."""
        return self.said.read_text("utf-8")

    def kill(self) -> None:
        """End it at once, without a chance to tidy up."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(_PATIENCE)

    def end(self) -> int:
        """Ask it to end, and wait; its exit status."""
        self.process.terminate()
        try:
            return self.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise


@contextmanager
def served(*words: str, cwd: Path, **settings: str) -> Iterator[Served]:
    """A server that answers until the block ends; what it said is shown beside a test that fails."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    said = cwd / f"said-{port}.txt"
    with said.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-S", _LEASH, DUIJIE, *words],
            cwd=cwd,
            env=environment({**_UNLIMITED, "DUIJIE_SERVER__PORT": str(port), "DUIJIE_PUBLIC_URL": base, **settings}),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = Served(process, base, said)
    try:
        _wait_for(server)
        yield server
    finally:
        _stop(server)
        sys.stdout.write(f"{server.base} said:\n{server.output}")


@contextmanager
def working(database: Database, *, cwd: Path, **settings: str) -> Iterator[Working]:
    """A worker of a database until the block ends; what it said is shown beside a test that fails."""
    address = database.engine.url.render_as_string(hide_password=False)
    said = cwd / f"worker-said-{free_port()}.txt"
    with said.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-S", _LEASH, DUIJIE, "worker"],
            cwd=cwd,
            env=environment({"DUIJIE_DATABASE__URL": address, **settings}),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    worker = Working(process, said)
    try:
        yield worker
    finally:
        if process.poll() is None:
            worker.end()
        if process.stdin:
            process.stdin.close()
        sys.stdout.write(f"worker said:\n{worker.output}")


@pytest.fixture
def serve(staffed_database, tmp_path) -> Callable[..., AbstractContextManager[Served]]:
    """`with serve() as server`: a process of its own that serves this test's database; more settings by their names."""
    address = staffed_database.engine.url.render_as_string(hide_password=False)
    return partial(served, "serve", cwd=tmp_path, DUIJIE_DATABASE__URL=address)


def _wait_for(server: Served) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if server.process.poll() is not None:
            raise AssertionError(f"it ended with {server.process.returncode}:\n{server.output}")
        try:
            if server.get("/health/ready").status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"no answer in {_PATIENCE} s:\n{server.output}")


def _stop(server: Served) -> None:
    if server.process.poll() is None:
        server.process.terminate()
        try:
            server.process.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
    if server.process.stdin:
        server.process.stdin.close()
