"""SQL of API keys, and of who is signed in."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import RowMapping, and_, bindparam, exists, false, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.paging import moment
from app.db.keyset import Rows, Slice, SortColumn, fetch_page
from app.db.types import AnySelect, Moment
from app.features.accounts import policy
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
        return statement if policy.may_see_keys(actor) else statement.where(false())

    def find_live(self, public_id: str, at: datetime) -> StoredKey | None:
        """A key that has neither been revoked nor expired."""
        row = self.session.execute(_LIVE, {"public_id": public_id, "now": at}).first()
        return StoredKey(*row) if row else None

    def touch(self, key_id: UUID, at: datetime, *, unless_after: datetime) -> None:
        """Note when a key was last used, unless a later use than one moment is noted or somebody changes the key."""
        # of many requests that see the same old note, one writes; none waits for a row that another holds
        stale = (
            select(ApiKey.id)
            .where(ApiKey.id == key_id, or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at <= unless_after))
            .with_for_update(skip_locked=True, key_share=True)
        )
        self.session.execute(
            update(ApiKey).where(ApiKey.id.in_(stale)).values(last_used_at=at),
            execution_options={"synchronize_session": False},
        )

    def list_page(self, actor: Actor, wanted: Slice) -> Rows:
        """One page of the keys an actor may know of."""
        return fetch_page(self.session, self.visible_to(actor), wanted, sorts=_SORTS, key=_COLUMNS.id)

    def get(self, actor: Actor, key_id: UUID) -> RowMapping | None:
        """One key without its secret."""
        return self.session.execute(self.visible_to(actor).where(_COLUMNS.id == key_id)).mappings().one_or_none()

    def id_of(self, actor: Actor, public_id: str) -> UUID | None:
        """The key with a public part, ended or not."""
        found: UUID | None = self.session.scalar(
            self.visible_to(actor).with_only_columns(_COLUMNS.id).where(_COLUMNS.public_id == public_id)
        )
        return found

    def find_own(self, key_id: UUID) -> RowMapping | None:
        """The key that somebody shows, without its secret."""
        return self.session.execute(select(*_READ).where(_COLUMNS.id == key_id)).mappings().one_or_none()

    def find_for_change(self, key_id: UUID) -> ApiKey | None:
        """A key as a row, kept from other writers until the transaction ends. Whoever asks has checked who may."""
        return self.session.scalar(select(ApiKey).where(ApiKey.id == key_id).with_for_update())

    def find_successor_for_change(self, key_id: UUID) -> ApiKey | None:
        """The key that was rotated from this one, kept from other writers until the transaction ends."""
        return self.session.scalar(select(ApiKey).where(ApiKey.replaces_id == key_id).with_for_update())

    def is_replaced(self, key_id: UUID) -> bool:
        """Whether there is a key in place of this one."""
        return bool(self.session.scalar(select(exists().where(_COLUMNS.replaces_id == key_id))))

    def first_of_line(self, key_id: UUID) -> UUID:
        """The key from which this one came by rotations; itself if it was issued."""
        line = select(_COLUMNS.id, _COLUMNS.replaces_id).where(_COLUMNS.id == key_id).cte("line", recursive=True)
        earlier = ApiKey.__table__.alias("earlier").c
        line = line.union_all(select(earlier.id, earlier.replaces_id).where(earlier.id == line.c.replaces_id))
        first: UUID = self.session.execute(select(line.c.id).where(line.c.replaces_id.is_(None))).scalar_one()
        return first

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
