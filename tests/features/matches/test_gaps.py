from datetime import date

import pytest

from app.features.matches.gaps import TRIED, Evidence, gaps
from app.features.matches.types import AdviceKind, AdviceReason
from app.features.needs.schemas import NeedContent
from app.matching import Case, LikeFigure, Offer, Scenario, Signs, Spec

TODAY = date(2026, 10, 1)
SILENT = Signs(is_thin=False, keywords=(), requirements=())


def _found(leaders=(), content=None, signs=SILENT, figures=(), path=(), *, is_deepest=False):
    given = NeedContent.model_validate({"title": "t", "problem": "p", **(content or {})})
    evidence = Evidence(leaders, signs, figures, path, is_deepest, TODAY)
    return {(gap.field.value, gap.reason.value): gap for gap in gaps(given, evidence)}


def _offers(*described):
    return [Offer(str(number), "zh", "t", **fields) for number, fields in enumerate(described)]


def _values(found, field, reason="not_stated"):
    return [patch[field] for patch in found[field, reason].patches]


def test_codes_are_tried_from_the_commonest_and_of_equals_from_the_best():
    offers = _offers(*({"scenarios": tuple(Scenario(code, "1") for code in codes)} for codes in ("B", "CA", "A", "D")))
    assert _values(_found(offers), "scenario_code") == ["A", "B", "C"]


def test_limits_are_tried_at_the_lowest_the_middle_and_the_highest():
    offers = _offers(*({"trl": level, "delivery_weeks": level} for level in (9, 5, 7, 6, 8, 5)), {})
    assert _values(_found(offers), "min_trl") == [5, 7, 9]
    assert _values(_found(offers), "complete_by") == ["2026-11-05", "2026-11-19", "2026-12-03"]
    assert _values(_found(offers[:1]), "min_trl") == [9]


def test_no_budget_is_tried_that_lies_below_the_lowest_one():
    offers = _offers({"price_min": 1, "price_max": 30}, {"price_max": 20}, {})
    assert _values(_found(offers), "budget_max_cny") == [1, 20, 30]
    assert _values(_found(offers, {"budget_min_cny": 20}), "budget_max_cny") == [20, 30]


def test_an_industry_is_made_deeper_and_never_another():
    served = {
        "industry_paths": (("C", "39", "392"), ("C", "14", "142")),
        "cases": (Case("b", "s", ("C", "39", "391")),),
    }
    found = _found(_offers(served), {"industry_code": "39"}, path=("C", "39"))
    assert _values(found, "industry_code", "not_deepest") == ["392", "391"]
    assert found["industry_code", "not_deepest"].kind == AdviceKind.VAGUE
    assert not [
        gap for gap in _found(_offers(served), {"industry_code": "39"}, is_deepest=True) if "industry" in gap[0]
    ]


def test_words_of_another_language_are_not_suggested():
    offers = [
        Offer("a", "en", "t", keywords=("seam",), specs=(Spec("miss rate", "<=", 1, "%"),)),
        Offer("b", "zh-Hant", "t", keywords=("焊縫",), specs=(Spec("漏檢率", "<=", 2, "%"),)),
    ]
    assert _values(_found(offers), "keywords") == [["焊縫"]]
    assert _values(_found(offers, {"lang": "en"}), "keywords") == [["seam"]]
    assert [one["metric"] for (one,) in _values(_found(offers), "requirements")] == ["漏檢率"]


def test_a_figure_of_the_best_candidate_is_tried_as_a_requirement():
    offers = _offers({"specs": (Spec("漏检率", "<=", 1, "%"),)}, {"specs": (Spec("漏检率", "<=", 9, "%"),)})
    (tried,) = _values(_found(offers), "requirements")
    assert tried == [{"text": "漏检率", "kind": "must", "metric": "漏检率", "operator": "<=", "target": 1, "unit": "%"}]


def test_of_many_like_figures_the_most_alike_are_tried():
    content = {"requirements": [{"text": "a"}, {"text": "b"}]}
    figures = [LikeFigure(i % 2, Spec(f"m{i}", "<=", i, "%"), 0.9 - i / 100) for i in range(5)]
    gap = _found(content=content, figures=figures)["requirements", "without_figure"]
    assert gap.places == ("/requirements/0", "/requirements/1")
    assert [[one["metric"] for one in patch["requirements"]] for patch in gap.patches] == [
        ["m0", None], [None, "m1"], ["m2", None],
    ]  # fmt: skip
    assert len(gap.patches) == TRIED


def test_words_that_decide_nothing_are_pointed_to_where_they_stand():
    content = {"keywords": ["a", "b", "c"], "requirements": [{"text": "d"}, {"text": "e"}]}
    signs = Signs(is_thin=True, keywords=("unheard", None, "common"), requirements=(None, "unheard"))
    found = _found(_offers({"keywords": ("a", "x")}), content, signs)
    assert found["keywords", "unheard"].places == ("/keywords/0",)
    assert found["keywords", "unheard"].patches == ({"keywords": ["b", "c", "x"]},)
    assert (found["keywords", "common"].places, found["keywords", "common"].patches) == (("/keywords/2",), ())
    assert found["requirements", "unheard"].places == ("/requirements/1",)
    assert found["problem", "few_words"].kind == AdviceKind.VAGUE


@pytest.mark.parametrize("field", ["current_state", "goal", "data_readiness"])
def test_free_text_is_missed_and_not_made_up(field):
    assert _found()[field, "not_stated"].patches == ()
    assert (field, "not_stated") not in _found(content={field: "x"})


def test_only_what_is_not_stated_is_called_missing():
    for (_, reason), gap in _found(signs=Signs(is_thin=True, keywords=(), requirements=())).items():
        assert (gap.kind == AdviceKind.MISSING) == (reason == AdviceReason.NOT_STATED)
