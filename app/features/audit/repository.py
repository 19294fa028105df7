"""SQL of the audit."""

from typing import Any

from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session

from app.db.audit import AuditEntry
from app.db.keyset import Rows, SortColumn, fetch_page
from app.db.types import AnySelect
from app.features.accounts.types import Actor
from app.features.audit import policy
from app.features.audit.schemas import AuditListQuery

_COLUMNS = AuditEntry.__table__.c
_MAX_NUMBER = 2**63 - 1


def _number(value: Any) -> int:  # noqa: ANN401 - whatever a cursor holds
    number = int(value) if isinstance(value, str | int) and not isinstance(value, bool) else -1
    if not 0 <= number <= _MAX_NUMBER:
        raise ValueError
    return number


_SORTS = {"number": SortColumn(_COLUMNS.number, _number)}


class AuditRepository:
    """The audit, scoped to an actor: administrators see it, others nothing of it."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def list_page(self, actor: Actor, query: AuditListQuery) -> Rows:
        """One page of entries."""
        statement: AnySelect = select(*_COLUMNS)
        if not policy.may_read(actor):
            statement = statement.where(false())
        for name in ("action", "subject_kind", "subject_id", "person_id"):
            if (wanted := getattr(query, name)) is not None:
                statement = statement.where(_COLUMNS[name] == wanted)
        if query.key_id is not None:
            statement = statement.where(or_(_COLUMNS.key_id == query.key_id, _COLUMNS.portal_id == query.key_id))
        if query.since is not None:
            statement = statement.where(_COLUMNS.at >= query.since)
        if query.until is not None:
            statement = statement.where(_COLUMNS.at < query.until)
        return fetch_page(self.session, statement, query.wanted, sorts=_SORTS, key=_COLUMNS.number, read_key=_number)
