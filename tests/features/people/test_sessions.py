"""Sign-ins go on by refreshing, and end: by time, by hand, or because a used key is shown again."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from sqlalchemy import func, select

from app.db import kept_answers
from app.features.accounts import keys
from app.features.accounts.models import SignIn
from app.features.people.errors import PersonNotFound
from app.features.people.models import RefreshToken
from app.features.people.service.sessions import open_sign_in
from app.settings import LimitSettings
from tests.features.people.house import bearer, faults, problem, through


def _later(**after):
    return time_machine.travel(datetime.now(UTC) + timedelta(**after), tick=True)


def _works(house, issued):
    return house.me(bearer(issued)).status_code == 200


def test_a_refresh_gives_new_keys_and_ends_the_old(house):
    first = house.signed_in()
    answer = house.refresh(first["refresh_key"])

    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    second = answer.json()
    assert second["expires_at"] == first["expires_at"]
    assert len({one[name] for one in (first, second) for name in ("access_key", "refresh_key")}) == 4
    assert _works(house, second)
    assert not _works(house, first)
    assert house.refresh(second["refresh_key"]).status_code == 200


def test_an_access_key_is_good_for_a_quarter_of_an_hour(house):
    issued = house.signed_in()
    with _later(minutes=14, seconds=50):
        assert _works(house, issued)
    with _later(minutes=15, seconds=10):
        assert not _works(house, issued)
        assert _works(house, house.refresh(issued["refresh_key"]).json())


def test_a_sign_in_ends_after_thirty_days_however_often_it_is_refreshed(house):
    issued = house.signed_in()
    for days in (10, 20, 29.995):
        with _later(days=days):
            issued = house.refresh(issued["refresh_key"]).json()
            assert _works(house, issued)
    assert issued["access_expires_at"] == issued["expires_at"]
    with _later(days=30.001):
        assert not _works(house, issued)
        assert problem(house.refresh(issued["refresh_key"])) == (401, "unauthenticated")


def test_a_used_key_that_is_shown_again_ends_the_sign_in(house):
    first = house.signed_in()
    other = house.sign_in().json()
    second = house.refresh(first["refresh_key"]).json()

    assert house.refresh(first["refresh_key"]).status_code == 401

    assert not _works(house, second)
    assert house.refresh(second["refresh_key"]).status_code == 401
    assert _works(house, other), "it is of another sign-in"
    (entry,) = house.audited("sign_in.reuse")
    assert str(entry.person_id) == first["person"]["id"]


def test_an_unknown_key_is_only_refused(house):
    issued = house.signed_in()
    own = keys.parse(issued["refresh_key"])
    for shown in (
        keys.generate(keys.Purpose.REFRESH).text,
        keys.generate(keys.Purpose.REFRESH)._replace(public_id=own.public_id).text,
        issued["access_key"],
        "x",
    ):
        assert problem(house.refresh(shown)) == (401, "unauthenticated")
    assert _works(house, issued)
    assert house.audited("sign_in.reuse") == []
    assert house.refresh(issued["refresh_key"]).status_code == 200


def test_of_many_who_refresh_at_once_one_is_given_keys_and_the_sign_in_ends(house):
    """ADR 22: a client that races itself cannot be told from a thief."""
    issued = house.signed_in()
    start, answers = Barrier(20), []

    def refresh():
        start.wait()
        answers.append(house.refresh(issued["refresh_key"]))

    threads = [Thread(target=refresh) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 19
    winner = next(answer.json() for answer in answers if answer.status_code == 200)
    assert not _works(house, winner)
    assert house.refresh(winner["refresh_key"]).status_code == 401
    assert len(house.audited("sign_in.reuse")) == 1


def _once(key="one-and-the-same"):
    return {"Idempotency-Key": key}


def test_a_refresh_that_got_no_answer_is_asked_for_again(house):
    first = house.signed_in()
    second = house.refresh(first["refresh_key"], _once())
    again = house.refresh(first["refresh_key"], _once())
    assert (again.status_code, again.json()) == (200, second.json())
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["cache-control"] == "no-store"
    assert _works(house, second.json())
    assert house.audited("sign_in.reuse") == []


def test_a_refresh_is_lost_with_its_kept_answer_and_not_without_it(make_client, house, monkeypatch):
    """Both are of one transaction: whoever got no answer still has a key that is good."""
    first = house.signed_in()

    def crash(*_, **__):
        raise RuntimeError("no power")

    with make_client(house.database, raise_errors=False) as client, monkeypatch.context() as patch:
        patch.setattr(kept_answers, "keep", crash)
        body = {"refresh_key": first["refresh_key"]}
        assert client.post("/v1/sign-ins/refresh", json=body, headers=_once()).status_code == 500
    assert _works(house, first)
    assert house.refresh(first["refresh_key"], _once()).status_code == 200


def test_a_used_key_ends_the_sign_in_also_when_it_is_asked_once(house):
    first = house.signed_in()
    second = house.refresh(first["refresh_key"]).json()
    answers = [house.refresh(first["refresh_key"], _once()) for _ in range(2)]
    assert [problem(answer) for answer in answers] == [(401, "unauthenticated")] * 2
    assert answers[0].headers["www-authenticate"] == "Bearer"
    assert not _works(house, second)
    assert len(house.audited("sign_in.reuse")) == 1


def test_behind_one_address_nobody_is_given_what_another_asked_for(house):
    own, other = house.signed_in(), house.signed_in(login="other@example.com")
    given = house.refresh(own["refresh_key"], _once())
    assert given.status_code == 200
    refused = house.refresh(other["refresh_key"], _once())
    assert (refused.status_code, faults(refused)) == (422, [("/idempotency-key", "idempotency_key_reused")])
    assert not [value for value in given.json().values() if isinstance(value, str) and value in refused.text]
    assert _works(house, other)
    assert house.refresh(other["refresh_key"], _once("another")).status_code == 200


def test_what_was_signed_in_through_a_portal_is_refreshed_through_it(house):
    portal = house.people["portal"].headers
    house.enter()
    first = house.sign_in(headers=portal).json()
    issue = {"name": "another", "role": "portal"}
    another = house.client.post("/v1/api-keys", json=issue, headers=house.people["operator"].headers).json()["key"]
    for headers in (None, house.people["enterprise"].headers, {"Authorization": f"Bearer {another}"}):
        assert problem(house.refresh(first["refresh_key"], headers)) == (401, "unauthenticated")
    assert house.me(through(portal, first)).status_code == 200
    assert house.audited("sign_in.reuse") == [], "like a key that nobody knows"

    second = house.refresh(first["refresh_key"], portal).json()
    rotated = house.client.post("/v1/api-keys/current/rotate", json={}, headers=portal).json()["key"]
    successor = {"Authorization": f"Bearer {rotated}"}
    third = house.refresh(second["refresh_key"], successor).json()
    assert house.me(through(successor, third)).status_code == 200
    assert house.refresh(second["refresh_key"], None).status_code == 401
    assert house.me(through(successor, third)).status_code == 200, "only who could refresh it ends it"
    assert house.refresh(second["refresh_key"], successor).status_code == 401
    assert house.me(through(successor, third)).status_code == 401


def test_a_portals_refreshes_are_counted_by_its_key_and_others_by_address(house, make_client):
    limits = LimitSettings(caller_per_minute=4, address_per_minute=2)
    portal = house.people["portal"].headers
    with make_client(house.database, limits=limits) as client:
        body = {"refresh_key": keys.generate(keys.Purpose.REFRESH).text}

        def ask(headers):
            return client.post("/v1/sign-ins/refresh", json=body, headers=headers)

        assert [ask(portal).status_code for _ in range(5)] == [401] * 4 + [429]
        assert [ask(None).status_code for _ in range(3)] == [401] * 2 + [429]


def test_signing_out_ends_this_sign_in_alone(house):
    here, there = house.signed_in(), house.sign_in().json()
    answer = house.client.delete("/v1/sign-ins/current", headers=bearer(here))
    assert (answer.status_code, answer.content) == (204, b"")
    assert not _works(house, here)
    assert house.refresh(here["refresh_key"]).status_code == 401
    assert _works(house, there)
    assert [entry.detail for entry in house.audited("sign_in.end")] == [{"count": 1}]


def test_a_portal_signs_its_visitor_out_and_not_itself(house):
    issued = house.signed_in()
    portal = house.people["portal"].headers
    headers = {**portal, "Duijie-Person": issued["access_key"]}
    assert house.client.delete("/v1/sign-ins/current", headers=headers).status_code == 204
    assert not _works(house, issued)
    assert house.me(portal).status_code == 200


def test_signing_out_everywhere_ends_ones_own_and_nobody_elses(house):
    own = [house.signed_in(), house.sign_in().json()]
    other = house.signed_in(login="other@example.com")
    assert house.client.delete("/v1/sign-ins", headers=bearer(own[0])).status_code == 204
    assert not any(_works(house, issued) for issued in own)
    assert _works(house, other)


def test_ones_own_live_sign_ins_are_listed_and_nobody_elses(house):
    first, second = house.signed_in(), house.sign_in(address="203.0.113.9").json()
    gone = house.sign_in().json()
    house.client.delete("/v1/sign-ins/current", headers=bearer(gone))
    other = house.signed_in(login="other@example.com")
    page = house.client.get("/v1/sign-ins", params={"include": "total"}, headers=bearer(second)).json()
    assert page["total"] == 2
    assert [(item["address"], item["is_current"]) for item in page["items"]] == [
        ("203.0.113.9", True),
        ("testclient", False),
    ]
    alone = house.client.get("/v1/sign-ins", headers=bearer(other)).json()["items"]
    assert len(alone) == 1
    assert alone[0]["id"] not in {item["id"] for item in page["items"]}
    with _later(minutes=10):
        assert house.client.get("/v1/sign-ins", headers=bearer(first)).json()["items"][1]["is_current"]
    with _later(days=31):
        late = house.sign_in().json()
        assert len(house.client.get("/v1/sign-ins", headers=bearer(late)).json()["items"]) == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", "/v1/sign-ins"), ("delete", "/v1/sign-ins"), ("delete", "/v1/sign-ins/current")],
)
def test_machines_are_not_signed_in(house, method, path):
    for name, person in house.people.items():
        assert problem(house.client.request(method, path, headers=person.headers)) == (403, "forbidden"), name
    assert house.client.request(method, path).status_code == 401


def test_keys_of_sign_ins_that_are_over_are_forgotten_and_places_are_not(house):
    house.signed_in()
    with _later(days=31):
        house.sign_in()
    with house.database.read_session() as session:
        assert session.scalar(select(func.count()).select_from(RefreshToken)) == 1
        assert session.scalar(select(func.count()).select_from(SignIn)) == 2


def test_another_feature_opens_a_sign_in_for_who_may(house):
    person = house.enter(password_hash=None)
    with house.database.write_session() as session:
        issued = open_sign_in(session=session, person_id=person.id, portal_id=None, address="203.0.113.9")
    assert _works(house, issued.model_dump())
    gone = house.enter("gone@example.com", disabled_at=datetime.now(UTC))
    with pytest.raises(PersonNotFound), house.database.write_session() as session:
        open_sign_in(session=session, person_id=gone.id, portal_id=None, address=None)
