"""Is the technology as ready as the need asks?"""

from datetime import date

from app.matching.documents import Need
from app.matching.signals.signal import Signal


def maturity(need: Need, trl: int, _as_of: date) -> float | None:
    """Give 1 at or above the asked technology readiness level, 0.5 one below, else 0; None if the need asks none."""
    if need.min_trl is None:
        return None
    if trl >= need.min_trl:
        return 1.0
    return 0.5 if trl == need.min_trl - 1 else 0.0


MATURITY = Signal(lambda offer: () if offer.trl is None else (offer.trl,), maturity)
