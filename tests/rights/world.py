"""Everybody who asks, and what they ask about, in one database for a whole matrix."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.db.engine import Database
from app.features.accounts import service as accounts
from app.features.accounts.schemas import ApiKeyCreate, ApiKeyIssued
from app.features.accounts.types import SYSTEM, Role
from app.web.deps import PERSON_HEADER
from tests.support.people import ENTERPRISE, STRANGER, Person
from tests.support.signed_in import sign_in

T = TypeVar("T")


@dataclass(frozen=True)
class Caller:
    """Somebody who asks: a column of the matrix."""

    name: str
    headers: Mapping[str, str]
    role: Role | None = None
    organization_id: UUID | None = None
    person_id: UUID | None = None
    shows_key: bool = True


@dataclass(frozen=True)
class Ask:
    """What a request is made of beside its operation: parts of its path, its query and its body."""

    path: Mapping[str, object] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: object = None


@dataclass(frozen=True)
class Plan(Generic[T]):
    """How an operation is asked for.

    Args:
        make: gives a request that is right in all but, perhaps, who sends it; None if the caller has no such object.
        kinds: the kinds of object it can be about, as the matrix names them.
    """

    make: Callable[["World", Caller, str], Ask | None]
    kinds: tuple[str, ...] = ("any",)


class World:
    """The callers, and objects made as they are needed.

    Args:
        client: of the application under test.
        database: the same application's.
        people: those of the database.
    """

    def __init__(self, client: TestClient, database: Database, people: Mapping[str, Person]) -> None:
        self.client = client
        self.database = database
        self.people = people
        self.other = people[STRANGER].organization_id
        self._numbers = count(1)
        self._made: dict[object, Any] = {}
        self.callers = {name: self._caller(name) for name in people if name != STRANGER}
        self.callers |= {"anonymous": Caller("anonymous", {}, shows_key=False)}
        self.callers |= {"bare": self._bare(), "acting": self._acting()}

    def number(self) -> int:
        """A number that was not given before."""
        return next(self._numbers)

    def once(self, key: object, make: Callable[[Session], T]) -> T:
        """What was made under a key, made now if it was not or has been changed since."""
        if key not in self._made:
            with self.database.write_session() as session:
                self._made[key] = make(session)
        made: T = self._made[key]
        return made

    def forget(self) -> None:
        """Something has been changed: make all anew, the person too, who may have signed out."""
        self._made.clear()
        self.callers["acting"] = self._acting()

    def issue(
        self, session: Session, role: Role, organization_id: UUID | None, scopes: list[str] | None = None
    ) -> ApiKeyIssued:
        """A new key."""
        body = ApiKeyCreate(name="rights", role=role, organization_id=organization_id, scopes=scopes)
        return accounts.issue(session=session, actor=SYSTEM, body=body)

    def _caller(self, name: str) -> Caller:
        person = self.people[name]
        return Caller(name, person.headers, person.role, person.organization_id)

    def _bare(self) -> Caller:
        with self.database.write_session() as session:
            key = self.issue(session, Role.PORTAL, None, scopes=[]).key
        return Caller("bare", {"Authorization": f"Bearer {key}"}, Role.PORTAL)

    def _acting(self) -> Caller:
        owner = self.people[ENTERPRISE].organization_id
        with self.database.write_session() as session:
            key = self.issue(session, Role.PORTAL, None).key
            person = sign_in(session, role=Role.MEMBER, organization_id=owner)
        headers = {"Authorization": f"Bearer {key}", PERSON_HEADER: person.access_key}
        return Caller("acting", headers, Role.MEMBER, owner, person.person_id, shows_key=False)
