"""The numbers of the score, in one place and with one version."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

SIGNAL_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "text": 0.28,
        "requirements": 0.32,
        "cases": 0.2,
        "industry": 0.05,
        "scenario": 0.06,
        "budget": 0.03,
        "maturity": 0.02,
        "region": 0.01,
        "delivery": 0.01,
        "deployment": 0.01,
        "cooperation": 0.01,
    }
)

# Where what texts mean is read too, it takes a tenth from each of the others.
MEANING_WEIGHT = 0.1

# Facts count only as far as the texts agree: those that fit many pairs to a low gate, those that fit almost any to a
# higher one, see `MatcherParams`.
FITTING = frozenset({"cases", "industry", "scenario"})
SUPPORTING = frozenset({"budget", "maturity", "region", "delivery", "deployment", "cooperation"})

FIELD_WEIGHTS: Mapping[str, float] = MappingProxyType({"title": 2.0})


@dataclass(frozen=True, slots=True)
class MatcherParams:
    """Parameters of a matcher.

    Attributes:
        signal_weights: Nominal weight of each signal; they sum to 1. Those of `SIGNAL_WEIGHTS`, with or without
            `meaning`.
        field_weights: How often a word counts in a field of that role; 1 for roles that are not named.
        saturation: BM25's k1: how soon more of the same word in an offer stops to count.
        repetition: The same for a need (k3).
        shortest: Part of the mean length below which a text counts as that long: brevity is no merit of a profile.
        rarity: Exponent of the idf.
        character: Weight of a single Chinese character, beside 1 for a pair or a word.
        concept: Weight of a concept of the thesaurus.
        enough: Shared words from which the text score of a pair in one language counts in full, fewer in proportion:
            one word alone is thin evidence, however rare. Characters and concepts count as they weigh.
        crossing: Factor on the text score of a pair in two languages.
        unnamed: Credit of a figure that reaches a target under another name, times how rare figures of its unit and
            direction are among offers.
        half: Text score at which the text signal is (1 + half) / 2.
        alike: Cosine of the meanings of two texts from which that signal is 1.
        gate: Text signal from which supporting signals count in full; below, by the square of what is reached.
        fitting_gate: The same for cases, industry and scenario.
        floor: Score under which a pair is not suitable.
        version: Name of this set of numbers; results quote it.
    """

    signal_weights: Mapping[str, float] = field(default_factory=lambda: SIGNAL_WEIGHTS)
    field_weights: Mapping[str, float] = field(default_factory=lambda: FIELD_WEIGHTS)
    saturation: float = 1.8
    repetition: float = 4.0
    shortest: float = 0.4
    rarity: float = 1.3
    character: float = 0.5
    concept: float = 0.5
    enough: float = 2.75
    crossing: float = 0.3
    unnamed: float = 0.9
    half: float = 0.2
    alike: float = 0.5
    gate: float = 0.5
    fitting_gate: float = 0.18
    floor: float = 0.315
    version: str = "4"

    def __post_init__(self) -> None:
        if set(self.signal_weights) - {"meaning"} != set(SIGNAL_WEIGHTS):
            raise ValueError(f"signal_weights must name exactly {sorted(SIGNAL_WEIGHTS)}")
        if any(weight < 0 for weight in self.signal_weights.values()):
            raise ValueError("signal_weights must not be negative")
        if not math.isclose(math.fsum(self.signal_weights.values()), 1.0, abs_tol=1e-9):
            raise ValueError("signal_weights must sum to 1")
        if self.signal_weights["text"] <= 0:
            raise ValueError("the text signal is always present and needs a weight")
        text = (self.saturation, self.shortest, self.repetition, self.rarity, self.character, self.concept, self.enough)
        if min(self.half, self.alike, self.gate, self.fitting_gate, *text) <= 0:
            raise ValueError("half, alike, the gates and the numbers of the text score must be positive")
        if not 0 <= self.unnamed <= 1:
            raise ValueError("unnamed is a credit, from 0 to 1")
        if self.fitting_gate > self.gate:
            raise ValueError("cases, industry and scenario must not ask more of the texts than supporting signals")

    @property
    def reads_meaning(self) -> bool:
        """Whether what texts mean counts beside their words."""
        return "meaning" in self.signal_weights


WITH_MEANING = MatcherParams(
    signal_weights=MappingProxyType(
        {name: weight * (1 - MEANING_WEIGHT) for name, weight in SIGNAL_WEIGHTS.items()} | {"meaning": MEANING_WEIGHT}
    ),
    floor=0.361,
    version="4, with meaning",
)
