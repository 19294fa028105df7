"""Does the price range reach into the budget?"""

from app.matching.documents import Need, Offer


def budget(need: Need, offer: Offer) -> float | None:
    """Compare the price with the most the need can pay (both CNY).

    Returns:
        1 when the whole price range fits, 0 when it starts above the budget, between 0.5 and 1 by the part of the
        range that fits; None if the need states no upper bound or the offer no price. Cheaper is no fault.
    """
    low = offer.price_min if offer.price_min is not None else offer.price_max
    high = offer.price_max if offer.price_max is not None else offer.price_min
    if need.budget_max is None or low is None or high is None:
        return None
    if low > need.budget_max:
        return 0.0
    if high <= need.budget_max:
        return 1.0
    return 0.5 + 0.5 * (need.budget_max - low) / (high - low)
