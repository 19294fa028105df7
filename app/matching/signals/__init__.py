"""One file per structured signal: a need and a part of an offer in, a value in [0, 1] or None (nothing asked) out."""

from collections.abc import Mapping
from types import MappingProxyType

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

__all__ = ["STRUCTURED", "Signal"]

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
