"""What the matcher answers: frozen results whose shares add up to the score."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.matching.documents import RequirementKind

FindingStatus = Literal["met", "partial", "unmet", "not_stated"]
Outcome = Literal["ranked", "no_suitable_offer"]


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of the original text of a field such as `requirements.0.text`."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SignalShare:
    """What one signal adds to the score.

    Attributes:
        name: The signal.
        value: In [0, 1], or None when nothing is stated (absent).
        weight: Its nominal weight; the weights of all signals sum to 1.
        effective_weight: Its weight in this pair: absent signals have none and their weight is shared out in
            proportion; facts are then scaled by how far the texts agree.
        share: effective_weight * value, 0 when absent. The shares of all signals sum to the score.
    """

    name: str
    value: float | None
    weight: float
    effective_weight: float
    share: float


@dataclass(frozen=True, slots=True)
class TermShare:
    """What one common term adds to the text signal's share; the shares of all terms sum to it.

    A share is negative for a term that one side rules out and the other offers.

    `term` is the form to show, `need word ~ offer word` when the sides write it differently. The last entry may be
    the term `…` without spans: the sum of all smaller ones.
    """

    term: str
    need_spans: tuple[Span, ...]
    offer_spans: tuple[Span, ...]
    share: float


@dataclass(frozen=True, slots=True)
class RequirementFinding:
    """Whether a requirement is met, and the words of the offer that show it.

    Attributes:
        index: Position of the requirement in the need.
        status: `not_stated` also when it cannot be said for sure. A figure of another name that reaches the target is
            then quoted, as a hint.
        kind: must or nice.
        passage: The quoted words or figure, or None when nothing is quoted.
        field: The field they stand in, or None.
        span: Their place in that field, or None.
        credit: What it adds to the requirement signal before weighting, in [0, 1].
        detail: The figures compared (metric, operator, target, unit, stated, stated_unit, stated_operator, reached)
            and the similarity that led to the passage.
    """

    index: int
    status: FindingStatus
    kind: RequirementKind
    passage: str | None
    field: str | None
    span: Span | None
    credit: float
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Violation:
    """A hard constraint an offer breaks: region, trl, budget or requirement, with the facts that decide it."""

    kind: Literal["region", "trl", "budget", "requirement"]
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Match:
    """A scored pair. Without explanation `terms` is empty; everything else is always there."""

    need_id: str
    offer_id: str
    score: float
    signals: tuple[SignalShare, ...]
    terms: tuple[TermShare, ...]
    requirements: tuple[RequirementFinding, ...]
    violations: tuple[Violation, ...]
    suitable: bool


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best pairs first, ties by id.

    Attributes:
        matches: At most `k` pairs.
        excluded: Pairs left out for a violated constraint that would have stood among or above the matches.
        outcome: `no_suitable_offer` when no match reaches the floor.
        considered: How many pairs were scored.
        floor: Score under which a pair is not suitable.
        matcher_version: Version of the parameters.
    """

    matches: tuple[Match, ...]
    excluded: tuple[Match, ...]
    outcome: Outcome
    considered: int
    floor: float
    matcher_version: str
