"""Does the provider serve the place of the need?"""

from datetime import date

from app.matching.documents import Need
from app.matching.signals.signal import Signal


def region(need: Need, code: str, _as_of: date) -> float | None:
    """Give 1 if a served place is the need's place or contains it, else 0; None if the need names no place."""
    return float(code in need.region_codes) if need.region_codes else None


REGION = Signal(lambda offer: offer.region_codes, region)
