"""Do the need's scenario and the offer's scenarios agree?"""

from app.matching.documents import Need, Offer

SAME_STAGE = 0.3


def scenario(need: Need, offer: Offer) -> float | None:
    """Give 1 for the same scenario, 0.3 for another one of the same stage, else 0; None if a side names none."""
    if need.scenario is None or not offer.scenarios:
        return None
    if any(need.scenario.code == served.code for served in offer.scenarios):
        return 1.0
    return SAME_STAGE if any(need.scenario.stage == served.stage for served in offer.scenarios) else 0.0
