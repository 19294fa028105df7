"""Can it be delivered before the deadline?"""

from datetime import date

from app.matching.documents import Need
from app.matching.signals.signal import Signal

DAYS_PER_WEEK = 7


def delivery(need: Need, weeks: int, as_of: date) -> float | None:
    """Compare the days left with the delivery time.

    Args:
        need: States `complete_by`.
        weeks: The delivery time.
        as_of: The day work could begin.

    Returns:
        1 if there is time enough, else the part of the delivery time that is left (0 after the deadline); None if the
        need has no deadline.
    """
    if need.complete_by is None:
        return None
    left = (need.complete_by - as_of).days
    wanted = weeks * DAYS_PER_WEEK
    if left >= wanted:
        return 1.0
    return left / wanted if left > 0 else 0.0


DELIVERY = Signal(lambda offer: () if offer.delivery_weeks is None else (offer.delivery_weeks,), delivery)
