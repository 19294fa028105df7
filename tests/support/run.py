"""One folder for a whole test run, shared by all workers of pytest-xdist and gone when the run is over.

The first process holds a lock on a file in it for as long as it lives. The kernel lets go of the lock however that
process ends, so whoever waits for it (the keeper of PostgreSQL) always learns of the end, even of `kill -9`.
"""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

FOLDER = pytest.StashKey[Path]()
_ALIVE = pytest.StashKey[int]()
_PATIENCE = 20
_PREFIX = "duijie-test-"
_MEMORY, _DISK = Path("/dev/shm"), Path("/tmp")  # noqa: S108 - mkdtemp makes its own folder there
_ROOM = 2 * 2**30
_SETTLED = 60


def alive_file(folder: Path) -> Path:
    """The file that is locked while the run lasts."""
    return folder / "alive"


@contextmanager
def only_one(folder: Path, name: str) -> Iterator[None]:
    """Let one process of the run at a time do something."""
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _place() -> Path:
    """In memory where there is room (PostgreSQL copies databases 5 times as fast there on a busy disk), or /tmp.

    Not TMPDIR: the path of a Unix socket must stay below 104 characters.
    """
    if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM:
        return _MEMORY
    return _DISK


def _sweep(place: Path) -> None:
    """Remove the folders of runs that were killed before they had a keeper."""
    for alive in place.glob(f"{_PREFIX}*/alive"):
        folder = alive.parent
        with suppress(OSError), alive.open() as lock:
            if time.time() - alive.stat().st_mtime > _SETTLED and not (folder / "keeper").exists():
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)


def pytest_configure(config):
    given = getattr(config, "workerinput", None)
    if given is not None:
        config.stash[FOLDER] = Path(given["duijie_folder"])
        return
    place = _place()
    _sweep(place)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
    alive = alive_file(folder).open("w")
    fcntl.flock(alive, fcntl.LOCK_EX)
    config.stash[FOLDER] = folder
    config.stash[_ALIVE] = alive


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    node.workerinput["duijie_folder"] = str(node.config.stash[FOLDER])


def pytest_unconfigure(config):
    alive = config.stash.get(_ALIVE, None)
    if alive is None:
        return
    folder = config.stash[FOLDER]
    alive.close()
    # the keeper, if one was started, clears away the server and the folder
    end = time.monotonic() + _PATIENCE
    while (folder / "keeper").exists() and time.monotonic() < end:
        time.sleep(0.02)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def run_folder(pytestconfig) -> Path:
    """The folder of this test run."""
    return pytestconfig.stash[FOLDER]
