"""SQL of sign-ins and their refresh keys."""

from datetime import datetime
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, exists, select, update
from sqlalchemy.orm import Session

from app.core.paging import moment
from app.db.keyset import Rows, Slice, SortColumn, fetch_page
from app.db.types import AnySelect
from app.db.upsert import insert_for
from app.features.accounts.models import Person, SignIn
from app.features.people.models import KnownPlace, RefreshToken

_COLUMNS = SignIn.__table__.c
_SORTS = {"created_at": SortColumn(_COLUMNS.created_at, moment)}
_SUMMARY = (_COLUMNS.id, _COLUMNS.portal_id, _COLUMNS.address, _COLUMNS.created_at, _COLUMNS.expires_at)


class Family(NamedTuple):
    """A refresh key, the sign-in it belongs to and whose that is."""

    token: RefreshToken
    sign_in: SignIn
    person: Person


class SignInRepository:
    """Sign-ins, each found for its own person only."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def add(self, sign_in: SignIn, token: RefreshToken) -> None:
        """Store a new sign-in with its first refresh key."""
        self.session.add(sign_in)
        self.session.flush()
        self.add_token(token)

    def add_token(self, token: RefreshToken) -> None:
        """Store the next refresh key of a sign-in."""
        self.session.add(token)
        self.session.flush()

    def lock_family(self, public_id: str) -> Family | None:
        """What a refresh key belongs to; whoever shows a key of the same sign-in meanwhile waits."""
        sign_in_id = self.session.scalar(select(RefreshToken.sign_in_id).where(RefreshToken.public_id == public_id))
        if sign_in_id is None:
            return None
        sign_in = self.session.scalars(select(SignIn).where(SignIn.id == sign_in_id).with_for_update()).one()
        # read after the wait: it may be used by now
        token = self.session.scalars(select(RefreshToken).where(RefreshToken.public_id == public_id)).one()
        person = self.session.scalars(select(Person).where(Person.id == sign_in.person_id)).one()
        return Family(token, sign_in, person)

    def list_live(self, person_id: UUID, wanted: Slice, at: datetime) -> Rows:
        """One page of a person's sign-ins that have not ended."""
        statement: AnySelect = select(*_SUMMARY).where(
            _COLUMNS.person_id == person_id, _COLUMNS.revoked_at.is_(None), _COLUMNS.expires_at > at
        )
        return fetch_page(self.session, statement, wanted, sorts=_SORTS, key=_COLUMNS.id)

    def id_of(self, person_id: UUID, public_id: str) -> UUID | None:
        """The sign-in of a person whose access key has this public part."""
        return self.session.scalar(
            select(SignIn.id).where(SignIn.public_id == public_id, SignIn.person_id == person_id)
        )

    def is_known(self, person_id: UUID, block: str) -> bool:
        """Whether a person has ever come from somewhere."""
        found = exists().where(KnownPlace.person_id == person_id, KnownPlace.block == block)
        return bool(self.session.scalar(select(found)))

    def know(self, person_id: UUID, block: str) -> None:
        """Remember where a person comes from."""
        insert = insert_for(self.session)(KnownPlace).values(person_id=person_id, block=block)
        self.session.execute(insert.on_conflict_do_nothing())

    def end(self, person_id: UUID, at: datetime, *, only: UUID | None = None, but: UUID | None = None) -> int:
        """End a person's sign-ins.

        Args:
            person_id: whose.
            at: when.
            only: this one alone.
            but: all but this one.

        Returns:
            How many had not ended before.
        """
        statement = update(SignIn).where(
            SignIn.person_id == person_id, SignIn.revoked_at.is_(None), SignIn.expires_at > at
        )
        if only is not None:
            statement = statement.where(SignIn.id == only)
        if but is not None:
            statement = statement.where(SignIn.id != but)
        return cast("CursorResult[Any]", self.session.execute(statement.values(revoked_at=at))).rowcount

    def drop_old_tokens(self, person_id: UUID, at: datetime) -> None:
        """Forget the refresh keys of a person's sign-ins whose time is over."""
        over = select(SignIn.id).where(SignIn.person_id == person_id, SignIn.expires_at <= at)
        self.session.execute(delete(RefreshToken).where(RefreshToken.sign_in_id.in_(over)))
