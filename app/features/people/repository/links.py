"""SQL of links."""

from datetime import datetime
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.orm import Session

from app.features.accounts.models import Person
from app.features.people.models import Link
from app.features.people.types import LinkKind


class Sent(NamedTuple):
    """A link and to whom it was sent."""

    link: Link
    person: Person


class LinkRepository:
    """Links, found by whoever shows one."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def add(self, link: Link) -> None:
        """Store a new link."""
        self.session.add(link)
        self.session.flush()

    def find(self, kind: LinkKind, public_id: str, at: datetime, *, lock: bool = False) -> Sent | None:
        """A link that may still be used, of somebody who may sign in; `lock` keeps other writers off the person."""
        statement = (
            select(Link, Person)
            .join(Person, Person.id == Link.person_id)
            .where(
                Link.kind == kind,
                Link.public_id == public_id,
                Link.used_at.is_(None),
                Link.expires_at > at,
                Person.disabled_at.is_(None),
            )
        )
        row = self.session.execute(statement.with_for_update(of=Person) if lock else statement).first()
        return Sent(*row) if row else None

    def use_up(self, link_id: UUID, at: datetime) -> bool:
        """Use a link; False if somebody was faster."""
        statement = update(Link).where(Link.id == link_id, Link.used_at.is_(None)).values(used_at=at)
        return cast("CursorResult[Any]", self.session.execute(statement)).rowcount == 1

    def drop_all(self, person_id: UUID) -> None:
        """Forget all links of a person: none of them leads anywhere afterwards."""
        self.session.execute(delete(Link).where(Link.person_id == person_id))

    def count_live(self, kind: LinkKind, person_id: UUID, at: datetime) -> int:
        """How many links of a kind a person could use."""
        statement = select(func.count()).where(
            Link.kind == kind, Link.person_id == person_id, Link.used_at.is_(None), Link.expires_at > at
        )
        return self.session.scalar(statement) or 0
