"""SQL of API keys."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import RowMapping, bindparam, false, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.paging import moment
from app.db.keyset import Rows, Slice, SortColumn, fetch_page
from app.db.types import AnySelect
from app.features.accounts.errors import OrganizationUnknown
from app.features.accounts.models import ApiKey
from app.features.accounts.types import Actor, Role

_COLUMNS = ApiKey.__table__.c
_SORTS = {"created_at": SortColumn(_COLUMNS.created_at, moment)}
_READ = (
    _COLUMNS.id,
    _COLUMNS.public_id,
    _COLUMNS.name,
    _COLUMNS.role,
    _COLUMNS.organization_id,
    _COLUMNS.created_at,
    _COLUMNS.revoked_at,
)
# Built once: every request with a key runs it.
_LIVE = select(_COLUMNS.id, _COLUMNS.secret_hash, _COLUMNS.role, _COLUMNS.organization_id).where(
    _COLUMNS.public_id == bindparam("public_id"), _COLUMNS.revoked_at.is_(None)
)


class StoredKey(NamedTuple):
    """What is needed to check a key and know its actor."""

    id: UUID
    secret_hash: str
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

    def find_live(self, public_id: str) -> StoredKey | None:
        """A key that has not been revoked."""
        row = self.session.execute(_LIVE, {"public_id": public_id}).first()
        return StoredKey(*row) if row else None

    def list_page(self, actor: Actor, wanted: Slice) -> Rows:
        """One page of the keys an actor may know of."""
        return fetch_page(self.session, self.visible_to(actor), wanted, sorts=_SORTS, key=_COLUMNS.id)

    def get(self, actor: Actor, key_id: UUID) -> RowMapping | None:
        """One key without its secret."""
        return self.session.execute(self.visible_to(actor).where(_COLUMNS.id == key_id)).mappings().one_or_none()

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
