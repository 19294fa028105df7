"""What must be in the audit is in it, with who did it and from where; what must not is not."""

import pytest
from sqlalchemy import select

from app.db import audit
from app.db.audit import AuditEntry
from app.features.accounts.types import SYSTEM
from app.features.organizations import service as organizations
from app.features.organizations.schemas import OrganizationCreate
from app.features.organizations.types import OrgRole, OrgType
from tests.features.matches.publishing import ANY_VERSION, Desk
from tests.support.people import make_uscc

ORGANIZATIONS, KEYS = "/v1/organizations", "/v1/api-keys"
CONTACT = {"name": "张三", "phone": "+86 512-6500 0000", "email": "zhang@example.com"}
_COLUMNS = AuditEntry.__table__.c
CALL = {"X-Request-ID": "call-17"}


@pytest.fixture
def noted(staffed_database):
    """`noted()`: the entries since the test began, in a chain that is whole."""
    with staffed_database.read_session() as session:
        before, _ = audit.head(session)

    def since():
        with staffed_database.read_session() as session:
            assert audit.verify(session) is None
            statement = select(*_COLUMNS).where(_COLUMNS.number > before).order_by(_COLUMNS.number)
            return [dict(row) for row in session.execute(statement).mappings()]

    return since


@pytest.fixture
def desk(client, people):
    return Desk(client, people)


@pytest.fixture
def with_contact(client, people):
    """The enterprise, which has a contact."""
    own = f"{ORGANIZATIONS}/{people['enterprise'].organization_id}"
    answer = client.patch(own, json={"contact": CONTACT}, headers=people["enterprise"].headers | ANY_VERSION)
    assert answer.status_code == 200
    return own


def _key_id(client, operator, person):
    public_id = person.headers["Authorization"].removeprefix("Bearer dj_live_").partition(".")[0]
    items = client.get(KEYS, params={"limit": 200}, headers=operator).json()["items"]
    return next(item["id"] for item in items if item["public_id"] == public_id)


def test_a_contact_shown_to_an_operator_is_noted_though_nothing_is_written(client, people, with_contact, noted):
    answer = client.get(with_contact, headers=people["operator"].headers | CALL)
    assert answer.json()["contact"] == CONTACT
    (entry,) = noted()
    assert (entry["action"], entry["subject_kind"]) == ("contact.read", "organization")
    assert entry["subject_id"] == people["enterprise"].organization_id
    assert (entry["role"], entry["address"], entry["request_id"]) == ("operator", "testclient", "call-17")
    assert str(entry["key_id"]) == _key_id(client, people["operator"].headers, people["operator"])
    assert (entry["person_id"], entry["portal_id"], entry["organization_id"]) == (None, None, None)
    for part in CONTACT.values():
        assert part not in str(entry["detail"])


@pytest.mark.parametrize("by", ["enterprise", "manager", "stranger", "provider", "portal"])
def test_ones_own_contact_is_not_noted_and_one_that_is_not_shown_neither(client, people, with_contact, noted, by):
    assert client.get(with_contact, headers=people[by].headers).status_code == 200
    assert noted() == []


def test_where_there_is_no_contact_nothing_is_noted(client, people, operator, noted):
    client.get(f"{ORGANIZATIONS}/{people['provider'].organization_id}", headers=operator)
    client.get(ORGANIZATIONS, headers=operator)
    assert noted() == []


def test_a_contact_shown_by_the_answer_to_a_change_is_noted_once(client, operator, with_contact, noted):
    client.patch(with_contact, json={"summary": "新"}, headers=operator | ANY_VERSION)
    assert [entry["action"] for entry in noted()] == ["contact.read"]


def test_keys_are_noted_when_they_are_made_and_ended(client, operator, noted):
    made = client.post(KEYS, json={"name": "a name", "role": "portal"}, headers=operator | CALL).json()
    client.delete(f"{KEYS}/{made['id']}", headers=operator)
    issued, revoked = noted()
    assert (issued["action"], str(issued["subject_id"]), issued["subject_kind"]) == ("key.issue", made["id"], "api_key")
    assert issued["detail"]["role"] == "portal"
    assert "needs:read" in issued["detail"]["scopes"]
    assert (issued["role"], issued["request_id"], issued["address"]) == ("operator", "call-17", "testclient")
    assert (revoked["action"], str(revoked["subject_id"])) == ("key.revoke", made["id"])
    assert revoked["request_id"] not in (None, "call-17")
    assert made["key"].partition(".")[2] not in str((issued, revoked))
    assert "a name" not in str((issued, revoked))


@pytest.mark.parametrize(
    ("body", "by", "status"),
    [
        ({"name": "n", "role": "administrator"}, "operator", 403),
        ({"name": "n", "role": "member"}, "operator", 422),
        ({"name": "n", "role": "portal"}, "enterprise", 403),
    ],
)
def test_what_is_refused_is_not_noted(client, people, noted, body, by, status):
    assert client.post(KEYS, json=body, headers=people[by].headers).status_code == status
    assert noted() == []


@pytest.mark.parametrize("kind", ["needs", "capabilities"])
@pytest.mark.parametrize("action", ["publish", "return", "reject"])
def test_what_a_reviewer_decides_is_noted(desk, noted, kind, action):
    owner = "enterprise" if kind == "needs" else "provider"
    posting = desk.draft(kind, owner)
    desk.act(kind, posting["id"], "submit", owner)
    assert noted() == [], "what the owner does stands in the posting's own history"
    desk.act(kind, posting["id"], action, "operator", **({} if action == "publish" else {"note": "a secret reason"}))
    (entry,) = noted()
    assert entry["action"] == f"posting.{action}"
    assert (entry["subject_kind"], str(entry["subject_id"])) == (
        kind.removesuffix("s").replace("ie", "y"),
        posting["id"],
    )
    assert entry["role"] == "operator"
    assert "secret" not in str(entry)


def test_what_an_owner_does_is_not(desk, noted):
    posting = desk.publish("needs", "enterprise")
    for action in ("pause", "resume"):
        desk.act("needs", posting["id"], action, "enterprise")
    assert [entry["action"] for entry in noted()] == ["posting.publish"]


def test_a_decision_that_fails_is_not(client, desk, people, noted):
    posting = desk.draft("needs", "enterprise")
    answer = client.post(f"/v1/needs/{posting['id']}/publish", headers=people["operator"].headers | ANY_VERSION)
    assert answer.status_code == 409
    assert noted() == []


def test_new_roles_of_an_organisation_are_noted(client, people, operator, noted):
    own = f"{ORGANIZATIONS}/{people['enterprise'].organization_id}"
    client.patch(own, json={"name": "新名称有限公司"}, headers=operator | ANY_VERSION)
    client.patch(own, json={"roles": ["enterprise"]}, headers=operator | ANY_VERSION)
    assert noted() == []
    client.patch(own, json={"roles": ["provider", "enterprise"]}, headers=operator | ANY_VERSION)
    (entry,) = noted()
    assert (entry["action"], entry["detail"]) == ("organization.give_roles", {"roles": ["enterprise", "provider"]})
    refused = client.patch(own, json={"roles": ["enterprise"]}, headers=people["enterprise"].headers | ANY_VERSION)
    assert refused.status_code == 403
    assert len(noted()) == 1


def test_a_new_organisation_is_noted_with_its_roles(client, operator, noted):
    body = {
        "name": "新机构有限公司",
        "org_type": "manufacturer",
        "roles": ["provider", "enterprise"],
        "uscc": make_uscc(77),
    }
    made = client.post(ORGANIZATIONS, json=body, headers=operator)
    assert made.status_code == 201, made.text
    (entry,) = noted()
    assert (entry["action"], str(entry["subject_id"])) == ("organization.create", made.json()["id"])
    assert entry["detail"] == {"roles": ["enterprise", "provider"]}
    assert client.post(ORGANIZATIONS, json=body, headers=operator).status_code == 409
    assert len(noted()) == 1


def test_roles_that_an_import_gives_are_noted(staffed_database, noted):
    body = OrganizationCreate(name="新", org_type=OrgType.MANUFACTURER, roles=[OrgRole.ENTERPRISE], uscc=make_uscc(77))
    for changes in ({}, {}, {"name": "改"}, {"roles": [OrgRole.PROVIDER]}):
        with staffed_database.write_session() as session:
            organizations.put(session=session, actor=SYSTEM, body=body.model_copy(update=changes))
    assert [(entry["action"], entry["detail"]) for entry in noted()] == [
        ("organization.create", {"roles": ["enterprise"]}),
        ("organization.give_roles", {"roles": ["provider"]}),
    ]


def test_a_confirmed_organisation_is_noted_once(client, people, operator, noted):
    own = f"{ORGANIZATIONS}/{people['enterprise'].organization_id}/verify"
    for _ in range(2):
        assert client.post(own, headers=operator | ANY_VERSION).status_code == 200
    assert [(entry["action"], entry["subject_id"]) for entry in noted()] == [
        ("organization.verify", people["enterprise"].organization_id)
    ]
