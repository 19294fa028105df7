import math
from itertools import product

import pytest

from app.matching import Case, CaseResult, Dictionary, Matcher, MatcherParams, Need, Offer, Requirement, Spec, Thesaurus
from app.matching.passages import passages
from app.matching.prepared import Reader

RATE = Requirement("漏检的产品占比", "must", "漏检率", "<=", 0.5, "%")
SPEED = Requirement("处理速度", "must", "检测速度", ">=", 60, "件/分钟")


def finding(requirement, as_of, lang="zh", thesaurus=None, **stated):
    need = Need("n", "zh", "外观检测", "漏检多", requirements=(requirement,))
    offer = Offer("o", lang, "外观检测设备", **stated)
    match = (
        Matcher(MatcherParams(), Reader(thesaurus or Thesaurus(), Dictionary()))
        .fit([offer], [need])
        .pair(need, offer, as_of=as_of)
    )
    return match.requirements[0], match


@pytest.mark.parametrize(
    ("spec", "status"),
    [
        (Spec("漏检率", "<=", 0.5, "%"), "met"),
        (Spec("漏检率", "<=", 0.1, "%"), "met"),
        (Spec("漏检率", "=", 300, "ppm"), "met"),
        (Spec("漏检率", "<=", 0.54, "%"), "partial"),
        (Spec("漏检率", "<=", 5, "%"), "unmet"),
        (Spec("漏检率", "<=", 0.1, "mm"), "not_stated"),
        (Spec("漏检率", ">=", 0.1, "%"), "not_stated"),
        (Spec("设备重量", "<=", 0.1, "%"), "not_stated"),
    ],
)
def test_a_figure_is_decided_by_name_unit_direction_and_value(spec, status, as_of):
    found, match = finding(RATE, as_of, specs=(spec,))
    assert found.status == status
    assert (found.passage is None) == (status == "not_stated")
    assert bool(match.violations) == (status in {"partial", "unmet"})


def test_a_met_figure_quotes_what_was_stated(as_of):
    found, _ = finding(SPEED, as_of, specs=(Spec("检测速度", ">=", 4200, "件/小时"),))
    assert found.status == "met"
    assert found.passage == "检测速度 >= 4200 件/小时"
    assert (found.field, found.span.start, found.span.end) == ("specs.0.metric", 0, 4)
    assert found.detail["reached"] is True


def test_the_figure_most_like_the_asked_one_decides(as_of):
    found, _ = finding(
        RATE,
        as_of,
        specs=(Spec("综合漏检率", "<=", 5, "%"), Spec("漏检率", "<=", 0.1, "%"), Spec("漏检率", "<=", 9, "%")),
    )
    assert (found.status, found.field) == ("met", "specs.1.metric")


def test_a_sentence_has_no_words_between_its_own_however_many_the_offer_has(as_of):
    words = ["".join(pair) for pair in product(map("".join, product("bdfgkmnprt", "aou")), repeat=2)][:700]
    description = " ".join(f"{word.capitalize()}." for word in [*words, *words[::-1]])
    offer = Offer("o", "en", "", description=f"{description} {words[0].capitalize()} {words[-1]}.")
    matcher = Matcher(MatcherParams(), Reader(Thesaurus(), Dictionary())).fit([offer])
    [segment] = matcher.index_.segments
    # The words a step of a byte, or two of them, would lead to.
    terms = [matcher.model_.numbers.terms.values[number] for number in segment.table.children["terms"]["term"]]
    need = Need("n", "en", "Any", "", requirements=(Requirement(f"{terms[255]} {terms[510]}"),))
    assert len(terms) == len(words)
    assert matcher.pair(need, offer, as_of=as_of).requirements[0].status == "not_stated"


@pytest.mark.parametrize(
    ("before", "after", "status"), [(3, 0.2, "met"), (3, 1, "not_stated"), (0.1, 0.3, "not_stated")]
)
def test_a_case_shows_what_was_reached_but_no_limit(before, after, status, as_of):
    case = Case("漏检多", "改造", results=(CaseResult("漏检率", before, after, "%"),))
    found, match = finding(RATE, as_of, cases=(case,))
    assert found.status == status
    assert not match.violations
    if status == "met":
        assert found.field == "cases.0.results.0.metric"
        assert found.passage == "漏检率 3 → 0.2 %"


@pytest.mark.parametrize(("unit", "passage"), [("人", "后段用工 20 → 2 人"), ("", "后段用工 20 → 2")])
def test_a_case_quotes_what_it_changed(unit, passage, as_of):
    asked = Requirement("减少后段人手", "must", "后段用工", "<=", 4, unit)
    case = Case("人手多", "改造", results=(CaseResult("后段用工", 20, 2, unit),))
    found, _ = finding(asked, as_of, cases=(case,))
    assert (found.passage, found.span.start, found.span.end) == (passage, 0, 4)
    assert (found.detail["stated"], found.detail["stated_operator"], found.detail["source"]) == (2, "=", "case")


def test_a_nice_figure_that_is_missed_breaks_nothing(as_of):
    nice = Requirement("漏检的产品占比", "nice", "漏检率", "<=", 0.5, "%")
    found, match = finding(nice, as_of, specs=(Spec("漏检率", "<=", 5, "%"),))
    assert (found.status, found.kind, match.violations) == ("unmet", "nice", ())


def test_an_equal_target_needs_the_same_value(as_of):
    zero = Requirement("进入釜内的人数", "must", "入釜人数", "=", 0, "人")
    assert finding(zero, as_of, specs=(Spec("入釜人数", "=", 0, "people"),))[0].status == "met"
    assert finding(zero, as_of, specs=(Spec("入釜人数", "=", 1, "人"),))[0].status == "unmet"


def test_a_requirement_without_a_target_is_not_held_against_figures(as_of):
    found = finding(Requirement("适应低温"), as_of, specs=(Spec("适应低温", ">=", 1, "℃"),))[0]
    assert (found.status, found.passage) == ("not_stated", None)


@pytest.mark.parametrize(
    ("description", "status"),
    [
        ("设备为不锈钢机身。耐低温，可冲洗，接触食品部分不藏污。", "met"),
        ("整机可冲洗，接触食品的部分不积水。", "partial"),
        ("整机可冲洗，接触食品的部分用不锈钢。", "not_stated"),
        ("提供云端订阅。", "not_stated"),
        ("暂不支持耐低温与冲洗，接触食品部分不藏污。", "not_stated"),
    ],
)
def test_words_are_decided_by_the_best_sentence(description, status, as_of):
    found, _ = finding(Requirement("耐低温、能冲洗，接触食品部分不藏污"), as_of, description=description)
    assert found.status == status
    if status != "not_stated":
        assert description[found.span.start : found.span.end].strip() == found.passage


@pytest.mark.parametrize(
    ("asked", "description", "status"),
    [
        ("不在托盘上加贴电子标签", "托盘上加贴电子标签。", "not_stated"),
        ("不在托盘上加贴电子标签", "托盘上不加贴电子标签。", "met"),
        ("No tags on pallets", "Tags on all pallets.", "not_stated"),
        ("No tags on pallets", "No tags on our pallets.", "met"),
        ("Tags on pallets", "Pallets without tags.", "not_stated"),
    ],
)
def test_what_one_side_denies_the_other_must_deny(asked, description, status, as_of):
    lang = "en" if asked.isascii() else "zh"
    need = Need("n", lang, "盘点", "盘点慢", requirements=(Requirement(asked),))
    offer = Offer("o", lang, "盘点", description=description)
    match = (
        Matcher(MatcherParams(), Reader(Thesaurus(), Dictionary())).fit([offer], [need]).pair(need, offer, as_of=as_of)
    )
    assert match.requirements[0].status == status


def test_one_common_word_shows_nothing(as_of):
    need = Need("n", "en", "Speed", "Slow", requirements=(Requirement("Speed"),))
    offer = Offer("o", "en", "Camera", description="High speed cameras.")
    match = (
        Matcher(MatcherParams(), Reader(Thesaurus(), Dictionary())).fit([offer], [need]).pair(need, offer, as_of=as_of)
    )
    assert match.requirements[0].status == "not_stated"


@pytest.mark.parametrize(
    ("metric", "value", "status"),
    [
        ("漏检率", 0.1, "met"),
        ("漏检率", 9, "unmet"),
        ("整机综合漏检率", 9, "not_stated"),
        ("整机综合漏检率", 0.1, "met"),
    ],
)
def test_a_miss_needs_a_surer_name_than_a_hit(metric, value, status, as_of):
    found, _ = finding(RATE, as_of, specs=(Spec(metric, "<=", value, "%"),))
    assert found.status == status


def test_a_figure_of_a_distant_name_is_at_most_partial(as_of):
    found, match = finding(RATE, as_of, specs=(Spec("产线漏检", "<=", 0.1, "%"),))
    assert (found.status, found.detail["reached"], match.violations) == ("partial", True, ())


def test_a_sentence_without_a_figure_is_at_most_partial(as_of):
    found, match = finding(RATE, as_of, description="漏检率低，漏检的产品占比小。")
    assert (found.status, found.field, match.violations) == ("partial", "description", ())


def test_figures_without_a_name_are_not_read(as_of):
    case = Case("漏检多", "改造", results=(CaseResult("", 3, 0.1, "%"),))
    found, _ = finding(RATE, as_of, specs=(Spec("", "<=", 0.1, "%"),), cases=(case,))
    assert found.status == "not_stated"


def test_across_languages_a_figure_is_found_through_concepts(small_thesaurus, as_of):
    asked = Requirement("缺陷", "must", "缺陷", "<=", 1, "%")
    found, _ = finding(asked, as_of, lang="en", thesaurus=small_thesaurus, specs=(Spec("defects", "<=", 0.5, "%"),))
    assert found.status == "met"


def test_silence_is_not_stated_and_earns_nothing(as_of):
    found, match = finding(RATE, as_of)
    assert (found.status, found.credit) == ("not_stated", 0.0)
    assert next(signal for signal in match.signals if signal.name == "requirements").value == 0.0


def test_a_need_that_asks_for_nothing_has_no_requirement_signal(as_of):
    need, offer = Need("n", "zh", "外观检测", "漏检"), Offer("o", "zh", "外观检测")
    match = Matcher(MatcherParams(), Reader(Thesaurus(), Dictionary())).fit([offer]).pair(need, offer, as_of=as_of)
    assert match.requirements == ()
    assert next(signal for signal in match.signals if signal.name == "requirements").value is None


READY = Requirement("每天出数", "must", "出数时间", "<=", 8, "点")


def among(spec, as_of, *, requirement=READY, others=(), **stated):
    """The finding about an offer beside nine others that state these specs."""
    need = Need("n", "zh", "经营看板", "报数慢", requirements=(requirement,))
    offer = Offer("o", "zh", "经营看板", specs=spec and (spec,), **stated)
    rest = [Offer(f"o{i}", "zh", "经营看板", specs=tuple(others[i : i + 1])) for i in range(9)]
    matcher = Matcher(MatcherParams(), Reader(Thesaurus(), Dictionary())).fit([offer, *rest], [need])
    return matcher.pair(need, offer, as_of=as_of).requirements[0]


def test_a_rare_figure_under_another_name_earns_something_but_is_not_what_was_asked(as_of):
    found = among(Spec("看板就绪时刻", "<=", 7.5, "点"), as_of)
    assert found.status == "not_stated"
    assert (found.passage, found.field) == ("看板就绪时刻 <= 7.5 点", "specs.0.metric")
    assert found.credit == pytest.approx(0.9 * (1 - math.log(2) / math.log(11)))
    assert (found.detail["reached"], found.detail["similarity"]) == (True, None)


def test_it_earns_less_the_more_offers_state_such_a_figure(as_of):
    spec = Spec("看板就绪时刻", "<=", 7.5, "点")
    alone = among(spec, as_of).credit
    with_others = among(spec, as_of, others=[Spec("开机", "<=", 9, "点"), Spec("打烊", ">=", 9, "点")]).credit
    assert with_others == pytest.approx(0.9 * (1 - math.log(3) / math.log(11)))
    assert with_others < alone
    assert among(spec, as_of, others=[Spec("开机", "<=", 9, "点")] * 9).passage is None


@pytest.mark.parametrize(
    ("spec", "stated"),
    [
        (Spec("看板就绪时刻", "<=", 9, "点"), {}),
        (Spec("看板就绪时刻", ">=", 7, "点"), {}),
        (Spec("看板就绪时刻", "<=", 7, "小时"), {}),
        ((), {"description": "换型时间不超过5分钟。"}),
    ],
)
def test_only_a_spec_or_a_case_that_reaches_the_target_does(spec, stated, as_of):
    asked = Requirement("呼叫到人到场", "must", "响应时间", "<=", 8, "分钟") if stated else READY
    found = among(spec, as_of, requirement=asked, **stated)
    assert (found.status, found.passage, found.credit) == ("not_stated", None, 0.0)


def test_a_case_that_came_from_above_does_too(as_of):
    case = Case("报数慢", "看板", results=(CaseResult("看板就绪时刻", 11, 7, "点"),))
    found = among((), as_of, cases=(case,))
    assert (found.status, found.field) == ("not_stated", "cases.0.results.0.metric")
    assert found.credit > 0.5


def test_a_value_that_is_asked_for_exactly_is_counted_in_the_likelier_direction(as_of):
    exactly = Requirement("每天出数", "must", "出数时间", "=", 8, "点")
    others = [Spec("开机", "<=", 9, "点"), Spec("开机", "<=", 9, "点"), Spec("打烊", ">=", 9, "点")]
    found = among(Spec("看板就绪时刻", "=", 8, "点"), as_of, requirement=exactly, others=others)
    assert found.credit == pytest.approx(0.9 * (1 - math.log(4) / math.log(11)))


def test_what_has_the_asked_name_decides_before_what_has_another(as_of):
    found, _ = finding(READY, as_of, specs=(Spec("看板就绪时刻", "<=", 7.5, "点"), Spec("出数时间", "<=", 12, "点")))
    assert (found.status, found.field) == ("unmet", "specs.1.metric")


def test_a_nice_requirement_weighs_half_a_must(as_of):
    stated = {"specs": (Spec("漏检率", "<=", 0.1, "%"),)}
    nice = Requirement("处理速度", "nice", "检测速度", ">=", 60, "件/分钟")
    need = Need("n", "zh", "外观检测", "漏检多", requirements=(RATE, nice))
    offer = Offer("o", "zh", "外观检测设备", **stated)
    match = (
        Matcher(MatcherParams(), Reader(Thesaurus(), Dictionary())).fit([offer], [need]).pair(need, offer, as_of=as_of)
    )
    assert next(s for s in match.signals if s.name == "requirements").value == pytest.approx(1 / 1.5)


def test_passages_cover_each_sentence_once():
    text = "First part at 0.5 mm. Second part!\n第三句；第四句"
    read = Reader(Thesaurus(), Dictionary()).offer(Offer("o", "zh", "", description=text))
    assert [passage.text for passage in passages(read)] == [
        "First part at 0.5 mm.",
        "Second part!",
        "第三句；",
        "第四句",
    ]
