from dataclasses import replace

import pytest

from app.matching import Matcher, MatcherParams, Offer, Reader, Requirement, Shift, Spec, cc_cedict, shifts
from app.matching.ranking import Match, Violation


@pytest.fixture(scope="module")
def need(demo):
    return next(need for need in demo.needs if need.id == "need-food-sorting")


def test_a_standing_is_the_ranking_to_its_end(demo, matcher, need, as_of):
    standing = matcher.standing(need, as_of=as_of)
    ranking = matcher.rank(need, k=len(demo.offers), as_of=as_of, explain=False)
    assert standing.offer_ids == tuple(match.offer_id for match in ranking.matches)
    assert [standing.match(offer_id) for offer_id in standing.offer_ids] == list(ranking.matches)
    assert standing.ranks[standing.offer_ids[0]] == 1


def test_a_standing_holds_what_may_be_considered_and_nothing_else(demo, matcher, need, as_of):
    some = {offer.id for offer in demo.offers[::7]}
    standing = matcher.standing(need, as_of=as_of, eligible=some)
    assert set(standing.offer_ids) == some
    assert max(standing.ranks.values()) == len(some)


def test_without_offers_nobody_stands(demo, need, as_of):
    empty = Matcher(MatcherParams(), Reader(demo.thesaurus, cc_cedict())).fit([])
    standing = empty.standing(need, as_of=as_of)
    assert standing.offer_ids == ()
    assert shifts(standing, standing, 5) == ()


def test_the_same_need_moves_nothing(matcher, need, as_of):
    before, after = (matcher.standing(replace(need, id=name), as_of=as_of) for name in ("a", "b"))
    found = shifts(before, after, 10)
    assert [shift.rank_after for shift in found] == list(range(1, 11))
    assert not any(shift.is_moved or shift.gained or shift.lost for shift in found)


def test_the_first_of_either_side_are_looked_at_in_the_order_after(matcher, need, as_of):
    before = matcher.standing(replace(need, scenario=None, industry_path=()), as_of=as_of)
    after = matcher.standing(need, as_of=as_of)
    found = shifts(before, after, 5)
    assert {shift.after.offer_id for shift in found} == {*before.offer_ids[:5], *after.offer_ids[:5]}
    assert [shift.rank_after for shift in found] == sorted(shift.rank_after for shift in found)
    assert len(found) > 5, "somebody came in"
    for shift in found:
        assert shift.before.offer_id == shift.after.offer_id
        assert before.offer_ids[shift.rank_before - 1] == shift.before.offer_id


def test_a_constraint_is_gained_one_way_and_lost_the_other(matcher, need, as_of):
    lenient, strict = (matcher.standing(replace(need, min_trl=level), as_of=as_of) for level in (None, 9))
    there, back = shifts(lenient, strict, 20), shifts(strict, lenient, 20)
    gained = {shift.after.offer_id: shift.gained for shift in there if shift.gained}
    assert gained
    assert {kind for found in gained.values() for kind in {violation.kind for violation in found}} == {"trl"}
    assert {shift.after.offer_id: shift.lost for shift in back if shift.lost} == gained
    assert not any(shift.lost for shift in there)


def _match(*violations, suitable=False):
    return Match("n", "o", 0.5, (), (), (), violations, suitable)


def _missed(index, metric, target):
    return Violation("requirement", {"index": index, "metric": metric, "operator": ">=", "target": target})


def test_a_constraint_that_stays_broken_is_neither_gained_nor_lost():
    """Wherever its requirement stands in the list and however far it goes."""
    shift = Shift(1, 1, _match(_missed(0, "speed", 5)), _match(_missed(3, "speed", 9)))
    assert (shift.gained, shift.lost) == ((), ())


def test_two_requirements_are_told_apart():
    speed, weight = _missed(0, "speed", 5), _missed(0, "weight", 5)
    shift = Shift(1, 1, _match(speed), _match(weight))
    assert (shift.gained, shift.lost) == ((weight,), (speed,))


@pytest.mark.parametrize(
    ("rank", "suitable", "is_moved"), [(1, True, False), (2, True, True), (1, False, True), (2, False, True)]
)
def test_moved_is_another_rank_or_another_suitability(rank, suitable, is_moved):
    assert Shift(1, rank, _match(suitable=True), _match(suitable=suitable)).is_moved == is_moved


def test_a_requirement_that_an_offer_misses_makes_it_unsuitable(demo, need, as_of):
    offer = Offer("o", "zh", need.title, description=need.problem, specs=(Spec("理料速度", ">=", 40, "件/分钟"),))
    asked = Requirement("理料速度", "must", "理料速度", ">=", 60, "件/分钟")
    matcher = Matcher(MatcherParams(), Reader(demo.thesaurus, cc_cedict())).fit([offer], [need])
    before = matcher.standing(replace(need, requirements=()), as_of=as_of)
    (shift,) = shifts(before, matcher.standing(replace(need, requirements=(asked,)), as_of=as_of), 1)
    assert [violation.kind for violation in shift.gained] == ["requirement"]
    assert (shift.before.suitable, shift.after.suitable, shift.is_moved) == (True, False, True)
