"""Do both sides accept a common way of working together?"""

from datetime import date

from app.matching.documents import Need
from app.matching.signals.signal import Signal


def cooperation(need: Need, mode: str, _as_of: date) -> float | None:
    """Give 1 if the need accepts the mode of cooperation, else 0; None if it names none."""
    return float(mode in need.cooperation_modes) if need.cooperation_modes else None


COOPERATION = Signal(lambda offer: offer.cooperation_modes, cooperation)
