"""People who are signed in, as tests need them before there is a word about how they came to be."""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.ids import new_id
from app.features.accounts import keys
from app.features.accounts.keys import Purpose
from app.features.accounts.models import Person, SignIn
from app.features.accounts.types import Role

_ACCESS = timedelta(minutes=15)
_SIGN_IN = timedelta(days=30)


class SignedIn(NamedTuple):
    """A person, where they are signed in, and the access key of the moment."""

    person_id: UUID
    sign_in_id: UUID
    access_key: str


def sign_in(
    session: Session, *, role: Role = Role.MEMBER, organization_id: UUID | None = None, portal_id: UUID | None = None
) -> SignedIn:
    """Enter a person and sign them in, perhaps through a portal."""
    moment = now()
    person = Person(
        id=new_id(),
        login=f"{new_id()}@example.com",
        name="测试人员",
        role=role,
        organization_id=organization_id,
        version=1,
        created_at=moment,
        updated_at=moment,
    )
    session.add(person)
    session.flush()
    presented = keys.generate(Purpose.ACCESS)
    signed_in = SignIn(
        id=new_id(),
        person_id=person.id,
        portal_id=portal_id,
        public_id=presented.public_id,
        secret_hash=presented.secret_hash,
        access_expires_at=moment + _ACCESS,
        created_at=moment,
        expires_at=moment + _SIGN_IN,
    )
    session.add(signed_in)
    session.flush()
    return SignedIn(person.id, signed_in.id, presented.text)
