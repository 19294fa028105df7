"""API keys over HTTP."""

from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Response

from app.core.paging import Page
from app.features.accounts import service
from app.features.accounts.deps import itself, somebody
from app.features.accounts.schemas import ApiKeyCreate, ApiKeyIssued, ApiKeyRead, ApiKeyRotation, ApiKeyUpdate
from app.features.accounts.types import Actor, Scope
from app.web.deps import ReadSession, WriteSession
from app.web.encoding import encoded
from app.web.listing import ListQuery
from app.web.problems import problems
from app.web.query import from_query
from app.web.routing import Router

Reader = Annotated[Actor, somebody(Scope.KEYS_READ)]
Writer = Annotated[Actor, somebody(Scope.KEYS_WRITE)]
Itself = Annotated[Actor, itself()]

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


# before those with an id, which "current" would be read as
@router.get("/current", response_model=ApiKeyRead, responses=problems(401, 403))
def get_current_api_key(actor: Itself, session: ReadSession) -> Response:
    """Read the key that is shown: what it is for, from where, until when."""
    return encoded(service.own(session=session, actor=actor))


@router.post("/current/rotate", status_code=201, response_model=ApiKeyIssued, responses=problems(401, 403, 409))
def rotate_current_api_key(body: ApiKeyRotation, actor: Itself, session: WriteSession) -> Response:
    """Replace the key that is shown; both work until the overlap is over.

    The new one ends when the old one was to; an operator may let it live longer.
    """
    overlap = timedelta(hours=body.overlap_hours)
    return encoded(service.rotate_own(session=session, actor=actor, overlap=overlap), status=201)


@router.get("/{key_id}", response_model=ApiKeyRead, responses=problems(401, 403, 404))
def get_api_key(key_id: UUID, actor: Reader, session: ReadSession) -> Response:
    """Read one key, without its secret."""
    return encoded(service.get(session=session, actor=actor, key_id=key_id))


@router.patch("/{key_id}", response_model=ApiKeyRead, responses=problems(401, 403, 404, 409))
def update_api_key(
    key_id: UUID,
    body: ApiKeyUpdate,  # type: ignore[valid-type]  # made from the terms, so that the two cannot drift
    actor: Writer,
    session: WriteSession,
) -> Response:
    """Change a key's name, what it is for, from where and until when; the last change counts."""
    return encoded(service.change(session=session, actor=actor, key_id=key_id, body=body))


@router.post("/{key_id}/rotate", status_code=201, response_model=ApiKeyIssued, responses=problems(401, 403, 404, 409))
def rotate_api_key(key_id: UUID, body: ApiKeyRotation, actor: Writer, session: WriteSession) -> Response:
    """Make a key in place of another; both work until the overlap is over."""
    overlap = timedelta(hours=body.overlap_hours)
    return encoded(service.rotate(session=session, actor=actor, key_id=key_id, overlap=overlap), status=201)


@router.delete("/{key_id}", status_code=204, responses=problems(401, 403, 404))
def revoke_api_key(key_id: UUID, actor: Writer, session: WriteSession) -> None:
    """Revoke a key, at once and everywhere, with those it was rotated to.

    Which ones that were is told by `revoked_at` and `replaces_id` in the list. To end the overlap of a rotation and
    keep the new key, set the old one's `expires_at`.
    """
    service.revoke(session=session, actor=actor, key_id=key_id)
