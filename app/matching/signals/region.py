"""Does the provider serve the place of the need?"""

from app.matching.documents import Need, Offer


def region(need: Need, offer: Offer) -> float | None:
    """Give 1 if a served place is the need's place or contains it, else 0; None if a side names no place."""
    if not need.region_codes or not offer.region_codes:
        return None
    return 0.0 if need.region_codes.isdisjoint(offer.region_codes) else 1.0
