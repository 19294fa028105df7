"""What a need leaves open, by what stating it would move."""

import json

import pytest

from app.matching import Matcher
from tests.features.matches.asking import Caller
from tests.features.matches.demo_set import need as need_reference
from tests.features.matches.publishing import NEED, OFFER
from tests.support.people import read_people

BARE = {"title": "焊缝外观靠人看", "problem": "夜班焊缝漏检多。", "goal": "", "requirements": [], "keywords": []}
RICH = {
    "trl": 8,
    "price_min_cny": 300_000,
    "price_max_cny": 500_000,
    "delivery_weeks": 12,
    "scenario_codes": ["S24"],
    "industry_codes": ["3922"],
    "region_codes": ["320500"],
    "deployment_modes": ["edge"],
    "cooperation_modes": ["turnkey"],
}
BLANK = {
    "current_state": "",
    "goal": "",
    "data_readiness": "",
    "requirements": [],
    "keywords": [],
    "cooperation_modes": [],
    "scenario_code": None,
    "industry_code": None,
    "region_code": None,
    "deployment": None,
    "budget_min_cny": None,
    "budget_max_cny": None,
    "complete_by": None,
    "min_trl": None,
}
COMPLETE = {
    **NEED,
    "requirements": [NEED["requirements"][0]],
    "current_state": "两班十六人目检车架焊缝，返修记录在纸上。",
    "data_readiness": "近一年焊缝照片约十万张，人工结论可导出。",
    "keywords": ["焊缝检测"],
    "scenario_code": "S24",
    "industry_code": "3922",
    "region_code": "320506",
    "deployment": "edge",
    "cooperation_modes": ["turnkey"],
    "budget_max_cny": 900_000,
    "complete_by": "2030-06-30",
    "min_trl": 8,
}


@pytest.fixture
def bare(desk):
    for number, changes in enumerate(({}, {"trl": 6, "deployment_modes": ["cloud"]}, {"scenario_codes": ["S23"]})):
        desk.publish("capabilities", "provider", title=f"焊缝检测{number}", **(RICH | changes))
    return desk.draft("needs", "enterprise", **BARE)


def test_everything_a_bare_need_leaves_out_is_listed(caller, bare):
    coaching = caller("enterprise").coach(bare["id"])
    missing = {one["field"] for one in coaching["advice"] if one["kind"] == "missing"}
    assert missing == {
        "requirements", "industry_code", "scenario_code", "region_code", "deployment", "cooperation_modes",
        "budget_max_cny", "complete_by", "min_trl", "keywords", "data_readiness", "current_state", "goal",
    }  # fmt: skip
    assert all(one["places"] == [f"/{one['field']}"] for one in coaching["advice"] if one["kind"] == "missing")


def test_a_complete_need_is_told_so(desk, caller):
    desk.publish("capabilities", "provider", **RICH)
    need = desk.publish("needs", "enterprise", **COMPLETE)
    coaching = caller("enterprise").coach(need["id"])
    assert (coaching["advice"], coaching["text"]) == ([], "没有发现缺漏。")


def test_each_effect_is_the_mean_of_what_simulating_its_examples_moves(caller, bare):
    coaching = caller("enterprise").coach(bare["id"], limit=2)
    tried = [one for one in coaching["advice"] if one["examples"]]
    assert len(tried) == 10
    for one in tried:
        moved = [caller("enterprise").simulate(bare["id"], e["patch"], limit=2)["moved"] for e in one["examples"]]
        assert moved == [example["moved"] for example in one["examples"]]
        assert one["effect"] == sum(moved) / len(moved)
        assert set(one["examples"][0]["patch"]) == {one["field"]}
    assert all(one["effect"] is None for one in coaching["advice"] if not one["examples"])


def test_only_the_first_candidates_suggest_values(caller, bare):
    """The others state two ways to run and two scenarios more."""
    first = caller("enterprise").for_need(bare["id"], limit=1)["matches"][0]["capability"]["id"]
    stated = caller("enterprise").read(f"/v1/capabilities/{first}")
    advice = {one["field"]: one["examples"] for one in caller("enterprise").coach(bare["id"], limit=1)["advice"]}
    assert [one["patch"] for one in advice["deployment"]] == [{"deployment": stated["deployment_modes"][0]}]
    assert [one["patch"] for one in advice["scenario_code"]] == [{"scenario_code": stated["scenario_codes"][0]}]


def _urgency(advice):
    return [(0, -one["effect"]) if one["effect"] else (1 if one["effect"] is None else 2, 0) for one in advice]


@pytest.fixture
def emptied(demo_database, make_client, store):
    """`emptied(key)` asks as an operator for a demonstration need that leaves out whatever can be left out."""
    with make_client(demo_database) as client:
        operator = Caller(client, read_people(store.note("demo"))["operator"].headers)

        def emptied(key):
            headers = {**operator.headers, "If-Match": "*"}
            answer = client.patch(f"/v1/needs/{need_reference(key)}", json=BLANK, headers=headers)
            assert answer.status_code == 200, answer.text
            return operator

        yield emptied


@pytest.mark.parametrize("key", ["need-food-sorting", "need-weld-seam-check"])
def test_what_is_listed_first_moves_at_least_as_much_as_what_is_listed_last(emptied, key):
    operator = emptied(key)
    advice = operator.coach(need_reference(key))["advice"]
    assert _urgency(advice) == sorted(_urgency(advice))
    moved = [
        [operator.simulate(need_reference(key), example["patch"])["moved"] for example in one["examples"]]
        for one in advice
        if one["examples"]
    ]
    assert moved == [[example["moved"] for example in one["examples"]] for one in advice if one["examples"]]
    means = [sum(each) / len(each) for each in moved]
    assert means == sorted(means, reverse=True)
    assert means[0] > means[-1]


def test_a_shallow_industry_can_be_deeper(desk, caller):
    desk.publish("capabilities", "provider", **RICH)
    for code, listed in (("39", True), ("392", True), ("3922", False)):
        need = desk.draft("needs", "enterprise", **COMPLETE | {"title": code, "industry_code": code})
        found = [one for one in caller("enterprise").coach(need["id"])["advice"] if one["field"] == "industry_code"]
        assert [(one["reason"], one["examples"][0]["patch"]) for one in found] == [
            ("not_deepest", {"industry_code": "3922"})
        ] * listed


def test_a_requirement_in_words_is_offered_the_figures_of_its_name(desk, caller):
    desk.publish("capabilities", "provider", **RICH)
    asked = [{"text": "检出气孔和咬边"}, {"text": "漏检率要低", "kind": "nice"}]
    need = desk.draft("needs", "enterprise", **COMPLETE | {"requirements": asked})
    (advice,) = caller("enterprise").coach(need["id"])["advice"]
    assert (advice["reason"], advice["places"]) == ("without_figure", ["/requirements/1"])
    (example,) = advice["examples"]
    first, second = example["patch"]["requirements"]
    assert first["metric"] is None
    (figure,) = OFFER["specs"]
    assert (second["text"], second["kind"]) == ("漏检率要低", "nice")
    assert [second[name] for name in ("metric", "operator", "target", "unit")] == list(figure.values())


def test_keywords_nobody_uses_give_way_to_words_the_candidates_use(desk, caller):
    desk.publish("capabilities", "provider", **RICH)
    need = desk.draft("needs", "enterprise", **COMPLETE | {"keywords": ["焊缝检测", "招工难"]})
    (advice,) = caller("enterprise").coach(need["id"])["advice"]
    assert (advice["field"], advice["reason"], advice["places"]) == ("keywords", "unheard", ["/keywords/1"])
    assert [one["patch"] for one in advice["examples"]] == [{"keywords": ["焊缝检测", "机器视觉"]}]


def test_a_need_of_few_words_is_told_so(desk, caller):
    desk.publish("capabilities", "provider", **RICH)
    for title in ("甲", "乙"):
        desk.publish("needs", "enterprise", **COMPLETE | {"title": f"{COMPLETE['title']}{title}"})
    short = {name: value for name, value in COMPLETE.items() if name not in ("current_state", "goal", "data_readiness")}
    need = desk.draft("needs", "enterprise", **short | {"problem": "漏检多。", "goal": ""})
    reasons = {one["field"]: one["reason"] for one in caller("enterprise").coach(need["id"])["advice"]}
    assert reasons["problem"] == "few_words"


@pytest.mark.parametrize("level", ["matched", "on_consent", "confidential"])
def test_what_is_not_open_suggests_nothing(desk, caller, bare, level):
    """Neither its values nor whether it uses a word: both could be asked for one by one."""
    before = caller("enterprise").coach(bare["id"])
    desk.publish("capabilities", "stranger", title="焊缝检测机密", summary="磷化膜", keywords=["磷化膜"],
                 description="", specs=[], trl=3, deployment_modes=["hybrid"], delivery_weeks=99,
                 visibility={"details": level})  # fmt: skip
    after = caller("enterprise").coach(bare["id"])
    assert [one["examples"] for one in after["advice"]] == [one["examples"] for one in before["advice"]]
    desk.revise("needs", bare["id"], "enterprise", keywords=["磷化膜"])
    reasons = {
        who: {one["reason"] for one in caller(who).coach(bare["id"])["advice"] if one["field"] == "keywords"}
        for who in ("enterprise", "operator")
    }
    # nor to those who may see it: it teaches nothing about words, so that a need has one score whoever asks
    assert reasons == {"enterprise": {"unheard"}, "operator": {"unheard"}}
    desk.publish("capabilities", "stranger", title="焊缝检测公开", summary="磷化膜", keywords=["磷化膜"])
    assert not [one for one in caller("operator").coach(bare["id"])["advice"] if one["field"] == "keywords"]


def test_a_closed_price_is_not_suggested_as_a_budget(desk, caller):
    desk.publish("capabilities", "provider", **RICH, visibility={"budget": "on_consent"})
    need = desk.draft("needs", "enterprise", **BARE)
    advice = {one["field"]: one for one in caller("enterprise").coach(need["id"])["advice"]}
    assert advice["budget_max_cny"]["examples"] == []
    assert "500000" not in json.dumps(advice)


def test_a_budget_that_is_closed_would_move_nothing(desk, caller, bare):
    desk.revise("needs", bare["id"], "enterprise", visibility={"budget": "confidential"})
    advice = {one["field"]: one for one in caller("enterprise").coach(bare["id"])["advice"]}
    assert advice["budget_max_cny"]["examples"]
    assert advice["budget_max_cny"]["effect"] == 0


def test_a_need_is_ranked_at_most_31_times(caller, bare, monkeypatch):
    counted = []
    standing = Matcher.standing
    monkeypatch.setattr(Matcher, "standing", lambda *args, **named: counted.append(1) or standing(*args, **named))
    advice = caller("enterprise").coach(bare["id"])["advice"]
    assert len(counted) == 1 + sum(len(one["examples"]) for one in advice)
    assert 11 <= len(counted) <= 31


def test_a_revision_that_waits_is_what_is_coached(desk, caller):
    desk.publish("capabilities", "provider", **RICH)
    need = desk.publish("needs", "enterprise", **COMPLETE)
    desk.revise("needs", need["id"], "enterprise", data_readiness="")
    (advice,) = caller("enterprise").coach(need["id"])["advice"]
    assert (advice["field"], advice["effect"]) == ("data_readiness", None)


def test_advice_is_given_in_the_language_asked_for(client, people, desk):
    need = desk.draft("needs", "enterprise", **COMPLETE | {"data_readiness": ""})
    desk.publish("capabilities", "provider", **RICH)
    said = {
        language: client.get(
            f"/v1/needs/{need['id']}/coach", headers={**people["enterprise"].headers, "Accept-Language": language}
        ).json()
        for language in ("zh", "en")
    }
    assert said["zh"]["text"] == "建议依次完善：数据条件。"
    assert said["en"]["text"] == "Worth another look, in this order: data at hand."
    assert said["zh"]["advice"][0]["text"].startswith("数据条件：没有填写。")
    assert said["en"]["advice"][0]["text"].startswith("Data at hand: nothing is stated.")


def test_without_capabilities_nothing_can_be_tried(desk, caller):
    need = desk.draft("needs", "enterprise", **BARE)
    coaching = caller("enterprise").coach(need["id"])
    assert coaching["considered"] == 0
    assert coaching["advice"]
    assert all((one["effect"], one["examples"]) == (None, []) for one in coaching["advice"])
