"""Whose something is for good, while keys are rotated and people sign in and out."""

from sqlalchemy.orm import Session

from app.core.clock import now
from app.features.accounts import policy
from app.features.accounts.repository import ApiKeyRepository, SignInRepository
from app.features.accounts.service.identifying import require_known
from app.features.accounts.types import Actor, Lasting


def lasting(*, session: Session, actor: Actor) -> Lasting:
    """Whose what an actor makes is, for good: the person's, or the key's and of all keys it is rotated to.

    What a portal makes while it acts for somebody is the portal's: it would otherwise go on seeing with the person's
    eyes when their sign-in is over.

    Raises:
        KeyRequired: no key was shown.
    """
    require_known(actor)
    key_id = actor.portal_id or actor.key_id
    if key_id is None:
        return Lasting(None, actor.person_id)
    return Lasting(ApiKeyRepository(session).first_of_line(key_id), None)


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
