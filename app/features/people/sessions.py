"""A person's sign-in, however it was earned."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.ids import new_id
from app.features.accounts import keys
from app.features.accounts.keys import Purpose
from app.features.accounts.models import SignIn
from app.features.people.repository import SignInRepository
from app.features.people.schemas import PersonRead, SignInIssued

_ACCESS = timedelta(minutes=15)
_WHOLE = timedelta(days=30)


def open_sign_in(*, session: Session, person_id: UUID, portal_id: UUID | None, address: str | None) -> SignInIssued:
    """Sign a person in who has shown who they are.

    Args:
        session: writes.
        person_id: who.
        portal_id: the key of the portal they come through.
        address: the network address they come from.
    """
    repository = SignInRepository(session)
    person = repository.person(person_id)
    access, moment = keys.generate(Purpose.ACCESS), now()
    sign_in = SignIn(
        id=new_id(),
        person_id=person.id,
        portal_id=portal_id,
        public_id=access.public_id,
        secret_hash=access.secret_hash,
        access_expires_at=moment + _ACCESS,
        address=address,
        created_at=moment,
        expires_at=moment + _WHOLE,
        revoked_at=None,
    )
    repository.add(sign_in)
    return SignInIssued(
        access_key=access.text,
        access_expires_at=sign_in.access_expires_at,
        refresh_key=keys.generate(Purpose.REFRESH).text,
        expires_at=sign_in.expires_at,
        person=PersonRead(**{name: getattr(person, name) for name in PersonRead.model_fields}),
    )
