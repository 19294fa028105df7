"""Can the solution run where the need wants it?"""

from datetime import date

from app.matching.documents import Need
from app.matching.signals.signal import Signal


def deployment(need: Need, mode: str, _as_of: date) -> float | None:
    """Give 1 if the deployment is the wanted one, else 0; None if the need names none."""
    return None if need.deployment is None else float(mode == need.deployment)


DEPLOYMENT = Signal(lambda offer: offer.deployment_modes, deployment)
