"""Is the technology as ready as the need asks?"""

from app.matching.documents import Need, Offer


def maturity(need: Need, offer: Offer) -> float | None:
    """Give 1 at or above the asked technology readiness level, 0.5 one below, else 0; None if a side is silent."""
    if need.min_trl is None or offer.trl is None:
        return None
    if offer.trl >= need.min_trl:
        return 1.0
    return 0.5 if offer.trl == need.min_trl - 1 else 0.0
