"""Can it be delivered before the deadline?"""

from datetime import date

from app.matching.documents import Need, Offer

DAYS_PER_WEEK = 7


def delivery(need: Need, offer: Offer, as_of: date) -> float | None:
    """Compare the days left with the delivery time.

    Args:
        need: States `complete_by`.
        offer: States `delivery_weeks`.
        as_of: The day work could begin.

    Returns:
        1 if there is time enough, else the part of the delivery time that is left (0 after the deadline); None if a
        side is silent.
    """
    if need.complete_by is None or offer.delivery_weeks is None:
        return None
    left = (need.complete_by - as_of).days
    wanted = offer.delivery_weeks * DAYS_PER_WEEK
    return 1.0 if left >= wanted else max(0.0, left / wanted)
