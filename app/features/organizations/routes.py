"""Organisations over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Response

from app.core.paging import Page
from app.features.accounts.deps import somebody
from app.features.accounts.types import Actor, Scope
from app.features.organizations import service
from app.features.organizations.schemas import (
    OrganizationCreate,
    OrganizationListQuery,
    OrganizationRead,
    OrganizationSummary,
    OrganizationUpdate,
)
from app.web.conditional import IfMatch, IfNoneMatch, versioned
from app.web.deps import ReadSession, WriteSession
from app.web.encoding import encoded
from app.web.problems import problems
from app.web.query import from_query
from app.web.routing import Router

Reader = Annotated[Actor, somebody(Scope.ORGANIZATIONS_READ)]
Writer = Annotated[Actor, somebody(Scope.ORGANIZATIONS_WRITE)]

router = Router(prefix="/v1/organizations", tags=["organizations"])


@router.post("", status_code=201, response_model=OrganizationRead, responses=problems(401, 403, 409))
def create_organization(body: OrganizationCreate, actor: Writer, session: WriteSession) -> Response:
    """Enter an organisation."""
    created = service.create(session=session, actor=actor, body=body)
    return versioned(created, created.version, status=201)


@router.get("", response_model=Page[OrganizationSummary], responses=problems(400, 401))
def list_organizations(
    query: Annotated[OrganizationListQuery, from_query(OrganizationListQuery)],
    actor: Reader,
    session: ReadSession,
) -> Response:
    """List the register; contacts are never in it."""
    return encoded(service.list_page(session=session, actor=actor, query=query))


@router.get("/{organization_id}", response_model=OrganizationRead, responses=problems(401, 404))
def get_organization(
    organization_id: UUID, actor: Reader, session: ReadSession, if_none_match: IfNoneMatch = None
) -> Response:
    """Read one organisation."""
    found = service.get(session=session, actor=actor, organization_id=organization_id)
    return versioned(found, found.version, if_none_match=if_none_match)


@router.patch("/{organization_id}", response_model=OrganizationRead, responses=problems(401, 403, 404, 409, 412, 428))
def update_organization(
    organization_id: UUID,
    body: OrganizationUpdate,  # type: ignore[valid-type]  # made from the profile, so that the two cannot drift
    actor: Writer,
    session: WriteSession,
    accepted: IfMatch,
) -> Response:
    """Change an organisation's profile."""
    changed = service.update(
        session=session, actor=actor, organization_id=organization_id, body=body, accepted=accepted
    )
    return versioned(changed, changed.version)


@router.post("/{organization_id}/verify", response_model=OrganizationRead, responses=problems(401, 403, 404, 412, 428))
def verify_organization(organization_id: UUID, actor: Writer, session: WriteSession, accepted: IfMatch) -> Response:
    """Confirm that an organisation is who it says."""
    verified = service.verify(session=session, actor=actor, organization_id=organization_id, accepted=accepted)
    return versioned(verified, verified.version)
