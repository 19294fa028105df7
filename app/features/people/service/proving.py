"""Proving once more who one is, before it is changed how one signs in: a stolen access key is not enough for that.

The password is checked between two short sessions, as when somebody signs in. What fails is counted for the person.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from pydantic import SecretStr
from sqlalchemy.orm import Session

from app.core.errors import DuijieError
from app.core.sealing import Seal
from app.db.store import Store
from app.features.accounts.models import Person
from app.features.accounts.types import Actor
from app.features.people import policy
from app.features.people.errors import CodeWrong, PasswordWrong, ProofMissing, ThroughPortal
from app.features.people.passwords import Passwords
from app.features.people.service import codes, lockout
from app.features.people.service.showing import own, require_person


class Checked(NamedTuple):
    """A password that was shown, and whether it is right.

    Attributes:
        person: whose, as they were when it was checked.
        is_right: whether it is theirs; a person who has none need not show any.
        pointer: where in the request it stood.
    """

    person: Person
    is_right: bool
    pointer: str


class SecondFactor(NamedTuple):
    """The code that was shown beside the password, if any, and what opens the secret it is held against."""

    seal: Seal
    code: str | None


def require_oneself(actor: Actor) -> None:
    """Refuse machines, and portals that act for somebody.

    Raises:
        KeyRequired: no key was shown.
        PersonRequired: a machine acts.
        ThroughPortal: a portal acts for the person.
    """
    require_person(actor)
    if not policy.may_change_sign_in(actor):
        raise ThroughPortal


def check(
    *, store: Store, passwords: Passwords, actor: Actor, password: SecretStr | None, pointer: str = "/password"
) -> Checked:
    """Check the password of the person who acts; whether it was right is told by `proved`.

    Raises:
        KeyRequired: no key was shown.
        PersonRequired: a machine acts.
        ProofMissing: none is shown, and the person has one.
        TooManyFailures: too many were not right; this one was not looked at.
    """
    with store.reading() as session:
        person = own(session, actor)
        lockout.require_open(session, [lockout.own_gate(person.id)])
    if password is None:
        if person.password_hash is not None:
            raise ProofMissing(pointer)
        return Checked(person, is_right=True, pointer=pointer)
    verified = passwords.verify(password.get_secret_value(), person.password_hash)
    return Checked(person, is_right=verified.is_right, pointer=pointer)


@contextmanager
def proved(
    *, store: Store, actor: Actor, checked: Checked, second: SecondFactor | None = None
) -> Iterator[tuple[Session, Person]]:
    """The transaction of what had to be proved, and the person who acts, locked; it does not begin if it was not.

    Args:
        store: opens it.
        actor: who acts.
        checked: the password.
        second: asked for where the person has a second factor; None where a password is all that is asked.

    Raises:
        PasswordWrong: it was not right.
        ProofMissing: a code is needed.
        CodeWrong: the code is not the one of this moment.
        TooManyFailures: too many codes were wrong.
    """
    with store.writing() as session:
        person = own(session, actor, lock=True)
        refused = _refused(session, person, checked, second)
        if refused is None:
            yield session, person
    if refused is not None:  # only now: that it failed must be committed
        raise refused


def _refused(session: Session, person: Person, checked: Checked, second: SecondFactor | None) -> DuijieError | None:
    gate = lockout.own_gate(person.id)
    # it may have been changed while the hash was made
    if not checked.is_right or person.password_hash != checked.person.password_hash:
        lockout.note_failure(session, [gate])
        return PasswordWrong(checked.pointer)
    lockout.clear(session, gate)
    if second is None or person.totp_confirmed_at is None:
        return None
    if second.code is None:
        raise ProofMissing("/code")
    is_right = codes.prove(session=session, seal=second.seal, person=person, code=second.code)
    return None if is_right else CodeWrong()
