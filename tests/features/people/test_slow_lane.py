"""Those who sign in at a time wait for one another, and nobody else waits for them."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Lock

import pytest
from sqlalchemy import func, select

from app.features.accounts.models import SignIn
from app.web.lanes import Lane, SlowLane
from tests.features.people.house import GOOD, OTHER, bearer, problem

AT_ONCE, WAITING = 2, 3


@pytest.fixture
def slow(house, monkeypatch):
    """Checks of passwords that last until they are let go, in a small lane."""
    return Slow(house, monkeypatch)


class Slow:
    """Makes checks slow and counts them: how many there are just now, and at most."""

    def __init__(self, house, monkeypatch):
        house.enter()
        self.house = house
        self.issued = house.sign_in().json()
        self.lanes = house.client.app.state.lanes
        self.lane = self.lanes[Lane.PASSWORDS] = SlowLane(at_once=AT_ONCE, waiting=WAITING)
        self.go = Event()
        self.lock = Lock()
        self.inside = self.most = 0
        verify = house.passwords.verify

        def slowly(password, stored):
            with self._counted():
                assert self.go.wait(30)
                return verify(password, stored)

        monkeypatch.setattr(house.passwords, "verify", slowly)

    @contextmanager
    def _counted(self):
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        try:
            yield
        finally:
            with self.lock:
                self.inside -= 1

    @contextmanager
    def full(self):
        """As many sign in as have a place; they are let go when the block ends."""
        with ThreadPoolExecutor(AT_ONCE + WAITING) as pool:
            asked = [pool.submit(self.house.sign_in) for _ in range(AT_ONCE + WAITING)]
            try:
                end = time.monotonic() + 20
                while self.inside < AT_ONCE or self.lane._taken < AT_ONCE + WAITING:
                    assert time.monotonic() < end, "they did not come"
                    time.sleep(0.01)
                yield asked
            finally:
                self.go.set()


def _signed_in(house):
    with house.database.read_session() as session:
        return session.scalar(select(func.count()).select_from(SignIn))


def test_while_many_sign_in_others_are_answered_and_two_hashes_are_made(house, slow):
    before = _signed_in(house)
    with slow.full() as asked:
        began = time.monotonic()
        assert house.client.get("/v1/needs").status_code == 200
        assert house.me(bearer(slow.issued)).status_code == 200
        assert time.monotonic() - began < 10
        assert not [one for one in asked if one.done()]
    assert [one.result().status_code for one in asked] == [201] * (AT_ONCE + WAITING)
    assert slow.most == AT_ONCE
    assert _signed_in(house) == before + AT_ONCE + WAITING


@pytest.mark.parametrize(("language", "title"), [("zh", "服务器繁忙"), ("en", "Busy")])
def test_who_finds_the_queue_full_is_told_to_come_back_and_nothing_is_done(house, slow, language, title):
    with slow.full():
        entries = len(house.audited())
        refused = house.sign_in(headers={"Accept-Language": language})
        assert problem(refused) == (503, "busy")
        assert refused.json()["title"] == title
        assert refused.headers["Retry-After"] == "5"
        assert refused.headers["RateLimit"].startswith('"address";')
        assert len(house.audited()) == entries
    assert house.sign_in().status_code == 201, "there is room again"


@pytest.mark.parametrize("path", ["invitations/accept", "password-resets/complete", "me/password"])
def test_all_that_checks_passwords_takes_the_same_places(house, slow, path):
    body = {"current": GOOD, "new": OTHER} if path == "me/password" else {"link": "x", "password": GOOD}
    headers = bearer(slow.issued) if path == "me/password" else {}
    with slow.full():
        assert problem(house.client.post(f"/v1/{path}", json=body, headers=headers)) == (503, "busy")


def test_who_waits_for_an_issuer_and_who_waits_for_a_password_wait_apart(house, slow):
    def by_issuer():
        return house.client.post("/v1/sign-ins/oidc", json={"id_token": "x"}).status_code

    with slow.full():
        assert by_issuer() == 404, "no issuer is set: it got as far as that"
    slow.lanes[Lane.ISSUER] = SlowLane(at_once=1, waiting=-1)  # no place at all
    assert by_issuer() == 503
    assert house.sign_in().status_code == 201
