"""Making postings and taking them through their life."""

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import StaleVersion
from app.core.ids import new_id
from app.core.merging import merge_patch
from app.core.rules import validated
from app.core.schema import Schema
from app.db import audit, changes, counters
from app.db.search import folded
from app.features.accounts.service import require_known
from app.features.accounts.types import Actor
from app.features.catalog import service as catalog
from app.features.organizations import service as organizations
from app.features.organizations.models import Organization
from app.features.organizations.types import OrgRole
from app.features.postings import lifecycle, policy
from app.features.postings.errors import (
    ActionNotPossible,
    PostingExpired,
    PostingForbidden,
    PostingNotFound,
    TitleTaken,
    WrongOrganization,
)
from app.features.postings.kind import PostingKind, columns_of
from app.features.postings.lifecycle import REVISABLE, State
from app.features.postings.models import PostingColumns
from app.features.postings.schemas import PostingContent
from app.features.postings.service.looking import allowed_actions
from app.features.postings.types import Action, CloseReason, PostingStatus

RowT = TypeVar("RowT", bound=PostingColumns)
ContentT = TypeVar("ContentT", bound=PostingContent)


def create(
    kind: PostingKind[RowT, ContentT],
    *,
    session: Session,
    actor: Actor,
    content: ContentT,
    organization_id: UUID | None,
    reference: str | None = None,
) -> tuple[RowT, Organization]:
    """Post a draft for the actor's organisation, or, for an operator, for any.

    Args:
        kind: need or capability.
        session: writes.
        actor: who posts.
        content: what is posted.
        organization_id: for whom; None means the actor's own.
        reference: a reference given from outside; None takes the next one of the year.

    Raises:
        KeyRequired: no key was shown.
        PostingForbidden: the actor may not post for this organisation.
        WrongOrganization: there is none, or it does not take this side.
        TitleTaken: it has an open posting with this title.
        Invalid: a code that does not exist.
    """
    require_known(actor)
    owner_id = organization_id or actor.organization_id
    if owner_id is not None and not policy.may_post_for(actor, owner_id):
        raise PostingForbidden
    organization = organizations.find(session=session, actor=actor, organization_id=owner_id) if owner_id else None
    if organization is None or not _takes(organization, kind.side):
        raise WrongOrganization
    repository = kind.repository(session)
    _check_content(kind, session, organization.id, content, row=None)
    moment = clock.now()
    row = repository.model(
        id=new_id(),
        organization_id=organization.id,
        reference=_reference(kind, session, moment.year, reference),
        status=PostingStatus.DRAFT,
        close_reason=None,
        review_note=None,
        revision=None,
        revision_status=None,
        version=1,
        created_at=moment,
        updated_at=moment,
        listed_at=moment,
        published_at=None,
        seen_level=None,
        search_text=folded(kind.searched(content)),
        **columns_of(content),
    )
    repository.add(row)
    _log(kind, session, row, "create", actor, note=None)
    return row, organization


def revise(
    kind: PostingKind[RowT, ContentT],
    *,
    session: Session,
    actor: Actor,
    posting_id: UUID | str,
    patch: Schema,
    accepted: frozenset[int] | None,
) -> tuple[RowT, Organization]:
    """Change a posting's content. A published one keeps its public content until the change is reviewed.

    Raises:
        KeyRequired: no key was shown.
        PostingNotFound: there is none for this actor.
        PostingForbidden: it is another's.
        StaleVersion: it has changed meanwhile.
        ActionNotPossible: it is under review, rejected or closed.
        Invalid: the changed content breaks a rule.
        TitleTaken: another open posting of the organisation has the new title.
    """
    row, organization, reached = _begin(kind, session, actor, posting_id, Action.REVISE, accepted)
    content = patched(kind, session=session, row=row, patch=patch)
    if row.status in REVISABLE:
        row.revision = content.model_dump(mode="json")
    else:
        _apply(kind, row, content)
    _finish(kind, session, row, reached, Action.REVISE, actor)
    return row, organization


def patched(kind: PostingKind[RowT, ContentT], *, session: Session, row: RowT, patch: Schema) -> ContentT:
    """The content a posting would have after a change; nothing is saved.

    Raises:
        Invalid: the changed content breaks a rule.
        TitleTaken: another open posting of the organisation has the new title.
    """
    base = row.revision if row.revision is not None else kind.content_of(row).model_dump(mode="json")
    changed = merge_patch(base, patch.model_dump(mode="json", exclude_unset=True))
    content = validated(kind.content, changed)
    _check_content(kind, session, row.organization_id, content, row=row)
    return content


def act(
    kind: PostingKind[RowT, ContentT],
    *,
    session: Session,
    actor: Actor,
    posting_id: UUID | str,
    action: Action,
    accepted: frozenset[int] | None,
    note: str | None = None,
    reason: CloseReason | None = None,
) -> tuple[RowT, Organization]:
    """Take a posting, or its waiting revision, one step on.

    Raises:
        KeyRequired: no key was shown.
        PostingNotFound: there is none for this actor.
        PostingForbidden: the actor may not take this step.
        StaleVersion: it has changed meanwhile.
        ActionNotPossible: the step does not lead on from here.
        PostingExpired: it is to be public after its validity.
    """
    row, organization, reached = _begin(kind, session, actor, posting_id, action, accepted)
    if action == Action.PUBLISH:
        if row.revision is not None:
            _apply(kind, row, kind.content.model_validate(row.revision))
        if row.published_at is None:
            row.published_at = row.listed_at = clock.now()
    if action in (Action.PUBLISH, Action.RESUME):
        _require_valid(row)
    if action in (Action.PUBLISH, Action.REJECT, Action.CLOSE):
        row.revision = None
    if action in (Action.SUBMIT, Action.PUBLISH, Action.RETURN, Action.REJECT):
        row.review_note = note
    row.close_reason = reason
    if action in policy.REVIEWS:
        audit.note(session, action=f"posting.{action}", by=actor.by, subject=(kind.name, row.id))
    _finish(kind, session, row, reached, action, actor, note=note)
    return row, organization


def _begin(
    kind: PostingKind[RowT, ContentT],
    session: Session,
    actor: Actor,
    posting_id: UUID | str,
    action: Action,
    accepted: frozenset[int] | None,
) -> tuple[RowT, Organization, State]:
    require_known(actor)
    found = kind.repository(session).get(actor, posting_id, lock=True)
    if found is None:
        raise PostingNotFound
    row, organization = found
    if not policy.may(actor, action, row.organization_id):
        raise PostingForbidden
    if accepted is not None and row.version not in accepted:
        raise StaleVersion
    reached = lifecycle.after(State(row.status, row.revision_status), action)
    if reached is None:
        raise ActionNotPossible(row.status, allowed_actions(row, actor))
    return row, organization, reached


def _finish(
    kind: PostingKind[RowT, ContentT],
    session: Session,
    row: RowT,
    reached: State,
    action: Action,
    actor: Actor,
    note: str | None = None,
) -> None:
    row.status, row.revision_status = reached
    if action in (Action.PUBLISH, Action.RESUME) and row.status == PostingStatus.PUBLISHED:
        row.seen_level = policy.wider(row.seen_level, row.details_level)
    row.version += 1
    row.updated_at = clock.now()
    kind.repository(session).save(row)
    _log(kind, session, row, action, actor, note=note)


def _log(
    kind: PostingKind[RowT, ContentT], session: Session, row: RowT, action: str, actor: Actor, *, note: str | None
) -> None:
    content: dict[str, Any] = row.revision or kind.content_of(row).model_dump(mode="json")
    repository = kind.repository(session)
    repository.add_event(
        repository.event_model(
            id=new_id(),
            posting_id=row.id,
            version=row.version,
            action=str(action),
            actor_key_id=actor.key_id or actor.portal_id,
            actor_person_id=actor.person_id,
            at=row.updated_at,
            note=note,
            content=content,
        )
    )
    changes.record(session, kind=kind.name, record_id=row.id)


def _apply(kind: PostingKind[RowT, ContentT], row: RowT, content: ContentT) -> None:
    for name, value in columns_of(content).items():
        setattr(row, name, value)
    row.search_text = folded(kind.searched(content))


def _check_content(
    kind: PostingKind[RowT, ContentT],
    session: Session,
    organization_id: UUID,
    content: ContentT,
    *,
    row: RowT | None,
) -> None:
    catalog.require_codes(session, **kind.codes(content)._asdict())
    holder = kind.repository(session).newest_titled(organization_id, content.title)
    if holder is not None and holder.status != PostingStatus.CLOSED and (row is None or holder.id != row.id):
        raise TitleTaken


def _require_valid(row: PostingColumns) -> None:
    if row.valid_until is not None and row.valid_until < clock.today():
        raise PostingExpired


def _takes(organization: Organization, side: OrgRole) -> bool:
    return organization.is_enterprise if side == OrgRole.ENTERPRISE else organization.is_provider


def _reference(kind: PostingKind[RowT, ContentT], session: Session, year: int, given: str | None) -> str:
    if given is None:
        number = counters.take(session, f"{kind.prefix}-{year}")
        return f"{kind.prefix}-{year}-{number:06d}"
    series, _, number_text = given.rpartition("-")
    counters.raise_to(session, series, int(number_text))
    return given
