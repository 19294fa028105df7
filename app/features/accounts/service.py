"""Use cases of API keys, and who is behind a request."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.addresses import is_within
from app.core.clock import now
from app.core.errors import FieldError, Invalid
from app.core.ids import new_id
from app.core.paging import Page
from app.core.text import Bilingual
from app.db import audit
from app.db.keyset import Slice
from app.features.accounts import keys, policy
from app.features.accounts.errors import (
    KeyInvalid,
    KeyNotAllowed,
    KeyNotFound,
    KeyRequired,
    PersonNotAllowed,
    ScopeMissing,
)
from app.features.accounts.keys import Presented, Purpose
from app.features.accounts.models import ApiKey
from app.features.accounts.repository import ApiKeyRepository, SignInRepository
from app.features.accounts.schemas import ApiKeyCreate, ApiKeyIssued, ApiKeyRead
from app.features.accounts.types import Actor, Lasting, Role, Scope

_NOTED_EVERY = timedelta(minutes=1)


def identify(
    *,
    session: Session,
    key: str,
    person_key: str | None = None,
    address: str | None = None,
    on_use: Callable[[UUID], None] | None = None,
) -> Actor:
    """Who shows a key: a machine, a person, or a portal for a person.

    Args:
        session: reads.
        key: an API key, or the access key of a person.
        person_key: the access key of the person for whom a portal acts.
        address: the address the request comes from.
        on_use: told the id of an API key whose last noted use is some time ago.

    Raises:
        KeyInvalid: one of them is unknown, expired, revoked, misspelt or shown from an address it is not for.
        PersonNotAllowed: a person's key is shown beside a key that is not a portal's.
    """
    presented = keys.parse(key)
    if presented is None:
        raise KeyInvalid
    if presented.purpose == Purpose.LIVE:
        actor = _machine(session, presented, address, on_use)
    else:
        actor = _person(session, presented)
    if person_key is None:
        return actor
    if actor.role != Role.PORTAL or actor.key_id is None:
        raise PersonNotAllowed
    shown = keys.parse(person_key)
    if shown is None:
        raise KeyInvalid
    return _person(session, shown).narrowed(actor.scopes, portal_id=actor.key_id)


def require_scope(actor: Actor, scope: Scope) -> None:
    """Refuse a known actor who may not ask for a kind of thing; what is public is open to those who show no key.

    Raises:
        ScopeMissing: the key lacks the scope.
    """
    if actor.is_known and scope not in actor.scopes:
        raise ScopeMissing(scope)


def note_use(session: Session, *, key_id: UUID) -> None:
    """Remember that a key was used just now."""
    ApiKeyRepository(session).touch(key_id, now())


def _machine(
    session: Session, presented: Presented, address: str | None, on_use: Callable[[UUID], None] | None
) -> Actor:
    moment = now()
    stored = ApiKeyRepository(session).find_live(presented.public_id, moment)
    if stored is None or not presented.matches(stored.secret_hash):
        raise KeyInvalid
    if stored.allowed_addresses and not is_within(address, stored.allowed_addresses):
        raise KeyInvalid
    if on_use is not None and (stored.last_used_at is None or moment - stored.last_used_at >= _NOTED_EVERY):
        on_use(stored.id)
    # what a role may no longer ask for, its older keys may not either
    scopes = policy.SCOPES[stored.role].intersection(stored.scopes)
    return Actor(stored.role, stored.organization_id, key_id=stored.id, scopes=scopes)


def _person(session: Session, presented: Presented) -> Actor:
    is_access = presented.purpose == Purpose.ACCESS
    stored = SignInRepository(session).find_live(presented.public_id, now()) if is_access else None
    if stored is None or not presented.matches(stored.secret_hash):
        raise KeyInvalid
    return Actor(stored.role, stored.organization_id, person_id=stored.person_id, scopes=policy.SCOPES[stored.role])


def lasting(*, session: Session, actor: Actor) -> Lasting:
    """Whose what an actor makes is, for good: the person's, or the key's and of all keys it is rotated to.

    Raises:
        KeyRequired: no key was shown.
    """
    require_known(actor)
    if actor.person_id is not None or actor.key_id is None:
        return Lasting(None, actor.person_id)
    return Lasting(ApiKeyRepository(session).first_of(actor.key_id), None)


def acting(*, session: Session, owner: Lasting) -> Actor | None:
    """The actor that an owner is now; None when its keys have ended or the person may no longer sign in."""
    if owner.person_id is not None:
        found = SignInRepository(session).find_person(owner.person_id)
        if found is None:
            return None
        role, organization_id = found
        return Actor(role, organization_id, person_id=owner.person_id, scopes=policy.SCOPES[role])
    if owner.key_id is None:
        return None
    stored = ApiKeyRepository(session).newest_live(owner.key_id, now())
    if stored is None:
        return None
    scopes = policy.SCOPES[stored.role].intersection(stored.scopes)
    return Actor(stored.role, stored.organization_id, key_id=stored.id, scopes=scopes)


def require_known(actor: Actor) -> None:
    """Refuse an actor without a key.

    Raises:
        KeyRequired: no key was shown.
    """
    if not actor.is_known:
        raise KeyRequired


def issue(*, session: Session, actor: Actor, body: ApiKeyCreate) -> ApiKeyIssued:
    """Make a key. Its full text is in the answer and nowhere else.

    Raises:
        KeyRequired: no key was shown.
        KeyNotAllowed: the actor may not make keys of this role.
        Invalid: a member's key without an organisation, or another with one.
    """
    require_known(actor)
    if not policy.may_issue(actor, body.role):
        raise KeyNotAllowed
    if body.role.is_of_organization != (body.organization_id is not None):
        rule = Bilingual("企业的密钥须指明机构，其他密钥不得指明", "An organisation's key names it; others do not")
        raise Invalid([FieldError("/organization_id", rule, "organization_of_member")])
    presented = keys.generate()
    key = ApiKey(
        id=new_id(),
        public_id=presented.public_id,
        secret_hash=presented.secret_hash,
        name=body.name,
        role=body.role,
        organization_id=body.organization_id,
        scopes=sorted(policy.SCOPES[body.role]),
        allowed_addresses=[],
        replaces_id=None,
        created_at=now(),
        expires_at=None,
        last_used_at=None,
        revoked_at=None,
    )
    ApiKeyRepository(session).add(key)
    audit.note(session, action="key.issue", by=actor.by, subject=("api_key", key.id), detail={"role": key.role})
    read = {name: getattr(key, name) for name in ApiKeyRead.model_fields}
    return ApiKeyIssued(**read, key=presented.text)


def list_keys(*, session: Session, actor: Actor, wanted: Slice) -> Page[ApiKeyRead]:
    """One page of keys, for operators.

    Raises:
        KeyRequired: no key was shown.
        KeyNotAllowed: the actor is not an operator.
    """
    require_known(actor)
    if not policy.may_see_keys(actor):
        raise KeyNotAllowed
    page = ApiKeyRepository(session).list_page(actor, wanted)
    return Page(items=[ApiKeyRead(**row) for row in page.items], next_cursor=page.next_cursor, total=page.total)


def id_of(*, session: Session, actor: Actor, public_id: str) -> UUID:
    """The id of a key that has not been revoked, by its public part.

    Raises:
        KeyNotFound: no such key for this actor.
    """
    found = ApiKeyRepository(session).find_live(public_id, now())
    if found is None or not policy.may_see_keys(actor):
        raise KeyNotFound
    return found.id


def revoke(*, session: Session, actor: Actor, key_id: UUID) -> None:
    """End a key, at once and in every worker. Ending it twice is no error.

    Raises:
        KeyRequired: no key was shown.
        KeyNotFound: no such key for this actor.
        KeyNotAllowed: the actor could not have issued it.
    """
    require_known(actor)
    repository = ApiKeyRepository(session)
    key = repository.get(actor, key_id)
    if key is None:
        raise KeyNotFound
    if not policy.may_issue(actor, key["role"]):
        raise KeyNotAllowed
    repository.revoke(key_id, now())
    audit.note(session, action="key.revoke", by=actor.by, subject=("api_key", key_id))
