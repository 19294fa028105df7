"""Passwords that were lost, and passwords that are changed."""

from sqlalchemy.orm import Session

from app.db import audit
from app.db.store import Store
from app.features.accounts.types import Actor
from app.features.people.errors import PasswordWrong, PersonNotFound
from app.features.people.passwords import Passwords, require_good
from app.features.people.repository.links import LinkRepository
from app.features.people.repository.people import PersonRepository
from app.features.people.schemas import PasswordChange, PasswordResetComplete
from app.features.people.service import links, lockout, mailing, sessions
from app.features.people.service.showing import own, touch
from app.features.people.types import LinkKind


def link_for(*, session: Session, actor: Actor, login: str, public_url: str) -> str:
    """A link to set a new password by, for whoever hands it over.

    Raises:
        PersonNotFound: nobody has this login, a password, and may sign in.
    """
    person = PersonRepository(session).by_login(login)
    if person is None or not mailing.may_reset(person):
        raise PersonNotFound
    return links.make(session, LinkKind.PASSWORD_RESET, person, actor.by, public_url).address


def complete(*, store: Store, passwords: Passwords, body: PasswordResetComplete) -> None:
    """Set a new password by a link: all sign-ins and other links of the person end.

    Raises:
        LinkInvalid: the link is unknown, used or too old.
        Invalid: the password is easily guessed.
    """
    with store.reading() as session:
        person = links.find(session, LinkKind.PASSWORD_RESET, body.link).person
    password = body.password.get_secret_value()
    require_good(password, login=person.login, name=person.name)
    hashed = passwords.hash(password)
    with store.writing() as session:
        person = links.use_up(session, LinkKind.PASSWORD_RESET, body.link)
        by = sessions.by_person(person, None)
        person.password_hash = hashed
        touch(session, person)
        LinkRepository(session).drop_all(person.id)
        audit.note(session, action="password.reset", by=by, subject=("person", person.id))
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
    with store.reading() as session:
        person = own(session, actor)
        gate = lockout.own_gate(person.id)
        lockout.require_open(session, [gate])
    stored = person.password_hash
    new = body.new.get_secret_value()
    require_good(new, login=person.login, name=person.name, pointer="/new")
    is_right = passwords.verify(body.current.get_secret_value(), stored).is_right
    hashed = passwords.hash(new) if is_right else None
    with store.writing() as session:
        person = own(session, actor, lock=True)
        # it may have been changed while the hashes were made
        is_right = hashed is not None and person.password_hash == stored
        if is_right:
            person.password_hash = hashed
            touch(session, person)
            lockout.clear(session, gate)
            LinkRepository(session).drop_all(person.id)
            audit.note(session, action="password.change", by=actor.by, subject=("person", person.id))
            sessions.end(session, person.id, by=actor.by, but=sessions.current_id(session, person.id, access_key))
        else:
            lockout.note_failure(session, [gate])
    if not is_right:  # only now: that it failed must be committed
        raise PasswordWrong
