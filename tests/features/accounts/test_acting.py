"""A portal acts for a person with the person's access key beside its own, and in no other way."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from app.core.clock import now
from app.db.audit import AuditEntry
from app.features.accounts import keys
from app.features.accounts.models import Person, SignIn
from app.features.accounts.types import Role
from app.features.needs.models import NeedEvent
from tests.features.accounts.conftest import KEYS, bearer
from tests.support.people import ENTERPRISE, PROVIDER

NEED = {"title": "经门户发布", "problem": "人工"}


@pytest.fixture
def organization(people):
    return people[ENTERPRISE].organization_id


@pytest.fixture
def member(keyring, organization):
    return keyring.sign_in(organization_id=organization)


def _beside(headers, access_key):
    return dict(headers) | {"Duijie-Person": access_key}


def test_the_person_acts_and_both_are_named(keyring, member, portal, organization):
    shown = _beside(portal, member.access_key)
    posted = keyring.client.post("/v1/needs", json=NEED, headers=shown)
    assert posted.status_code == 201, posted.text
    assert posted.json()["organization"]["id"] == str(organization)
    portal_id = keyring.client.get(f"{KEYS}/current", headers=portal).json()["id"]
    with keyring.database.read_session() as session:
        event = session.scalars(select(NeedEvent)).one()
        assert (str(event.actor_key_id), event.actor_person_id) == (portal_id, member.person_id)
    # a draft is its owner's alone: the portal by itself does not see it
    path = f"/v1/needs/{posted.json()['id']}"
    assert keyring.client.get(path, headers=shown).status_code == 200
    assert keyring.client.get(path, headers=portal).status_code == 404


def test_the_audit_names_both(keyring, portal, people):
    operator = keyring.sign_in(role=Role.OPERATOR)
    client, owner = keyring.client, people[ENTERPRISE]
    body = {"contact": {"name": "联系人"}}
    path = f"/v1/organizations/{owner.organization_id}"
    assert client.patch(path, json=body, headers=dict(owner.headers) | {"If-Match": "*"}).status_code == 200
    assert client.get(path, headers=_beside(portal, operator.access_key)).json()["contact"] is not None
    portal_id = client.get(f"{KEYS}/current", headers=portal).json()["id"]
    with keyring.database.read_session() as session:
        told = session.scalars(select(AuditEntry).where(AuditEntry.action == "contact.read")).one()
        assert (told.person_id, str(told.portal_id), told.key_id) == (operator.person_id, portal_id, None)
        assert told.role == "operator"


def test_a_person_may_do_what_both_may(keyring, member):
    """The person's rights cut down to the key's scopes: neither adds to the other."""
    reading = keyring.issue(scopes=["needs:read", "webhooks:write"])
    shown = _beside(bearer(reading), member.access_key)
    assert keyring.client.get("/v1/needs", headers=shown).status_code == 200
    refused = keyring.client.post("/v1/needs", json=NEED, headers=shown)
    assert refused.status_code == 403
    assert 'scope="needs:write"' in refused.headers["www-authenticate"]
    assert keyring.client.post("/v1/needs", json=NEED, headers=bearer(member.access_key)).status_code == 201
    administrator = keyring.sign_in(role=Role.ADMINISTRATOR)
    assert keyring.client.get(KEYS, headers=bearer(administrator.access_key)).status_code == 200
    whole = keyring.people["portal"].headers
    assert keyring.client.get(KEYS, headers=_beside(whole, administrator.access_key)).status_code == 403


@pytest.mark.parametrize("by", ["enterprise", "manager", "operator", "administrator"])
def test_only_a_portal_acts_for_people(keyring, member, people, by):
    answer = keyring.client.get("/v1/needs", headers=_beside(people[by].headers, member.access_key))
    assert answer.status_code == 403


def test_a_person_acts_for_nobody_else(keyring, member, people):
    other = keyring.sign_in(organization_id=people[PROVIDER].organization_id)
    for one, beside in ((member, other), (member, member)):
        shown = _beside(bearer(one.access_key), beside.access_key)
        assert keyring.client.get("/v1/needs", headers=shown).status_code == 403


def test_a_persons_key_alone_in_that_header_is_nobody(keyring, member):
    assert keyring.client.get("/v1/needs", headers={"Duijie-Person": member.access_key}).status_code == 401


@pytest.mark.parametrize("wrong", ["", "nonsense", "unknown", "live", "refresh", "bearer", "swapped"])
def test_what_is_no_access_key_does_not_let_the_portal_act_even_as_itself(keyring, member, portal, people, wrong):
    other = keys.parse(keyring.sign_in(organization_id=people[PROVIDER].organization_id).access_key)
    texts = {
        "unknown": keys.generate(keys.Purpose.ACCESS).text,
        "live": people["operator"].headers["Authorization"].removeprefix("Bearer "),
        "refresh": member.access_key.replace("dj_access", "dj_refresh"),
        "bearer": f"Bearer {member.access_key}",
        "swapped": keys.parse(member.access_key)._replace(secret=other.secret).text,
    }
    shown = _beside(portal, texts.get(wrong, wrong))
    assert keyring.client.get("/v1/needs", headers=shown).status_code == 401


@pytest.mark.parametrize("end", ["expired", "signed out", "disabled"])
def test_who_is_no_longer_signed_in_is_acted_for_no_more(keyring, member, portal, end):
    statement = {
        "expired": update(SignIn).values(access_expires_at=now() - timedelta(seconds=1)),
        "signed out": update(SignIn).values(revoked_at=now()),
        "disabled": update(Person).values(disabled_at=now()),
    }[end]
    shown = _beside(portal, member.access_key)
    assert keyring.client.get("/v1/needs", headers=shown).status_code == 200
    with keyring.database.write_session() as session:
        session.execute(statement)
    assert keyring.client.get("/v1/needs", headers=shown).status_code == 401
    assert keyring.client.get("/v1/needs", headers=bearer(member.access_key)).status_code == 401
    assert keyring.client.get("/v1/needs", headers=portal).status_code == 200


def test_a_revoked_portal_acts_for_nobody(keyring, member):
    made = keyring.issue()
    assert keyring.status(made, **{"Duijie-Person": member.access_key}) == 200
    keyring.ask("DELETE", f"/{made['id']}")
    assert keyring.status(made, **{"Duijie-Person": member.access_key}) == 401


def test_a_portal_from_elsewhere_acts_for_nobody(keyring, member):
    made = keyring.issue(allowed_addresses=["192.0.2.0/24"])
    assert keyring.status(made, **{"Duijie-Person": member.access_key}) == 401


def test_who_signed_in_through_a_portal_is_known_through_it_alone(keyring, organization):
    """Otherwise a portal could do by a person's key alone what its own key is not for."""
    one, other = keyring.issue(scopes=["needs:read"]), keyring.issue()
    person = keyring.sign_in(organization_id=organization, portal_id=_id(one))
    beside = {"Duijie-Person": person.access_key}
    assert keyring.status(one, **beside) == 200
    assert keyring.status(other, **beside) == 401
    assert keyring.status(person.access_key) == 401


def test_a_sign_in_outlives_the_rotation_of_its_portals_key(keyring, organization):
    line = [keyring.issue()]
    for _ in range(2):
        line.append(keyring.client.post(f"{KEYS}/current/rotate", json={}, headers=bearer(line[-1])).json())
    other = keyring.issue()
    for signed_in_by in line:
        person = keyring.sign_in(organization_id=organization, portal_id=_id(signed_in_by))
        beside = {"Duijie-Person": person.access_key}
        assert [keyring.status(one, **beside) for one in line] == [200, 200, 200]
        assert keyring.status(other, **beside) == 401


def test_what_is_shown_depends_on_both_headers(keyring, member, portal):
    posted = keyring.client.post("/v1/needs", json=NEED, headers=_beside(portal, member.access_key)).json()
    answer = keyring.client.get(f"/v1/needs/{posted['id']}", headers=_beside(portal, member.access_key))
    assert answer.headers["vary"] == "Authorization, Duijie-Person"


def _id(made):
    return UUID(made["id"])
