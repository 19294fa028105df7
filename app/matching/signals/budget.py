"""Does the price range reach into the budget?"""

from datetime import date

from app.matching.documents import Need, Offer
from app.matching.signals.signal import Signal


def _prices(offer: Offer) -> tuple[tuple[int, int], ...]:
    low = offer.price_min if offer.price_min is not None else offer.price_max
    high = offer.price_max if offer.price_max is not None else offer.price_min
    return () if low is None or high is None else ((low, high),)


def budget(need: Need, price: tuple[int, int], _as_of: date) -> float | None:
    """Compare the price with the most the need can pay.

    Args:
        need: States `budget_max`, CNY.
        price: Lowest and highest, CNY.

    Returns:
        1 when the whole price range fits, 0 when it starts above the budget, between 0.5 and 1 by the part of the
        range that fits; None if the need states no upper bound. Cheaper is no fault.
    """
    low, high = price
    if need.budget_max is None:
        return None
    if low > need.budget_max:
        return 0.0
    if high <= need.budget_max:
        return 1.0
    return 0.5 + 0.5 * (need.budget_max - low) / (high - low)


BUDGET = Signal(_prices, budget)
