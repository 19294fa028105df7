"""Reading postings, and what can be done to them."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from app.db.keyset import Rows
from app.features.accounts.service import require_known
from app.features.accounts.types import Actor
from app.features.catalog import service as catalog
from app.features.organizations.models import Organization
from app.features.postings import lifecycle, policy
from app.features.postings.errors import (
    PostingForbidden,
    PostingNotFound,
)
from app.features.postings.kind import PostingKind
from app.features.postings.lifecycle import State
from app.features.postings.models import PostingColumns, PostingEventColumns
from app.features.postings.schemas import PostingContent, PostingListQuery
from app.features.postings.types import Action, Standing

RowT = TypeVar("RowT", bound=PostingColumns)
ContentT = TypeVar("ContentT", bound=PostingContent)


def get(
    kind: PostingKind[RowT, ContentT], *, session: Session, actor: Actor, posting_id: UUID | str
) -> tuple[RowT, Organization]:
    """One posting and its organisation.

    Raises:
        PostingNotFound: there is none for this actor.
    """
    found = kind.repository(session).get(actor, posting_id)
    if found is None:
        raise PostingNotFound
    return found


def editable(
    kind: PostingKind[RowT, ContentT], *, session: Session, actor: Actor, posting_id: UUID | str
) -> tuple[RowT, Organization]:
    """One posting and its organisation for those who may change it, whether or not its state allows that now.

    Raises:
        KeyRequired: no key was shown.
        PostingNotFound: there is none for this actor.
        PostingForbidden: it is another's.
    """
    require_known(actor)
    row, organization = get(kind, session=session, actor=actor, posting_id=posting_id)
    if not policy.may(actor, Action.REVISE, row.organization_id):
        raise PostingForbidden
    return row, organization


def list_page(kind: PostingKind[RowT, ContentT], *, session: Session, actor: Actor, query: PostingListQuery) -> Rows:
    """One page of summaries."""
    return kind.repository(session).list_page(
        actor,
        query,
        industries=None if query.industry is None else catalog.industries_within(session, query.industry),
        regions=None if query.region is None else catalog.regions_within(session, query.region),
    )


def standings(
    kind: PostingKind[RowT, ContentT], *, session: Session, actor: Actor, ids: Sequence[UUID]
) -> Sequence[Standing]:
    """Those postings among some that an actor may know of, gone or not."""
    return kind.repository(session).list_standings(actor, ids)


def summaries(
    kind: PostingKind[RowT, ContentT], *, session: Session, actor: Actor, ids: Sequence[UUID]
) -> Sequence[Mapping[str, Any]]:
    """The columns of a list for those postings among some that exist for an actor."""
    return kind.repository(session).list_summaries(actor, ids)


def history(
    kind: PostingKind[RowT, ContentT], *, session: Session, actor: Actor, posting_id: UUID | str
) -> Sequence[PostingEventColumns]:
    """All steps of a posting, for its owner and operators.

    Raises:
        KeyRequired: no key was shown.
        PostingNotFound: there is none for this actor.
        PostingForbidden: it is another's.
    """
    require_known(actor)
    row, _ = get(kind, session=session, actor=actor, posting_id=posting_id)
    if not policy.sees_all(actor, row.organization_id):
        raise PostingForbidden
    return kind.repository(session).history(row.id)


def allowed_actions(row: PostingColumns, actor: Actor) -> list[Action]:
    """What this actor can do to a posting now."""
    possible = lifecycle.possible(State(row.status, row.revision_status))
    return [action for action in possible if policy.may(actor, action, row.organization_id)]
