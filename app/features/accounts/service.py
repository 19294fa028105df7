"""Use cases of API keys."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import FieldError, Invalid
from app.core.ids import new_id
from app.core.paging import Page
from app.core.text import Bilingual
from app.db.keyset import Slice
from app.features.accounts import keys, policy
from app.features.accounts.errors import KeyInvalid, KeyNotAllowed, KeyNotFound, KeyRequired
from app.features.accounts.models import ApiKey
from app.features.accounts.repository import ApiKeyRepository
from app.features.accounts.schemas import ApiKeyCreate, ApiKeyIssued, ApiKeyRead
from app.features.accounts.types import Actor, Role


def identify(*, session: Session, key: str) -> Actor:
    """Who a key stands for.

    Raises:
        KeyInvalid: it is unknown, revoked or misspelt.
    """
    presented = keys.parse(key)
    stored = ApiKeyRepository(session).find_live(presented.public_id) if presented else None
    if presented is None or stored is None or not presented.matches(stored.secret_hash):
        raise KeyInvalid
    return Actor(role=stored.role, organization_id=stored.organization_id, key_id=stored.id)


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
    if (body.role == Role.MEMBER) != (body.organization_id is not None):
        rule = Bilingual("成员密钥须指明机构，其他密钥不得指明", "A member's key names its organisation; others do not")
        raise Invalid([FieldError("/organization_id", rule, "organization_of_member")])
    presented = keys.generate()
    key = ApiKey(
        id=new_id(),
        public_id=presented.public_id,
        secret_hash=keys.hash_secret(presented.secret),
        name=body.name,
        role=body.role,
        organization_id=body.organization_id,
        created_at=now(),
        revoked_at=None,
    )
    ApiKeyRepository(session).add(key)
    return ApiKeyIssued(
        id=key.id,
        public_id=key.public_id,
        name=key.name,
        role=key.role,
        organization_id=key.organization_id,
        created_at=key.created_at,
        revoked_at=None,
        key=presented.text,
    )


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
    found = ApiKeyRepository(session).find_live(public_id)
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
