"""Signing in and out, invitations and lost passwords, over HTTP."""

from typing import Annotated

from fastapi import Response

from app.core.paging import Page
from app.features.people.deps import Caller, Known, PasswordsOf, SealOf, SignedIn
from app.features.people.errors import RefreshRefused
from app.features.people.schemas import (
    InvitationAccept,
    PasswordResetComplete,
    PasswordResetRequest,
    SignInCreate,
    SignInIssued,
    SignInListQuery,
    SignInRead,
    SignInRefresh,
)
from app.features.people.service import entering, mailing, managing, resetting, sessions
from app.web.deps import Opener, ReadSession, WriteSession
from app.web.encoding import encoded, unstored
from app.web.problems import Teller, problems
from app.web.query import from_query
from app.web.routing import Router

router = Router(prefix="/v1", tags=["sign-ins"])


@router.post("/sign-ins", status_code=201, response_model=SignInIssued, responses=problems(401, 429))
def create_sign_in(body: SignInCreate, actor: Caller, store: Opener, passwords: PasswordsOf, seal: SealOf) -> Response:
    """Sign in with a login and a password, and a code where a second factor is set.

    The access key is good for 15 minutes, the refresh key once; the sign-in ends after 30 days. A portal shows its own
    key in `Authorization` and says in `address` where its visitor is.
    """
    issued = entering.sign_in(store=store, passwords=passwords, seal=seal, actor=actor, body=body)
    return unstored(issued, status=201)


@router.post("/sign-ins/refresh", response_model=SignInIssued, responses=problems(401))
def refresh_sign_in(body: SignInRefresh, actor: Caller, session: WriteSession, tell: Teller) -> Response:
    """Get new keys for a refresh key, which is good once.

    A refresh key that is shown a second time ends the sign-in, as one of the two who have it has stolen it: a client
    sends one refresh at a time. A portal shows its own key in `Authorization`: what somebody signed in through it is
    refreshed by nobody else. Others send no `Authorization`, least of all an access key that has expired.
    """
    outcome = sessions.refresh(session=session, actor=actor, refresh_key=body.refresh_key)
    return tell(outcome) if isinstance(outcome, RefreshRefused) else unstored(outcome)


@router.get("/sign-ins", response_model=Page[SignInRead], responses=problems(400, 401, 403))
def list_sign_ins(
    query: Annotated[SignInListQuery, from_query(SignInListQuery)], signed: SignedIn, session: ReadSession
) -> Response:
    """List where one is signed in."""
    page = sessions.list_page(session=session, actor=signed.actor, access_key=signed.access_key, wanted=query.wanted)
    return encoded(page)


@router.delete("/sign-ins/current", status_code=204, responses=problems(401, 403))
def end_sign_in(signed: SignedIn, session: WriteSession) -> None:
    """Sign out."""
    sessions.end_current(session=session, actor=signed.actor, access_key=signed.access_key)


@router.delete("/sign-ins", status_code=204, responses=problems(401, 403))
def end_sign_ins(actor: Known, session: WriteSession) -> None:
    """Sign out everywhere."""
    sessions.end_all(session=session, actor=actor)


@router.post("/invitations/accept", status_code=201, response_model=SignInIssued, responses=problems(401))
def accept_invitation(body: InvitationAccept, actor: Caller, store: Opener, passwords: PasswordsOf) -> Response:
    """Take up an invitation: set a password and sign in."""
    return unstored(managing.accept(store=store, passwords=passwords, actor=actor, body=body), status=201)


@router.post("/password-resets", status_code=202, response_class=Response)
def request_password_reset(body: PasswordResetRequest, session: WriteSession, seal: SealOf) -> Response:
    """Ask for a mail with a link to set a new password, good for 30 minutes.

    The answer is the same whether there is such a login or not: nobody has looked yet.
    """
    mailing.send_reset(session=session, seal=seal, login=body.login)
    return Response(status_code=202)


@router.post("/password-resets/complete", status_code=204, responses=problems(401))
def complete_password_reset(body: PasswordResetComplete, actor: Caller, store: Opener, passwords: PasswordsOf) -> None:
    """Set a new password by a link; all sign-ins end, and an identity outside is unlinked.

    Failed attempts so far no longer slow the person down. A portal shows its own key in `Authorization` and says in
    `address` where its visitor is.
    """
    resetting.complete(store=store, passwords=passwords, actor=actor, body=body)
