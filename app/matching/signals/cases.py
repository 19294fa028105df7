"""Has the provider done this before, in this industry and this scenario?"""

from app.matching.documents import Case, Need, Offer
from app.matching.signals.industry import affinity

INDUSTRY_PART = 0.8


def cases(need: Need, offer: Offer) -> float | None:
    """Give the nearness of the nearest past case.

    Returns:
        For the best case, 0.8 times the nearness of its industry plus 0.2 if its scenario is the need's, over the
        parts that both sides state; None without a case, or if no case and need state a part in common.
    """
    known = [value for case in offer.cases if (value := _nearness(need, case)) is not None]
    return max(known) if known else None


def _nearness(need: Need, case: Case) -> float | None:
    total = weight = 0.0
    if need.industry_path and case.industry_path:
        total += INDUSTRY_PART * affinity(need.industry_path, case.industry_path)
        weight += INDUSTRY_PART
    if need.scenario is not None and case.scenario is not None:
        total += (1 - INDUSTRY_PART) * (need.scenario.code == case.scenario)
        weight += 1 - INDUSTRY_PART
    return total / weight if weight else None
