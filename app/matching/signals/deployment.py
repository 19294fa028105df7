"""Can the solution run where the need wants it?"""

from app.matching.documents import Need, Offer


def deployment(need: Need, offer: Offer) -> float | None:
    """Give 1 if the offer supports the wanted deployment, else 0; None if a side names none."""
    if need.deployment is None or not offer.deployment_modes:
        return None
    return 1.0 if need.deployment in offer.deployment_modes else 0.0
