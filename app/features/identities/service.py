"""Use cases of identities from outside. Tokens are checked before: what comes here is what they say."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy.orm import Session

from app.core.clock import now
from app.db import audit
from app.features.accounts.models import Person
from app.features.accounts.types import Actor
from app.features.identities.errors import (
    LinkedAlready,
    NothingLinked,
    OnlyWayIn,
    PersonDisabled,
    SecondFactorMissing,
    SubjectUnlinked,
    TokenRefused,
)
from app.features.identities.models import OidcNonce
from app.features.identities.repository import IdentityRepository, NonceRepository
from app.features.identities.schemas import IdentityRead, NonceIssued
from app.features.identities.types import Identity, Refusal
from app.features.people.schemas import SignInIssued
from app.features.people.service.sessions import open_sign_in
from app.features.people.service.showing import own, touch
from app.features.people.types import Place

_NONCE_LIVES = timedelta(minutes=10)
_BY = {"by": "oidc"}
_ANYBODY = "anonymous"

NotSignedIn = TokenRefused | SubjectUnlinked | PersonDisabled | SecondFactorMissing


def issue_nonce(*, session: Session, actor: Actor) -> NonceIssued:
    """A nonce for one sign-in at the issuer, or one link, by whoever asks for it."""
    nonces, moment = NonceRepository(session), now()
    nonces.clear(moment)
    nonce = secrets.token_urlsafe(32)
    kept = OidcNonce(nonce_hash=_hash(nonce), principal=actor.caller or _ANYBODY, expires_at=moment + _NONCE_LIVES)
    nonces.add(kept)
    return NonceIssued(nonce=nonce, expires_at=kept.expires_at)


def sign_in(*, session: Session, actor: Actor, identity: Identity, place: Place) -> SignInIssued | NotSignedIn:
    """Sign in who is linked to an identity.

    A refusal is given back and not raised: its transaction is to be committed, for the nonce has been shown and the
    attempt is noted.

    Args:
        session: writes.
        actor: who asks; a portal for somebody who is not signed in yet.
        identity: what a checked token says.
        place: where they are.
    """
    if not _uses_nonce(session, actor, identity):
        return _failed(session, actor, TokenRefused(Refusal.NONCE), Refusal.NONCE.code)
    person = IdentityRepository(session).find(identity.issuer, identity.subject)
    if person is None:
        return _failed(session, actor, SubjectUnlinked(), SubjectUnlinked.reason)
    if person.disabled_at is not None:
        return _failed(session, actor, PersonDisabled(), PersonDisabled.reason, person)
    if person.totp_confirmed_at is not None and not identity.is_multi_factor:
        return _failed(session, actor, SecondFactorMissing(), SecondFactorMissing.reason, person)
    return open_sign_in(
        session=session, person_id=person.id, portal_id=place.portal_id, address=place.address, way=_BY["by"]
    )


def note_refused(*, session: Session, actor: Actor, refused: TokenRefused) -> None:
    """Note an attempt to sign in by a token that is not to be believed."""
    _failed(session, actor, refused, refused.refusal.code)


def link(*, session: Session, actor: Actor, identity: Identity) -> IdentityRead:
    """Link the person who asks to an identity, with a nonce that was given to them; linking it twice is no error.

    Raises:
        KeyRequired: no key was shown.
        PersonRequired: a machine acts.
        TokenRefused: the nonce was not given to this person, or has been used.
        LinkedAlready: they are linked to another identity.
        SubjectTaken: somebody else is linked to this one.
    """
    person = own(session, actor, lock=True)
    if not _uses_nonce(session, actor, identity):
        raise TokenRefused(Refusal.NONCE)
    wanted = (identity.issuer, identity.subject)
    if (person.issuer, person.subject) != wanted:
        if person.subject is not None:
            raise LinkedAlready
        IdentityRepository(session).assign(person, *wanted)
        touch(session, person)
        audit.note(session, action="identity.link", by=actor.by, subject=("person", person.id), detail=_BY)
    return IdentityRead(issuer=identity.issuer, subject=identity.subject)


def unlink(*, session: Session, actor: Actor) -> None:
    """Take the identity from the person who asks.

    Raises:
        KeyRequired: no key was shown.
        PersonRequired: a machine acts.
        NothingLinked: they have none.
        OnlyWayIn: they have no password.
    """
    person = own(session, actor, lock=True)
    if person.subject is None:
        raise NothingLinked
    if person.password_hash is None:
        raise OnlyWayIn
    IdentityRepository(session).assign(person, None, None)
    touch(session, person)
    audit.note(session, action="identity.unlink", by=actor.by, subject=("person", person.id), detail=_BY)


def _uses_nonce(session: Session, actor: Actor, identity: Identity) -> bool:
    return NonceRepository(session).use(_hash(identity.nonce), actor.caller or _ANYBODY, now())


def _failed(
    session: Session, actor: Actor, refused: NotSignedIn, reason: str, person: Person | None = None
) -> NotSignedIn:
    subject = ("person", person.id if person else None)
    audit.note(session, action="sign_in.fail", by=actor.by, subject=subject, detail={**_BY, "reason": reason})
    return refused


def _hash(nonce: str) -> str:
    return hashlib.sha256(nonce.encode()).hexdigest()
