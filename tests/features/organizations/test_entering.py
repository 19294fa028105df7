"""Entering an organisation: by operators, once, with codes that exist."""

import pytest
from sqlalchemy import func, select

from app.db import changes
from app.features.organizations.models import Organization
from tests.features.organizations.conftest import FULL, LEAST, faults, places
from tests.support.people import make_uscc


def _stored(database):
    with database.read_session() as session:
        return session.scalar(select(func.count()).select_from(Organization)), changes.revision(session)


@pytest.mark.parametrize("by", ["operator", "administrator"])
def test_every_field_comes_back(register, by):
    made = register.post(FULL, by=by)

    assert made.status_code == 201
    assert made.headers["etag"].startswith('"1-')
    body = made.json()
    assert {name: body[name] for name in FULL} == FULL
    assert (body["version"], body["verified_at"]) == (1, None)
    assert body["created_at"] == body["updated_at"]
    assert body["created_at"].endswith("Z")
    assert register.get(body["id"]).json() == body


def test_what_is_left_out_has_its_default(register):
    body = register.enter()
    assert {name: body[name] for name in FULL if name not in LEAST} == {
        "name_en": None,
        "size": None,
        "industry_code": None,
        "region_code": None,
        "summary": "",
        "contact": None,
        "is_fictitious": False,
    }


@pytest.mark.parametrize("roles", [["enterprise"], ["provider"], ["provider", "enterprise"]])
def test_roles_come_back_whatever_their_order(register, roles):
    assert set(register.enter(roles=roles)["roles"]) == set(roles)


@pytest.mark.parametrize(("by", "status"), [("enterprise", 403), ("portal", 403), ("stranger", 403), (None, 401)])
def test_others_enter_none(register, staffed_database, by, status):
    before = _stored(staffed_database)
    assert register.post(FULL, by=by).status_code == status
    assert _stored(staffed_database) == before


def test_a_code_is_entered_once(register, staffed_database):
    register.enter(uscc=make_uscc(700))
    before = _stored(staffed_database)

    refused = register.post(FULL | {"uscc": make_uscc(700)})

    assert refused.status_code == 409
    assert [(fault.pointer, fault.code) for fault in faults(refused)] == [("/uscc", "taken")]
    assert _stored(staffed_database) == before
    assert register.list(q="精密")["items"] == []


def test_an_entry_is_logged_once(register, staffed_database):
    before = _stored(staffed_database)[1]
    made = register.enter()
    with staffed_database.read_session() as session:
        logged = [(change.kind, str(change.record_id)) for change in changes.since(session, before)]
    assert logged == [("organization", made["id"])]


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"uscc": "91350100M000100Y44"}, "/uscc", "uscc"),
        ({"uscc": "91350100M000100Y4"}, "/uscc", "uscc"),
        ({"uscc": "91350100M000100Y433"}, "/uscc", "string_too_long"),
        ({"uscc": None}, "/uscc", "string_type"),
        ({"name": ""}, "/name", "string_too_short"),
        ({"name": " \n "}, "/name", "string_too_short"),
        ({"name": "x" * 257}, "/name", "string_too_long"),
        ({"name": "a\0b"}, "/name", "control_character"),
        ({"name_en": "a\x1bb"}, "/name_en", "control_character"),
        ({"name": "\ud800"}, "/name", "string_unicode"),
        ({"summary": "x" * 8001}, "/summary", "string_too_long"),
        ({"summary": "a\0"}, "/summary", "control_character"),
        ({"org_type": "circus"}, "/org_type", "enum"),
        ({"size": "huge"}, "/size", "enum"),
        ({"roles": []}, "/roles", "too_short"),
        ({"roles": ["provider", "provider"]}, "/roles", "repeated_item"),
        ({"roles": ["provider", "enterprise", "provider"]}, "/roles", "too_long"),
        ({"roles": ["owner"]}, "/roles/0", "enum"),
        ({"roles": "provider"}, "/roles", "list_type"),
        ({"industry_code": "14 32"}, "/industry_code", "string_pattern_mismatch"),
        ({"industry_code": "9999"}, "/industry_code", "unknown_code"),
        ({"region_code": "nowhere"}, "/region_code", "unknown_code"),
        ({"region_code": "nbs-320506400"}, "/region_code", "not_selectable"),
        ({"contact": {"name": "a", "phone": "call me"}}, "/contact/phone", "string_pattern_mismatch"),
        ({"contact": {"name": "a", "email": "nobody"}}, "/contact/email", "string_pattern_mismatch"),
        ({"contact": {"name": "a", "email": "a@\0"}}, "/contact/email", "control_character"),
        ({"contact": {"phone": "1"}}, "/contact/name", "missing"),
        ({"contact": {"name": "a", "fax": "1"}}, "/contact/fax", "extra_forbidden"),
        ({"contact": "a"}, "/contact", "model_type"),
        ({"is_fictitious": "maybe"}, "/is_fictitious", "bool_type"),
        ({"verified_at": "2026-01-01T00:00:00Z"}, "/verified_at", "extra_forbidden"),
    ],
)
def test_a_faulty_entry_is_told_where_and_why(standing_register, change, pointer, code):
    refused = standing_register.post(FULL | {"uscc": make_uscc(701)} | change)

    assert refused.status_code == 422
    found = faults(refused)
    assert pointer in [fault.pointer for fault in found]
    if code != "model_type":
        assert [(fault.pointer, fault.code) for fault in found] == [(pointer, code)]
    assert standing_register.list(include="total")["total"] == 3


def test_all_faults_are_told_at_once(standing_register):
    refused = standing_register.post({"name": "", "roles": [], "colour": "red"})
    assert set(places(refused)) == {"/name", "/roles", "/colour", "/org_type", "/uscc"}


def test_two_wrong_codes_are_told_together(standing_register):
    refused = standing_register.post(FULL | {"industry_code": "9999", "region_code": "nowhere"})
    assert set(places(refused)) == {"/industry_code", "/region_code"}
