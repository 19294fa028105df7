"""One file per structured signal: a need and an offer in, a value in [0, 1] or None (nothing stated) out."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from app.matching.documents import Need, Offer
from app.matching.signals.budget import budget
from app.matching.signals.cases import cases
from app.matching.signals.cooperation import cooperation
from app.matching.signals.delivery import delivery
from app.matching.signals.deployment import deployment
from app.matching.signals.industry import industry
from app.matching.signals.maturity import maturity
from app.matching.signals.region import region
from app.matching.signals.scenario import scenario

__all__ = ["STRUCTURED", "structured"]

STRUCTURED: Mapping[str, Callable[[Need, Offer], float | None]] = MappingProxyType(
    {
        "cases": cases,
        "industry": industry,
        "scenario": scenario,
        "budget": budget,
        "maturity": maturity,
        "region": region,
        "deployment": deployment,
        "cooperation": cooperation,
    }
)


def structured(need: Need, offer: Offer, as_of: date) -> dict[str, float | None]:
    """Give every structured signal of a pair by name."""
    values = {name: signal(need, offer) for name, signal in STRUCTURED.items()}
    values["delivery"] = delivery(need, offer, as_of)
    return values
