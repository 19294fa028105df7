"""Mail: put down in the transaction that makes it necessary, sent by a job.

What is put down is sealed: the link in it opens an account and is stored nowhere as it is.
"""

import json
from typing import NamedTuple
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.ids import new_id
from app.core.mail import Mail
from app.core.sealing import Seal
from app.core.trail import By
from app.db import jobs
from app.features.accounts.models import Person
from app.features.people.mails import written
from app.features.people.models import OutgoingMail
from app.features.people.repository.links import LinkRepository
from app.features.people.repository.mails import MailRepository
from app.features.people.repository.people import PersonRepository
from app.features.people.service import links
from app.features.people.types import SEND_MAIL, LinkKind

log = structlog.get_logger("duijie.people")

_RESETS_AT_ONCE = 3


class _Letter(NamedTuple):
    """What is sealed: to whom, and the address a link leads to, once there is one."""

    to: str
    address: str | None

    def sealed(self, seal: Seal) -> str:
        return seal.seal(json.dumps(self))


def send_invitation(*, session: Session, seal: Seal, person: Person, by: By, public_url: str) -> None:
    """Invite somebody by mail.

    Args:
        session: writes.
        seal: closes the link.
        person: whom.
        by: who invites.
        public_url: where links lead to.
    """
    made = links.make(session, LinkKind.INVITATION, person, by, public_url)
    _put(session, seal, LinkKind.INVITATION, _Letter(person.login, made.address), link_id=made.id)


def send_reset(*, session: Session, seal: Seal, login: str) -> None:
    """Send somebody a link to set a new password by, if there is somebody.

    Nobody is looked up yet, so the time this takes says nothing.
    """
    _put(session, seal, LinkKind.PASSWORD_RESET, _Letter(login, None), link_id=None)


def take(*, session: Session, seal: Seal, mail_id: UUID, public_url: str) -> Mail | None:
    """The mail to be sent now; None when it is no longer worth it, and it is forgotten.

    Args:
        session: writes.
        seal: opens what was put down.
        mail_id: which.
        public_url: where links lead to.

    Raises:
        Unsealable: it was put down with another key.
    """
    repository = MailRepository(session)
    mail = repository.find(mail_id)
    letter = None
    if mail is not None and mail.expires_at > now():
        letter = _Letter(*json.loads(seal.open(mail.sealed)))
        if letter.address is None:
            letter = _with_link(session, seal, mail, letter.to, public_url)
    elif mail is not None:
        log.warning("mail given up", kind=str(mail.kind), mail=str(mail_id))
    if mail is None or letter is None or letter.address is None:
        repository.drop(mail_id)
        return None
    return written(mail.kind, to=letter.to, address=letter.address)


def forget(*, session: Session, mail_id: UUID) -> None:
    """Forget mail that was sent."""
    MailRepository(session).drop(mail_id)


def may_reset(person: Person) -> bool:
    """Whether a new password is of use to somebody."""
    return person.password_hash is not None and person.disabled_at is None


def _put(session: Session, seal: Seal, kind: LinkKind, letter: _Letter, *, link_id: UUID | None) -> None:
    moment = now()
    mail = OutgoingMail(
        id=new_id(),
        kind=kind,
        sealed=letter.sealed(seal),
        link_id=link_id,
        created_at=moment,
        expires_at=moment + links.GOOD_FOR[kind],
    )
    MailRepository(session).add(mail)
    jobs.enqueue(session, SEND_MAIL, str(mail.id))


def _with_link(session: Session, seal: Seal, mail: OutgoingMail, login: str, public_url: str) -> _Letter | None:
    """A reset's mail with its link, which stays the same however often it is sent; None when nobody is to get one.

    Somebody who has asked some times and used no link gets no more mail until one has expired.
    """
    person = PersonRepository(session).by_login(login, lock=True)
    if person is None or not may_reset(person):
        return None
    if LinkRepository(session).count_live(mail.kind, person.id, now()) >= _RESETS_AT_ONCE:
        return None
    made = links.make(session, mail.kind, person, By(), public_url)
    letter = _Letter(login, made.address)
    mail.sealed, mail.link_id = letter.sealed(seal), made.id
    session.flush()
    return letter
