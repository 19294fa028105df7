"""Making keys: by whom, for whom, shown once."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app.features.accounts import service
from app.features.accounts.errors import OrganizationUnknown
from app.features.accounts.models import ApiKey
from app.features.accounts.schemas import ApiKeyCreate
from app.features.accounts.types import SYSTEM, Role
from tests.support.people import ENTERPRISE

KEYS = "/v1/api-keys"


@pytest.fixture
def issue(client, people):
    def post(by, **body):
        headers = people[by].headers if by else {}
        return client.post(KEYS, json={"name": "新密钥", **body}, headers=headers)

    return post


def _count(database):
    with database.read_session() as session:
        return session.scalar(select(func.count()).select_from(ApiKey))


def _member(people):
    return {"role": "member", "organization_id": str(people[ENTERPRISE].organization_id)}


@pytest.mark.parametrize(("by", "role"), [("operator", "portal"), ("administrator", "operator")])
def test_a_new_key_works_at_once_as_what_it_was_made_for(client, issue, by, role):
    made = issue(by, role=role)

    assert made.status_code == 201
    body = made.json()
    assert (body["name"], body["role"], body["organization_id"], body["revoked_at"]) == ("新密钥", role, None, None)
    assert body["key"].startswith(f"dj_live_{body['public_id']}.")
    listing = client.get(KEYS, headers={"Authorization": f"Bearer {body['key']}"})
    assert listing.status_code == (200 if role == "operator" else 403)


def test_a_members_key_acts_for_its_organisation(client, people, issue):
    made = issue("operator", **_member(people)).json()

    headers = {"Authorization": f"Bearer {made['key']}"}
    posted = client.post("/v1/needs", json={"title": "新需求", "problem": "人工"}, headers=headers)
    assert posted.status_code == 201
    assert posted.json()["organization"]["id"] == made["organization_id"] == str(people[ENTERPRISE].organization_id)


@pytest.mark.parametrize("role", ["operator", "administrator"])
def test_an_operator_makes_no_equal(staffed_database, issue, role):
    before = _count(staffed_database)
    assert issue("operator", role=role).status_code == 403
    assert _count(staffed_database) == before


@pytest.mark.parametrize("by", ["enterprise", "portal", None])
@pytest.mark.parametrize("role", ["member", "portal", "operator", "administrator"])
def test_others_make_no_keys(staffed_database, people, issue, by, role):
    before = _count(staffed_database)
    made = issue(by, **(_member(people) if role == "member" else {"role": role}))
    assert made.status_code == (403 if by else 401)
    assert _count(staffed_database) == before


def test_a_members_key_names_its_organisation_and_no_other_does(staffed_database, people, issue):
    organization = str(people[ENTERPRISE].organization_id)
    before = _count(staffed_database)
    for body in ({"role": "member"}, {"role": "portal", "organization_id": organization}):
        refused = issue("operator", **body)
        assert refused.status_code == 422
        assert [(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]] == [
            ("/organization_id", "organization_of_member")
        ]
    assert _count(staffed_database) == before


def test_an_organisation_that_does_not_exist_has_no_members(staffed_database, issue):
    before = _count(staffed_database)
    refused = issue("operator", role="member", organization_id=str(uuid4()))

    assert refused.status_code == 422
    assert [(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]] == [
        ("/organization_id", "unknown_organization")
    ]
    assert _count(staffed_database) == before


def test_the_service_names_the_unknown_organisation(catalog_database):
    body = ApiKeyCreate(name="x", role=Role.MEMBER, organization_id=uuid4())
    with pytest.raises(OrganizationUnknown), catalog_database.write_session() as session:
        service.issue(session=session, actor=SYSTEM, body=body)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"role": "portal", "name": ""}, "/name"),
        ({"role": "portal", "name": "  "}, "/name"),
        ({"role": "portal", "name": "x" * 257}, "/name"),
        ({"role": "portal", "name": "a\0b"}, "/name"),
        ({"role": "king"}, "/role"),
        ({}, "/role"),
        ({"role": "member", "organization_id": "none"}, "/organization_id"),
        ({"role": "portal", "secret_hash": "0" * 64}, "/secret_hash"),
    ],
)
def test_a_faulty_request_is_told_where(issue, body, pointer):
    refused = issue("administrator", **body)
    assert refused.status_code == 422
    assert [fault["pointer"] for fault in refused.json()["errors"]] == [pointer]
