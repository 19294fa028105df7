"""The audit over HTTP."""

from typing import Annotated

from fastapi import Response

from app.core.paging import Page
from app.features.accounts.deps import somebody
from app.features.accounts.types import Actor, Scope
from app.features.audit import service
from app.features.audit.schemas import AuditEntryRead, AuditListQuery
from app.web.deps import ReadSession
from app.web.encoding import encoded
from app.web.problems import problems
from app.web.query import from_query
from app.web.routing import Router

Reader = Annotated[Actor, somebody(Scope.AUDIT_READ)]

router = Router(prefix="/v1/audit", tags=["audit"])


@router.get("", response_model=Page[AuditEntryRead], responses=problems(400, 401, 403))
def list_audit_entries(
    query: Annotated[AuditListQuery, from_query(AuditListQuery)], actor: Reader, session: ReadSession
) -> Response:
    """List who did what, newest first; reading it is written down too."""
    return encoded(service.list_page(session=session, actor=actor, query=query))
