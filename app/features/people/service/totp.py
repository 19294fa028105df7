"""Second factors by time (TOTP, RFC 6238), for those who run the platform."""

from uuid import UUID

import pyotp
from pydantic import SecretStr
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.sealing import Seal
from app.db import audit
from app.db.store import Store
from app.features.accounts.models import Person
from app.features.accounts.service import require_known
from app.features.accounts.types import Actor
from app.features.people import policy
from app.features.people.errors import (
    CodeWrong,
    OwnAccount,
    PersonForbidden,
    PersonNotFound,
    TotpConfirmed,
    TotpForbidden,
    TotpMissing,
)
from app.features.people.passwords import Passwords
from app.features.people.repository.people import PersonRepository
from app.features.people.schemas import TotpIssued
from app.features.people.service import codes, proving
from app.features.people.service.showing import own, touch


def enrol(*, store: Store, passwords: Passwords, seal: Seal, actor: Actor, password: SecretStr | None) -> TotpIssued:
    """Give a new second factor, which counts once it is confirmed; one that was never confirmed is replaced.

    Args:
        store: opens sessions.
        passwords: checks them.
        seal: closes the new one.
        actor: who asks.
        password: their current one, if they have one.

    Raises:
        KeyRequired: no key was shown.
        PersonRequired: a machine acts.
        ThroughPortal: a portal acts for the person.
        TotpForbidden: the person does not run the platform.
        TotpConfirmed: there is one already.
        ProofMissing: the password is needed.
        PasswordWrong: it is not right.
        TooManyFailures: too many were not right.
    """
    _require_eligible(actor)
    checked = proving.check(store=store, passwords=passwords, actor=actor, password=password)
    secret = pyotp.random_base32()
    with proving.proved(store=store, actor=actor, checked=checked) as (session, person):
        if person.totp_confirmed_at is not None:
            raise TotpConfirmed
        person.totp_sealed = seal.seal(secret)
        person.totp_step = None
        touch(session, person)
        audit.note(session, action="totp.enrol", by=actor.by, subject=("person", person.id))
    return TotpIssued(secret=secret, uri=pyotp.TOTP(secret).provisioning_uri(name=person.login, issuer_name="Duijie"))


def confirm(*, store: Store, seal: Seal, actor: Actor, code: str) -> None:
    """Make the second factor count.

    Raises:
        KeyRequired: no key was shown.
        PersonRequired: a machine acts.
        ThroughPortal: a portal acts for the person.
        TotpForbidden: the person does not run the platform.
        TotpConfirmed: it counts already.
        TotpMissing: there is none.
        CodeWrong: the code is not the one of this moment.
        TooManyFailures: too many codes were wrong.
    """
    _require_eligible(actor)
    with store.writing() as session:
        person = own(session, actor, lock=True)
        if person.totp_confirmed_at is not None:
            raise TotpConfirmed
        is_right = _proved(session, seal, person, code)
        if is_right:
            person.totp_confirmed_at = now()
            touch(session, person)
            audit.note(session, action="totp.confirm", by=actor.by, subject=("person", person.id))
    if not is_right:
        raise CodeWrong


def remove(*, store: Store, seal: Seal, actor: Actor, code: str) -> None:
    """Take the own second factor off.

    Raises:
        KeyRequired: no key was shown.
        PersonRequired: a machine acts.
        ThroughPortal: a portal acts for the person.
        TotpForbidden: the person does not run the platform.
        TotpMissing: there is none.
        CodeWrong: the code is not the one of this moment.
        TooManyFailures: too many codes were wrong.
    """
    _require_eligible(actor)
    with store.writing() as session:
        person = own(session, actor, lock=True)
        is_right = _proved(session, seal, person, code)
        if is_right:
            _take_off(session, person)
            audit.note(session, action="totp.remove", by=actor.by, subject=("person", person.id))
    if not is_right:
        raise CodeWrong


def reset(*, session: Session, actor: Actor, person_id: UUID) -> None:
    """Take another's second factor off; there may be none.

    Raises:
        KeyRequired: no key was shown.
        PersonNotFound: there is no such person for this actor.
        PersonForbidden: the actor is no administrator.
        OwnAccount: it is the actor's own, which takes a code.
    """
    require_known(actor)
    person = PersonRepository(session).get(actor, person_id, lock=True)
    if person is None:
        raise PersonNotFound
    if not policy.may_reset_totp(actor):
        raise PersonForbidden
    if person.id == actor.person_id:
        raise OwnAccount
    if person.totp_sealed is not None:
        _take_off(session, person)
        audit.note(session, action="totp.reset", by=actor.by, subject=("person", person.id))


def _require_eligible(actor: Actor) -> None:
    proving.require_oneself(actor)
    if not policy.may_have_totp(actor.role):
        raise TotpForbidden


def _proved(session: Session, seal: Seal, person: Person, code: str) -> bool:
    if person.totp_sealed is None:
        raise TotpMissing
    return codes.prove(session=session, seal=seal, person=person, code=code)


def _take_off(session: Session, person: Person) -> None:
    person.totp_sealed = person.totp_confirmed_at = person.totp_step = None
    touch(session, person)
