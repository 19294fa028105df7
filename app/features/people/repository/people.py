"""SQL of people."""

from uuid import UUID

from sqlalchemy import and_, false, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.paging import moment
from app.db.keyset import Rows, SortColumn, fetch_page
from app.db.types import AnySelect
from app.features.accounts.models import Person
from app.features.accounts.types import Actor
from app.features.people import policy
from app.features.people.errors import LoginTaken
from app.features.people.schemas import PersonListQuery

_COLUMNS = Person.__table__.c
_SORTS = {"created_at": SortColumn(_COLUMNS.created_at, moment)}
_SUMMARY = (
    _COLUMNS.id,
    _COLUMNS.login,
    _COLUMNS.name,
    _COLUMNS.role,
    _COLUMNS.organization_id,
    or_(_COLUMNS.password_hash.is_not(None), _COLUMNS.subject.is_not(None)).label("has_accepted"),
    _COLUMNS.totp_confirmed_at.is_not(None).label("has_totp"),
    _COLUMNS.disabled_at.is_not(None).label("disabled"),
    _COLUMNS.version,
    _COLUMNS.created_at,
    _COLUMNS.updated_at,
)


class PersonRepository:
    """People, scoped to an actor: operators see them all, managers their own organisation's, others none."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def visible_to(self, actor: Actor, statement: AnySelect) -> AnySelect:
        """Narrow a statement to the people an actor may know of."""
        if policy.sees_everybody(actor):
            return statement
        if policy.sees_own_organization(actor):
            return statement.where(and_(_COLUMNS.organization_id == actor.organization_id))
        return statement.where(false())

    def list_page(self, actor: Actor, query: PersonListQuery) -> Rows:
        """One page of people."""
        summary: AnySelect = select(*_SUMMARY)
        statement = self.visible_to(actor, summary)
        if query.role is not None:
            statement = statement.where(_COLUMNS.role == query.role)
        if query.organization_id is not None:
            statement = statement.where(_COLUMNS.organization_id == query.organization_id)
        return fetch_page(self.session, statement, query.wanted, sorts=_SORTS, key=_COLUMNS.id)

    def get(self, actor: Actor, person_id: UUID, *, lock: bool = False) -> Person | None:
        """One person whom an actor may know of; `lock` keeps other writers off until the transaction ends."""
        statement = self.visible_to(actor, select(Person).where(Person.id == person_id))
        found: Person | None = self.session.scalar(statement.with_for_update() if lock else statement)
        return found

    def by_id(self, person_id: UUID, *, lock: bool = False) -> Person | None:
        """One person, whoever asks: for what people do with their own account."""
        statement = select(Person).where(Person.id == person_id)
        if lock:  # what this session knew of them may have changed before it had the lock
            statement = statement.with_for_update().execution_options(populate_existing=True)
        return self.session.scalar(statement)

    def by_login(self, login: str, *, lock: bool = False) -> Person | None:
        """The person who signs in by a name, whoever asks."""
        statement = select(Person).where(Person.login == login)
        return self.session.scalar(statement.with_for_update() if lock else statement)

    def add(self, person: Person) -> None:
        """Store a new person.

        Raises:
            LoginTaken: somebody was faster.
        """
        self.session.add(person)
        try:
            self.session.flush()
        except IntegrityError as error:
            raise LoginTaken from error
