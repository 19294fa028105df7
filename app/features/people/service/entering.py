"""Signing in with a password.

The hash is checked between two short sessions, never inside one: it takes a tenth of a second and more.
"""

from sqlalchemy.orm import Session

from app.core.sealing import Seal
from app.db import audit
from app.db.store import Store
from app.features.accounts.models import Person
from app.features.accounts.policy import may_act_for_people
from app.features.accounts.types import Actor
from app.features.people.errors import AddressMisplaced, CodeRequired, SignInRefused
from app.features.people.passwords import Passwords, Verified
from app.features.people.repository.people import PersonRepository
from app.features.people.repository.sign_ins import SignInRepository
from app.features.people.schemas import SignInCreate, SignInIssued
from app.features.people.service import codes, lockout
from app.features.people.service.lockout import Gates
from app.features.people.service.sessions import open_sign_in
from app.features.people.types import Place


def place_of(actor: Actor, address: str | None, said: object | None) -> Place:
    """Where somebody signs in: a portal says where its visitor is, for all of them come from its own address.

    Args:
        actor: whose key is shown; a portal's is remembered.
        address: where the request comes from.
        said: where the caller says that the person is.

    Raises:
        AddressMisplaced: the caller is no portal.
    """
    is_portal = may_act_for_people(actor)
    if said is not None and not is_portal:
        raise AddressMisplaced
    return Place(address if said is None else str(said), actor.key_id if is_portal else None, actor.by)


def sign_in(*, store: Store, passwords: Passwords, seal: Seal, actor: Actor, body: SignInCreate) -> SignInIssued:
    """Sign somebody in.

    Args:
        store: opens sessions.
        passwords: checks them.
        seal: opens second factors.
        actor: whose key is shown with it, if any: a portal's is remembered.
        body: who, and by which password and code.

    Raises:
        SignInRefused: nobody by this login and password, or the code is wrong.
        CodeRequired: the password is right, and a code is needed.
        TooManyFailures: too many attempts have failed; this one was not looked at.
        AddressMisplaced: the caller says where the person is and is no portal.
    """
    place = place_of(actor, store.source.address, body.address)
    with store.reading() as session:
        person = PersonRepository(session).by_login(body.login)
        is_known = person is not None and SignInRepository(session).is_known(person.id, place.block)
        gates = lockout.gates_of(body.login, place.block, is_known=is_known)
        lockout.require_open(session, gates.passed)
    stored = person.password_hash if person else None
    verified = passwords.verify(body.password.get_secret_value(), stored)
    with store.writing() as session:
        current = PersonRepository(session).by_id(person.id, lock=True) if person else None
        issued = None
        # it may have been changed, or the person disabled, while the hash was checked
        if current and verified.is_right and current.password_hash == stored and current.disabled_at is None:
            issued = _enter(session, current, verified, body.code, seal, gates, place)
        if issued is None:
            lockout.note_failure(session, gates.counted)
            subject = ("person", person.id if person else None)
            audit.note(session, action="sign_in.fail", by=place.by, subject=subject)
    if issued is None:  # only now: that it failed must be committed
        raise SignInRefused
    return issued


def _enter(
    session: Session,
    person: Person,
    verified: Verified,
    code: str | None,
    seal: Seal,
    gates: Gates,
    place: Place,
) -> SignInIssued | None:
    if person.totp_confirmed_at is not None:
        if code is None:
            raise CodeRequired
        if not codes.prove(session=session, seal=seal, person=person, code=code):
            return None
    if verified.renewed is not None:
        person.password_hash = verified.renewed
    session.flush()
    lockout.clear(session, gates.pair)
    return open_sign_in(session=session, person_id=person.id, portal_id=place.portal_id, address=place.address)
