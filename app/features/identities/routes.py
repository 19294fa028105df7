"""Sign-ins by an identity from outside, over HTTP."""

from fastapi import Response

from app.core.errors import DuijieError
from app.features.identities import service
from app.features.identities.deps import Address, Caller, Check, IsOn, Myself
from app.features.identities.errors import TokenRefused
from app.features.identities.schemas import IdentityRead, IdentityToken, NonceIssued
from app.features.people.schemas import SignInIssued
from app.web.deps import Opener, WriteSession
from app.web.encoding import encoded
from app.web.problems import problems
from app.web.routing import Router

router = Router(prefix="/v1", tags=["identities"])


@router.post("/oidc/nonces", status_code=201, response_model=NonceIssued, responses=problems(401, 404))
def issue_oidc_nonce(_: IsOn, actor: Caller, session: WriteSession) -> Response:
    """Begin a sign-in at the issuer: a nonce for one use, by whoever asks for it."""
    return _made(service.issue_nonce(session=session, actor=actor))


@router.post("/sign-ins/oidc", status_code=201, response_model=SignInIssued, responses=problems(401, 404))
def create_oidc_sign_in(body: IdentityToken, check: Check, actor: Caller, address: Address, store: Opener) -> Response:
    """Sign in by an issuer's identity token, exchanged for keys of this platform."""
    try:
        identity = check(body.id_token)
    except TokenRefused as refused:
        with store.writing() as session:
            service.note_refused(session=session, actor=actor, refused=refused)
        raise
    with store.writing() as session:
        outcome = service.sign_in(session=session, actor=actor, identity=identity, address=address)
    if isinstance(outcome, DuijieError):
        raise outcome
    return _made(outcome)


@router.post("/me/identity", status_code=201, response_model=IdentityRead, responses=problems(401, 403, 404, 409))
def link_identity(body: IdentityToken, check: Check, actor: Myself, store: Opener) -> Response:
    """Link oneself to an identity, to sign in by it from now on."""
    identity = check(body.id_token)
    with store.writing() as session:
        linked = service.link_own(session=session, actor=actor, identity=identity)
    return _made(linked)


@router.delete("/me/identity", status_code=204, responses=problems(401, 403, 404, 409))
def unlink_identity(actor: Myself, session: WriteSession) -> None:
    """Unlink one's identity; one can sign in by password only from then on."""
    service.unlink_own(session=session, actor=actor)


def _made(body: NonceIssued | SignInIssued | IdentityRead) -> Response:
    """What was made; kept by nobody on the way, for there may be secrets in it."""
    answer = encoded(body)
    answer.status_code = 201
    answer.headers["Cache-Control"] = "no-store"
    return answer
