"""Use case: what a need leaves open, by what stating it would change."""

from uuid import UUID

from app.core.merging import merge_patch
from app.features.matches.gaps import Evidence, Gap, Patch, gaps, lies_below
from app.features.matches.schemas import AdviceRead, CoachingRead, ExampleRead, TrialQuery
from app.features.matches.service import Asking, supply_for
from app.features.matches.supply import Supply
from app.features.matches.wording import advice_text, coaching_text
from app.features.needs.kind import NEED
from app.features.needs.schemas import NeedContent
from app.features.needs.service import NEEDS
from app.matching import Standing, shifts


def coach(asking: Asking, *, need_id: UUID | str, query: TrialQuery) -> CoachingRead:
    """List what is missing or vague in a need, with values to try and what each would move.

    Ranks once for the need as its next change starts from, and once for each value: at most 31 times.

    Raises:
        KeyRequired: no key was shown.
        PostingNotFound: there is no such need for this actor.
        PostingForbidden: it is another's.
    """
    row, organization = NEEDS.editable(session=asking.session, actor=asking.actor, posting_id=need_id)
    content = NEED.draft_of(row)
    supply = supply_for(asking, owner=row.organization_id)
    trials = _Trials(supply, content, str(row.id), query.limit)
    found = [(gap, _tried(gap, trials)) for gap in gaps(content, trials.evidence())]
    found.sort(key=lambda one: _urgency(_effect(one[1])))
    params = supply.snapshot.matcher.params
    return CoachingRead(
        need=NEEDS.card(row, organization, asking.actor),
        text=coaching_text(list(dict.fromkeys(gap.field for gap, _ in found))).said_in(asking.language),
        as_of=supply.today,
        revision=supply.snapshot.revision,
        matcher_version=params.version,
        considered=len(trials.before.offer_ids),
        advice=[_advice(gap, examples, asking, query.limit) for gap, examples in found],
    )


class _Trials:
    """One need, ranked as it is and with one thing changed at a time."""

    def __init__(self, supply: Supply, content: NeedContent, document_id: str, limit: int) -> None:
        self.supply, self.content, self.document_id, self.limit = supply, content, document_id, limit
        self.document = supply.document(content, document_id)
        self.before: Standing = supply.standing(self.document)

    def moved(self, patch: Patch) -> int:
        """How many of the first change rank or suitability: what `simulate` counts for the same patch."""
        changed = NeedContent.model_validate(merge_patch(self.content.model_dump(mode="json"), patch))
        after = self.supply.standing(self.supply.document(changed, self.document_id))
        return sum(shift.is_moved for shift in shifts(self.before, after, self.limit))

    def evidence(self) -> Evidence:
        """What the index tells about the need, of what may be shown to its reader."""
        snapshot, first = self.supply.snapshot, self.before.offer_ids[: self.limit]
        own = self.document.industry_path
        return Evidence(
            leaders=[snapshot.matcher.offer(offer_id) for offer_id in first],
            signs=snapshot.matcher.signs(self.document, considered=self.supply.eligible),
            figures=snapshot.matcher.like_figures(self.document, first),
            industry_path=own,
            is_deepest=not any(lies_below(path, own) for path in snapshot.atlas.industries.values()),
            today=self.supply.today,
        )


def _tried(gap: Gap, trials: _Trials) -> list[ExampleRead]:
    return [ExampleRead(patch=patch, moved=trials.moved(patch)) for patch in gap.patches]


def _effect(examples: list[ExampleRead]) -> float | None:
    return sum(example.moved for example in examples) / len(examples) if examples else None


def _urgency(effect: float | None) -> tuple[int, float]:
    """What changes most first, then what cannot be computed, last what changes nothing."""
    if effect is None:
        return 1, 0.0
    return (0, -effect) if effect else (2, 0.0)


def _advice(gap: Gap, examples: list[ExampleRead], asking: Asking, limit: int) -> AdviceRead:
    effect = _effect(examples)
    return AdviceRead(
        field=gap.field,
        kind=gap.kind,
        reason=gap.reason,
        text=advice_text(gap.field, gap.reason, effect=effect, limit=limit).said_in(asking.language),
        places=list(gap.places),
        effect=effect,
        examples=examples,
    )
