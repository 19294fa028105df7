"""SQL of API keys, and of who is signed in."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, and_, bindparam, exists, false, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.paging import moment
from app.db.keyset import Rows, Slice, SortColumn, fetch_page
from app.db.types import AnySelect, Moment
from app.features.accounts.errors import OrganizationUnknown
from app.features.accounts.models import ApiKey, Person, SignIn
from app.features.accounts.types import Actor, Role

_COLUMNS = ApiKey.__table__.c
_SORTS = {"created_at": SortColumn(_COLUMNS.created_at, moment)}
_READ = (
    _COLUMNS.id,
    _COLUMNS.public_id,
    _COLUMNS.name,
    _COLUMNS.role,
    _COLUMNS.organization_id,
    _COLUMNS.scopes,
    _COLUMNS.allowed_addresses,
    _COLUMNS.replaces_id,
    _COLUMNS.created_at,
    _COLUMNS.expires_at,
    _COLUMNS.last_used_at,
    _COLUMNS.revoked_at,
)
_SIGNED_IN = SignIn.__table__.c
_PERSON = Person.__table__.c
_STORED = (
    _COLUMNS.id,
    _COLUMNS.secret_hash,
    _COLUMNS.role,
    _COLUMNS.organization_id,
    _COLUMNS.scopes,
    _COLUMNS.allowed_addresses,
    _COLUMNS.last_used_at,
)
# Built once: every request with a key runs one of them.
_LIVE = select(*_STORED).where(
    _COLUMNS.public_id == bindparam("public_id"),
    _COLUMNS.revoked_at.is_(None),
    or_(_COLUMNS.expires_at.is_(None), _COLUMNS.expires_at > bindparam("now", type_=Moment)),
)
_LIVE_SIGN_IN = (
    select(
        _SIGNED_IN.id,
        _SIGNED_IN.secret_hash,
        _SIGNED_IN.portal_id,
        _PERSON.id.label("person_id"),
        _PERSON.role,
        _PERSON.organization_id,
    )
    .join_from(SignIn.__table__, Person.__table__, _PERSON.id == _SIGNED_IN.person_id)
    .where(
        _SIGNED_IN.public_id == bindparam("public_id"),
        _SIGNED_IN.revoked_at.is_(None),
        _SIGNED_IN.access_expires_at > bindparam("now", type_=Moment),
        _PERSON.disabled_at.is_(None),
    )
)


def _is_key(key_id: ColumnElement[UUID | None]) -> ColumnElement[bool]:
    other = ApiKey.__table__.alias()
    return exists().where(other.c.id == key_id)


class StoredKey(NamedTuple):
    """What is needed to check a key and know its actor."""

    id: UUID
    secret_hash: str
    role: Role
    organization_id: UUID | None
    scopes: list[str]
    allowed_addresses: list[str]
    last_used_at: datetime | None


class StoredSignIn(NamedTuple):
    """What is needed to check a person's access key and know its actor."""

    id: UUID
    secret_hash: str
    portal_id: UUID | None
    person_id: UUID
    role: Role
    organization_id: UUID | None


class ApiKeyRepository:
    """Keys, scoped to an actor: operators see them all, everybody else none."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def visible_to(self, actor: Actor) -> AnySelect:
        """The keys an actor may know of."""
        statement: AnySelect = select(*_READ)
        return statement if actor.is_operator else statement.where(false())

    def find_live(self, public_id: str, at: datetime) -> StoredKey | None:
        """A key that has neither been revoked nor expired."""
        row = self.session.execute(_LIVE, {"public_id": public_id, "now": at}).first()
        return StoredKey(*row) if row else None

    def touch(self, key_id: UUID, at: datetime) -> None:
        """Note when a key was last used."""
        self.session.execute(update(ApiKey).where(ApiKey.id == key_id).values(last_used_at=at))

    def list_page(self, actor: Actor, wanted: Slice) -> Rows:
        """One page of the keys an actor may know of."""
        return fetch_page(self.session, self.visible_to(actor), wanted, sorts=_SORTS, key=_COLUMNS.id)

    def get(self, actor: Actor, key_id: UUID) -> RowMapping | None:
        """One key without its secret."""
        return self.session.execute(self.visible_to(actor).where(_COLUMNS.id == key_id)).mappings().one_or_none()

    def first_of(self, key_id: UUID) -> UUID:
        """The key that a key goes back to by rotations; itself when it was made anew."""
        line = select(_COLUMNS.id, _COLUMNS.replaces_id).where(_COLUMNS.id == key_id).cte("line", recursive=True)
        line = line.union(select(_COLUMNS.id, _COLUMNS.replaces_id).where(_COLUMNS.id == line.c.replaces_id))
        first = select(line.c.id).where(or_(line.c.replaces_id.is_(None), ~_is_key(line.c.replaces_id)))
        return self.session.scalar(first) or key_id

    def newest_live(self, first_id: UUID, at: datetime) -> StoredKey | None:
        """The newest key that is neither revoked nor expired, among one and those it was rotated to."""
        line = select(_COLUMNS.id).where(_COLUMNS.id == first_id).cte("line", recursive=True)
        line = line.union(select(_COLUMNS.id).where(_COLUMNS.replaces_id == line.c.id))
        is_live = and_(_COLUMNS.revoked_at.is_(None), or_(_COLUMNS.expires_at.is_(None), _COLUMNS.expires_at > at))
        statement = select(*_STORED).where(_COLUMNS.id.in_(select(line.c.id)), is_live)
        row = self.session.execute(statement.order_by(_COLUMNS.created_at.desc(), _COLUMNS.id.desc()).limit(1)).first()
        return StoredKey(*row) if row else None

    def add(self, key: ApiKey) -> None:
        """Store a new key.

        Raises:
            OrganizationUnknown: its organisation does not exist.
        """
        self.session.add(key)
        try:
            self.session.flush()
        except IntegrityError as error:
            raise OrganizationUnknown from error

    def revoke(self, key_id: UUID, at: datetime) -> None:
        """End a key; an ended one keeps its first date."""
        self.session.execute(
            update(ApiKey).where(ApiKey.id == key_id, ApiKey.revoked_at.is_(None)).values(revoked_at=at)
        )


class SignInRepository:
    """Who is signed in, by the access key of the moment."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def find_person(self, person_id: UUID) -> tuple[Role, UUID | None] | None:
        """The role and organisation of a person who may still sign in."""
        row = self.session.execute(
            select(_PERSON.role, _PERSON.organization_id).where(_PERSON.id == person_id, _PERSON.disabled_at.is_(None))
        ).first()
        return (row.role, row.organization_id) if row else None

    def find_live(self, public_id: str, at: datetime) -> StoredSignIn | None:
        """A sign-in whose access key has not expired, of a person who may still sign in."""
        row = self.session.execute(_LIVE_SIGN_IN, {"public_id": public_id, "now": at}).first()
        return StoredSignIn(*row) if row else None
