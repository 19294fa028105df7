"""Do the need's scenario and the offer's scenarios agree?"""

from datetime import date

from app.matching.documents import Need, Offer
from app.matching.signals.signal import Signal

SAME_STAGE = 0.3


def _scenarios(offer: Offer) -> tuple[tuple[str, str], ...]:
    return tuple((served.code, served.stage) for served in offer.scenarios)


def scenario(need: Need, served: tuple[str, str], _as_of: date) -> float | None:
    """Give 1 for the same scenario, by code and stage, 0.3 for another of the same stage, else 0; None if not asked."""
    code, stage = served
    if need.scenario is None:
        return None
    if need.scenario.code == code:
        return 1.0
    return SAME_STAGE if need.scenario.stage == stage else 0.0


SCENARIO = Signal(_scenarios, scenario)
