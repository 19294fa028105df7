"""People as they are shown, looked up by whoever may, and who one is."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.core.clock import now
from app.db.keyset import Rows
from app.features.accounts.models import Person
from app.features.accounts.service import require_known
from app.features.accounts.types import Actor, Role
from app.features.people.errors import PersonNotFound, PersonRequired
from app.features.people.repository.people import PersonRepository
from app.features.people.schemas import MeRead, PersonListQuery, PersonRead


def shown(person: Person) -> PersonRead:
    """A person as others see them."""
    return PersonRead(
        id=person.id,
        login=person.login,
        name=person.name,
        role=person.role,
        organization_id=person.organization_id,
        has_accepted=has_accepted(person),
        has_totp=person.totp_confirmed_at is not None,
        disabled=person.disabled_at is not None,
        version=person.version,
        created_at=person.created_at,
        updated_at=person.updated_at,
    )


def has_accepted(person: Person) -> bool:
    """Whether somebody has a way to sign in, so that an invitation would be one too many."""
    return person.password_hash is not None or person.subject is not None


def touch(session: Session, person: Person) -> None:
    """Make the next version of a person who was changed."""
    person.version += 1
    person.updated_at = now()
    session.flush()


def require_person(actor: Actor) -> UUID:
    """The id of the person who acts.

    Raises:
        KeyRequired: no key was shown.
        PersonRequired: a machine acts.
    """
    require_known(actor)
    if actor.person_id is None:
        raise PersonRequired
    return actor.person_id


def own(session: Session, actor: Actor, *, lock: bool = False) -> Person:
    """The person who acts.

    Raises:
        KeyRequired: no key was shown.
        PersonRequired: a machine acts.
    """
    person = PersonRepository(session).by_id(require_person(actor), lock=lock)
    if person is None:
        raise PersonRequired
    return person


def get(*, session: Session, actor: Actor, person_id: UUID) -> PersonRead:
    """One person.

    Raises:
        KeyRequired: no key was shown.
        PersonNotFound: there is none, or none of the actor's organisation.
    """
    require_known(actor)
    person = PersonRepository(session).get(actor, person_id)
    if person is None:
        raise PersonNotFound
    return shown(person)


def list_page(*, session: Session, actor: Actor, query: PersonListQuery) -> Rows:
    """One page of the people an actor may know of.

    Raises:
        KeyRequired: no key was shown.
    """
    require_known(actor)
    return PersonRepository(session).list_page(actor, query)


def me(*, session: Session, actor: Actor) -> MeRead:
    """Who asks.

    Raises:
        KeyRequired: no key was shown.
    """
    require_known(actor)
    person = own(session, actor) if actor.person_id else None
    return MeRead(
        role=Role(actor.role or ""),
        organization_id=actor.organization_id,
        scopes=sorted(actor.scopes),
        key_id=actor.key_id,
        portal_id=actor.portal_id,
        person=shown(person) if person else None,
        issuer=person.issuer if person else None,
    )
