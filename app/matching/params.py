"""Every number the matcher is tuned by, in one place and with one version."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

SIGNAL_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "text": 0.32,
        "requirements": 0.28,
        "cases": 0.16,
        "industry": 0.05,
        "scenario": 0.07,
        "budget": 0.03,
        "maturity": 0.03,
        "region": 0.02,
        "delivery": 0.02,
        "deployment": 0.01,
        "cooperation": 0.01,
    }
)

# Signals that fit almost any pair. They count only as far as the texts agree, see `MatcherParams.gate`.
SUPPORTING = frozenset({"budget", "maturity", "region", "delivery", "deployment", "cooperation"})

FIELD_WEIGHTS: Mapping[str, float] = MappingProxyType({"title": 2.0})


@dataclass(frozen=True, slots=True)
class MatcherParams:
    """Parameters of a matcher.

    Attributes:
        signal_weights: Nominal weight of each signal; they sum to 1.
        field_weights: How often a word counts in a field of that role; 1 for roles that are not named.
        saturation: `k` of the term frequency damping tf * (k + 1) / (tf + k); 0 counts presence only.
        bridge: Weight of the language-free terms' own cosine, added for a pair in two languages.
        ballast: Terms added to the length of an offer's vector, against very short profiles.
        half: Cosine at which the text signal is about one half.
        gate: Text signal from which supporting signals count in full; below, by the square of what is reached.
        floor: Score under which a pair is not suitable.
        version: Name of this set of numbers; results quote it.
    """

    signal_weights: Mapping[str, float] = field(default_factory=lambda: SIGNAL_WEIGHTS)
    field_weights: Mapping[str, float] = field(default_factory=lambda: FIELD_WEIGHTS)
    saturation: float = 0.5
    bridge: float = 0.7
    ballast: float = 80.0
    half: float = 0.4
    gate: float = 0.4
    floor: float = 0.27
    version: str = "1"

    def __post_init__(self) -> None:
        if set(self.signal_weights) != set(SIGNAL_WEIGHTS):
            raise ValueError(f"signal_weights must name exactly {sorted(SIGNAL_WEIGHTS)}")
        if any(weight < 0 for weight in self.signal_weights.values()):
            raise ValueError("signal_weights must not be negative")
        if not math.isclose(math.fsum(self.signal_weights.values()), 1.0, abs_tol=1e-9):
            raise ValueError("signal_weights must sum to 1")
        if self.signal_weights["text"] <= 0:
            raise ValueError("the text signal is always present and needs a weight")
        if self.half <= 0 or self.gate <= 0 or self.ballast <= 0:
            raise ValueError("ballast, half and gate must be positive")
