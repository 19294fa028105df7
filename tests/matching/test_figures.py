"""Kinds of figures: what bounds know of an offer's figures before any is compared."""

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.matching import Dictionary, Matcher, MatcherParams, Need, Offer, Reader, Requirement, Spec, Thesaurus
from app.matching.documents import Case, CaseResult
from app.matching.figures import MET, PARTIAL, asked_figures, asked_kinds, nearest, stated_figures, stated_kinds

READER = Reader(Thesaurus(), Dictionary())
operators = st.sampled_from([">=", "<=", "="])
values = st.sampled_from([1, 2, 9.5, 10, 99])
units = st.sampled_from(["%", "mm", "μm", "s/件", "件/h", "万元", "元", "℃", "kW", ""])
texts = st.sampled_from(
    [
        "",
        "节拍从10 s/件降至2 s/件",
        "良率提升到99%",
        "误差不超过2 mm",
        "节拍10 s/件",
        "cut from 99 % to 10 %",
        "成本降低10%",
    ]
)


@given(
    specs=st.lists(st.builds(Spec, st.just("指标"), operators, values, units), max_size=2),
    results=st.lists(st.builds(CaseResult, st.just("指标"), values, values, units), max_size=2),
    text=texts,
    asked=st.tuples(operators, values, units),
)
@settings(deadline=None, max_examples=300)
def test_a_figure_that_answers_a_requirement_is_of_one_of_its_kinds(specs, results, text, asked):
    requirement = Requirement("指标", "must", "指标", *asked)
    matcher = Matcher(MatcherParams(), READER).fit(
        [Offer("o", "zh", "检测", description=text, specs=tuple(specs), cases=(Case("", "", results=tuple(results)),))],
        [Need("n", "zh", "检测", "")],
    )
    figures = matcher.index_.segments[0].table.children["figures"]
    assume(len(figures["value"]))
    wanted = asked_figures([requirement], matcher.model_.numbers.dimensions)
    alike = np.ones((len(figures["value"]), 2))
    found = nearest(np.array([0]), figures.starts, np.array([0, len(alike)]), alike, stated_figures(figures), wanted)
    answers = found.verdict[0, 0] in (MET, PARTIAL)
    assert not answers or stated_kinds(figures)[0] & asked_kinds(wanted)[0]


def test_a_figure_of_another_unit_or_direction_is_of_another_kind():
    offers = [
        Offer("a", "zh", "检测", specs=(Spec("误差", "<=", 1, "mm"),)),
        Offer("b", "zh", "检测", specs=(Spec("误差", ">=", 1, "mm"),)),
        Offer("c", "zh", "检测", specs=(Spec("误差", "=", 1, "μm"),)),
        Offer("d", "zh", "检测", specs=(Spec("误差", "<=", 1, "%"),)),
        Offer("e", "zh", "检测"),
    ]
    matcher = Matcher(MatcherParams(), READER).fit(offers, [Need("n", "zh", "检测", "")])
    kinds = stated_kinds(matcher.index_.segments[0].table.children["figures"])
    for unit, expected in (("mm", [True, False, True, False, False]), ("℃", [False] * 5)):
        wanted = asked_figures([Requirement("误差", "must", "误差", "<=", 2, unit)], matcher.model_.numbers.dimensions)
        assert [bool(kind & asked_kinds(wanted)[0]) for kind in kinds] == expected
