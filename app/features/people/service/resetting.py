"""Passwords that were lost, and passwords that are changed."""

from sqlalchemy.orm import Session

from app.db import audit
from app.db.store import Store
from app.features.accounts.types import Actor
from app.features.people.errors import PersonNotFound
from app.features.people.passwords import Passwords, require_good
from app.features.people.repository.links import LinkRepository
from app.features.people.repository.people import PersonRepository
from app.features.people.repository.sign_ins import SignInRepository
from app.features.people.schemas import PasswordChange, PasswordResetComplete
from app.features.people.service import links, lockout, mailing, proving, sessions
from app.features.people.service.entering import place_of
from app.features.people.service.showing import touch
from app.features.people.types import LinkKind


def link_for(*, session: Session, actor: Actor, login: str, public_url: str) -> str:
    """A link to set a new password by, for whoever hands it over.

    Raises:
        PersonNotFound: nobody has this login, a password, and may sign in.
    """
    person = PersonRepository(session).by_login(login)
    if person is None or not mailing.may_reset(person):
        raise PersonNotFound
    # whoever has it enters as the person
    audit.note(session, action="password.link", by=actor.by, subject=("person", person.id))
    return links.make(session, LinkKind.PASSWORD_RESET, person, actor.by, public_url).address


def complete(*, store: Store, passwords: Passwords, actor: Actor, body: PasswordResetComplete) -> None:
    """Set a new password by a link: all sign-ins and other links of the person end.

    An identity is unlinked: whoever knew the lost password may have linked their own. A second factor stays, for a link
    is no proof of it. Failures of strangers no longer keep the person out, least of all from where they are now.

    Args:
        store: opens sessions.
        passwords: hashes them.
        actor: whose key is shown with it, if any.
        body: the link and the password.

    Raises:
        LinkInvalid: the link is unknown, used or too old.
        Invalid: the password is easily guessed.
        AddressMisplaced: the caller says where the person is and is no portal.
    """
    place = place_of(actor, store.source.address, body.address)
    with store.reading() as session:
        person = links.find(session, LinkKind.PASSWORD_RESET, body.link).person
    password = body.password.get_secret_value()
    require_good(password, login=person.login, name=person.name)
    hashed = passwords.hash(password)
    with store.writing() as session:
        person = links.use_up(session, LinkKind.PASSWORD_RESET, body.link)
        by = sessions.by_person(person, place.portal_id)
        subject = ("person", person.id)
        audit.note(session, action="password.reset", by=by, subject=subject)
        if person.subject is not None:
            person.issuer = person.subject = None
            audit.note(session, action="identity.unlink", by=by, subject=subject, detail={"by": "reset"})
        person.password_hash = hashed
        touch(session, person)
        LinkRepository(session).drop_all(person.id)
        lockout.forgive(session, person.login, place.block)
        if place.address is not None:
            SignInRepository(session).know(person.id, place.block)
        sessions.end(session, person.id, by=by)


def change(*, store: Store, passwords: Passwords, actor: Actor, access_key: str, body: PasswordChange) -> None:
    """Change the own password: all other sign-ins and all links end.

    Raises:
        KeyRequired: no key was shown.
        PersonRequired: a machine acts.
        PasswordWrong: the current one is not right.
        Invalid: the new one is easily guessed.
        TooManyFailures: too many were not right.
    """
    checked = proving.check(store=store, passwords=passwords, actor=actor, password=body.current, pointer="/current")
    new = body.new.get_secret_value()
    require_good(new, login=checked.person.login, name=checked.person.name, pointer="/new")
    hashed = passwords.hash(new) if checked.is_right else None
    with proving.proved(store=store, actor=actor, checked=checked) as (session, person):
        person.password_hash = hashed
        touch(session, person)
        LinkRepository(session).drop_all(person.id)
        audit.note(session, action="password.change", by=actor.by, subject=("person", person.id))
        sessions.end(session, person.id, by=actor.by, but=sessions.current_id(session, person.id, access_key))
