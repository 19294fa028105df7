"""Do both sides accept a common way of working together?"""

from app.matching.documents import Need, Offer


def cooperation(need: Need, offer: Offer) -> float | None:
    """Give 1 if the sides share a mode of cooperation, else 0; None if a side names none."""
    if not need.cooperation_modes or not offer.cooperation_modes:
        return None
    return 0.0 if need.cooperation_modes.isdisjoint(offer.cooperation_modes) else 1.0
