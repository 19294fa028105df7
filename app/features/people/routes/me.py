"""One's own account over HTTP."""

from typing import Annotated

from fastapi import Response

from app.features.people.deps import Known, PasswordsOf, SealOf, SignedIn
from app.features.people.schemas import MeRead, PasswordChange, TotpConfirm, TotpEnrol, TotpIssued, TotpQuery
from app.features.people.service import resetting, showing, totp
from app.web.deps import Opener, ReadSession
from app.web.encoding import encoded, unstored
from app.web.problems import problems
from app.web.query import from_query
from app.web.routing import Router

router = Router(prefix="/v1/me", tags=["people"])


@router.get("", response_model=MeRead, responses=problems(401, 403))
def get_me(actor: Known, session: ReadSession) -> Response:
    """Say who is asking, and what they may ask for."""
    return encoded(showing.me(session=session, actor=actor))


@router.post("/password", status_code=204, responses=problems(401, 403, 429))
def change_password(body: PasswordChange, signed: SignedIn, store: Opener, passwords: PasswordsOf) -> None:
    """Change the own password; all other sign-ins end."""
    resetting.change(store=store, passwords=passwords, actor=signed.actor, access_key=signed.access_key, body=body)


@router.post("/totp", status_code=201, response_model=TotpIssued, responses=problems(401, 403, 409, 429))
def enrol_totp(body: TotpEnrol, actor: Known, store: Opener, passwords: PasswordsOf, seal: SealOf) -> Response:
    """Get a second factor for an authenticator app; it counts once it is confirmed.

    It takes the password once more, and no portal does it for somebody.
    """
    issued = totp.enrol(store=store, passwords=passwords, seal=seal, actor=actor, password=body.password)
    return unstored(issued, status=201)


@router.post("/totp/confirm", status_code=204, responses=problems(401, 403, 409, 429))
def confirm_totp(body: TotpConfirm, actor: Known, store: Opener, seal: SealOf) -> None:
    """Confirm the second factor by a code; from then on signing in takes one."""
    totp.confirm(store=store, seal=seal, actor=actor, code=body.code)


@router.delete("/totp", status_code=204, responses=problems(401, 403, 409, 429))
def remove_totp(query: Annotated[TotpQuery, from_query(TotpQuery)], actor: Known, store: Opener, seal: SealOf) -> None:
    """Take the own second factor off, by a code."""
    totp.remove(store=store, seal=seal, actor=actor, code=query.code)
