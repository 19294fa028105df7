"""Capabilities over HTTP."""

from typing import Annotated

from fastapi import Response

from app.core.paging import Page
from app.features.accounts.deps import anybody, somebody
from app.features.accounts.types import Actor, Scope
from app.features.capabilities import service
from app.features.capabilities.schemas import CapabilityCreate, CapabilityRead, CapabilitySummary, CapabilityUpdate
from app.features.capabilities.service import CAPABILITIES
from app.features.postings.routes import PostingPath, lifecycle_router
from app.features.postings.schemas import PostingListQuery
from app.web.conditional import IfMatch, IfNoneMatch, versioned
from app.web.deps import ReadSession, WriteSession
from app.web.encoding import encoded
from app.web.problems import problems
from app.web.query import from_query
from app.web.routing import Router

PREFIX = "/v1/capabilities"

Reader = Annotated[Actor, anybody(Scope.CAPABILITIES_READ)]
Writer = Annotated[Actor, somebody(Scope.CAPABILITIES_WRITE)]

router = Router(prefix=PREFIX, tags=["capabilities"])
lifecycle = lifecycle_router(
    CAPABILITIES, read=Scope.CAPABILITIES_READ, write=Scope.CAPABILITIES_WRITE, prefix=PREFIX, tag="capabilities"
)


@router.post("", status_code=201, response_model=CapabilityRead, responses=problems(401, 403, 409))
def create_capability(body: CapabilityCreate, actor: Writer, session: WriteSession) -> Response:
    """Post a capability as a draft, on behalf of the actor's organisation."""
    created = service.create(session=session, actor=actor, body=body)
    return versioned(created, created.version, status=201)


@router.get("", response_model=Page[CapabilitySummary], responses=problems(400, 401))
def list_capabilities(
    query: Annotated[PostingListQuery, from_query(PostingListQuery)], actor: Reader, session: ReadSession
) -> Response:
    """List capabilities: published ones that are open to the actor, and all of its own organisation."""
    return encoded(CAPABILITIES.list_page(session=session, actor=actor, query=query))


@router.get("/{posting_id}", response_model=CapabilityRead, responses=problems(401, 404))
def get_capability(
    posting_id: PostingPath, actor: Reader, session: ReadSession, if_none_match: IfNoneMatch = None
) -> Response:
    """Read one capability."""
    found = CAPABILITIES.get(session=session, actor=actor, posting_id=posting_id)
    return versioned(found, found.version, if_none_match=if_none_match)


@router.patch("/{posting_id}", response_model=CapabilityRead, responses=problems(401, 403, 404, 409, 412, 428))
def update_capability(
    posting_id: PostingPath,
    body: CapabilityUpdate,  # type: ignore[valid-type]  # made from the content, so that the two cannot drift
    actor: Writer,
    session: WriteSession,
    accepted: IfMatch,
) -> Response:
    """Change a capability; a published one keeps its public content until the change is reviewed."""
    changed = CAPABILITIES.revise(session=session, actor=actor, posting_id=posting_id, patch=body, accepted=accepted)
    return versioned(changed, changed.version)
