"""Writing a posting by its natural key, as seeds and imports do."""

from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.outcome import Put
from app.core.rules import validated
from app.features.accounts.types import Actor
from app.features.postings import lifecycle, policy
from app.features.postings.errors import PostingForbidden, ReferenceTaken
from app.features.postings.kind import PostingKind
from app.features.postings.lifecycle import REVISABLE, State
from app.features.postings.models import PostingColumns
from app.features.postings.schemas import PostingContent
from app.features.postings.service.changing import act, create, revise
from app.features.postings.types import Action, PostingStatus

RowT = TypeVar("RowT", bound=PostingColumns)
ContentT = TypeVar("ContentT", bound=PostingContent)


def put(
    kind: PostingKind[RowT, ContentT],
    *,
    session: Session,
    actor: Actor,
    content: ContentT,
    organization_id: UUID,
    reference: str | None,
) -> Put:
    """Publish a posting, or bring the one with the same reference, else the same title, up to date. For operators.

    A posting that was closed stays closed, and one whose owner has begun a revision stays as it is.

    Raises:
        PostingForbidden: the actor is not an operator.
        ReferenceTaken: another organisation's posting has the reference.
        WrongOrganization, Invalid, ActionNotPossible, PostingExpired: as in `create`, `revise` and `act`.
    """
    if not policy.may_put(actor):
        raise PostingForbidden
    repository = kind.repository(session)
    row = repository.find_by_reference(reference) if reference else None
    if row is not None and row.organization_id != organization_id:
        raise ReferenceTaken
    row = row or repository.newest_titled(organization_id, content.title)
    outcome: Put = "updated"
    if row is None:
        row, _ = create(
            kind, session=session, actor=actor, content=content, organization_id=organization_id, reference=reference
        )
        outcome = "created"
    same = kind.content_of(row) == content
    if row.status == PostingStatus.CLOSED or (row.status in REVISABLE and (same or row.revision is not None)):
        return "unchanged"
    steps = [Action.SUBMIT, Action.PUBLISH]
    if not same:
        patch = validated(kind.content, content.model_dump(mode="json"))
        if lifecycle.after(State(row.status, row.revision_status), Action.REVISE) is None:
            act(kind, session=session, actor=actor, posting_id=row.id, action=Action.RETURN, accepted=None)
        revise(kind, session=session, actor=actor, posting_id=row.id, patch=patch, accepted=None)
    elif row.status == PostingStatus.SUBMITTED:
        steps = [Action.PUBLISH]
    for step in steps:
        act(kind, session=session, actor=actor, posting_id=row.id, action=step, accepted=None)
    return outcome
