"""Guessing is slowed down, and nobody is locked out by somebody else's guesses."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.features.people.models import SignInFailure
from app.features.people.service import lockout
from tests.features.people.house import GOOD, OTHER, bearer, problem, wrong_code

HERE, THERE = "198.51.100.1", "203.0.113.9"


@pytest.fixture
def clock():
    """A clock that stands still until it is moved."""
    with time_machine.travel(datetime.now(UTC), tick=False) as traveller:
        yield traveller


def _fail(house, times, login="li.wei@example.com", address=HERE):
    return [house.sign_in(login, OTHER, address=address).status_code for _ in range(times)]


def _wait(answer):
    assert problem(answer) == (429, "too-many-requests")
    return int(answer.headers["retry-after"])


def test_five_failures_are_free_and_then_the_wait_grows(house, clock):
    house.enter()
    assert _fail(house, 5) == [401] * 5
    for wait in (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900):
        assert _wait(house.sign_in(password=OTHER, address=HERE)) == wait
        clock.shift(wait - 0.5)
        assert _wait(house.sign_in(address=HERE)) == 1
        clock.shift(0.5)
        assert house.sign_in(password=OTHER, address=HERE).status_code == 401


def test_an_attempt_that_is_refused_is_neither_checked_nor_counted(house, clock, monkeypatch):
    house.enter()
    _fail(house, 5)
    monkeypatch.setattr(house.passwords, "verify", None)
    assert {house.sign_in(password=OTHER, address=HERE).status_code for _ in range(20)} == {429}
    monkeypatch.undo()
    clock.shift(1)
    assert house.sign_in(address=HERE).status_code == 201
    assert len(house.audited("sign_in.fail")) == 5


def test_a_success_clears_the_count_of_the_login_there(house, clock):
    assert clock
    house.enter()
    for _ in range(3):
        _fail(house, 4)
        assert house.sign_in(address=HERE).status_code == 201
    assert _fail(house, 5) == [401] * 5


def test_a_day_without_failures_clears_it_too(house, clock):
    house.enter()
    _fail(house, 5)
    clock.shift(timedelta(days=1, seconds=1))
    assert _fail(house, 5) == [401] * 5
    with house.database.read_session() as session:
        counts = session.scalars(select(SignInFailure.count)).all()
    assert sorted(counts) == [5, 5, 5]


def test_strangers_everywhere_do_not_lock_the_owner_out_at_home(house, clock):
    house.enter()
    assert house.sign_in(address=HERE).status_code == 201
    for number in range(40):
        _fail(house, 1, address=f"203.0.113.{number}")
        clock.shift(20)
    assert _fail(house, 2, address="203.0.113.200")[-1] == 429
    assert house.sign_in(address=HERE).status_code == 201


def test_from_where_one_never_signed_in_strangers_slow_one_down(house, clock):
    house.enter()
    for number in range(10):
        assert _fail(house, 1, address=f"203.0.113.{number}") == [401]
    assert _wait(house.sign_in(address=HERE)) == 1
    clock.shift(1)
    assert house.sign_in(address=HERE).status_code == 201
    assert house.sign_in(address=HERE).status_code == 201


def test_who_tries_many_logins_from_one_address_is_slowed_down(house, clock):
    house.enter()
    assert clock
    home = house.enter("home@example.com")
    assert house.sign_in(home.login, address=THERE).status_code == 201
    for number in range(50):
        assert _fail(house, 1, f"person{number}@example.com", THERE) == [401]
    assert house.sign_in(password=OTHER, address=THERE).status_code == 429
    assert house.sign_in(password=OTHER, address=HERE).status_code == 401
    assert house.sign_in(home.login, address=THERE).status_code == 201, "a neighbour does not lock one out"


def test_an_unknown_login_is_slowed_down_like_a_known_one(house, clock):
    assert clock
    house.enter()
    seen = [
        [house.sign_in(login, OTHER, address=HERE).status_code for _ in range(7)]
        for login in ("li.wei@example.com", "nobody@example.com")
    ]
    assert seen[0] == seen[1] == [401] * 5 + [429] * 2


def test_visitors_of_a_portal_do_not_lock_each_other_out(house, clock):
    assert clock
    house.enter()

    def through_the_portal(password, address):
        body = {"login": "li.wei@example.com", "password": password, "address": address}
        return house.client.post("/v1/sign-ins", json=body, headers=house.people["portal"].headers).status_code

    assert through_the_portal(GOOD, HERE) == 201
    assert [through_the_portal(OTHER, THERE) for _ in range(6)] == [401] * 5 + [429]
    assert through_the_portal(GOOD, HERE) == 201


def test_the_addresses_of_an_ipv6_network_are_one_place(house, clock):
    house.enter()
    first = house.sign_in(address="2001:db8:0:7::1").json()
    for number in range(11):
        _fail(house, 1, address=f"203.0.113.{number}")
        clock.shift(20)
    _fail(house, 1, address="203.0.113.99")
    assert house.sign_in(address="2001:db8:0:8::1").status_code == 429, "where one never was"
    assert house.sign_in(address="2001:db8:0:7:ffff::2").status_code == 201
    listed = house.client.get("/v1/sign-ins", headers=bearer(first)).json()["items"]
    assert [item["address"] for item in listed] == ["2001:db8:0:7:ffff::2", "2001:db8:0:7::1"], "told in full"


def test_failures_of_one_login_in_an_ipv6_network_count_together(house, clock):
    assert clock
    house.enter()
    assert [_fail(house, 1, address=f"2001:db8::{number:x}")[0] for number in range(1, 7)] == [401] * 5 + [429]


def _reset(house, login="li.wei@example.com", address=HERE, password=GOOD):
    client = house.at(address)
    assert client.post("/v1/password-resets", json={"login": login}).status_code == 202
    house.work()
    body = {"link": house.link(), "password": password}
    answer = client.post("/v1/password-resets/complete", json=body)
    assert answer.status_code == 204, answer.text


def _strangers(house, clock, times):
    for number in range(times):
        assert _fail(house, 1, address=f"203.0.113.{number}") == [401]
        clock.shift(901)


def test_who_resets_the_password_enters_at_once_where_they_never_were(house, clock):
    house.enter()
    _strangers(house, clock, 30)
    _fail(house, 1, address="203.0.113.99")
    assert house.sign_in(address=HERE).status_code == 429
    _reset(house)
    assert house.sign_in(address=HERE).status_code == 201
    assert house.sign_in(address="192.0.2.55").status_code == 201, "nor anywhere else are they kept out now"


def test_where_one_reset_the_password_one_is_known(house, clock):
    house.enter()
    _fail(house, 9, address=HERE)
    _reset(house)
    _strangers(house, clock, 30)
    _fail(house, 1, address="203.0.113.99")
    assert house.sign_in(address=THERE).status_code == 429
    assert house.sign_in(address=HERE).status_code == 201


def test_what_was_forgotten_at_home_counts_no_more_after_a_reset(house, clock):
    assert clock
    house.enter()
    assert _fail(house, 6) == [401] * 5 + [429]
    _reset(house)
    assert house.sign_in(address=HERE).status_code == 201


def test_a_portal_says_where_its_visitor_resets_the_password(house, clock):
    house.enter()
    portal = house.people["portal"].headers
    house.ask_reset()
    body = {"link": house.link(), "password": GOOD, "address": HERE}
    assert house.client.post("/v1/password-resets/complete", json=body).status_code == 422
    assert house.client.post("/v1/password-resets/complete", json=body, headers=portal).status_code == 204
    (entry,) = house.audited("password.reset")
    assert entry.portal_id is not None
    _strangers(house, clock, 11)
    _fail(house, 1, address="203.0.113.99")
    assert house.sign_in(address=HERE).status_code == 201


def test_resets_give_no_new_guesses_of_codes(house, clock):
    _, totp = house.with_totp()
    clock.shift(600)
    wrong, found = wrong_code(totp), []
    for number in range(3):
        address = f"198.51.100.{number}"
        _reset(house, "op@example.com", address)
        found += [house.sign_in("op@example.com", code=wrong, address=address).status_code for _ in range(5)]
    assert found == [401] * 10 + [429] * 5
    clock.shift(30)
    assert house.sign_in("op@example.com", code=totp.at(datetime.now(UTC)), address=HERE).status_code == 201


def test_of_logins_and_addresses_nothing_but_hashes_is_kept(house):
    house.enter()
    _fail(house, 1)
    with house.database.read_session() as session:
        keys = session.scalars(select(SignInFailure.key)).all()
    assert len(keys) == 3
    assert all(len(key) == 64 for key in keys)


def test_what_is_old_is_dropped(house):
    house.enter()
    _fail(house, 1)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=2), tick=True):
        _fail(house, 1, "nobody@example.com", THERE)
    with house.database.read_session() as session:
        assert session.scalar(select(func.count()).select_from(SignInFailure)) == 3


def test_guessing_the_own_password_by_a_stolen_access_key_is_slowed_down(house, clock):
    issued = house.signed_in()

    def change(current):
        body = {"current": current, "new": OTHER}
        return house.client.post("/v1/me/password", json=body, headers=bearer(issued))

    assert [change("wrong").status_code for _ in range(6)] == [422] * 5 + [429]
    assert change(GOOD).status_code == 429
    clock.shift(1)
    assert change(GOOD).status_code == 204


def test_the_wait_is_bounded_however_many_failures_there_are():
    assert [lockout._wait(beyond) for beyond in (-5, -1, 0, 1, 9, 10, 11, 10**6)] == [0, 0, 1, 2, 512, 900, 900, 900]
