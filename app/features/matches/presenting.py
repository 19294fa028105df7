"""A pair as an actor may see it."""

from collections import Counter

from app.core.text import Language
from app.features.matches.schemas import (
    Coverage,
    MatchRead,
    PlaceRead,
    RequirementRead,
    ShareChange,
    ShiftRead,
    SignalRead,
    ViolationRead,
)
from app.features.matches.types import Constraint, MatchSignal, RequirementStatus
from app.features.matches.wording import coverage_text, violation_text
from app.features.needs.types import RequirementKind
from app.features.postings.schemas import PostingCard
from app.features.postings.types import Comparison
from app.matching import Match, Need, RequirementFinding, Shift, Violation


def present(
    match: Match,
    *,
    rank: int | None,
    document: Need,
    need: PostingCard | None,
    capability: PostingCard | None,
    language: Language,
) -> MatchRead:
    """Put a match into words.

    Args:
        match: the scored pair.
        rank: its place in the ranking, from 1.
        document: the need as the matcher read it.
        need: the need's card; None for one that is not saved.
        capability: the capability's card; None for one that is not saved.
        language: of the sentences.
    """
    return MatchRead(
        rank=rank,
        need=need,
        capability=capability,
        score=match.score,
        suitable=match.suitable,
        coverage=_coverage(match.requirements, language),
        signals=[
            SignalRead(
                name=MatchSignal(signal.name),
                value=signal.value,
                weight=signal.weight,
                effective_weight=signal.effective_weight,
                share=signal.share,
            )
            for signal in match.signals
        ],
        terms=match.terms,
        requirements=[_requirement(finding, document) for finding in match.requirements],
        violations=[_violation(violation, language) for violation in match.violations],
    )


def present_shift(shift: Shift, *, capability: PostingCard, language: Language) -> ShiftRead:
    """Put into words how a capability stands before and after a need is changed."""
    return ShiftRead(
        capability=capability,
        before=_place(shift.before, shift.rank_before, language),
        after=_place(shift.after, shift.rank_after, language),
        signals=[
            ShareChange(name=MatchSignal(before.name), before=before.share, after=after.share)
            for before, after in zip(shift.before.signals, shift.after.signals, strict=True)
            if before.share != after.share
        ],
        violations_gained=[_violation(violation, language) for violation in shift.gained],
        violations_lost=[_violation(violation, language) for violation in shift.lost],
    )


def _place(match: Match, rank: int, language: Language) -> PlaceRead:
    coverage = _coverage(match.requirements, language)
    return PlaceRead(rank=rank, score=match.score, suitable=match.suitable, coverage=coverage)


def _coverage(findings: tuple[RequirementFinding, ...], language: Language) -> Coverage:
    counts: Counter[str] = Counter(finding.status for finding in findings)
    by_status = {status.value: counts[status.value] for status in RequirementStatus}
    return Coverage(**by_status, text=coverage_text(**by_status).said_in(language))


def _requirement(finding: RequirementFinding, document: Need) -> RequirementRead:
    asked = document.requirements[finding.index]
    return RequirementRead(
        index=finding.index,
        text=asked.text,
        kind=RequirementKind(asked.kind),
        operator=Comparison(asked.operator) if asked.operator else None,
        target=asked.target,
        unit=asked.unit,
        status=RequirementStatus(finding.status),
        passage=finding.passage,
        span=finding.span,
    )


def _violation(violation: Violation, language: Language) -> ViolationRead:
    kind = Constraint(violation.kind)
    text = violation_text(kind, violation.detail).said_in(language)
    return ViolationRead(kind=kind, text=text, detail=dict(violation.detail))
