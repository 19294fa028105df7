"""Sign-ins by an identity from outside, over HTTP."""

from fastapi import Response

from app.core.errors import DuijieError
from app.features.identities import service
from app.features.identities.deps import Check, IsOn
from app.features.identities.errors import TokenRefused
from app.features.identities.schemas import IdentityLink, IdentityRead, NonceIssued, OidcSignIn
from app.features.people.deps import Caller, Oneself, PasswordsOf, SealOf
from app.features.people.schemas import Proof, SignInIssued
from app.features.people.service.entering import place_of
from app.web.deps import Opener, WriteSession
from app.web.encoding import unstored
from app.web.problems import problems
from app.web.routing import Router

router = Router(prefix="/v1", tags=["identities"])


@router.post("/oidc/nonces", status_code=201, response_model=NonceIssued, responses=problems(401, 404))
def issue_oidc_nonce(_: IsOn, actor: Caller, session: WriteSession) -> Response:
    """Begin a sign-in at the issuer: a nonce for one use, by whoever asks for it."""
    return unstored(service.issue_nonce(session=session, actor=actor), status=201)


@router.post("/sign-ins/oidc", status_code=201, response_model=SignInIssued, responses=problems(401, 404))
def create_oidc_sign_in(body: OidcSignIn, check: Check, actor: Caller, store: Opener) -> Response:
    """Sign in by an issuer's identity token, exchanged for keys of this platform.

    A portal shows its own key in `Authorization` and says in `address` where its visitor is.
    """
    place = place_of(actor, store.source.address, body.address)
    try:
        identity = check(body.id_token)
    except TokenRefused as refused:
        with store.writing() as session:
            service.note_refused(session=session, actor=actor, refused=refused)
        raise
    with store.writing() as session:
        outcome = service.sign_in(session=session, actor=actor, identity=identity, place=place)
    if isinstance(outcome, DuijieError):
        raise outcome
    return unstored(outcome, status=201)


@router.post("/me/identity", status_code=201, response_model=IdentityRead, responses=problems(401, 403, 404, 409, 429))
def link_identity(
    body: IdentityLink, check: Check, actor: Oneself, store: Opener, passwords: PasswordsOf, seal: SealOf
) -> Response:
    """Link oneself to an identity, to sign in by it from now on.

    It takes the password once more, and a code where a second factor is set; no portal does it for somebody.
    """
    identity = check(body.id_token)
    linked = service.link(store=store, passwords=passwords, seal=seal, actor=actor, identity=identity, proof=body)
    return unstored(linked, status=201)


@router.post("/me/identity/unlink", status_code=204, responses=problems(401, 403, 404, 409, 429))
def unlink_identity(body: Proof, actor: Oneself, store: Opener, passwords: PasswordsOf, seal: SealOf) -> None:
    """Unlink one's identity; one can sign in by password only from then on.

    It takes what linking takes.
    """
    service.unlink(store=store, passwords=passwords, seal=seal, actor=actor, proof=body)
