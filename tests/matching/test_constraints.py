import pytest

from app.matching import Dictionary, Matcher, MatcherParams, Need, Offer, Reader, Requirement, Spec, Thesaurus

NEED = Need(
    "n", "zh", "外观检测", "漏检多", requirements=(Requirement("漏检占比", "must", "漏检率", "<=", 0.5, "%"),),
    budget_max=100, min_trl=8, region_codes=frozenset({"320506", "320500"}),
)  # fmt: skip
GOOD = {"trl": 8, "price_min": 50, "region_codes": frozenset({"320500"}), "specs": (Spec("漏检率", "<=", 0.1, "%"),)}


def offer(key, **facts):
    return Offer(key, "zh", "外观检测设备", **{**GOOD, **facts})


BROKEN = {
    "region": {"region_codes": frozenset({"330000"})},
    "trl": {"trl": 7},
    "budget": {"price_min": 101},
    "requirement": {"specs": (Spec("漏检率", "<=", 3, "%"),)},
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_constraint_is_marked_with_its_facts_or_excluded(kind, as_of):
    offers = [offer("good"), offer("bad", **BROKEN[kind])]
    matcher = Matcher(MatcherParams(floor=0.01), Reader(Thesaurus(), Dictionary())).fit(offers, [NEED])
    marked = {match.offer_id: match for match in matcher.rank(NEED, k=5, as_of=as_of).matches}
    assert [violation.kind for violation in marked["bad"].violations] == [kind]
    assert all(value is not None for value in marked["bad"].violations[0].detail.values())
    assert not marked["bad"].suitable
    assert marked["good"].violations == ()
    assert marked["good"].suitable
    ranking = matcher.rank(NEED, k=5, as_of=as_of, constraints="exclude")
    assert [match.offer_id for match in ranking.matches] == ["good"]
    assert [match.offer_id for match in ranking.excluded] == ["bad"]
    assert ranking.considered == 2


def test_silence_breaks_nothing(as_of):
    silent = Offer("silent", "zh", "外观检测设备")
    match = (
        Matcher(MatcherParams(), Reader(Thesaurus(), Dictionary()))
        .fit([silent], [NEED])
        .pair(NEED, silent, as_of=as_of)
    )
    assert match.violations == ()


def test_excluding_works_from_the_offer_too_and_may_leave_nothing(as_of):
    bad = offer("bad", trl=3)
    ranking = (
        Matcher(MatcherParams(), Reader(Thesaurus(), Dictionary()))
        .fit([bad], [NEED])
        .rank_offer(bad, k=1, as_of=as_of, constraints="exclude")
    )
    assert (ranking.matches, ranking.outcome, len(ranking.excluded)) == ((), "no_suitable_offer", 1)
