"""API keys over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Response

from app.core.paging import Page
from app.features.accounts import service
from app.features.accounts.deps import somebody
from app.features.accounts.schemas import ApiKeyCreate, ApiKeyIssued, ApiKeyRead
from app.features.accounts.types import Actor, Scope
from app.web.deps import ReadSession, WriteSession
from app.web.encoding import encoded
from app.web.listing import ListQuery
from app.web.problems import problems
from app.web.query import from_query
from app.web.routing import Router

Reader = Annotated[Actor, somebody(Scope.KEYS_READ)]
Writer = Annotated[Actor, somebody(Scope.KEYS_WRITE)]

router = Router(prefix="/v1/api-keys", tags=["api keys"])


class ApiKeyListQuery(ListQuery):
    """How keys are listed."""

    sort: Literal["created_at", "-created_at"] = "-created_at"


@router.post("", status_code=201, response_model=ApiKeyIssued, responses=problems(401, 403))
def issue_api_key(body: ApiKeyCreate, actor: Writer, session: WriteSession) -> Response:
    """Make a key; its full text is shown this once."""
    return encoded(service.issue(session=session, actor=actor, body=body), status=201)


@router.get("", response_model=Page[ApiKeyRead], responses=problems(400, 401, 403))
def list_api_keys(
    query: Annotated[ApiKeyListQuery, from_query(ApiKeyListQuery)], actor: Reader, session: ReadSession
) -> Response:
    """List keys, without their secrets."""
    return encoded(service.list_keys(session=session, actor=actor, wanted=query.wanted))


@router.delete("/{key_id}", status_code=204, responses=problems(401, 403, 404))
def revoke_api_key(key_id: UUID, actor: Writer, session: WriteSession) -> None:
    """Revoke a key, at once and everywhere."""
    service.revoke(session=session, actor=actor, key_id=key_id)
