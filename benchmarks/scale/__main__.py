"""`make bench-scale`: a full SQLite database, served by two workers, asked for matches over HTTP.

Generated postings (see `contents`) are published in a fresh database under a temporary folder and indexed. The server
is started, asked and ended, and then all that once more: `restart` finds what was compiled and cached.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from app.db.engine import Database
from app.db.migrate import Migrations
from app.features.accounts import service as accounts
from app.features.accounts.schemas import ApiKeyCreate
from app.features.accounts.types import SYSTEM, Role
from app.features.capabilities.kind import CAPABILITY
from app.features.needs.kind import NEED
from app.features.seeding import service as seeding
from app.settings import ROOT
from benchmarks.demo_set import load_demo
from benchmarks.machine import machine
from benchmarks.scale.asking import Client, Memory, Times, first_connection, memory_of, to_each_worker
from benchmarks.scale.contents import compose, read_real
from benchmarks.scale.filling import ORGANIZATIONS, enter_organizations, publish
from benchmarks.serving import free_port, served

WORKERS = 2
_DUIJIE = str(Path(sys.executable).with_name("duijie"))


@dataclass(frozen=True, slots=True)
class Run:
    """One life of the server: seconds from its start to a first match and to one of every worker, and what followed."""

    first: float
    every: float
    times: Times
    memory: Sequence[Memory]


def main() -> None:
    """Print the table."""
    arguments = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are ended too
    print(machine())
    with tempfile.TemporaryDirectory() as place:
        url = f"sqlite:///{Path(place) / 'scale.db'}"
        environment = {"DUIJIE_DATABASE__URL": url, "DUIJIE_INDEX_FOLDER": str(Path(place) / "index")}
        client = _filled(url, Path(place), arguments)
        _index(environment)
        print(
            f"{'':<9}{'first match s':>14}{'every worker s':>15}   one at a time: p50 ms   p99 ms     of"
            f"   two at a time: p50 ms   p99 ms     of   MB of each worker: RSS, PSS, peak"
        )
        for name in ("start", "restart"):
            print(_row(name, _run(environment, client, arguments.requests)), flush=True)


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="benchmarks.scale")
    parser.add_argument("--offers", type=int, default=160_000, help="published capabilities")
    parser.add_argument("--needs", type=int, default=2_000, help="published needs")
    parser.add_argument("--requests", type=int, default=400, help="rankings asked for one at a time, and two at a time")
    arguments = parser.parse_args()
    if min(vars(arguments).values()) < 1:
        parser.error("numbers are at least 1")
    return arguments


def _filled(url: str, folder: Path, arguments: Namespace) -> Client:
    """Fill a new database; give a client that asks as an operator, from whom nothing is hidden."""
    needs, capabilities = compose(load_demo(), read_real(folder))
    database = Database(url)
    Migrations(database, ROOT / "alembic.ini").upgrade()
    seeding.seed(database, ROOT / "seeds", dry_run=False, only={"reference"}, on_progress=None)
    owners = enter_organizations(database)
    began = time.perf_counter()
    publish(database, CAPABILITY, islice(capabilities, arguments.offers), owners)
    asked = publish(database, NEED, islice(needs, arguments.needs), owners)
    took = time.perf_counter() - began
    with database.write_session() as session:
        issued = accounts.issue(session=session, actor=SYSTEM, body=ApiKeyCreate(name="benchmark", role=Role.OPERATOR))
    database.close()
    size = sum(file.stat().st_size for file in folder.glob("scale.db*"))
    print(
        f"{arguments.offers} capabilities and {arguments.needs} needs of {ORGANIZATIONS} organisations, composed and "
        f"written in {took:.1f} s ({(arguments.offers + arguments.needs) / took:.0f} rows/s), {size / 1e6:.0f} MB",
        flush=True,
    )
    return Client(issued.key, asked)


def _index(environment: Mapping[str, str]) -> None:
    began = time.perf_counter()
    done = subprocess.run(
        [_DUIJIE, "index"], env={**os.environ, **environment}, cwd=ROOT, check=True, stdout=subprocess.PIPE
    )
    took = time.perf_counter() - began
    size = sum(file.stat().st_size for file in Path(done.stdout.decode().strip()).rglob("*") if file.is_file())
    print(f"indexed in {took:.1f} s, {size / 1e6:.0f} MB", flush=True)


def _run(environment: Mapping[str, str], client: Client, requests: int) -> Run:
    port = free_port()
    began = time.perf_counter()
    settings = {**environment, "DUIJIE_SERVER__PORT": str(port), "DUIJIE_LOG_JSON": "true"}
    with served([_DUIJIE, "serve", "--workers", str(WORKERS)], port, settings) as server:
        with closing(first_connection(port)) as connection:
            client.ask_any(connection)
        first = time.perf_counter() - began
        connections = to_each_worker(server, WORKERS)
        for connection in connections.values():
            client.ask_any(connection)
        every = time.perf_counter() - began
        times = client.measure([*connections.values()], requests)
        return Run(first, every, times, [memory_of(worker) for worker in connections])


def _row(name: str, run: Run) -> str:
    memory = " + ".join(f"{one.rss / 1e6:.0f}, {one.pss / 1e6:.0f}, {one.peak / 1e6:.0f}" for one in run.memory)
    return (
        f"{name:<9}{run.first:>14.1f}{run.every:>15.1f}{_quantiles(run.times.singly, 25)}"
        f"{_quantiles(run.times.together, 25)}   {memory}"
    )


def _quantiles(times: Sequence[float], width: int) -> str:
    p50, p99 = np.quantile(times, (0.5, 0.99)) * 1e3
    return f"{p50:>{width}.1f}{p99:>9.1f}{len(times):>7}"


if __name__ == "__main__":
    main()
