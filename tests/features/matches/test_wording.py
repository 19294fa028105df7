import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.matches.types import AdviceReason, Constraint, MatchOutcome
from app.features.matches.wording import (
    advice_text,
    coaching_text,
    coverage_text,
    outcome_text,
    simulation_text,
    violation_text,
)
from app.features.needs.types import NeedField
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


def _simulated(**changes):
    nothing = {"stated": [], "changed": [], "withdrawn": [], "newly_suitable": 0, "no_longer_suitable": 0, "moved": 0}
    return simulation_text(**(nothing | changes))


def test_a_simulation_leads_with_the_fields_and_tells_what_moves():
    said = _simulated(stated=[NeedField.DATA_READINESS], newly_suitable=2, moved=2)
    assert said.zh == "补充数据条件后，新增 2 项合适的能力，共 2 项改变名次或是否合适。"
    assert said.en == ("Stated: data at hand. 2 more capabilities are suitable, 2 change place or suitability in all.")


def test_a_simulation_tells_stated_changed_and_withdrawn_apart():
    said = _simulated(
        stated=[NeedField.GOAL, NeedField.KEYWORDS],
        changed=[NeedField.IP_TERMS],
        withdrawn=[NeedField.MIN_TRL],
        newly_suitable=1,
        no_longer_suitable=1,
        moved=3,
    )
    assert said.zh == (
        "补充预期目标、关键词、修改产权归属、去掉成熟度要求后，新增 1 项合适的能力，1 项不再合适，"
        "共 3 项改变名次或是否合适。"
    )
    assert said.en == (
        "Stated: goal, keywords. Changed: IP terms. Withdrawn: maturity at least. 1 more capability is suitable, "
        "1 is no longer suitable, 3 change place or suitability in all."
    )


def test_a_simulation_that_moves_nothing_says_so():
    assert _simulated().zh == "内容没有改动，名次不变。"
    assert _simulated().en == "Nothing is changed. The ranking stays as it is."
    assert _simulated(changed=[NeedField.ATTACHMENTS]).zh == "修改附件后，名次不变。"
    assert _simulated(changed=[NeedField.ATTACHMENTS], moved=1).en.endswith("1 changes place or suitability in all.")


@pytest.mark.parametrize(
    ("effect", "zh", "en"),
    [
        (None, "没有可供试填的值", "no value to try"),
        (0.0, "前 20 名没有变化", "leave the first 20 as they are"),
        (7 / 3, "平均有 2.3 项能力", "2.3 capabilities on average"),
    ],
)
def test_advice_says_what_a_value_would_change_as_far_as_it_is_known(effect, zh, en):
    said = advice_text(NeedField.SCENARIO_CODE, AdviceReason.NOT_STATED, effect=effect, limit=20)
    assert said.zh.startswith("场景：没有填写。")
    assert said.en.startswith("Scenario: nothing is stated.")
    assert zh in said.zh
    assert en in said.en


def test_coaching_names_the_fields_in_their_order():
    said = coaching_text([NeedField.IP_TERMS, NeedField.GOAL])
    assert said.zh == "建议依次完善：产权归属、预期目标。"
    assert said.en == "Worth another look, in this order: IP terms, goal."
    assert coaching_text([]).zh == "没有发现缺漏。"
