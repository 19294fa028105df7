"""Many sign in at once at a real server: all get in, and memory stays bounded."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

import psutil
import pytest
from sqlalchemy import func, select

from app.features.accounts.models import SignIn
from app.features.people.models import RefreshToken
from app.features.people.passwords import Passwords
from tests.features.people.house import GOOD, House

_MANY = 50
_MIB = 2**20
_MARGIN = 40 * _MIB


def _workers(server):
    """The server's processes, the largest of which answers."""
    return psutil.Process(server.process.pid).children(recursive=True)


def _memory(processes):
    return max(process.memory_info().rss for process in processes)


def _wait_until_warm(server):
    """What a server compiles and reads in the background when it starts is memory too."""
    end = time.monotonic() + 300  # nothing may have been compiled yet in this checkout
    while "matcher warm" not in server.output:
        assert time.monotonic() < end, server.output
        time.sleep(0.05)


@pytest.fixture
def crowd(client, staffed_database, people):
    house = House(client, staffed_database, people)
    hashed = Passwords().hash(GOOD)
    return house, [house.enter(f"person{number}@example.com", password_hash=hashed).login for number in range(_MANY)]


def test_fifty_sign_in_at_once_and_two_hashes_are_made_at_a_time(crowd, serve):
    house, logins = crowd
    with serve() as server, server.client() as http:
        _wait_until_warm(server)

        def enter(login):
            return http.post("/v1/sign-ins", json={"login": login, "password": GOOD}, timeout=120)

        enter(logins[0])  # what is loaded by the first of all
        processes = _workers(server)
        start, most, done = _memory(processes), 0, Event()

        def watch():
            nonlocal most
            while not done.is_set():
                most = max(most, _memory(processes))
                time.sleep(0.01)

        watcher = Thread(target=watch)
        watcher.start()
        with ThreadPoolExecutor(_MANY) as pool:
            answers = list(pool.map(enter, logins))
        done.set()
        watcher.join()

        assert [answer.status_code for answer in answers] == [201] * _MANY
        keys = {answer.json()["access_key"] for answer in answers}
        assert len(keys) == _MANY
        assert {server.get("/v1/me", key).json()["person"]["login"] for key in keys} == set(logins)
    with house.database.read_session() as session:
        assert session.scalar(select(func.count()).select_from(SignIn)) == _MANY + 1
        assert session.scalar(select(func.count()).select_from(RefreshToken)) == _MANY + 1
    assert most > start + 32 * _MIB, "the real hash was made"
    assert most < start + 2 * 64 * _MIB + _MARGIN, f"{(most - start) / _MIB:.0f} MiB more"
