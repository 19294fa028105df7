from dataclasses import replace

import pytest

from app.matching import Case, CaseResult, Dictionary, Matcher, MatcherParams, Need, Offer, Reader, Requirement, Spec

NEED = Need("n", "zh", "焊缝目检", "夜班漏检多。")
OFFERS = [
    Offer("a", "zh", "焊缝视觉检测", description="检测焊缝气孔。", specs=(Spec("焊缝漏检率", "<=", 0.3, "%"),)),
    Offer("b", "zh", "能耗管理", description="车间计量。", specs=(Spec("节能率", ">=", 10, "%"),)),
    Offer("c", "zh", "视觉分拣"),
    Offer("d", "zh", "视觉上料", description="氮气保护。"),
]
EVERYBODY = frozenset("abcd")


@pytest.fixture
def small(small_thesaurus):
    def fitted(*needs, offers=OFFERS):
        return Matcher(MatcherParams(), Reader(small_thesaurus, Dictionary())).fit(offers, needs)

    return fitted


def _keywords(matcher, *words, considered=EVERYBODY):
    return matcher.signs(replace(NEED, keywords=words), considered=considered).keywords


def test_a_word_nobody_uses_is_unheard(small):
    assert _keywords(small(NEED), "焊缝", "飞边", "PFAS") == (None, "unheard", "unheard")


def test_a_word_of_the_needs_own_counts_for_nothing(small):
    """It stands in the index, for the need is in it; no offer has heard it."""
    assert _keywords(small(NEED), "漏检多") == (None,), "漏检 is used"
    assert _keywords(small(NEED), "夜班") == ("unheard",)


def test_a_single_character_in_common_is_no_word_in_common(small):
    assert _keywords(small(NEED), "电气") == ("unheard",)


@pytest.mark.parametrize(
    ("users", "others", "sign"),
    [
        (11, 40, "common"),
        (11, 50, None),
        (10, 0, None),
    ],
)
def test_a_word_is_common_from_a_fifth_of_the_offers_and_more_than_ten(small, users, others, sign):
    offers = [Offer(f"u{i}", "zh", "机台视觉") for i in range(users)] + [
        Offer(f"o{i}", "zh", "能耗计量") for i in range(others)
    ]
    considered = {offer.id for offer in offers}
    assert _keywords(small(NEED, offers=offers), "视觉", considered=considered) == (sign,)


def test_a_keyword_of_a_common_and_a_rare_word_is_not_common(small):
    offers = [Offer(f"u{i}", "zh", "视觉") for i in range(11)] + OFFERS[:1]
    considered = {offer.id for offer in offers}
    assert _keywords(small(NEED, offers=offers), "视觉", "视觉检测", considered=considered) == ("common", None)


def test_what_may_not_be_considered_leaves_no_trace(small):
    assert _keywords(small(NEED), "能耗", considered=EVERYBODY) == (None,)
    assert _keywords(small(NEED), "能耗", considered=frozenset("acd")) == ("unheard",)
    without = small(NEED, offers=[offer for offer in OFFERS if offer.id != "b"])
    for word in ("视觉", "检测", "能耗", "氮气"):
        hidden = _keywords(small(NEED), word, considered=frozenset("acd"))
        assert hidden == _keywords(without, word, considered=frozenset("acd"))


def test_a_requirement_is_read_with_the_name_of_its_figure(small):
    texts = (Requirement("飞边少"), Requirement("飞边少", "must", "焊缝漏检率", "<=", 1.0, "%"))
    assert small(NEED).signs(replace(NEED, requirements=texts), considered=EVERYBODY).requirements == ("unheard", None)


def test_without_offers_every_word_is_unheard(small):
    assert _keywords(small(NEED, offers=[]), "焊缝", considered=frozenset()) == ("unheard",)


def _thin(matcher, need):
    return matcher.signs(need, considered=EVERYBODY).is_thin


def test_a_need_of_few_words_is_thin_beside_the_usual_one(demo, matcher):
    usual = demo.needs[0]
    assert not _thin(matcher, usual)
    assert _thin(matcher, replace(usual, id="x", problem="太慢", current_state="", goal="", requirements=(),
                                  data_readiness=""))  # fmt: skip


def test_english_is_held_against_english(small):
    long = Need(
        "l", "zh", "焊缝目检", "夜班漏检多，客户退货，焊工不足，返修排队，交期一拖再拖，检验员两班倒也看不过来。"
    )
    short = Need("e", "en", "Weld seams are inspected by eye", "Many are missed at night.")
    assert not _thin(small(long, short), short)
    assert _thin(small(long, replace(short, id="z", lang="zh")), replace(short, lang="zh"))
    assert not _thin(small(long), short), "nothing to be held against"


def _like(matcher, *requirements, among=EVERYBODY):
    return matcher.like_figures(replace(NEED, requirements=requirements), among)


def test_a_requirement_in_words_finds_the_figure_of_its_name(small):
    (found,) = _like(small(NEED), Requirement("车间整洁"), Requirement("焊缝漏检率要低"))
    assert (found.requirement, found.spec) == (1, Spec("焊缝漏检率", "<=", 0.3, "%"))
    assert 0.45 <= found.similarity <= 1


def test_a_requirement_with_a_figure_needs_none(small):
    assert _like(small(NEED), Requirement("焊缝漏检率", "must", "焊缝漏检率", "<=", 1.0, "%")) == ()


def test_what_a_case_reached_is_not_asked_for(small):
    """It is what happened once and no promise, and which way is better is not said."""
    result = CaseResult("焊缝漏检率", 3, 0.2, "%")
    offer = Offer("x", "zh", "焊缝检测", cases=(Case("焊缝目检", "视觉", results=(result,)),))
    assert _like(small(NEED, offers=[offer]), Requirement("焊缝漏检率要低"), among=frozenset("x")) == ()


def test_figures_of_others_are_not_looked_at(small):
    assert _like(small(NEED), Requirement("焊缝漏检率要低"), among=frozenset("bcd")) == ()


def test_like_figures_come_most_alike_first_and_none_twice(small):
    twin = replace(OFFERS[0], id="e")
    near = replace(OFFERS[1], id="f", specs=(Spec("焊缝漏检率均值", "<=", 0.4, "%"),))
    matcher = small(NEED, offers=[*OFFERS, twin, near])
    found = _like(matcher, Requirement("焊缝漏检率"), among=frozenset("abcdef"))
    assert [like.spec.metric for like in found] == ["焊缝漏检率", "焊缝漏检率均值"]
    assert found[0].similarity > found[1].similarity


def test_without_figures_or_requirements_there_is_nothing_to_be_like(small):
    assert _like(small(NEED)) == ()
    assert _like(small(NEED, offers=[OFFERS[2]]), Requirement("焊缝漏检率")) == ()


def test_a_word_is_heard_in_translation(small_thesaurus):
    dictionary = Dictionary([("飞边", ("burr",)), ("缝", ("seam",))])
    offers = [*OFFERS, Offer("e", "en", "Burr removal at the seam")]
    matcher = Matcher(MatcherParams(), Reader(small_thesaurus, dictionary)).fit(offers, [NEED])
    assert _keywords(matcher, "飞边", "缝纫", considered=frozenset("abcde")) == (None, "unheard")
    assert _keywords(matcher, "飞边") == ("unheard",), "who may not be considered leaves no trace"


def test_who_rules_a_word_out_hides_nobody_who_uses_it(small):
    offers = [Offer("u", "zh", "飞边清理"), Offer("v", "zh", "清洗", description="不适用于飞边清理。")]
    assert _keywords(small(NEED, offers=offers), "飞边", considered={"u", "v"}) == (None,)
