from dataclasses import replace
from itertools import islice

import pytest

import app.matching
from app.matching import Dictionary, Matcher, MatcherParams, Need, Offer, Reader, Scenario, Thesaurus, cc_cedict


def ids(ranking):
    return [match.offer_id for match in ranking.matches]


def test_all_is_sorted_and_importable():
    names = app.matching.__all__
    assert names == sorted(names, key=lambda name: (not name.isupper(), name))
    assert all(hasattr(app.matching, name) for name in names)


def test_the_two_stories_come_first(demo, matcher, as_of):
    needs = {need.id: need for need in demo.needs}
    for need, offer in [
        ("need-food-sorting", "cap-fangge-food-sorting"),
        ("need-expense-approval", "cap-zhangcheng-expense"),
    ]:
        assert ids(matcher.rank(needs[need], k=1, as_of=as_of)) == [offer]


@pytest.mark.parametrize(("asked", "offered"), [("en", "zh"), ("zh", "en")])
def test_good_answers_in_the_other_language_reach_the_top_three(asked, offered, demo, matcher, as_of):
    lang = {offer.id: offer.lang for offer in demo.offers}
    found = [
        (need.id, offer)
        for need in demo.needs
        if need.lang == asked
        for offer in ids(matcher.rank(need, k=3, as_of=as_of, explain=False))
        if lang[offer] == offered and demo.grades[need.id].get(offer, 0) >= 2
    ]
    assert found


def test_both_rankings_and_the_pair_agree_exactly(demo, matcher, as_of):
    by_need = {
        (match.need_id, match.offer_id): match.score
        for need in demo.needs
        for match in matcher.rank(need, k=150, as_of=as_of, explain=False).matches
    }
    by_offer = {
        (match.need_id, match.offer_id): match.score
        for offer in demo.offers[::10]
        for match in matcher.rank_offer(offer, k=64, as_of=as_of, explain=False).matches
    }
    assert len(by_need) == 64 * 150
    assert len(by_offer) == 64 * 15
    assert {pair: by_need[pair] for pair in by_offer} == by_offer
    for need, offer in islice(zip(demo.needs, reversed(demo.offers), strict=False), 30):
        assert matcher.pair(need, offer, as_of=as_of).score == by_need[need.id, offer.id]


def test_a_preview_scores_as_it_would_when_fitted(demo, matcher, as_of):
    need, offer = demo.needs[0], demo.offers[0]
    fitted = matcher.pair(need, offer, as_of=as_of)
    preview = matcher.pair(replace(need, id="draft"), replace(offer, id="draft"), as_of=as_of)
    assert preview.score == fitted.score


def test_equal_scores_are_ordered_by_id(demo, as_of):
    twins = [replace(demo.offers[0], id=key) for key in ("c", "a", "b")]
    matcher = Matcher(MatcherParams(), Reader(demo.thesaurus, cc_cedict())).fit(twins, demo.needs)
    assert ids(matcher.rank(demo.needs[0], k=3, as_of=as_of)) == ["a", "b", "c"]
    assert ids(matcher.rank(demo.needs[0], k=2, as_of=as_of)) == ["a", "b"]


def test_absence_is_not_agreement(demo, matcher, as_of):
    need = demo.needs[0]
    offer = next(offer for offer in demo.offers if offer.id == "cap-zhangcheng-expense")
    agreeing = matcher.pair(need, offer, as_of=as_of)
    for name, silence in [
        ("scenario", {"scenarios": ()}),
        ("industry", {"industry_paths": ()}),
        ("cases", {"cases": ()}),
    ]:
        match = matcher.pair(need, replace(offer, **silence), as_of=as_of)
        share = next(signal for signal in match.signals if signal.name == name)
        assert (share.value, share.share, share.effective_weight) == (None, 0.0, 0.0)
        assert match.score < agreeing.score


def test_disagreeing_is_worse_than_silence(demo, matcher, as_of):
    need = demo.needs[0]
    offer = next(offer for offer in demo.offers if offer.id == "cap-zhangcheng-expense")
    elsewhere = replace(offer, scenarios=(Scenario("S01", "1"),))
    silent = replace(offer, scenarios=())
    assert matcher.pair(need, elsewhere, as_of=as_of).score < matcher.pair(need, silent, as_of=as_of).score


def test_a_traditional_query_finds_the_simplified_offer(as_of):
    offers = [Offer("a", "zh", "机器视觉漏检"), Offer("b", "zh", "仓储物流机器人"), Offer("c", "zh", "财务审批软件")]
    need = Need("n", "zh-Hant", "機器視覺漏檢", "人工目檢")
    ranking = Matcher(MatcherParams(), Reader(Thesaurus(), Dictionary())).fit(offers).rank(need, k=1, as_of=as_of)
    assert ids(ranking) == ["a"]
    assert "機器視覺漏檢 ~ 机器视觉漏检" in {term.term for term in ranking.matches[0].terms}


def test_only_eligible_pairs_are_ranked(demo, matcher, as_of):
    wanted = {demo.offers[3].id, demo.offers[7].id, "unknown"}
    ranking = matcher.rank(demo.needs[0], k=500, as_of=as_of, eligible=wanted)
    assert set(ids(ranking)) == wanted - {"unknown"}
    assert ranking.considered == 2
    other = matcher.rank_offer(demo.offers[0], k=5, as_of=as_of, eligible={demo.needs[2].id})
    assert [match.need_id for match in other.matches] == [demo.needs[2].id]


def test_an_empty_corpus_has_no_suitable_offer(as_of):
    empty = Matcher(MatcherParams(), Reader(Thesaurus(), Dictionary())).fit([])
    need, offer = Need("n", "zh", "外观检测", "漏检"), Offer("o", "zh", "外观检测")
    for ranking in (empty.rank(need, k=10, as_of=as_of), empty.rank_offer(offer, k=10, as_of=as_of)):
        assert (ranking.matches, ranking.outcome, ranking.considered) == ((), "no_suitable_offer", 0)
    assert empty.pair(need, offer, as_of=as_of).score == 0.0


def test_a_corpus_without_a_word_can_be_fitted(as_of):
    wordless = Matcher(MatcherParams(), Reader(Thesaurus(), Dictionary())).fit(
        [Offer("o", "zh", "")], [Need("n", "zh", "", "")]
    )
    assert wordless.rank(Need("n", "zh", "外观", "漏检"), k=1, as_of=as_of).matches[0].score == 0.0


def test_bad_calls_are_refused(demo, matcher, as_of):
    with pytest.raises(ValueError, match="at least 1"):
        matcher.rank(demo.needs[0], k=0, as_of=as_of)
    with pytest.raises(ValueError, match="differ"):
        Matcher(MatcherParams(), Reader(Thesaurus(), Dictionary())).fit([demo.offers[0], demo.offers[0]])
    with pytest.raises(ValueError, match="differ"):
        Matcher(MatcherParams(), Reader(Thesaurus(), Dictionary())).fit([], [demo.needs[0], demo.needs[0]])


def test_the_floor_decides_the_outcome(demo, as_of):
    for floor, outcome in [(0.0, "ranked"), (1.0, "no_suitable_offer")]:
        matcher = Matcher(MatcherParams(floor=floor), Reader(demo.thesaurus, cc_cedict())).fit(demo.offers[:5])
        ranking = matcher.rank(demo.needs[0], k=3, as_of=as_of)
        assert (ranking.outcome, ranking.floor, ranking.matcher_version) == (outcome, floor, matcher.params.version)
        assert len(ranking.matches) == 3
