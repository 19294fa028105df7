"""Who is behind a request."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.addresses import is_within
from app.core.clock import now
from app.features.accounts import keys, policy
from app.features.accounts.errors import KeyInvalid, KeyRequired, PersonNotAllowed, ScopeMissing
from app.features.accounts.keys import Presented, Purpose
from app.features.accounts.repository import ApiKeyRepository, SignInRepository, StoredSignIn
from app.features.accounts.types import Actor, Scope

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

    Who signed in through a portal is known beside the key of that portal only, or the one it was rotated to: otherwise
    a portal could do in a person's name what its own key is not for.

    Args:
        session: reads.
        key: an API key, or the access key of a person.
        person_key: the access key of the person for whom a portal acts.
        address: the address the request comes from.
        on_use: told the id of an API key whose last noted use is some time ago.

    Raises:
        KeyInvalid: one of them is unknown, expired, revoked, misspelt or shown from where it is not for.
        PersonNotAllowed: a person's key is shown beside a key that is not a portal's.
    """
    presented = keys.parse(key)
    if presented is None:
        raise KeyInvalid
    if presented.purpose != Purpose.LIVE:
        signed_in = _signed_in(session, presented)
        if person_key is not None:
            raise PersonNotAllowed
        if signed_in.portal_id is not None:
            raise KeyInvalid
        return _person(signed_in)
    actor = _machine(session, presented, address, on_use)
    if person_key is None:
        return actor
    if not policy.may_act_for_people(actor) or actor.key_id is None:
        raise PersonNotAllowed
    shown = keys.parse(person_key)
    if shown is None:
        raise KeyInvalid
    signed_in = _signed_in(session, shown)
    if signed_in.portal_id is not None and not is_portal(session=session, actor=actor, portal_id=signed_in.portal_id):
        raise KeyInvalid
    return _person(signed_in).narrowed(actor.scopes, portal_id=actor.key_id)


def is_portal(*, session: Session, actor: Actor, portal_id: UUID) -> bool:
    """Whether the actor shows the key of a portal, or one of the same line: what it was rotated to or from."""
    key_id = actor.portal_id or actor.key_id
    if key_id is None:
        return False
    repository = ApiKeyRepository(session)
    return key_id == portal_id or repository.first_of_line(key_id) == repository.first_of_line(portal_id)


def require_scope(actor: Actor, scope: Scope) -> None:
    """Refuse a known actor who may not ask for a kind of thing; what is public is open to those who show no key.

    Raises:
        ScopeMissing: the key lacks the scope.
    """
    if actor.is_known and scope not in actor.scopes:
        raise ScopeMissing(scope)


def require_known(actor: Actor) -> None:
    """Refuse an actor without a key.

    Raises:
        KeyRequired: no key was shown.
    """
    if not actor.is_known:
        raise KeyRequired


def note_use(session: Session, *, key_id: UUID) -> None:
    """Remember that a key was used just now, unless that was noted less than a minute ago."""
    moment = now()
    ApiKeyRepository(session).touch(key_id, moment, unless_after=moment - _NOTED_EVERY)


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


def _signed_in(session: Session, presented: Presented) -> StoredSignIn:
    is_access = presented.purpose == Purpose.ACCESS
    stored = SignInRepository(session).find_live(presented.public_id, now()) if is_access else None
    if stored is None or not presented.matches(stored.secret_hash):
        raise KeyInvalid
    return stored


def _person(stored: StoredSignIn) -> Actor:
    return Actor(stored.role, stored.organization_id, person_id=stored.person_id, scopes=policy.SCOPES[stored.role])
