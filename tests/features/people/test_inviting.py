"""Invitations: who may invite whom, a link that only the mail holds, and taking it up."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import func, select

from app.features.accounts import keys
from app.features.accounts.models import Person
from app.features.people.models import Link
from tests.features.people.house import GOOD, OTHER, bearer, faults, problem

ROLES = ("member", "manager", "operator", "administrator")
MAY_INVITE = {
    "enterprise": (),
    "portal": (),
    "manager": ("member", "manager"),
    "operator": ("member", "manager"),
    "administrator": ROLES,
}


def _count(house):
    with house.database.read_session() as session:
        return session.scalar(select(func.count()).select_from(Person))


@pytest.mark.parametrize("by", [*MAY_INVITE, None])
def test_who_may_invite_whom(house, by):
    for number, role in enumerate(ROLES):
        answer = house.invite(by, f"person{number}@example.com", role)
        expected = 401 if by is None else 201 if role in MAY_INVITE[by] else 403
        assert answer.status_code == expected, role
    assert _count(house) == len(house.outbox.mails) == len(MAY_INVITE.get(by, ()))


def test_a_manager_invites_into_no_other_organisation(house):
    for role in ("member", "manager"):
        refused = house.invite("manager", role=role, organization="provider")
        assert problem(refused) == (403, "forbidden")
    assert (_count(house), house.outbox.mails) == (0, [])


def test_the_mail_brings_the_link_and_no_answer_does(house):
    invited = house.invite("manager", " Li.Wei@Example.COM ")

    assert invited.status_code == 201, invited.text
    body = invited.json()
    assert (body["login"], body["role"]) == ("li.wei@example.com", "member")
    assert (body["has_accepted"], body["disabled"], body["version"]) == (False, False, 1)
    (mail,) = house.outbox.mails
    assert mail.to == "li.wei@example.com"
    assert f"http://127.0.0.1:8000/invitation#{house.link()}" in mail.text
    assert "李伟" not in mail.text, "a name could say anything"
    answers = invited.text + str(invited.headers)
    for path in ("/v1/people", f"/v1/people/{body['id']}"):
        answers += house.client.get(path, headers=house.people["administrator"].headers).text
    presented = keys.parse(house.link())
    assert not [part for part in (presented.secret, presented.public_id, presented.secret_hash) if part in answers]


def test_taking_it_up_sets_the_password_and_signs_in(house):
    invited = house.invite("operator", role="manager").json()

    accepted = house.accept()

    assert accepted.status_code == 201, accepted.text
    assert accepted.headers["cache-control"] == "no-store"
    issued = accepted.json()
    me = house.me(bearer(issued)).json()
    assert (me["role"], me["person"]["id"], me["person"]["has_accepted"]) == ("manager", invited["id"], True)
    assert house.sign_in().status_code == 201
    assert house.client.get("/v1/people", headers=bearer(issued)).json()["items"][0]["id"] == invited["id"]


def test_the_whole_address_may_be_shown_as_it_was_sent(house):
    house.invite("manager")
    address = next(line for line in house.outbox.mails[-1].text.splitlines() if "#" in line)
    assert house.accept(f"  {address} ").status_code == 201


def test_it_works_once(house):
    house.invite("manager")
    assert house.accept().status_code == 201
    again = house.accept(password=OTHER)
    assert (again.status_code, faults(again)) == (422, [("/link", "link_invalid")])
    assert house.sign_in(password=OTHER).status_code == 401
    assert house.sign_in().status_code == 201


def test_it_works_once_when_many_show_it_at_the_same_time(house):
    house.invite("manager")
    start, answers = Barrier(4), []

    def accept():
        start.wait()
        answers.append(house.accept().status_code)

    threads = [Thread(target=accept) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [201, 422, 422, 422]
    assert len(house.audited("sign_in.create")) == 1


@pytest.mark.parametrize(("days", "status"), [(6.99, 201), (7.01, 422)])
def test_it_is_good_for_a_week(house, days, status):
    house.invite("manager")
    with time_machine.travel(datetime.now(UTC) + timedelta(days=days), tick=True):
        assert house.accept().status_code == status


def test_inviting_again_renews_the_link_and_ends_the_first(house):
    first = house.invite("operator").json()
    again = house.invite("operator", "LI.WEI@example.com", "manager", name="李薇").json()

    assert again["id"] == first["id"]
    assert (again["name"], again["role"], again["version"]) == ("李薇", "manager", 2)
    assert faults(house.accept(house.link(0))) == [("/link", "link_invalid")]
    assert house.accept(house.link(1)).status_code == 201


def test_who_has_accepted_or_is_disabled_is_not_invited_again(house):
    house.enter()
    gone = house.enter("gone@example.com", password_hash=None, disabled_at=datetime.now(UTC))
    for login in ("li.wei@example.com", gone.login):
        refused = house.invite("operator", login)
        assert (refused.status_code, faults(refused)) == (409, [("/login", "taken")])
    assert house.outbox.mails == []


def test_a_manager_takes_nobody_over_who_waits_elsewhere(house):
    house.invite("operator", organization="provider")
    refused = house.invite("manager")
    assert problem(refused) == (409, "conflict")
    assert house.stored().organization_id == house.people["provider"].organization_id
    assert house.accept(house.link(0)).status_code == 201


def test_a_manager_takes_no_operator_over_who_waits(house):
    house.invite("administrator", role="operator")
    assert problem(house.invite("manager")) == (409, "conflict")
    assert house.stored().role == "operator"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"role": "portal"}, ("/role", "role_misfit")),
        ({"role": "member", "organization_id": None}, ("/organization_id", "organization_of_member")),
        ({"role": "operator", "organization_id": str(uuid4())}, ("/organization_id", "organization_of_member")),
        ({"role": "member", "organization_id": str(uuid4())}, ("/organization_id", "unknown_organization")),
        ({"login": "nobody"}, ("/login", "login")),
        ({"login": "a@b"}, ("/login", "login")),
        ({"login": "ｌi@example.com"}, ("/login", "login")),
        ({"login": "a@example.com\nBcc: b@example.com"}, ("/login", "login")),
        ({"login": "12a45678"}, ("/login", "login")),
        ({"name": " "}, ("/name", "string_too_short")),
        ({"password_hash": "x"}, ("/password_hash", "extra_forbidden")),
    ],
)
def test_a_faulty_invitation_is_told_where(house, changes, fault):
    refused = house.invite("administrator", **{"organization_id": None, "role": "operator"} | changes)
    assert (refused.status_code, faults(refused)) == (422, [fault])
    assert _count(house) == 0


@pytest.mark.parametrize("typed", ["+86 139-0000 (0000)", "+8613900000000"])
def test_a_phone_number_is_a_login_too(house, typed):
    assert house.invite("manager", typed).json()["login"] == "+8613900000000"
    house.accept()
    assert house.sign_in("+86 139 0000 0000").status_code == 201


def test_a_link_is_for_what_it_was_sent_for(house):
    house.invite("manager")
    wrong = keys.parse(house.link())
    for link in (
        keys.generate(keys.Purpose.LINK).text,
        keys.generate(keys.Purpose.LINK)._replace(public_id=wrong.public_id).text,
        keys.generate(keys.Purpose.REFRESH).text,
        "x",
    ):
        assert faults(house.accept(link)) == [("/link", "link_invalid")]
    reset = {"link": house.link(), "password": GOOD}
    assert house.client.post("/v1/password-resets/complete", json=reset).status_code == 422
    assert house.accept().status_code == 201


def test_of_a_link_only_its_hash_is_stored(house):
    house.invite("manager")
    presented = keys.parse(house.link())
    with house.database.read_session() as session:
        (link,) = session.scalars(select(Link)).all()
    assert link.secret_hash == presented.secret_hash
    assert link.expires_at - link.created_at == timedelta(days=7)
    assert link.created_by_key_id is not None
