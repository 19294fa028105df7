"""One file per structured signal: a need and an offer in, a value in [0, 1] or None (nothing stated) out."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from app.matching.documents import Need, Offer
from app.matching.signals.budget import BUDGET
from app.matching.signals.cases import CASES
from app.matching.signals.cooperation import COOPERATION
from app.matching.signals.delivery import DELIVERY
from app.matching.signals.deployment import DEPLOYMENT
from app.matching.signals.industry import INDUSTRY
from app.matching.signals.maturity import MATURITY
from app.matching.signals.region import REGION
from app.matching.signals.scenario import SCENARIO
from app.matching.signals.signal import Signal

__all__ = ["STRUCTURED", "Signal", "structured"]

STRUCTURED: Mapping[str, Signal] = MappingProxyType(
    {
        "cases": CASES,
        "industry": INDUSTRY,
        "scenario": SCENARIO,
        "budget": BUDGET,
        "maturity": MATURITY,
        "region": REGION,
        "delivery": DELIVERY,
        "deployment": DEPLOYMENT,
        "cooperation": COOPERATION,
    }
)


def structured(need: Need, offer: Offer, as_of: date) -> dict[str, float | None]:
    """Give every structured signal of a pair by name."""
    return {name: signal.of(need, offer, as_of) for name, signal in STRUCTURED.items()}
