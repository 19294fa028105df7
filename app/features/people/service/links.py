"""Links: made, handed over, used once."""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.ids import new_id
from app.core.trail import By
from app.features.accounts import keys
from app.features.accounts.keys import Purpose
from app.features.accounts.models import Person
from app.features.people.errors import LinkInvalid
from app.features.people.mails import INVITATION_DAYS, RESET_MINUTES, address_of
from app.features.people.models import Link
from app.features.people.repository.links import LinkRepository, Sent
from app.features.people.types import LinkKind

GOOD_FOR = {
    LinkKind.INVITATION: timedelta(days=INVITATION_DAYS),
    LinkKind.PASSWORD_RESET: timedelta(minutes=RESET_MINUTES),
}


class Made(NamedTuple):
    """A new link, and the address it leads to, which is shown this once."""

    id: UUID
    address: str


def make(session: Session, kind: LinkKind, person: Person, by: By, public_url: str) -> Made:
    """Make a link for somebody. What stands in its address is stored nowhere."""
    presented = keys.generate(Purpose.LINK)
    moment = now()
    link = Link(
        id=new_id(),
        kind=kind,
        public_id=presented.public_id,
        secret_hash=presented.secret_hash,
        person_id=person.id,
        created_by_person_id=by.person_id,
        created_by_key_id=by.key_id,
        created_at=moment,
        expires_at=moment + GOOD_FOR[kind],
        used_at=None,
    )
    LinkRepository(session).add(link)
    return Made(link.id, address_of(kind, presented.text, public_url))


def find(session: Session, kind: LinkKind, text: SecretStr, *, lock: bool = False) -> Sent:
    """The link somebody shows: its address, or what stands behind `#` in it.

    Raises:
        LinkInvalid: unknown, used, too old, of another kind, or of somebody who may not sign in.
    """
    presented = keys.parse(text.get_secret_value().rpartition("#")[2].strip())
    if presented is None or presented.purpose != Purpose.LINK:
        raise LinkInvalid
    sent = LinkRepository(session).find(kind, presented.public_id, now(), lock=lock)
    if sent is None or not presented.matches(sent.link.secret_hash):
        raise LinkInvalid
    return sent


def use_up(session: Session, kind: LinkKind, text: SecretStr) -> Person:
    """Use a link; its person is locked until the transaction ends.

    Raises:
        LinkInvalid: as `find`, or somebody was faster.
    """
    sent = find(session, kind, text, lock=True)
    if not LinkRepository(session).use_up(sent.link.id, now()):
        raise LinkInvalid
    return sent.person
