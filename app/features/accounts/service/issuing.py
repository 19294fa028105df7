"""Making, changing, rotating and ending keys.

A key has no version and is changed without If-Match: a change names what it sets and leaves the rest, each field is
small and set as a whole, and when a key was last used changes it all the time. Who set what stands in the audit.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import FieldError, Invalid
from app.core.ids import new_id
from app.core.schema import Schema
from app.core.text import Bilingual
from app.db import audit
from app.features.accounts import keys, policy
from app.features.accounts.errors import (
    KeyEnded,
    KeyNotAllowed,
    KeyNotFound,
    KeyReplaced,
    NoKeyOfItsOwn,
    ScopeNotHeld,
    ScopeNotOfRole,
)
from app.features.accounts.models import ApiKey
from app.features.accounts.repository import ApiKeyRepository
from app.features.accounts.schemas import ApiKeyCreate, ApiKeyIssued, ApiKeyRead
from app.features.accounts.service.identifying import require_known
from app.features.accounts.types import Actor, Role, Scope

_KIND = "api_key"
_LONGEST = timedelta(days=36_525)


def issue(*, session: Session, actor: Actor, body: ApiKeyCreate) -> ApiKeyIssued:
    """Make a key. Its full text is in the answer and nowhere else.

    Without a word about scopes it gets all that its role may have and the actor has.

    Raises:
        KeyRequired: no key was shown.
        KeyNotAllowed: the actor may not make keys of this role.
        ScopeNotHeld: the actor does not have a scope itself.
        Invalid: a member's key without an organisation, or another with one; a scope its role may not have; an end
            that is past or more than a hundred years away.
    """
    require_known(actor)
    if not policy.may_issue(actor, body.role):
        raise KeyNotAllowed
    if body.role.is_of_organization != (body.organization_id is not None):
        rule = Bilingual("企业的密钥须指明机构，其他密钥不得指明", "An organisation's key names it; others do not")
        raise Invalid([FieldError("/organization_id", rule, "organization_of_member")])
    moment = now()
    _check_end(body.expires_at, moment)
    scopes = sorted(policy.grantable(actor, body.role)) if body.scopes is None else body.scopes
    _check_scopes(actor, body.role, scopes, held=frozenset())
    issued = _add(
        session,
        name=body.name,
        role=body.role,
        organization_id=body.organization_id,
        scopes=sorted(scopes),
        allowed_addresses=body.allowed_addresses,
        replaces_id=None,
        created_at=moment,
        expires_at=body.expires_at,
    )
    detail = {"role": issued.role, "scopes": issued.scopes}
    audit.note(session, action="key.issue", by=actor.by, subject=(_KIND, issued.id), detail=detail)
    return issued


def change(*, session: Session, actor: Actor, key_id: UUID, body: Schema) -> ApiKeyRead:
    """Change what a key is called, what it is for, where it may be used from and when it ends.

    Args:
        session: writes.
        actor: who asks.
        key_id: which one.
        body: an `ApiKeyUpdate`; fields left out stay as they are.

    Raises:
        KeyRequired: no key was shown.
        KeyNotFound: no such key for this actor.
        KeyNotAllowed: the actor could not have issued it.
        KeyEnded: it was revoked or has expired.
        ScopeNotHeld: it is to get a scope that the actor does not have itself.
        Invalid: a scope its role may not have; an end that is past or more than a hundred years away.
    """
    key = _handled(session, actor, key_id)
    moment = now()
    _require_live(key, moment)
    changed = body.model_dump(exclude_unset=True)
    if "expires_at" in changed:
        _check_end(changed["expires_at"], moment)
    if "scopes" in changed:
        _check_scopes(actor, key.role, changed["scopes"], held=frozenset(key.scopes))
        changed["scopes"] = sorted(changed["scopes"])
    changed = {name: value for name, value in changed.items() if getattr(key, name) != value}
    for name, value in changed.items():
        setattr(key, name, value)
    if changed:
        detail: dict[str, Any] = {"fields": sorted(changed)}
        if "scopes" in changed:
            detail["scopes"] = changed["scopes"]
        audit.note(session, action="key.change", by=actor.by, subject=(_KIND, key.id), detail=detail)
    return _shown(key)


def rotate(*, session: Session, actor: Actor, key_id: UUID, overlap: timedelta) -> ApiKeyIssued:
    """Make a key that takes the place of another, which still works for a while.

    The new one is alike in all but its text, and lives as long from now as the old one was to live from its making.

    Args:
        session: writes.
        actor: who asks.
        key_id: the one to be replaced.
        overlap: for how long the old one still works, unless it ends before.

    Raises:
        KeyRequired: no key was shown.
        KeyNotFound: no such key for this actor.
        KeyNotAllowed: the actor could not have issued it.
        KeyEnded: it was revoked or has expired.
        KeyReplaced: there is a key in its place already.
        ScopeNotHeld: it has a scope that the actor does not have itself.
    """
    key = _handled(session, actor, key_id)
    # whoever rotates a key gets to read the new one
    if not policy.SCOPES[key.role].intersection(key.scopes) <= actor.scopes:
        raise ScopeNotHeld
    moment = now()
    end = None if key.expires_at is None else moment + (key.expires_at - key.created_at)
    return _rotate(session, actor, key, overlap, moment=moment, end=end)


def rotate_own(*, session: Session, actor: Actor, overlap: timedelta) -> ApiKeyIssued:
    """Let a machine replace the key it shows; it needs no right for it, as it gains none.

    The new one ends when the old one was to.

    Raises:
        KeyRequired: no key was shown.
        NoKeyOfItsOwn: it is a person who asks.
        KeyEnded: it was revoked or expired a moment ago.
        KeyReplaced: there is a key in its place already.
    """
    require_known(actor)
    key = None if actor.key_id is None else ApiKeyRepository(session).find_for_change(actor.key_id)
    if key is None:
        raise NoKeyOfItsOwn
    return _rotate(session, actor, key, overlap, moment=now(), end=key.expires_at)


def revoke(*, session: Session, actor: Actor, key_id: UUID) -> list[ApiKeyRead]:
    """End a key, at once and in every worker, and all that it was rotated to: whoever stole it may have rotated it.

    Ending it twice is no error.

    Returns:
        Those that had not been revoked before.

    Raises:
        KeyRequired: no key was shown.
        KeyNotFound: no such key for this actor.
        KeyNotAllowed: the actor could not have issued it.
    """
    key: ApiKey | None = _handled(session, actor, key_id)
    ended = []
    moment = now()
    while key is not None:
        if key.revoked_at is None:
            key.revoked_at = moment
            detail = {} if key.id == key_id else {"with": str(key_id)}
            audit.note(session, action="key.revoke", by=actor.by, subject=(_KIND, key.id), detail=detail)
            ended.append(_shown(key))
        # asked for one after another, each once the one before it is locked: none of them is rotated meanwhile
        key = ApiKeyRepository(session).find_successor_for_change(key.id)
    return ended


def _handled(session: Session, actor: Actor, key_id: UUID) -> ApiKey:
    """A key that an actor may handle, kept from other writers."""
    require_known(actor)
    key = ApiKeyRepository(session).find_for_change(key_id) if policy.may_see_keys(actor) else None
    if key is None:
        raise KeyNotFound
    if not policy.may_issue(actor, key.role):
        raise KeyNotAllowed
    return key


def _rotate(
    session: Session, actor: Actor, key: ApiKey, overlap: timedelta, *, moment: datetime, end: datetime | None
) -> ApiKeyIssued:
    _require_live(key, moment)
    if ApiKeyRepository(session).is_replaced(key.id):
        raise KeyReplaced
    issued = _add(
        session,
        name=key.name,
        role=key.role,
        organization_id=key.organization_id,
        scopes=key.scopes,
        allowed_addresses=key.allowed_addresses,
        replaces_id=key.id,
        created_at=moment,
        expires_at=end,
    )
    over = moment + overlap
    key.expires_at = over if key.expires_at is None else min(over, key.expires_at)
    detail = {"replaced_by": str(issued.id), "overlap_hours": int(overlap / timedelta(hours=1))}
    audit.note(session, action="key.rotate", by=actor.by, subject=(_KIND, key.id), detail=detail)
    return issued


def _add(session: Session, **given: Any) -> ApiKeyIssued:  # noqa: ANN401 - columns of a key
    presented = keys.generate()
    key = ApiKey(
        id=new_id(),
        public_id=presented.public_id,
        secret_hash=presented.secret_hash,
        last_used_at=None,
        revoked_at=None,
        **given,
    )
    ApiKeyRepository(session).add(key)
    return ApiKeyIssued(**_shown(key).model_dump(), key=presented.text)


def _shown(key: ApiKey) -> ApiKeyRead:
    return ApiKeyRead(**{name: getattr(key, name) for name in ApiKeyRead.model_fields})


def _require_live(key: ApiKey, moment: datetime) -> None:
    if key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= moment):
        raise KeyEnded


def _check_end(end: datetime | None, moment: datetime) -> None:
    if end is None:
        return
    if end <= moment:
        rule = Bilingual("应为将来的时间", "Should lie in the future")
        raise Invalid([FieldError("/expires_at", rule, "not_in_future")])
    if end > moment + _LONGEST:  # a life that can be added to any date to come
        rule = Bilingual("不得晚于一百年之后；长期有效请留空", "Should lie within a hundred years; null is for ever")
        raise Invalid([FieldError("/expires_at", rule, "too_far")])


def _check_scopes(actor: Actor, role: Role, scopes: Sequence[Scope], *, held: frozenset[str]) -> None:
    faults = [
        FieldError(f"/scopes/{place}", ScopeNotOfRole.rule(role), "scope_not_of_role")
        for place, scope in enumerate(scopes)
        if scope not in policy.SCOPES[role]
    ]
    if faults:
        raise ScopeNotOfRole(faults)
    missing = [
        FieldError(f"/scopes/{place}", ScopeNotHeld.rule, "scope_not_held")
        for place, scope in enumerate(scopes)
        if scope not in actor.scopes and scope not in held
    ]
    if missing:
        raise ScopeNotHeld(missing)
