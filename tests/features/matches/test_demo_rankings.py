"""What a first visitor sees: the stories of the demonstration, ranked over HTTP."""

import pytest

from tests.features.matches.asking import others
from tests.features.matches.demo_set import UNMET, capability, grades, need, records


def _is_english(record):
    return record["lang"] == "en"


def _crossings(caller, *, english):
    """Pairs judged 2 or 3 among the first three of a need in one language whose capability is in the other."""
    for record in records("needs").values():
        if _is_english(record) != english:
            continue
        for match in caller.for_need(record["reference"], limit=3, explain=False)["matches"]:
            pair = (record["reference"], match["capability"]["reference"])
            if grades().get(pair, 0) >= 2 and _is_english(match["capability"]) != english:
                yield pair


def test_the_food_sorting_need_finds_the_robot_that_put_two_people_in_place_of_twenty(anyone):
    ranking = anyone.for_need(need("need-food-sorting"), limit=3)
    assert ranking["outcome"] == "ranked"
    first = ranking["matches"][0]
    assert first["capability"]["reference"] == capability("cap-fangge-food-sorting")
    assert first["suitable"]
    story = anyone.read(f"/v1/capabilities/{first['capability']['id']}")
    results = [result for case in story["cases"] for result in case["results"]]
    assert any(result["before"] > 20 and result["after"] == 2 for result in results)


def test_the_expense_need_finds_the_capability_that_solved_it(anyone):
    ranking = anyone.for_need(need("need-expense-approval"), limit=1)
    assert others(ranking) == [capability("cap-zhangcheng-expense")]


def test_an_english_need_finds_a_chinese_capability(operator_of_demo):
    assert next(_crossings(operator_of_demo, english=True), None)


def test_a_chinese_need_finds_an_english_capability(operator_of_demo):
    assert next(_crossings(operator_of_demo, english=False), None)


@pytest.mark.parametrize("key", UNMET)
def test_a_need_without_a_provider_is_told_so_in_both_languages(operator_of_demo, key):
    said = {}
    for language in ("zh-CN", "en"):
        asked = {**operator_of_demo.headers, "Accept-Language": language}
        answer = operator_of_demo.client.get(f"/v1/needs/{need(key)}/matches", params={"limit": 3}, headers=asked)
        ranking = answer.json()
        assert ranking["outcome"] == "no_suitable_offer"
        assert not any(match["suitable"] for match in ranking["matches"])
        said[language] = ranking["text"]
    assert "没有合适的对象" in said["zh-CN"]
    assert "no suitable candidate" in said["en"]


def test_no_demo_need_is_called_served_by_a_candidate_that_is_not_suitable(operator_of_demo):
    for record in records("needs").values():
        ranking = operator_of_demo.for_need(record["reference"], limit=5, explain=False)
        suitable = sum(match["suitable"] for match in ranking["matches"])
        if ranking["outcome"] == "ranked" and suitable == 0:
            assert "硬性条件" in ranking["text"], record["key"]
        elif ranking["outcome"] == "ranked":
            assert f"{len(ranking['matches'])} 名中有 {suitable} 个" in ranking["text"]


def test_demo_organisations_are_marked_as_fictitious_wherever_they_are_named(anyone):
    ranking = anyone.for_need(need("need-food-sorting"), limit=200, explain=False)
    assert all(match["capability"]["organization"]["is_fictitious"] for match in ranking["matches"])
