"""Figures in the sentences of offers, and in the words of requirements."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching import (
    Case,
    CaseResult,
    Dictionary,
    Matcher,
    MatcherParams,
    Need,
    Offer,
    Reader,
    Requirement,
    Spec,
    Thesaurus,
)
from benchmarks.demo_set import AS_OF

DETECTION = Requirement("检出的缺陷占比", "must", "检出率", ">=", 99.5, "%")
MISSES = Requirement("漏掉的缺陷占比", "must", "漏检率", "<=", 0.5, "%")
CYCLE = Requirement("每件的时间", "must", "检测节拍", "<=", 10, "s")
PRECISION = Requirement("重复定位", "must", "定位精度", "<=", 0.05, "mm")
PRICE = Requirement("一套的价钱", "must", "单价", "<=", 40, "万元")
SPEED = Requirement("处理速度", "must", "throughput", ">=", 1000, "pcs/h")
FEWER_ALARMS = Requirement("少报假警", "must", "误报降低率", ">=", 80, "%")
CYCLE_EN = Requirement("Time per part", "must", "cycle time", "<=", 10, "s")


def finding(requirement, text, lang="zh", **stated):
    need = Need("n", "en" if requirement.text.isascii() else "zh", "外观检测", "漏检多", requirements=(requirement,))
    offer = Offer("o", lang, "外观检测设备", description=text, **stated)
    match = (
        Matcher(MatcherParams(), Reader(Thesaurus(), Dictionary())).fit([offer], [need]).pair(need, offer, as_of=AS_OF)
    )
    return match.requirements[0], match


@pytest.mark.parametrize(
    ("asked", "text", "lang", "status", "quoted"),
    [
        (DETECTION, "设备用双相机，检出率可达99.7%。", "zh", "met", "检出率可达99.7%"),
        (DETECTION, "設備用雙相機，檢出率可達 99.7％。", "zh-Hant", "met", "檢出率可達 99.7％"),
        (MISSES, "漏检率低于0.1%，上线快。", "zh", "met", "漏检率低于0.1%"),
        (MISSES, "漏檢率由 3% 降至 0.2%。", "zh-Hant", "met", "漏檢率由 3% 降至 0.2%"),
        (CYCLE, "检测节拍 0.1 分钟。", "zh", "met", "检测节拍 0.1 分钟"),
        (PRECISION, "定位精度±20μm。", "zh", "met", "定位精度±20μm"),
        (PRICE, "单价约300,000元。", "zh", "met", "单价约300,000元"),
        (SPEED, "Throughput of 1,200 pcs/h.", "en", "met", "Throughput of 1,200 pcs/h"),
        (CYCLE_EN, "The line runs with a cycle time under 8 s.", "en", "met", "cycle time under 8 s"),
        (CYCLE_EN, "It is quick. Cycle time under 8 s.", "en", "met", "Cycle time under 8 s"),
        (FEWER_ALARMS, "误报降低 85%。", "zh", "met", "误报降低 85%"),
    ],
)  # fmt: skip
def test_a_figure_in_a_sentence_meets_a_requirement_and_is_quoted(asked, text, lang, status, quoted):
    found, match = finding(asked, text, lang)
    assert (found.status, found.passage, found.field) == (status, quoted, "description")
    assert text[found.span.start : found.span.end] == quoted
    assert (found.detail["source"], found.detail["reached"]) == ("text", True)
    assert match.violations == ()


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (MISSES, "漏检率降低 0.2%。"),
        (MISSES, "产线漏检不超过 0.1%。"),
        (MISSES, "漏检率 0.1 mm。"),
        (MISSES, "漏检率 5%。"),
        (DETECTION, "检出率可达 98%。"),
        (DETECTION, "检出率由 90% 提升至 98%。"),
        (DETECTION, "检出率低于 99.9%。"),
        (FEWER_ALARMS, "误报率 90%。"),
    ],
)
def test_a_figure_of_another_kind_or_one_without_a_bound_that_falls_short_decides_nothing(asked, text):
    found, _ = finding(asked, text)
    assert "reached" not in found.detail
    assert found.status != "unmet"


@pytest.mark.parametrize(
    ("text", "status"),
    [("漏检率不超过 5%。", "unmet"), ("漏检率不超过 0.54%。", "partial"), ("整机综合漏检率不超过 5%。", "not_stated")],
)
def test_a_miss_in_a_sentence_needs_a_bound_and_a_sure_name_and_rules_nobody_out(text, status):
    found, match = finding(MISSES, text)
    assert found.status == status
    assert match.violations == ()


def test_a_hit_in_a_sentence_by_a_name_that_is_only_likely_is_partial():
    found, _ = finding(MISSES, "整机综合漏检率不超过 0.1%。")
    assert (found.status, found.detail["reached"]) == ("partial", True)


@pytest.mark.parametrize(
    ("value", "text", "status", "source"),
    [(3, "漏检率低于 0.1%。", "unmet", "spec"), (0.1, "漏检率不超过 5%。", "met", "spec")],
)
def test_a_spec_decides_before_a_sentence(value, text, status, source):
    found, _ = finding(MISSES, text, specs=(Spec("漏检率", "<=", value, "%"),))
    assert (found.status, found.detail["source"]) == (status, source)


def test_a_sentence_of_the_same_name_decides_before_a_spec_of_a_distant_one():
    found, _ = finding(MISSES, "漏检率低于 0.1%。", specs=(Spec("产线漏检", "<=", 0.1, "%"),))
    assert (found.status, found.detail["source"]) == ("met", "text")


def test_of_two_sentences_the_kinder_decides():
    assert finding(MISSES, "漏检率不超过 5%。客户现场漏检率不超过 0.1%。漏检率 0.2%。")[0].status == "met"


def test_a_sentence_decides_where_a_case_shows_no_limit():
    case = Case("漏检多", "改造", results=(CaseResult("漏检率", 3, 1, "%"),))
    assert finding(MISSES, "漏检率低于 0.1%。", cases=(case,))[0].status == "met"


@pytest.mark.parametrize(
    ("asked", "spec", "status"),
    [
        ("检出率不低于99.5%", Spec("检出率", ">=", 99.7, "%"), "met"),
        ("檢出率達到 99.5% 以上", Spec("检出率", ">=", 99.7, "%"), "met"),
        ("检出率达到99.5%", Spec("检出率", ">=", 98, "%"), "partial"),
        ("漏检率不能超过 0.1%", Spec("漏检率", "<=", 500, "ppm"), "met"),
        ("漏检率不能超过 0.1%", Spec("漏检率", "<=", 3, "%"), "unmet"),
        ("Cycle time under 8 s", Spec("cycle time", "<=", 0.1, "min"), "met"),
        ("Throughput of 1,000 pcs/h", Spec("throughput", ">=", 20, "pcs/min"), "met"),
        ("误报降低 80%", Spec("误报降低", ">=", 85, "%"), "met"),
    ],
)
def test_a_figure_only_written_in_a_requirement_is_asked_for(asked, spec, status):
    found, match = finding(Requirement(asked), "", "en" if asked.isascii() else "zh", specs=(spec,))
    assert found.status == status
    assert found.detail["reached"] is (status == "met")
    assert bool(match.violations) == (status != "met")


@pytest.mark.parametrize("asked", ["漏检率 0.1%", "节拍 8 秒", "检出率不低于99.5%，能出报表", "支持 3D 视觉"])
def test_a_requirement_that_leaves_the_direction_open_or_says_more_stays_in_words(asked):
    need = Need("n", "zh", "外观检测", "漏检多", requirements=(Requirement(asked),))
    matcher = Matcher(MatcherParams(), Reader(Thesaurus(), Dictionary())).fit([], [need])
    assert matcher.queries_[0].requirements == need.requirements


def test_words_on_both_sides_are_held_against_each_other():
    found, match = finding(Requirement("检出率不低于99.5%"), "检出率可达99.7%。")
    assert (found.status, found.passage, match.violations) == ("met", "检出率可达99.7%", ())


@given(
    st.sampled_from([(("mm", "定位精度", 1), ("μm", "定位精度", 1000)), (("min", "检测节拍", 1), ("s", "检测节拍", 60)),
                     (("万元", "单价", 1), ("元", "单价", 10000)), (("%", "漏检率", 1), ("ppm", "漏检率", 10000)),
                     (("件/min", "检测速度", 1), ("件/h", "检测速度", 60))]),
    st.integers(1, 400), st.integers(1, 400), st.sampled_from(["不超过", "不低于", "可达", "约"]),
    st.sampled_from(["<=", ">="]), st.booleans(),
)  # fmt: skip
def test_the_unit_a_figure_is_written_in_changes_no_verdict(units, asked, stated, word, operator, swap):
    verdicts = set()
    for unit, name, factor in units:
        other, _, other_factor = units[1] if swap else (unit, name, factor)
        requirement = Requirement("所求", "must", name, operator, asked * other_factor, other)
        verdicts.add(finding(requirement, f"{name}{word} {stated * factor} {unit}。")[0].status)
    assert len(verdicts) == 1
