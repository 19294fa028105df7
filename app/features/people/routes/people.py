"""People and how they are managed, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Response

from app.core.paging import Page
from app.features.accounts.deps import somebody
from app.features.accounts.types import Actor, Scope
from app.features.people.deps import PublicUrl, SealOf
from app.features.people.schemas import PersonInvite, PersonListQuery, PersonRead, PersonUpdate
from app.features.people.service import managing, showing, totp
from app.web.conditional import IfMatch, IfNoneMatch, versioned
from app.web.deps import ReadSession, WriteSession
from app.web.encoding import encoded
from app.web.problems import problems
from app.web.query import from_query
from app.web.routing import Router

Reader = Annotated[Actor, somebody(Scope.PEOPLE_READ)]
Writer = Annotated[Actor, somebody(Scope.PEOPLE_WRITE)]

router = Router(prefix="/v1/people", tags=["people"])


@router.post("", status_code=201, response_model=PersonRead, responses=problems(401, 403, 409))
def invite_person(
    body: PersonInvite, actor: Writer, session: WriteSession, seal: SealOf, public_url: PublicUrl
) -> Response:
    """Invite somebody by mail, or once more if they have not accepted.

    The mail is on its way when this is answered, and is tried again while its link is good, unless it is refused for
    good, as SMTP refuses telephone numbers. The link is good for 7 days and stands in no answer; an earlier one ends.
    """
    invited = managing.invite(session=session, seal=seal, actor=actor, body=body, public_url=public_url)
    return versioned(invited, invited.version, status=201)


@router.get("", response_model=Page[PersonRead], responses=problems(400, 401, 403))
def list_people(
    query: Annotated[PersonListQuery, from_query(PersonListQuery)], actor: Reader, session: ReadSession
) -> Response:
    """List people: managers see those of their organisation, operators all."""
    return encoded(showing.list_page(session=session, actor=actor, query=query))


@router.get("/{person_id}", response_model=PersonRead, responses=problems(401, 403, 404))
def get_person(person_id: UUID, actor: Reader, session: ReadSession, if_none_match: IfNoneMatch = None) -> Response:
    """Read one person."""
    found = showing.get(session=session, actor=actor, person_id=person_id)
    return versioned(found, found.version, if_none_match=if_none_match)


@router.patch("/{person_id}", response_model=PersonRead, responses=problems(401, 403, 404, 409, 412, 428))
def update_person(
    person_id: UUID,
    body: PersonUpdate,  # type: ignore[valid-type]  # made from the profile, so that the two cannot drift
    actor: Writer,
    session: WriteSession,
    accepted: IfMatch,
) -> Response:
    """Change somebody's name or role, or disable them: all their sign-ins end at once."""
    changed = managing.update(session=session, actor=actor, person_id=person_id, body=body, accepted=accepted)
    return versioned(changed, changed.version)


@router.delete("/{person_id}/totp", status_code=204, responses=problems(401, 403, 404))
def reset_totp(person_id: UUID, actor: Writer, session: WriteSession) -> None:
    """Take off the second factor of somebody who lost it; administrators do."""
    totp.reset(session=session, actor=actor, person_id=person_id)
