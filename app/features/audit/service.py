"""Use cases of the audit."""

from sqlalchemy.orm import Session

from app.db import audit
from app.db.audit import Broken
from app.db.keyset import Rows
from app.features.accounts.service import require_known
from app.features.accounts.types import Actor
from app.features.audit import policy
from app.features.audit.errors import AuditForbidden
from app.features.audit.repository import AuditRepository
from app.features.audit.schemas import AuditListQuery

_PAGING = {"limit", "cursor", "sort", "include"}


def list_page(*, session: Session, actor: Actor, query: AuditListQuery) -> Rows:
    """One page of the audit. Reading it is noted too: it tells what everybody did and from where.

    Raises:
        KeyRequired: no key was shown.
        AuditForbidden: the actor is no administrator of the platform.
    """
    require_known(actor)
    if not policy.may_read(actor):
        raise AuditForbidden
    page = AuditRepository(session).list_page(actor, query)
    filters = sorted(query.model_dump(exclude_none=True, exclude=_PAGING))
    audit.note(
        session,
        action="audit.read",
        by=actor.by,
        subject=("audit", None),
        detail={"filters": filters} if filters else {},
    )
    return page


def verify(*, session: Session, expected: tuple[int, str] | None = None) -> Broken | None:
    """The first place at which the audit is not what was written; None if it is whole.

    Args:
        session: reads.
        expected: the number and hash of an entry, as they were kept elsewhere.
    """
    return audit.verify(session, expected=expected)


def head(*, session: Session) -> tuple[int, str]:
    """The number and hash of the last entry, to be kept elsewhere."""
    return audit.head(session)
