"""What others see of a posting: nothing before it is published, then what its levels open."""

from uuid import uuid4

import pytest

from app.features.postings.lifecycle import State
from app.features.postings.types import PostingStatus
from tests.features.postings.desk import BODIES, ROADS

S = PostingStatus
HIDDEN = [state for state in ROADS if state.status != S.PUBLISHED]
OUTSIDERS = ["stranger", "portal", "wrong"]
OWN_STEPS = ["submit", "pause", "resume", "close"]
REVIEWS = ["publish", "return", "reject"]
STEPS = [*OWN_STEPS, *REVIEWS]
SEES = {
    "public": {None, "portal", "stranger"},
    "registered": {"portal", "stranger"},
    "matched": set(),
    "on_consent": set(),
    "confidential": set(),
}


def _who(desk, by):
    return desk.side.wrong if by == "wrong" else by


@pytest.mark.parametrize("state", HIDDEN)
def test_what_is_not_published_does_not_exist_for_others(busy_desk, state):
    desk = busy_desk
    posting = desk.at(state)
    for outsider in OUTSIDERS:
        by = _who(desk, outsider)
        steps = OWN_STEPS if by == "stranger" else ["submit"]
        answers = [
            desk.get(posting, by),
            desk.get({"id": posting["reference"]}, by),
            desk.history(posting, by),
            desk.patch(posting, by, title="x"),
            *(desk.step(posting, action, by) for action in steps),
        ]
        assert [answer.status_code for answer in answers] == [404] * len(answers), outsider
        nobody = desk.get({"id": uuid4()}, by).json()
        assert {answer.json()["detail"] for answer in answers} == {nobody["detail"]}
        reviews = [desk.step(one, action, by) for one in (posting, {"id": uuid4()}) for action in REVIEWS]
        assert [answer.status_code for answer in reviews] == [403] * len(reviews), "whether it is there or not"
        assert posting["id"] not in desk.ids(by)
        assert posting["id"] not in desk.ids(by, status=state.status)
        assert desk.ids(by, q=posting["title"]) == []
    assert desk.get(posting, None).status_code == 404
    assert desk.history(posting, None).status_code in (401, 404)
    assert posting["id"] not in desk.ids(None)
    assert desk.get(posting).json() == posting


def test_a_total_does_not_count_what_is_hidden(desk):
    shown = desk.published()
    for state in HIDDEN:
        desk.at(state)
    for level in ("matched", "on_consent", "confidential"):
        desk.published(visibility={"details": level})
    for by in (None, "stranger", "portal", desk.side.wrong):
        page = desk.list(by, include="total")
        assert ([item["id"] for item in page["items"]], page["total"]) == ([shown["id"]], 1)
    everything = len(HIDDEN) + 4
    assert desk.list("owner", include="total")["total"] == everything
    assert desk.list("operator", include="total")["total"] == everything


def test_the_owner_and_operators_see_every_state(busy_desk):
    postings = [busy_desk.at(state) for state in ROADS]
    for by in ("owner", "operator", "administrator"):
        assert {posting["id"] for posting in postings} <= set(busy_desk.ids(by))
        for posting in postings:
            assert busy_desk.get(posting, by).status_code == 200
            assert busy_desk.get({"id": posting["reference"]}, by).json()["id"] == posting["id"]


@pytest.mark.parametrize("level", SEES)
def test_a_published_posting_is_seen_by_those_its_level_names(busy_desk, level):
    posting = busy_desk.published(visibility={"details": level})
    for by in (None, "portal", "stranger"):
        sees = by in SEES[level]
        assert busy_desk.get(posting, by).status_code == (200 if sees else 404), by
        assert (posting["id"] in busy_desk.ids(by)) is sees, by
    assert busy_desk.get(posting, "owner").status_code == 200


@pytest.mark.parametrize("level", SEES)
def test_a_hidden_organisation_is_named_nowhere(desk, level):
    owner = desk.person("owner").organization_id
    posting = desk.published(visibility={"identity": level})
    draft = desk.draft(visibility={"identity": level})
    for by in (None, "portal", "stranger"):
        sees = by in SEES[level]
        answers = [desk.get(posting, by), desk.ask(by)]
        briefs = [answers[0].json()["organization"], answers[1].json()["items"][0]["organization"]]
        assert briefs[0] == briefs[1]
        assert (briefs[0]["id"], briefs[0]["name"], briefs[0]["name_en"]) == (
            (str(owner), desk.get(posting).json()["organization"]["name"], None) if sees else (None, None, None)
        )
        assert briefs[0]["org_type"] in ("manufacturer", "tech_provider")
        for answer in answers:
            assert (str(owner) in answer.text) is sees
        assert desk.ids(by, organization_id=owner) == ([posting["id"]] if sees else [])
        assert desk.list(by, organization_id=owner, include="total")["total"] == (1 if sees else 0)
    for by in ("owner", "operator"):
        assert set(desk.ids(by, organization_id=owner)) == {posting["id"], draft["id"]}
        assert desk.get(posting, by).json()["organization"]["id"] == str(owner)


@pytest.mark.parametrize("level", SEES)
def test_a_hidden_budget_is_null(busy_desk, level):
    desk = busy_desk
    low, high = desk.side.budget
    posting = desk.published(**{low: 123456, high: 654321}, visibility={"budget": level})
    for by in (None, "portal", "stranger", "owner", "operator"):
        sees = by in SEES[level] or by in ("owner", "operator")
        shown = desk.get(posting, by)
        listed = next(item for item in desk.list(by, limit=200)["items"] if item["id"] == posting["id"])
        for record in (shown.json(), listed):
            assert [record[low], record[high]] == ([123456, 654321] if sees else [None, None]), by
        assert ("654321" in shown.text) is sees
        assert shown.json()[desk.side.text] == desk.side.least[desk.side.text]


def test_what_is_between_owner_and_operator_stays_there(busy_desk):
    posting = busy_desk.at(State(S.PUBLISHED, S.RETURNED))
    for by in (None, "stranger", "portal"):
        answer = busy_desk.get(posting, by)
        shown = answer.json()
        assert [shown[name] for name in ("review_note", "revision", "revision_status")] == [None] * 3
        assert shown["allowed_actions"] == []
        assert "修改稿" not in answer.text
        assert BODIES["return"]["note"] not in answer.text
    for by, actions in (
        ("owner", ["submit", "pause", "close", "revise"]),
        ("operator", ["submit", "pause", "close", "revise"]),
    ):
        shown = busy_desk.get(posting, by).json()
        assert shown["review_note"] == BODIES["return"]["note"]
        assert shown["revision"][busy_desk.side.text] == "修改稿"
        assert (shown["revision_status"], shown["allowed_actions"]) == ("returned", actions)


def test_what_is_open_may_still_not_be_changed_by_others(busy_desk):
    posting = busy_desk.published()
    for by in OUTSIDERS:
        who = _who(busy_desk, by)
        answers = [
            busy_desk.patch(posting, who, title="x"),
            busy_desk.history(posting, who),
            *(busy_desk.step(posting, action, who) for action in STEPS),
        ]
        assert [answer.status_code for answer in answers] == [403] * len(answers)
    anonymous = [busy_desk.patch(posting, None, title="x"), *(busy_desk.step(posting, one, None) for one in STEPS)]
    assert [answer.status_code for answer in anonymous] == [401] * len(anonymous)
    assert busy_desk.history(posting, None).status_code in (401, 403)
    assert busy_desk.get(posting).json() == posting


def test_the_levels_of_a_revision_count_once_it_is_published(busy_desk):
    posting = busy_desk.published()
    busy_desk.patch(posting, visibility={"details": "confidential"})
    assert busy_desk.get(posting, None).status_code == 200
    busy_desk.take(posting, "submit", "publish")
    assert busy_desk.get(posting, None).status_code == 404
    assert busy_desk.get(posting, "stranger").status_code == 404


def test_each_kind_has_its_own_addresses(busy_desk):
    posting = busy_desk.published()
    other = "/v1/capabilities" if busy_desk.side.path == "/v1/needs" else "/v1/needs"
    for name in (posting["id"], posting["reference"]):
        assert busy_desk.client.get(f"{other}/{name}", headers=busy_desk.headers("operator")).status_code == 404
    for wrong in ("first", "XQ-26-1", "XQ-2026-0000001", "XQ-2026-00000١", f"{posting['reference']}%0a", "%00"):
        answer = busy_desk.client.get(f"{busy_desk.side.path}/{wrong}")
        assert answer.status_code in (404, 422), wrong
