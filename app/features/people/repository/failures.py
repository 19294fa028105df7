"""SQL of failed attempts."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import case, delete, select
from sqlalchemy.orm import Session

from app.db.upsert import insert_for
from app.features.people.models import SignInFailure


class Failures(NamedTuple):
    """How many there were, and when the last was."""

    number: int
    last_at: datetime


class FailureRepository:
    """Counts of failures by the hash of what they are counted for."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def find(self, keys: Iterable[str]) -> Mapping[str, Failures]:
        """The counts there are."""
        columns = SignInFailure.__table__.c
        rows = self.session.execute(
            select(columns.key, columns.count, columns.last_at).where(columns.key.in_(list(keys)))
        )
        return {key: Failures(count, last_at) for key, count, last_at in rows}

    def add(self, keys: Iterable[str], at: datetime, *, forget_before: datetime) -> None:
        """Count one more failure for each key, and drop the counts that nothing was added to for long."""
        self.session.execute(delete(SignInFailure).where(SignInFailure.last_at < forget_before))
        insert = insert_for(self.session)(SignInFailure)
        for key in sorted(keys):  # in one order, so that two writers never wait for each other
            is_old = SignInFailure.last_at < forget_before
            count = case((is_old, 1), else_=SignInFailure.count + 1)
            statement = insert.values(key=key, count=1, last_at=at)
            self.session.execute(
                statement.on_conflict_do_update(
                    index_elements=[SignInFailure.key], set_={"count": count, "last_at": at}
                )
            )

    def drop(self, key: str) -> None:
        """Forget a count."""
        self.session.execute(delete(SignInFailure).where(SignInFailure.key == key))
