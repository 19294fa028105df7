"""Has the provider done this before, in this industry and this scenario?"""

from datetime import date

from app.matching.documents import Need, Offer
from app.matching.signals.industry import affinity
from app.matching.signals.signal import Signal

INDUSTRY_PART = 0.5

Kind = tuple[tuple[str, ...], str | None]


def _kinds(offer: Offer) -> tuple[Kind, ...]:
    return tuple((case.industry_path, case.scenario) for case in offer.cases)


def cases(need: Need, case: Kind, _as_of: date) -> float | None:
    """Give the nearness of a past case, by its industry path and its scenario.

    Returns:
        Half the nearness of its industry plus half if its scenario is the need's, over the parts that both sides
        state; None if they state no part in common.
    """
    path, scenario = case
    total = weight = 0.0
    if need.industry_path and path:
        total += INDUSTRY_PART * affinity(need.industry_path, path)
        weight += INDUSTRY_PART
    if need.scenario is not None and scenario is not None:
        total += (1 - INDUSTRY_PART) * (need.scenario.code == scenario)
        weight += 1 - INDUSTRY_PART
    return total / weight if weight else None


CASES = Signal(_kinds, cases)
