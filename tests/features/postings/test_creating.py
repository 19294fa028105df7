"""Posting a draft: by whom, for whom."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app.db import changes
from tests.features.postings.desk import COMMON_DEFAULTS, faults


def _stored(desk):
    with desk.database.read_session() as session:
        kind = desk.side.kind
        events = session.scalar(select(func.count()).select_from(kind.repository.event_model))
        return (
            session.scalar(select(func.count()).select_from(kind.repository.model)),
            events,
            changes.revision(session),
        )


def test_every_field_comes_back(desk):
    body = {"title": "完整", **desk.side.full}

    made = desk.post(**body)

    assert made.status_code == 201
    assert made.headers["etag"].startswith('"1-')
    shown = made.json()
    assert {name: shown[name] for name in body} == body
    assert desk.get(shown, by="owner").json() == shown
    assert shown.keys() == desk.side.postings.schema.model_fields.keys()


def test_what_is_left_out_has_its_default(desk):
    shown = desk.draft()
    defaults = COMMON_DEFAULTS | desk.side.defaults
    assert {name: shown[name] for name in defaults} == defaults


def test_a_draft_is_nobodys_business_but_its_owners(desk):
    shown = desk.draft()

    organization = desk.person("owner").organization_id
    assert shown["organization"]["id"] == str(organization)
    assert (shown["status"], shown["version"], shown["published_at"]) == ("draft", 1, None)
    assert shown["allowed_actions"] == ["submit", "close", "revise"]
    assert [shown[name] for name in ("close_reason", "review_note", "revision", "revision_status")] == [None] * 4
    assert shown["reference"].startswith(f"{desk.side.kind.prefix}-20")
    assert shown["created_at"] == shown["updated_at"]


@pytest.mark.parametrize("by", ["operator", "administrator"])
def test_operators_post_on_behalf(desk, by):
    owner = str(desk.person("owner").organization_id)
    assert desk.draft(by, organization_id=owner)["organization"]["id"] == owner


def test_a_member_may_name_its_own_organisation(desk):
    owner = str(desk.person("owner").organization_id)
    assert desk.draft(organization_id=owner)["organization"]["id"] == owner


def test_an_organisation_on_both_sides_posts_on_both(desk):
    assert desk.draft("stranger")["organization"]["id"] == str(desk.people["stranger"].organization_id)


@pytest.mark.parametrize(
    "by", ["wrong", "operator on the wrong side", "operator for nobody", "operator for itself", "portal"]
)
def test_the_organisation_must_exist_and_be_on_this_side(desk, by):
    wrong = desk.side.wrong
    more = {
        "operator on the wrong side": {"organization_id": str(desk.people[wrong].organization_id)},
        "operator for nobody": {"organization_id": str(uuid4())},
    }.get(by, {})
    before = _stored(desk)

    refused = desk.post({"wrong": wrong}.get(by, by.split()[0]), title="x", **desk.side.least, **more)

    assert refused.status_code == 422
    assert faults(refused) == [("/organization_id", "wrong_organization")]
    assert _stored(desk) == before


@pytest.mark.parametrize(("by", "status"), [("stranger", 403), ("portal", 403), ("wrong", 403), (None, 401)])
def test_nobody_posts_for_another(desk, by, status):
    before = _stored(desk)
    who = desk.side.wrong if by == "wrong" else by
    for organization in (desk.person("owner").organization_id, uuid4()):
        refused = desk.post(who, title="x", organization_id=str(organization), **desk.side.least)
        assert refused.status_code == status
    assert _stored(desk) == before


def test_a_title_is_held_by_one_open_posting(desk):
    first = desk.draft(title="同名")
    before = _stored(desk)

    refused = desk.post(title=" 同名 ", **desk.side.least)

    assert refused.status_code == 409
    assert faults(refused) == [("/title", "taken")]
    assert _stored(desk) == before
    assert desk.draft("stranger", title="同名")["title"] == "同名"
    desk.take(first, "close")
    assert desk.draft(title="同名")["id"] != first["id"]
    assert desk.post(title="同名", **desk.side.least).status_code == 409


def test_a_title_may_be_on_both_sides(desk):
    other = "/v1/capabilities" if desk.side.path == "/v1/needs" else "/v1/needs"
    desk.draft("stranger", title="双方")
    body = {"title": "双方", "summary" if other == "/v1/capabilities" else "problem": "x"}
    assert desk.client.post(other, json=body, headers=desk.headers("stranger")).status_code == 201
