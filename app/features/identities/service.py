"""Use cases of identities from outside. Tokens are checked before: what comes here is what they say."""

import hashlib
import secrets
from contextlib import AbstractContextManager
from datetime import timedelta

from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.sealing import Seal
from app.db import audit
from app.db.store import Store
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
from app.features.people.passwords import Passwords
from app.features.people.schemas import Proof, SignInIssued
from app.features.people.service import proving
from app.features.people.service.proving import SecondFactor
from app.features.people.service.sessions import open_sign_in
from app.features.people.service.showing import touch
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


def link(
    *, store: Store, passwords: Passwords, seal: Seal, actor: Actor, identity: Identity, proof: Proof
) -> IdentityRead:
    """Link the person who asks to an identity, with a nonce that was given to them; linking it twice is no error.

    Args:
        store: opens sessions.
        passwords: checks them.
        seal: opens second factors.
        actor: who asks.
        identity: what a checked token says.
        proof: what they show once more.

    Raises:
        KeyRequired: no key was shown.
        PersonRequired: a machine acts.
        ThroughPortal: a portal acts for the person.
        ProofMissing: the password, or the code, is needed.
        PasswordWrong: the password is not right.
        CodeWrong: the code is not the one of this moment.
        TooManyFailures: too many were not right.
        TokenRefused: the nonce was not given to this person, or has been used.
        LinkedAlready: they are linked to another identity.
        SubjectTaken: somebody else is linked to this one.
    """
    wanted = (identity.issuer, identity.subject)
    with _proved(store, passwords, seal, actor, proof) as (session, person):
        if not _uses_nonce(session, actor, identity):
            raise TokenRefused(Refusal.NONCE)
        if (person.issuer, person.subject) != wanted:
            if person.subject is not None:
                raise LinkedAlready
            _assign(session, actor, person, *wanted)
    return IdentityRead(issuer=identity.issuer, subject=identity.subject)


def unlink(*, store: Store, passwords: Passwords, seal: Seal, actor: Actor, proof: Proof) -> None:
    """Take the identity from the person who asks; arguments and errors of the proof as for `link`.

    Raises:
        NothingLinked: they have none.
        OnlyWayIn: they have no password.
    """
    with _proved(store, passwords, seal, actor, proof) as (session, person):
        if person.subject is None:
            raise NothingLinked
        if person.password_hash is None:
            raise OnlyWayIn
        _assign(session, actor, person, None, None)


def _proved(
    store: Store, passwords: Passwords, seal: Seal, actor: Actor, proof: Proof
) -> AbstractContextManager[tuple[Session, Person]]:
    proving.require_oneself(actor)
    checked = proving.check(store=store, passwords=passwords, actor=actor, password=proof.password)
    return proving.proved(store=store, actor=actor, checked=checked, second=SecondFactor(seal, proof.code))


def _assign(session: Session, actor: Actor, person: Person, issuer: str | None, subject: str | None) -> None:
    IdentityRepository(session).assign(person, issuer, subject)
    touch(session, person)
    action = "identity.unlink" if subject is None else "identity.link"
    audit.note(session, action=action, by=actor.by, subject=("person", person.id), detail=_BY)


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
