from datetime import date
from itertools import product

import pytest

from app.matching import Case, Need, Offer, Scenario
from app.matching.signals import STRUCTURED
from app.matching.signals.industry import affinity

TODAY = date(2026, 1, 1)
CLASS = ("C", "39", "392", "3922")
FULL_NEED = Need(
    "n", "zh", "t", "p", scenario=Scenario("S24", "3"), industry_path=CLASS, deployment="edge",
    cooperation_modes=frozenset({"turnkey"}), budget_max=100, complete_by=date(2026, 3, 1), min_trl=8,
    region_codes=frozenset({"320506", "320500"}),
)  # fmt: skip
FULL_OFFER = Offer(
    "o", "zh", "t", scenarios=(Scenario("S24", "3"),), industry_paths=(CLASS,), trl=8, price_min=50, price_max=100,
    delivery_weeks=8, region_codes=frozenset({"320500"}), cooperation_modes=frozenset({"turnkey"}),
    deployment_modes=frozenset({"edge"}), cases=(Case("b", "s", CLASS, "S24"),),
)  # fmt: skip


def need(**facts):
    return Need("n", "zh", "t", "p", **facts)


def offer(**facts):
    return Offer("o", "zh", "t", **facts)


def structured(a, b, as_of):
    """Every signal of a pair: an offer is worth what its best part is."""
    values = {name: [signal.value(a, part, as_of) for part in signal.parts(b)] for name, signal in STRUCTURED.items()}
    return {name: max((one for one in found if one is not None), default=None) for name, found in values.items()}


def value(name, a, b):
    return structured(a, b, TODAY)[name]


def test_full_agreement_is_one_everywhere():
    assert set(structured(FULL_NEED, FULL_OFFER, TODAY).values()) == {1.0}


@pytest.mark.parametrize(("a", "b"), [(FULL_NEED, offer()), (need(), FULL_OFFER), (need(), offer())])
def test_silence_on_either_side_is_absence(a, b):
    assert set(structured(a, b, TODAY).values()) == {None}


def test_every_signal_stays_in_its_range():
    needs = [FULL_NEED, need(budget_max=0, min_trl=9, complete_by=TODAY, scenario=Scenario("S1", "1"))]
    offers = [
        FULL_OFFER,
        offer(price_min=0, price_max=10**9, trl=1, delivery_weeks=0, scenarios=(Scenario("S2", "1"),)),
    ]
    for a, b in product(needs, offers):
        assert all(value is None or 0 <= value <= 1 for value in structured(a, b, TODAY).values())
    assert set(structured(FULL_NEED, FULL_OFFER, TODAY)) == set(STRUCTURED)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (CLASS, 1.0),
        (("C", "39", "392", "3921"), 0.7),
        (("C", "39", "392"), 0.7),
        (("C", "39", "391", "3911"), 0.4),
        (("C", "39"), 0.4),
        (("C", "26", "264", "2641"), 0.0),
        (("F", "51"), 0.0),
        ((), 0.0),
    ],
)
def test_industry_falls_with_distance(path, expected):
    assert affinity(CLASS, path) == affinity(path, CLASS) == expected


def test_industry_takes_the_nearest():
    assert value("industry", need(industry_path=CLASS), offer(industry_paths=(("F", "51"), ("C", "39")))) == 0.4


def test_scenario_knows_same_stage_and_neither():
    asked = need(scenario=Scenario("S24", "3"))
    assert value("scenario", asked, offer(scenarios=(Scenario("S01", "1"), Scenario("S25", "3")))) == 0.3
    assert value("scenario", asked, offer(scenarios=(Scenario("S01", "1"),))) == 0.0


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        ((50, 100), 1.0),
        ((1, 2), 1.0),
        ((101, 200), 0.0),
        ((0, 200), 0.75),
        ((100, 100), 1.0),
        ((None, 200), 0.0),
        ((60, None), 1.0),
    ],
)
def test_budget_measures_the_part_that_fits(price, expected):
    assert value("budget", need(budget_max=100), offer(price_min=price[0], price_max=price[1])) == expected


@pytest.mark.parametrize(("trl", "expected"), [(9, 1.0), (8, 1.0), (7, 0.5), (6, 0.0)])
def test_maturity_falls_below_the_asked_level(trl, expected):
    assert value("maturity", need(min_trl=8), offer(trl=trl)) == expected


def test_region_needs_a_place_that_contains_the_need():
    assert value("region", FULL_NEED, offer(region_codes=frozenset({"330000"}))) == 0.0


@pytest.mark.parametrize(("weeks", "expected"), [(8, 1.0), (0, 1.0), (16, 0.5), (1000, 0.008)])
def test_delivery_is_the_part_of_the_time_that_is_left(weeks, expected):
    assert value("delivery", need(complete_by=date(2026, 2, 26)), offer(delivery_weeks=weeks)) == expected


def test_a_past_deadline_gives_nothing_even_at_once():
    assert value("delivery", need(complete_by=date(2025, 12, 1)), offer(delivery_weeks=0)) == 0.0


def test_a_past_deadline_gives_nothing():
    assert value("delivery", need(complete_by=date(2025, 12, 1)), offer(delivery_weeks=1)) == 0.0


def test_cases_go_by_the_nearest_and_by_what_is_stated():
    asked = need(industry_path=CLASS, scenario=Scenario("S24", "3"))
    assert value(
        "cases", asked, offer(cases=(Case("b", "s", ("F",), "S01"), Case("b", "s", CLASS, "S01")))
    ) == pytest.approx(0.5)
    assert value("cases", asked, offer(cases=(Case("b", "s", CLASS, "S24"),))) == 1.0
    assert value("cases", asked, offer(cases=(Case("b", "s", (), "S24"),))) == 1.0
    assert value("cases", asked, offer(cases=(Case("b", "s", CLASS, None),))) == 1.0
    assert value("cases", asked, offer(cases=(Case("b", "s"),))) is None


def test_modes_must_meet():
    assert value("cooperation", FULL_NEED, offer(cooperation_modes=frozenset({"leasing"}))) == 0.0
    assert value("deployment", FULL_NEED, offer(deployment_modes=frozenset({"cloud"}))) == 0.0
