"""Signing in with a password: who is let in, what is told to whom is not, and what it costs."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.core.clock import now
from app.features.accounts.models import SignIn
from app.features.people.passwords import Passwords
from tests.features.people.house import GOOD, OTHER, bearer, faults, light_passwords, problem, through


def test_the_right_password_signs_in(house):
    person = house.enter()
    before = now()

    answer = house.sign_in(" LI.WEI@example.com ")

    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    issued = answer.json()
    assert issued["access_key"].startswith("dj_access_")
    assert issued["refresh_key"].startswith("dj_refresh_")
    assert issued["person"]["id"] == str(person.id)
    lives = [datetime.fromisoformat(issued[name]) - before for name in ("access_expires_at", "expires_at")]
    for life, expected in zip(lives, (timedelta(minutes=15), timedelta(days=30)), strict=True):
        assert abs(life - expected) < timedelta(seconds=30)
    assert house.me(bearer(issued)).json()["organization_id"] == str(person.organization_id)


def test_all_refusals_are_the_same(house):
    house.enter()
    house.enter("gone@example.com", disabled_at=now())
    house.enter("waits@example.com", password_hash=None)
    refused = [
        house.sign_in(password=OTHER),
        house.sign_in(password=f" {GOOD}"),
        house.sign_in(password=GOOD.upper()),
        house.sign_in("gone@example.com"),
        house.sign_in("waits@example.com"),
        house.sign_in("nobody@example.com"),
        house.sign_in("+8613900000000"),
    ]
    assert {problem(answer) for answer in refused} == {(401, "unauthenticated")}
    assert len({answer.json()["detail"] for answer in refused}) == 1
    assert house.audited("sign_in.create") == []


def test_an_unknown_login_costs_a_hash_like_a_known_one(house, monkeypatch):
    house.enter()
    seen = []
    hasher = house.passwords._hasher
    verify = hasher.verify_and_update
    monkeypatch.setattr(hasher, "verify_and_update", lambda *given: seen.append(given[1]) or verify(*given))
    house.sign_in(password=OTHER)
    house.sign_in("nobody@example.com", password=OTHER)
    known, nobodys = seen
    assert known.rpartition("$")[0].rpartition("$")[0] == nobodys.rpartition("$")[0].rpartition("$")[0]


def test_the_hash_of_nobody_is_checked_in_full_and_never_right():
    for passwords in (light_passwords(), Passwords()):
        assert passwords._hasher.current_hasher.check_needs_rehash(passwords._nobodys) is False
        assert passwords._hasher.current_hasher._hasher.hash_len == 32
    for typed in ("", GOOD):
        assert light_passwords().verify(typed, None).is_right is False


def test_a_hash_of_older_parameters_is_made_anew(house):
    old = Passwords(memory_kib=32, passes=1, lanes=1).hash(GOOD)
    house.enter(password_hash=old)
    assert house.sign_in(password=OTHER).status_code == 401
    assert house.stored().password_hash == old
    assert house.sign_in().status_code == 201
    renewed = house.stored().password_hash
    assert "m=64," in renewed
    assert house.sign_in().status_code == 201
    assert house.stored().password_hash == renewed


def test_a_password_is_the_same_however_a_keyboard_composes_it(house):
    house.enter(password_hash=house.passwords.hash("caf\u00e9 quiet harbour"))
    assert house.sign_in("li.wei@example.com", "cafe\u0301 quiet harbour").status_code == 201


def test_no_connection_is_held_while_a_password_is_checked(house, monkeypatch):
    house.enter()
    held = []
    verify = house.passwords.verify

    def look(password, stored):
        held.append(house.database.engine.pool.checkedout())
        return verify(password, stored)

    monkeypatch.setattr(house.passwords, "verify", look)
    assert house.sign_in(headers=house.people["portal"].headers).status_code == 201
    assert held == [0]


@pytest.mark.parametrize("change", ["password", "disabled"])
def test_what_changes_while_a_password_is_checked_counts(house, monkeypatch, change):
    house.enter()
    verify = house.passwords.verify

    def meanwhile(password, stored):
        person = house.stored()
        with house.database.write_session() as session:
            person = session.merge(person)
            if change == "password":
                person.password_hash = house.passwords.hash(OTHER)
            else:
                person.disabled_at = now()
        return verify(password, stored)

    monkeypatch.setattr(house.passwords, "verify", meanwhile)
    assert house.sign_in().status_code == 401
    assert house.audited("sign_in.create") == []


class TestPortals:
    def test_a_portal_is_remembered(self, house):
        house.enter()
        portal = house.people["portal"].headers
        issued = house.sign_in(headers=portal, address="203.0.113.9").json()
        (shown,) = house.client.get("/v1/sign-ins", headers=through(portal, issued)).json()["items"]
        assert house.client.get("/v1/sign-ins", headers=bearer(issued)).status_code == 401, (
            "beside the portal's key only"
        )
        assert shown["portal_id"] == house.me(portal).json()["key_id"]
        (entry,) = house.audited("sign_in.create")
        assert entry.portal_id == UUID(shown["portal_id"])

    def test_others_are_not(self, house):
        house.enter()
        for headers in ({}, house.people["operator"].headers):
            issued = house.sign_in(headers=headers).json()
            items = house.client.get("/v1/sign-ins", headers=bearer(issued)).json()["items"]
            assert {item["portal_id"] for item in items} == {None}

    def test_a_portal_says_where_its_visitor_is(self, house):
        house.enter()
        body = {"login": "li.wei@example.com", "password": GOOD, "address": "203.0.113.9"}
        portal = house.people["portal"].headers
        issued = house.client.post("/v1/sign-ins", json=body, headers=portal).json()
        (shown,) = house.client.get("/v1/sign-ins", headers=through(portal, issued)).json()["items"]
        assert shown["address"] == "203.0.113.9"

    @pytest.mark.parametrize("by", [None, "operator", "enterprise"])
    def test_nobody_else_says_so(self, house, by):
        house.enter()
        body = {"login": "li.wei@example.com", "password": GOOD, "address": "203.0.113.9"}
        headers = house.people[by].headers if by else {}
        refused = house.client.post("/v1/sign-ins", json=body, headers=headers)
        assert faults(refused) == [("/address", "portals_only")]

    def test_a_dead_key_is_told(self, house):
        house.enter()
        headers = {"Authorization": "Bearer dj_live_nothing"}
        assert house.sign_in(headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"login": "x"}, ("/login", "string_too_short")),
        ({"login": "nobody here"}, ("/login", "login")),
        ({"password": ""}, ("/password", "string_too_short")),
        ({"password": "x" * 129}, ("/password", "string_too_long")),
        ({"password": 1}, ("/password", "string_type")),
        ({"code": "12345"}, ("/code", "string_pattern_mismatch")),
        ({"code": "１２３４５６"}, ("/code", "string_pattern_mismatch")),
        ({"remember": True}, ("/remember", "extra_forbidden")),
    ],
)
def test_a_faulty_request_is_told_where(house, changes, fault):
    body = {"login": "li.wei@example.com", "password": GOOD} | changes
    refused = house.client.post("/v1/sign-ins", json=body)
    assert (refused.status_code, faults(refused)) == (422, [fault])


def test_failures_are_audited_although_they_fail_and_name_no_login(house):
    person = house.enter()
    house.sign_in(password=OTHER)
    house.sign_in("nobody@example.com")
    known, unknown = house.audited("sign_in.fail")
    assert (known.subject_kind, known.subject_id, unknown.subject_id) == ("person", person.id, None)
    for entry in (known, unknown):
        assert (entry.address, entry.detail, entry.person_id) == ("testclient", {}, None)
        assert entry.request_id


def test_a_sign_in_is_audited_with_who_and_where(house):
    person = house.enter()
    house.sign_in(address="203.0.113.9")
    (entry,) = house.audited("sign_in.create")
    assert (entry.person_id, entry.organization_id, entry.role) == (person.id, person.organization_id, "member")
    assert entry.address == "203.0.113.9"
    with house.database.read_session() as session:
        assert session.get(SignIn, entry.subject_id).created_at <= datetime.now(UTC)
