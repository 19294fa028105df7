"""What would change if a need were changed: recomputed, told to those who may change it, and never saved."""

import math
from itertools import product

import pytest

from app.features.needs.kind import NEED as NEED_KIND
from app.features.postings.bound import Postings
from tests.features.matches.publishing import NEED

PATCH = {
    "min_trl": 8,
    "scenario_code": "S24",
    "requirements": [
        *NEED["requirements"],
        {"text": "单件检测时间", "metric": "检测时间", "operator": "<=", "target": 3, "unit": "s"},
    ],
    "keywords": ["机器视觉"],
}
CODED = {"min_trl": 8, "scenario_code": "S24", "budget_max_cny": 600_000, "deployment": "edge"}


@pytest.fixture
def market(desk):
    """Four capabilities that differ in what the patches above ask for."""
    slow = {"metric": "检测时间", "operator": "<=", "value": 5, "unit": "s"}
    edge = {"deployment_modes": ["edge"], "scenario_codes": ["S20"]}
    return [
        desk.publish("capabilities", "provider", title="焊缝检测甲", trl=9, scenario_codes=["S24"]),
        desk.publish("capabilities", "provider", title="焊缝检测乙", trl=6, price_min_cny=700_000),
        desk.publish("capabilities", "provider", title="焊缝检测丙", specs=[slow]),
        desk.publish("capabilities", "stranger", title="焊缝机器视觉", **edge),
    ]


def _simulate(client, headers, need, patch=PATCH):
    return client.post(f"/v1/needs/{need}/simulate", json=patch, headers=headers)


def _after(simulation):
    return [(one["capability"], one["after"]) for one in simulation["shifts"]]


def _ranked(ranking):
    told = ("rank", "score", "suitable", "coverage")
    return [(match["capability"], {name: match[name] for name in told}) for match in ranking["matches"]]


def test_the_need_is_read_once(client, people, desk, monkeypatch):
    need = desk.publish("needs", "enterprise")
    asked, cards = [], Postings.cards
    monkeypatch.setattr(Postings, "cards", lambda self, **given: asked.append(self.kind) or cards(self, **given))
    headers = people["enterprise"].headers
    tried = _simulate(client, headers, need["id"]), client.get(f"/v1/needs/{need['id']}/coach", headers=headers)
    for answer in tried:
        card = answer.json()["need"]
        assert card == {name: need[name] for name in card}
    assert NEED_KIND not in asked


def test_the_owner_and_operators_may_try_changes_and_nobody_else(client, people, desk):
    draft = desk.draft("needs", "enterprise")
    shown = desk.publish("needs", "enterprise", title="公开的需求")
    may = {"enterprise": 200, "operator": 200, "administrator": 200}
    expected = {
        draft["id"]: {**may, "stranger": 404, "provider": 404, "portal": 404, "anonymous": 401},
        shown["id"]: {**may, "stranger": 403, "provider": 403, "portal": 403, "anonymous": 401},
    }
    for need, answers in expected.items():
        for who, status in answers.items():
            headers = people[who].headers if who in people else {}
            assert _simulate(client, headers, need).status_code == status, who
            assert client.get(f"/v1/needs/{need}/coach", headers=headers).status_code == status, who
    assert _simulate(client, people["enterprise"].headers, "XQ-2026-999999").status_code == 404


def test_the_empty_patch_changes_nothing(desk, caller, market):
    need = desk.publish("needs", "enterprise")
    simulation = caller("enterprise").simulate(need["id"], {})
    assert len(simulation["shifts"]) == len(market)
    for shift in simulation["shifts"]:
        assert shift["before"] == shift["after"]
        assert (shift["signals"], shift["violations_gained"], shift["violations_lost"]) == ([], [], [])
    assert (simulation["fields"], simulation["moved"]) == ([], 0)
    assert _after(simulation) == _ranked(caller("enterprise").for_need(need["id"]))
    assert simulation["text"] == "内容没有改动，名次不变。"


@pytest.mark.usefixtures("market")
def test_what_is_simulated_is_what_the_same_change_gives_once_saved(desk, caller):
    need = desk.draft("needs", "enterprise")
    before = _ranked(caller("enterprise").for_need(need["id"]))
    simulation = caller("enterprise").simulate(need["id"], PATCH)
    desk.revise("needs", need["id"], "enterprise", **PATCH)
    assert _after(simulation) == _ranked(caller("enterprise").for_need(need["id"]))
    assert (
        sorted([(one["capability"], one["before"]) for one in simulation["shifts"]], key=lambda one: one[1]["rank"])
        == before
    )
    assert simulation["moved"] > 0


@pytest.mark.usefixtures("market")
def test_what_is_simulated_on_a_published_need_is_its_ranking_once_the_change_is_published(desk, caller):
    """To the last digit: what is patched are no words, so the words weigh the same before and after."""
    need = desk.publish("needs", "enterprise")
    simulation = caller("enterprise").simulate(need["id"], CODED)
    desk.revise("needs", need["id"], "enterprise", **CODED)
    desk.act("needs", need["id"], "submit", "enterprise")
    desk.act("needs", need["id"], "publish", "operator")
    ranking = caller("enterprise").for_need(need["id"])
    assert _after(simulation) == _ranked(ranking)
    violations = {match["capability"]["id"]: match["violations"] for match in ranking["matches"]}
    assert {one["capability"]["id"]: one["violations_gained"] for one in simulation["shifts"]} == violations
    assert any(violations.values())


@pytest.mark.usefixtures("market")
def test_changed_words_weigh_alike_once_published_as_a_simulation_of_nothing_tells(desk, caller):
    need = desk.publish("needs", "enterprise")
    desk.revise("needs", need["id"], "enterprise", **PATCH)
    desk.act("needs", need["id"], "submit", "enterprise")
    desk.act("needs", need["id"], "publish", "operator")
    assert _after(caller("enterprise").simulate(need["id"], {})) == _ranked(caller("enterprise").for_need(need["id"]))


@pytest.mark.usefixtures("market")
def test_a_patch_is_tried_on_the_revision_that_waits(desk, caller):
    need = desk.publish("needs", "enterprise")
    desk.revise("needs", need["id"], "enterprise", min_trl=8)
    assert caller("enterprise").simulate(need["id"], {})["fields"] == []
    simulation = caller("enterprise").simulate(need["id"], {"scenario_code": "S24", "min_trl": 8})
    assert simulation["fields"] == ["scenario_code"]
    desk.revise("needs", need["id"], "enterprise", scenario_code="S24")
    desk.act("needs", need["id"], "submit", "enterprise")
    desk.act("needs", need["id"], "publish", "operator")
    assert _after(simulation) == _ranked(caller("enterprise").for_need(need["id"]))


@pytest.mark.usefixtures("market")
def test_nothing_is_saved(client, people, desk, caller):
    need = desk.publish("needs", "enterprise")
    path, headers = f"/v1/needs/{need['id']}", people["enterprise"].headers
    before, steps = client.get(path, headers=headers), client.get(f"{path}/history", headers=headers).json()
    revision = caller("enterprise").for_need(need["id"])["revision"]
    simulation = caller("enterprise").simulate(need["id"], PATCH)
    coaching = caller("enterprise").coach(need["id"])
    after = client.get(path, headers=headers)
    assert (after.json(), after.headers["ETag"]) == (before.json(), before.headers["ETag"])
    assert client.get(f"{path}/history", headers=headers).json() == steps
    assert caller("enterprise").for_need(need["id"])["revision"] == revision
    assert (simulation["revision"], coaching["revision"]) == (revision, revision)


@pytest.mark.parametrize(
    "patch",
    [
        {"title": None},
        {"problem": ""},
        {"min_trl": 10},
        {"min_trl": "8"},
        {"budget_min_cny": 2, "budget_max_cny": 1},
        {"industry_code": "9999"},
        {"scenario_code": "S99"},
        {"region_code": "nowhere"},
        {"requirements": [{"text": "t", "metric": "m"}]},
        {"keywords": ["a", "a"]},
        {"organization_id": None},
        {"title": "谁都不能用的标题"},
        [],
    ],
)
def test_a_faulty_patch_is_refused_as_a_change_would_be(client, people, desk, patch):
    desk.draft("needs", "enterprise", title="谁都不能用的标题")
    need = desk.draft("needs", "enterprise")
    for language, who in product(("zh", "en"), ("enterprise", "operator")):
        headers = {**people[who].headers, "Accept-Language": language, "If-Match": "*"}
        changed = client.patch(f"/v1/needs/{need['id']}", json=patch, headers=headers)
        tried = _simulate(client, headers, need["id"], patch)
        assert changed.status_code in (409, 422)
        assert tried.status_code == changed.status_code
        own = {"instance": None, "request_id": None}
        assert {**tried.json(), **own} == {**changed.json(), **own}


def test_a_need_can_be_tried_whatever_state_it_is_in(desk, caller):
    """A reviewer asks what a change would bring before returning a need; nothing is written, so nothing forbids it."""
    need = desk.draft("needs", "enterprise")
    desk.act("needs", need["id"], "submit", "enterprise")
    assert caller("operator").simulate(need["id"], PATCH)["fields"] == [
        "requirements",
        "keywords",
        "scenario_code",
        "min_trl",
    ]
    desk.act("needs", need["id"], "close", "enterprise", reason="withdrawn")
    assert caller("enterprise").simulate(need["id"], {})["fields"] == []


@pytest.mark.usefixtures("market")
def test_counts_and_sentence_tell_what_the_list_shows(desk, caller):
    need = desk.publish("needs", "enterprise", min_trl=8)
    simulation = caller("enterprise").simulate(need["id"], {"min_trl": None})
    shifts = simulation["shifts"]
    newly = [one for one in shifts if one["after"]["suitable"] and not one["before"]["suitable"]]
    assert simulation["newly_suitable"] == len(newly) == 1
    assert [lost["kind"] for lost in newly[0]["violations_lost"]] == ["trl"]
    assert simulation["moved"] == sum(
        one["before"]["rank"] != one["after"]["rank"] or one["before"]["suitable"] != one["after"]["suitable"]
        for one in shifts
    )
    assert simulation["text"].startswith("去掉成熟度要求后，新增 1 项合适的能力，")
    back = caller("enterprise").simulate(need["id"], {"min_trl": 9})
    assert back["text"].startswith("修改成熟度要求后，")


@pytest.mark.usefixtures("market")
def test_a_constraint_that_was_broken_before_is_not_gained(desk, caller):
    need = desk.publish("needs", "enterprise", min_trl=8)
    ranking = caller("enterprise").for_need(need["id"])
    assert any(match["violations"] for match in ranking["matches"])
    for shift in caller("enterprise").simulate(need["id"], {"min_trl": 9, "deployment": "edge"})["shifts"]:
        assert (shift["violations_gained"], shift["violations_lost"]) == ([], [])


@pytest.mark.usefixtures("market")
def test_the_sentences_are_in_the_language_asked_for(client, people, desk):
    need = desk.publish("needs", "enterprise", min_trl=8)
    headers = {**people["enterprise"].headers, "Accept-Language": "en"}
    simulation = _simulate(client, headers, need["id"], {"min_trl": None}).json()
    assert simulation["text"].startswith("Withdrawn: maturity at least. 1 more capability is suitable")
    (lost,) = (one for shift in simulation["shifts"] for one in shift["violations_lost"])
    assert lost["text"] == "Maturity is TRL 6; at least TRL 8 is asked"


def test_the_shares_that_change_add_up_to_the_change_of_the_score(operator_of_demo):
    for reference, patch in product(
        ("XQ-2026-000003", "XQ-2026-000031"), (PATCH, CODED | {"budget_min_cny": None}, {"industry_code": None})
    ):
        simulation = operator_of_demo.simulate(reference, patch)
        assert any(one["signals"] for one in simulation["shifts"])
        for shift in simulation["shifts"]:
            assert all(signal["before"] != signal["after"] for signal in shift["signals"])
            added = math.fsum(signal["after"] - signal["before"] for signal in shift["signals"])
            assert abs(added - (shift["after"]["score"] - shift["before"]["score"])) < 1e-9


def test_the_first_of_either_ranking_are_listed(operator_of_demo):
    need, patch = "XQ-2026-000003", {"industry_code": None, "scenario_code": "S30"}
    simulation = operator_of_demo.simulate(need, patch, limit=5)
    before = {match["capability"]["id"] for match in operator_of_demo.for_need(need, limit=5)["matches"]}
    first = {one["capability"]["id"] for one in simulation["shifts"] if one["after"]["rank"] <= 5}
    assert len(first) == 5
    assert {one["capability"]["id"] for one in simulation["shifts"]} == before | first
    assert before != first
    assert simulation["considered"] == 150
    assert {one["rank"] for shift in simulation["shifts"] for one in (shift["before"], shift["after"])} >= {
        1,
        2,
        3,
        4,
        5,
    }


@pytest.mark.parametrize("limit", [0, 201, "x"])
def test_a_faulty_limit_is_refused(client, enterprise, desk, limit):
    need = desk.draft("needs", "enterprise")
    for answer in (
        client.post(f"/v1/needs/{need['id']}/simulate", json={}, params={"limit": limit}, headers=enterprise),
        client.get(f"/v1/needs/{need['id']}/coach", params={"limit": limit}, headers=enterprise),
    ):
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/limit"


@pytest.mark.parametrize("level", ["matched", "on_consent", "confidential"])
def test_a_capability_that_is_not_open_is_not_even_counted(desk, caller, level):
    need = desk.draft("needs", "enterprise")
    shown = desk.publish("capabilities", "provider")
    hidden = desk.publish("capabilities", "stranger", visibility={"details": level})
    simulation = caller("enterprise").simulate(need["id"], PATCH)
    assert [one["capability"]["id"] for one in simulation["shifts"]] == [shown["id"]]
    assert simulation["considered"] == 1
    seen = caller("operator").simulate(need["id"], PATCH)
    assert {one["capability"]["id"] for one in seen["shifts"]} == {shown["id"], hidden["id"]}


def test_nobody_is_recommended_to_itself(desk, caller):
    need = desk.publish("needs", "stranger")
    desk.publish("capabilities", "stranger")
    for who in ("stranger", "operator"):
        assert caller(who).simulate(need["id"], PATCH)["considered"] == 0


def test_a_budget_that_is_closed_moves_nothing_until_it_is_opened(desk, caller):
    desk.publish("capabilities", "provider", price_min_cny=500)
    need = desk.publish("needs", "enterprise", visibility={"budget": "confidential"})
    for who in ("enterprise", "operator"):
        closed = caller(who).simulate(need["id"], {"budget_max_cny": 5})
        assert closed["fields"] == ["budget_max_cny"]
        assert all(one["before"] == one["after"] for one in closed["shifts"])
        opened = caller(who).simulate(need["id"], {"budget_max_cny": 5, "visibility": {"budget": "public"}})
        assert [one["kind"] for one in opened["shifts"][0]["violations_gained"]] == ["budget"]


def test_a_price_that_is_closed_is_not_measured_by_trying_budgets(desk, caller):
    desk.publish("capabilities", "provider", price_min_cny=500, visibility={"budget": "on_consent"})
    need = desk.publish("needs", "enterprise")
    for budget in (1, 499, 500, 10**9):
        simulation = caller("enterprise").simulate(need["id"], {"budget_max_cny": budget})
        assert all(one["before"] == one["after"] for one in simulation["shifts"])
