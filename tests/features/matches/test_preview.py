"""The ranking of what is not saved yet."""

import pytest

from tests.features.matches.publishing import NEED, OFFER

_MADE_FOR = {"need": ("needs", "enterprise", NEED), "capability": ("capabilities", "provider", OFFER)}


def _preview(client, headers, body):
    return client.post("/v1/matches/preview", json=body, headers=headers)


@pytest.mark.parametrize("side", ["need", "capability"])
def test_a_preview_ranks_like_the_same_content_published(desk, caller, side):
    kind, owner, content = _MADE_FOR[side]
    if side == "need":
        for number in range(3):
            desk.publish("capabilities", "provider", title=f"焊缝检测{number}号", keywords=["焊缝"] * (number > 0))
    else:
        for number in range(3):
            desk.publish("needs", "enterprise", title=f"焊缝目检{number}", keywords=["焊缝"] * (number > 0))
    asked = {**content, "title": f"{content['title']}（试填）"}
    preview = caller(owner).preview(**{side: asked}, limit=10)
    saved = desk.draft(kind, owner, **asked)
    ask = caller(owner).for_need if side == "need" else caller(owner).for_capability
    ranking = ask(saved["id"], limit=10)
    assert len(ranking["matches"]) == 3
    assert [{**match, side: None} for match in ranking["matches"]] == preview["matches"]
    assert (preview["need"], preview["capability"]) == (None, None)
    assert ranking["text"] == preview["text"]


def test_once_published_a_preview_of_the_same_content_scores_exactly_like_it(desk, caller):
    desk.publish("capabilities", "provider")
    ranking = caller("enterprise").for_need(desk.publish("needs", "enterprise")["id"])["matches"]
    preview = caller("enterprise").preview(need=NEED)["matches"]
    assert [match["score"] for match in preview] == [match["score"] for match in ranking]


def test_a_preview_never_recommends_ones_own(desk, caller):
    desk.publish("capabilities", "stranger")
    assert caller("stranger").preview(need=NEED)["matches"] == []
    assert len(caller("enterprise").preview(need=NEED)["matches"]) == 1


def test_a_budget_that_is_closed_does_not_feed_a_preview_either(desk, caller):
    """Once saved it would not, and a pair has one score."""
    desk.publish("capabilities", "provider", price_min_cny=500)
    desk.publish("needs", "enterprise", budget_max_cny=5)
    closed = {"visibility": {"budget": "confidential"}}
    for side, content in (("need", NEED | {"budget_max_cny": 5}), ("capability", OFFER | {"price_min_cny": 500})):
        (match,) = caller("administrator").preview(**{side: content})["matches"]
        assert [one["kind"] for one in match["violations"]] == ["budget"]
        (match,) = caller("administrator").preview(**{side: content | closed})["matches"]
        assert match["violations"] == []
        assert next(one["value"] for one in match["signals"] if one["name"] == "budget") is None


def test_a_preview_saves_nothing(caller):
    before = caller("enterprise").read("/v1/needs", include="total")["total"]
    caller("enterprise").preview(need=NEED)
    assert caller("enterprise").read("/v1/needs", include="total")["total"] == before


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"need": {**NEED, "industry_code": "9999"}}, "/need/industry_code"),
        ({"need": {**NEED, "scenario_code": "S99"}}, "/need/scenario_code"),
        ({"need": {**NEED, "region_code": "nowhere"}}, "/need/region_code"),
        ({"capability": {**OFFER, "scenario_codes": ["S99"]}}, "/capability/scenario_codes/0"),
        (
            {"capability": {**OFFER, "cases": [{"background": "b", "solution": "s", "industry_code": "9999"}]}},
            "/capability/cases/0/industry_code",
        ),
    ],
)
def test_an_unknown_code_is_named_where_it_stands(client, enterprise, body, pointer):
    answer = _preview(client, enterprise, body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize("body", [{}, {"need": dict(NEED), "capability": dict(OFFER)}, {"need": None}])
def test_one_side_and_one_only(client, enterprise, body):
    answer = _preview(client, enterprise, body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "one_side"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"need": {"title": "t"}}, "/need/problem"),
        ({"need": {**NEED, "budget_min_cny": 2, "budget_max_cny": 1}}, "/need/budget_min_cny"),
        ({"need": {**NEED, "organization_id": "x"}}, "/need/organization_id"),
        ({"need": dict(NEED), "limit": 201}, "/limit"),
        ({"need": dict(NEED), "constraints": "none"}, "/constraints"),
        ({"need": dict(NEED), "extra": 1}, "/extra"),
    ],
)
def test_a_faulty_preview_is_told_where(client, enterprise, body, pointer):
    answer = _preview(client, enterprise, body)
    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


def test_a_reader_without_a_key_is_asked_for_one(client):
    answer = _preview(client, {}, {"need": dict(NEED)})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_blank_need_is_suited_to_nothing(desk, caller):
    desk.publish("capabilities", "provider")
    ranking = caller("enterprise").preview(need={"title": "…", "problem": "…"})
    assert ranking["outcome"] == "no_suitable_offer"
    assert all(match["score"] < ranking["floor"] for match in ranking["matches"])
