"""Rankings and explained pairs as they go out."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.core.paging import DEFAULT_LIMIT, Limit
from app.core.schema import Schema
from app.features.capabilities.schemas import CapabilityContent
from app.features.matches.types import (
    AdviceKind,
    AdviceReason,
    Constraint,
    MatchOutcome,
    MatchSignal,
    RequirementStatus,
)
from app.features.needs.schemas import NeedContent
from app.features.needs.types import NeedField, RequirementKind
from app.features.postings.schemas import PostingCard
from app.features.postings.types import Comparison
from app.matching import Span, TermShare


class RankingQuery(Schema):
    """How a ranking is asked for."""

    limit: Limit = DEFAULT_LIMIT
    explain: Annotated[bool, Field(description="Also list the common terms.")] = True
    constraints: Annotated[
        Literal["mark", "exclude"],
        Field(description="`mark` keeps candidates that break a hard constraint, `exclude` leaves them out."),
    ] = "mark"


class Preview(RankingQuery):
    """A posting that is not saved: give either a need or a capability."""

    model_config = {
        "json_schema_extra": {
            "examples": [{"need": {"title": "焊缝外观靠人看，漏检多", "problem": "夜班漏检，客户投诉。"}, "limit": 3}]
        }
    }

    # in a body, unlike in a query, numbers and truth values are not texts
    limit: Annotated[Limit, Field(strict=True)] = DEFAULT_LIMIT
    explain: Annotated[bool, Field(strict=True, description="Also list the common terms.")] = True
    need: NeedContent | None = None
    capability: CapabilityContent | None = None

    @model_validator(mode="after")
    def _one_side(self) -> Self:
        if (self.need is None) == (self.capability is None):
            raise PydanticCustomError("one_side", "Give either need or capability")
        return self


# One ranking holds hundreds of the following two: made of what is known to be right, they need no validation.
@dataclass(frozen=True, slots=True)
class SignalRead:
    """What one signal adds: `share = effective_weight * value`, and all shares add up to the score."""

    name: MatchSignal
    value: Annotated[float | None, Field(description="In [0, 1]; null when nothing is stated on either side.")]
    weight: float
    effective_weight: float
    share: float


@dataclass(frozen=True, slots=True)
class RequirementRead:
    """What the offer says about one requirement, and its words for it."""

    index: int
    text: str
    kind: RequirementKind
    operator: Comparison | None
    target: float | None
    unit: str | None
    status: RequirementStatus
    passage: Annotated[
        str | None,
        Field(
            description="Words of the offer; if nothing is stated, a figure that reaches the target by another name."
        ),
    ]
    span: Span | None


class ViolationRead(Schema):
    """A hard constraint that the offer breaks by its own statement."""

    kind: Constraint
    text: str
    detail: dict[str, Any]


class Coverage(Schema):
    """How many requirements are met, and the sentence that says so."""

    met: int
    partial: int
    unmet: int
    not_stated: int
    text: str


class MatchRead(Schema):
    """One pair and why. `rank` is null for a pair that was asked for by itself."""

    rank: int | None
    need: PostingCard | None
    capability: PostingCard | None
    score: float
    suitable: bool
    coverage: Coverage
    signals: list[SignalRead]
    terms: tuple[TermShare, ...]
    requirements: list[RequirementRead]
    violations: list[ViolationRead]


class Excluded(Schema):
    """How many candidates a hard constraint left out that would have stood above the last match shown."""

    kind: Constraint
    text: str
    count: int


class RankingRead(Schema):
    """The candidates for one posting, best first, and under which conditions they were ranked."""

    need: PostingCard | None
    capability: PostingCard | None
    outcome: MatchOutcome
    text: str
    floor: float
    as_of: date
    revision: Annotated[int, Field(description="The last change the ranking knows of.")]
    matcher_version: str
    considered: int
    excluded: list[Excluded]
    excluded_matches: Annotated[list[MatchRead], Field(description="The best of the excluded candidates.")]
    matches: list[MatchRead]


class TrialQuery(Schema):
    """How far down a ranking a trial looks."""

    limit: Annotated[Limit, Field(description="Look at the first so many before and after.")] = DEFAULT_LIMIT


class PlaceRead(Schema):
    """Where a capability stands for one content of a need."""

    rank: Annotated[int, Field(description="From 1, among all that are considered.")]
    score: float
    suitable: bool
    coverage: Coverage


class ShareChange(Schema):
    """What a signal adds to the score before and after; the differences add up to that of the scores."""

    name: MatchSignal
    before: float
    after: float


class ShiftRead(Schema):
    """One capability among the first before or after, and what changes for it; `signals` lists only what does."""

    capability: PostingCard
    before: PlaceRead
    after: PlaceRead
    signals: list[ShareChange]
    violations_gained: list[ViolationRead]
    violations_lost: list[ViolationRead]


class SimulationRead(Schema):
    """What would change if a need were changed: two rankings from the same data on the same day, nothing saved.

    The counts are of the capabilities in `shifts`.
    """

    need: PostingCard
    fields: Annotated[list[NeedField], Field(description="The fields that differ.")]
    text: str
    newly_suitable: int
    no_longer_suitable: int
    moved: Annotated[int, Field(description="How many change rank, or whether they are suitable.")]
    floor: float
    as_of: date
    revision: Annotated[int, Field(description="The last change both rankings know of.")]
    matcher_version: str
    considered: int
    shifts: Annotated[list[ShiftRead], Field(description="The first `limit` before or after, in the order after.")]


class ExampleRead(Schema):
    """A value the first capabilities suggest, as a patch that `simulate` takes."""

    patch: dict[str, Any]
    moved: Annotated[int, Field(description="What `simulate` counts for this patch and limit.")]


class AdviceRead(Schema):
    """One field that says nothing or too little."""

    field: NeedField
    kind: AdviceKind
    reason: AdviceReason
    text: str
    places: Annotated[list[str], Field(description="JSON pointers to the parts of the need that are meant.")]
    effect: Annotated[
        float | None,
        Field(
            description="The mean of `moved` over the examples: how many of the first `limit` capabilities, before or "
            "after, change rank or whether they are suitable; from 0 to twice `limit`. Null when there is no value "
            "to try, as for free text."
        ),
    ]
    examples: list[ExampleRead]


class CoachingRead(Schema):
    """What a need leaves open: first what changes most, then what cannot be computed, last what changes nothing."""

    need: PostingCard
    text: str
    as_of: date
    revision: Annotated[int, Field(description="The last change the rankings know of.")]
    matcher_version: str
    considered: int
    advice: list[AdviceRead]
