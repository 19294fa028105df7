"""How a list is cut, ordered and filtered."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.features.matches.asking import others, pairs
from tests.features.matches.demo_set import need, records

# The demo is shared and only read, so one client may serve all examples.
many_times = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _key(match):
    return (-match["score"], match["capability"]["id"])


@many_times
@given(
    key=st.sampled_from(sorted(records("needs"))),
    limit=st.integers(1, 200),
    explain=st.booleans(),
    constraints=st.sampled_from(["mark", "exclude"]),
)
def test_any_list_is_in_order_numbered_from_one_and_no_longer_than_asked(
    operator_of_demo, key, limit, explain, constraints
):
    ranking = operator_of_demo.for_need(need(key), limit=limit, explain=explain, constraints=constraints)
    matches = ranking["matches"]
    assert len(matches) <= limit
    assert [match["rank"] for match in matches] == list(range(1, len(matches) + 1))
    assert matches == sorted(matches, key=_key)
    assert all(bool(match["terms"]) <= explain for match in pairs(ranking))
    assert all(match["suitable"] == (match["score"] >= ranking["floor"] and not match["violations"])
               for match in pairs(ranking))  # fmt: skip
    assert (ranking["outcome"] == "ranked") == any(match["score"] >= ranking["floor"] for match in matches)


def test_a_shorter_list_is_the_head_of_a_longer_one(operator_of_demo):
    long = operator_of_demo.for_need(need("need-mura"), limit=200, explain=False)
    for limit in (1, 7, 150):
        short = operator_of_demo.for_need(need("need-mura"), limit=limit, explain=False)
        assert short["matches"] == long["matches"][:limit]
        assert short["considered"] == long["considered"]


@pytest.mark.parametrize("limit", [0, 201, -1, "many"])
def test_a_limit_out_of_bounds_is_refused(anyone, limit):
    answer = anyone.client.get(f"/v1/needs/{need('need-mura')}/matches", params={"limit": limit})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/limit"


def test_an_unknown_parameter_is_refused(anyone):
    assert anyone.status(f"/v1/needs/{need('need-mura')}/matches?constraint=exclude") == 422


def test_without_explanation_only_the_terms_are_missing(operator_of_demo):
    explained, bare = (
        operator_of_demo.for_need(need("need-food-sorting"), limit=20, explain=explain)["matches"]
        for explain in (True, False)
    )
    assert any(match["terms"] for match in explained)
    assert [{**match, "terms": []} for match in explained] == bare


def test_mark_keeps_what_breaks_a_constraint_and_says_why(operator_of_demo):
    ranking = operator_of_demo.for_need(need("need-mura"), limit=200, explain=False)
    broken = [match for match in ranking["matches"] if match["violations"]]
    assert {violation["kind"] for match in broken for violation in match["violations"]} == {
        "region",
        "trl",
        "budget",
        "requirement",
    }
    assert all(violation["text"] and not match["suitable"] for match in broken for violation in match["violations"])
    assert ranking["excluded"] == []
    assert ranking["excluded_matches"] == []


def test_exclude_leaves_them_out_and_counts_them_by_kind(operator_of_demo):
    marked = operator_of_demo.for_need(need("need-mura"), limit=200, explain=False)["matches"]
    ranking = operator_of_demo.for_need(need("need-mura"), limit=200, explain=False, constraints="exclude")
    broken = [match for match in marked if match["violations"]]
    assert others(ranking) == [match["capability"]["reference"] for match in marked if not match["violations"]]
    assert {entry["kind"]: entry["count"] for entry in ranking["excluded"]} == {
        kind: sum(any(violation["kind"] == kind for violation in match["violations"]) for match in broken)
        for kind in ("region", "trl", "budget", "requirement")
    }
    assert ranking["excluded_matches"] == [{**match, "rank": None} for match in broken[:5]], "the best of them"


def test_a_short_list_counts_only_what_would_have_stood_in_it(operator_of_demo):
    ranking = operator_of_demo.for_need(need("need-mura"), limit=1, explain=False, constraints="exclude")
    (match,) = ranking["matches"]
    assert all(excluded["score"] >= match["score"] for excluded in ranking["excluded_matches"])
    assert sum(entry["count"] for entry in ranking["excluded"]) >= len(ranking["excluded_matches"]) > 0


def test_the_kinds_are_named_in_the_callers_language(operator_of_demo):
    def names(language):
        headers = {**operator_of_demo.headers, "Accept-Language": language}
        path = f"/v1/needs/{need('need-mura')}/matches?constraints=exclude&limit=200&explain=false"
        return {entry["text"] for entry in operator_of_demo.client.get(path, headers=headers).json()["excluded"]}

    assert "报价高于预算" in names("zh")
    assert "Price above budget" in names("en")


def test_equal_scores_stand_in_order_of_ids(desk, caller):
    need_made = desk.publish("needs", "enterprise")
    made = [desk.publish("capabilities", "provider", title=f"焊缝机器视觉检测系统{n}号") for n in "甲乙丙丁"]
    twins = [desk.publish("capabilities", "stranger", title=f"焊缝机器视觉检测系统{n}号") for n in "甲乙丙丁"]
    ranking = caller("operator").for_need(need_made["id"])
    assert len(ranking["matches"]) == len(made) + len(twins)
    by_score = {}
    for match in ranking["matches"]:
        by_score.setdefault(match["score"], []).append(match["capability"]["id"])
    assert any(len(ids) > 1 for ids in by_score.values()), "twins score alike"
    assert all(ids == sorted(ids) for ids in by_score.values())
    backward = desk.publish("needs", "stranger", title="另一条焊缝需求")
    twin_needs = [desk.publish("needs", "enterprise", title=f"焊缝目检漏检多{n}") for n in "子丑"]
    ranked = caller("operator").for_capability(made[0]["id"], explain=False)["matches"]
    assert len(ranked) == 2 + len(twin_needs), backward
    assert ranked == sorted(ranked, key=lambda match: (-match["score"], match["need"]["id"]))


def test_an_empty_house_answers_plainly(desk, caller):
    need_made = desk.publish("needs", "enterprise")
    ranking = caller("anonymous").for_need(need_made["reference"])
    assert (ranking["matches"], ranking["considered"], ranking["outcome"]) == ([], 0, "no_suitable_offer")
    assert (ranking["need"]["reference"], ranking["capability"]) == (need_made["reference"], None)
