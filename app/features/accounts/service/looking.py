"""Reading keys."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.core.paging import Page
from app.db.keyset import Slice
from app.features.accounts import policy
from app.features.accounts.errors import KeyNotAllowed, KeyNotFound, NoKeyOfItsOwn
from app.features.accounts.repository import ApiKeyRepository
from app.features.accounts.schemas import ApiKeyRead
from app.features.accounts.service.identifying import require_known
from app.features.accounts.types import Actor


def get(*, session: Session, actor: Actor, key_id: UUID) -> ApiKeyRead:
    """One key without its secret.

    Raises:
        KeyRequired: no key was shown.
        KeyNotAllowed: the actor is not an operator.
        KeyNotFound: no such key.
    """
    require_known(actor)
    if not policy.may_see_keys(actor):
        raise KeyNotAllowed
    found = ApiKeyRepository(session).get(actor, key_id)
    if found is None:
        raise KeyNotFound
    return ApiKeyRead(**found)


def own(*, session: Session, actor: Actor) -> ApiKeyRead:
    """The key a machine shows, as it may see it itself.

    Raises:
        KeyRequired: no key was shown.
        NoKeyOfItsOwn: it is a person who asks.
    """
    require_known(actor)
    found = None if actor.key_id is None else ApiKeyRepository(session).find_own(actor.key_id)
    if found is None:
        raise NoKeyOfItsOwn
    return ApiKeyRead(**found)


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
    """The id of a key by its public part, of one that has ended too: what it was rotated to may live.

    Raises:
        KeyNotFound: no such key for this actor.
    """
    found = ApiKeyRepository(session).id_of(actor, public_id)
    if found is None:
        raise KeyNotFound
    return found
