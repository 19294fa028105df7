import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.matches.types import Constraint, MatchOutcome
from app.features.matches.wording import coverage_text, outcome_text, violation_text
from app.features.postings.types import Comparison

COUNTS = st.integers(0, 50)


def _figure(**changes):
    detail = {"metric": "漏检率", "operator": "<=", "target": 0.5, "unit": "%", "stated": 1.0, "stated_unit": "%"}
    return violation_text(Constraint.REQUIREMENT, detail | changes)


def test_coverage_leads_with_what_is_met_and_leaves_out_what_is_not_there():
    said = coverage_text(met=3, partial=0, unmet=1, not_stated=0)
    assert said.zh == "满足 3/4 项，未满足 1 项"
    assert said.en == "3 of 4 met, 1 not met"


def test_a_need_without_requirements_is_not_said_to_meet_zero_of_zero():
    said = coverage_text(met=0, partial=0, unmet=0, not_stated=0)
    assert said.zh == "需求未列出技术指标"
    assert said.en == "The need lists no requirements"


@given(met=COUNTS, partial=COUNTS, unmet=COUNTS, not_stated=COUNTS)
def test_the_numbers_of_a_coverage_add_up(met, partial, unmet, not_stated):
    said = coverage_text(met=met, partial=partial, unmet=unmet, not_stated=not_stated)
    total = met + partial + unmet + not_stated
    if total:
        assert said.en.startswith(f"{met} of {total} met")
        assert said.zh.startswith(f"满足 {met}/{total} 项")
        assert ("partly" in said.en) == ("部分满足" in said.zh) == (partial > 0)
        assert ("not stated" in said.en) == ("未说明" in said.zh) == (not_stated > 0)


def test_no_suitable_candidate_is_said_plainly_in_both_languages():
    said = outcome_text(MatchOutcome.NO_SUITABLE_OFFER, suitable=0, shown=3)
    assert "没有合适的对象" in said.zh
    assert "no suitable candidate" in said.en


def test_suitable_candidates_are_counted():
    said = outcome_text(MatchOutcome.RANKED, suitable=4, shown=10)
    assert said.zh == "前 10 名中有 4 个合适的对象。"
    assert said.en == "4 of the first 10 are suitable."


def test_candidates_that_all_break_a_constraint_are_not_called_found():
    said = outcome_text(MatchOutcome.RANKED, suitable=0, shown=3)
    assert "0" not in said.zh
    assert "硬性条件" in said.zh
    assert "hard constraint" in said.en


def test_a_maturity_too_low_names_both_levels():
    said = violation_text(Constraint.TRL, {"needed": 8, "stated": 6})
    assert said.zh == "成熟度 TRL6，要求不低于 TRL8"
    assert said.en == "Maturity is TRL 6; at least TRL 8 is asked"


def test_a_price_above_the_budget_names_both_figures():
    told = violation_text(Constraint.BUDGET, {"budget_max": 900_000, "price_min": 1_200_000})
    assert "1,200,000" in told.zh
    assert "900,000" in told.zh
    assert "CNY 1,200,000" in told.en


def test_a_place_not_served_is_said_without_codes():
    assert violation_text(Constraint.REGION, {"needed": ["320506"], "served": ["310000"]}) == Constraint.REGION.label


def test_a_missed_figure_names_what_is_stated_and_what_is_asked():
    assert _figure().zh == "漏检率：对方给出 1 %，要求 ≤ 0.5 %"
    assert _figure().en == "漏检率: stated 1 %, asked ≤ 0.5 %"


@pytest.mark.parametrize("operator", Comparison)
def test_every_comparison_has_a_sign(operator):
    assert f"asked {'≥≤='[list(Comparison).index(operator)]} 0.5 %" in _figure(operator=operator.value).en


def test_a_figure_without_a_unit_ends_where_it_ends():
    assert _figure(unit="", stated_unit="").en == "漏检率: stated 1, asked ≤ 0.5"


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (80.0, "80"),
        (0.02, "0.02"),
        (-40.0, "-40"),
        (1_200_000.0, "1200000"),
        (1_234_567.0, "1234567"),
        (99.99995, "99.99995"),
        (1e15, "1000000000000000"),
        (0.000001, "0.000001"),
    ],
)
def test_a_figure_is_written_out_in_full(figure, said):
    """A stated 99.99995 that reads "100" would seem to reach 99.9999, and nobody orders 1.2e+06 pieces."""
    assert f"stated {said} %," in _figure(stated=figure).en
    assert _figure(target=figure).zh.endswith(f"≤ {said} %")
