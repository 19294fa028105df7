"""Where PostgreSQL is: `TEST_POSTGRES_URL`, or a server that the first test to need one starts for the whole run."""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.support.run import only_one

_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 60


def postgres_url(folder: Path) -> str:
    """The address of the server's own database `postgres`, for making others."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        return given.replace("postgresql://", "postgresql+psycopg://", 1)
    ready = folder / "postgres.url"
    with only_one(folder, "postgres"):
        if not ready.exists():
            _start(folder, ready)
    return ready.read_text()


def _start(folder: Path, ready: Path) -> None:
    said = folder / "keeper.log"
    with said.open("w") as log:
        # its own session: Ctrl-C in a terminal ends pytest, and only then the keeper
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.support.keeper", str(folder)],
            cwd=_ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    end = time.monotonic() + _PATIENCE
    while not ready.exists():
        if keeper.poll() is not None or time.monotonic() > end:
            keeper.terminate()
            raise RuntimeError(f"PostgreSQL did not start. Set TEST_POSTGRES_URL to use another.\n{said.read_text()}")
        time.sleep(0.02)
    keeper.returncode = 0  # it outlives this process on purpose: no warning about that
