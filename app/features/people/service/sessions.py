"""Sign-ins: opened, refreshed, listed and ended. See ADR 22 for what the keys are."""

from datetime import datetime, timedelta
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy.orm import Session

from app.core.addresses import block_of
from app.core.clock import now
from app.core.ids import new_id
from app.core.trail import By
from app.db import audit
from app.db.keyset import Rows, Slice
from app.features.accounts import keys
from app.features.accounts.keys import Presented, Purpose
from app.features.accounts.models import Person, SignIn
from app.features.accounts.service import is_portal
from app.features.accounts.types import Actor
from app.features.people.errors import PersonNotFound, RefreshRefused
from app.features.people.models import RefreshToken
from app.features.people.repository.people import PersonRepository
from app.features.people.repository.sign_ins import SignInRepository
from app.features.people.schemas import SignInIssued
from app.features.people.service.showing import own, shown

ACCESS_FOR = timedelta(minutes=15)
SIGN_IN_FOR = timedelta(days=30)


def open_sign_in(
    *, session: Session, person_id: UUID, portal_id: UUID | None, address: str | None, way: str = "password"
) -> SignInIssued:
    """Sign somebody in who has proved who they are.

    Args:
        session: writes.
        person_id: who.
        portal_id: the key of the portal they use, if any.
        address: where they are.
        way: how they proved it, for the audit.

    Raises:
        PersonNotFound: there is no such person, or they may not sign in.
    """
    person = PersonRepository(session).by_id(person_id, lock=True)
    if person is None or person.disabled_at is not None:
        raise PersonNotFound
    access, refresh = keys.generate(Purpose.ACCESS), keys.generate(Purpose.REFRESH)
    moment = now()
    sign_in = SignIn(
        id=new_id(),
        person_id=person.id,
        portal_id=portal_id,
        public_id=access.public_id,
        secret_hash=access.secret_hash,
        access_expires_at=moment + ACCESS_FOR,
        address=address,
        created_at=moment,
        expires_at=moment + SIGN_IN_FOR,
        revoked_at=None,
    )
    repository = SignInRepository(session)
    repository.drop_old_tokens(person.id, moment)
    repository.add(sign_in, _token(sign_in.id, refresh, moment))
    if address is not None:
        repository.know(person.id, block_of(address))
    by = by_person(person, portal_id)
    audit.note(session, action="sign_in.create", by=by, subject=("sign_in", sign_in.id), detail={"by": way})
    return _issued(sign_in, access, refresh, person)


def refresh(*, session: Session, actor: Actor, refresh_key: SecretStr) -> SignInIssued | RefreshRefused:
    """New keys for a refresh key, which is used up by it.

    A used key that is shown again ends the whole sign-in: either it was stolen or its owner's was. That refusal is
    given back and not raised: its transaction is to be committed. An unknown one is only refused.

    Args:
        session: writes.
        actor: whose key is shown with it, if any: who signed in through a portal goes on through that one alone.
        refresh_key: as it was given out.

    Raises:
        RefreshRefused: unknown, of another portal, or its sign-in has ended.
    """
    presented = keys.parse(refresh_key.get_secret_value())
    if presented is None or presented.purpose != Purpose.REFRESH:
        raise RefreshRefused
    family = SignInRepository(session).lock_family(presented.public_id)
    if family is None or not presented.matches(family.token.secret_hash):
        raise RefreshRefused
    token, sign_in, person = family
    if sign_in.portal_id is not None and not is_portal(session=session, actor=actor, portal_id=sign_in.portal_id):
        raise RefreshRefused
    moment = now()
    if sign_in.revoked_at is not None or sign_in.expires_at <= moment or person.disabled_at is not None:
        raise RefreshRefused
    if token.used_at is not None:
        sign_in.revoked_at = moment
        by = by_person(person, sign_in.portal_id)
        audit.note(session, action="sign_in.reuse", by=by, subject=("sign_in", sign_in.id))
        return RefreshRefused()
    access, following = keys.generate(Purpose.ACCESS), keys.generate(Purpose.REFRESH)
    token.used_at = moment
    sign_in.public_id, sign_in.secret_hash = access.public_id, access.secret_hash
    sign_in.access_expires_at = min(moment + ACCESS_FOR, sign_in.expires_at)
    SignInRepository(session).add_token(_token(sign_in.id, following, moment))
    return _issued(sign_in, access, following, person)


def end_current(*, session: Session, actor: Actor, access_key: str) -> None:
    """Sign out: end the sign-in that is acting.

    Raises:
        KeyRequired: no key was shown.
        PersonRequired: a machine acts.
    """
    person = own(session, actor)
    end(session, person.id, by=actor.by, only=current_id(session, person.id, access_key))


def end_all(*, session: Session, actor: Actor) -> None:
    """Sign out everywhere.

    Raises:
        KeyRequired: no key was shown.
        PersonRequired: a machine acts.
    """
    end(session, own(session, actor).id, by=actor.by)


def list_page(*, session: Session, actor: Actor, access_key: str, wanted: Slice) -> Rows:
    """One page of one's own sign-ins that have not ended.

    Raises:
        KeyRequired: no key was shown.
        PersonRequired: a machine acts.
    """
    person = own(session, actor)
    page = SignInRepository(session).list_live(person.id, wanted, now())
    current = current_id(session, person.id, access_key)
    items = [{**row, "is_current": row["id"] == current} for row in page.items]
    return Rows(items=items, next_cursor=page.next_cursor, total=page.total)


def end(session: Session, person_id: UUID, *, by: By, only: UUID | None = None, but: UUID | None = None) -> None:
    """End a person's sign-ins: all, one, or all but one."""
    ended = SignInRepository(session).end(person_id, now(), only=only, but=but)
    if ended:
        audit.note(session, action="sign_in.end", by=by, subject=("person", person_id), detail={"count": ended})


def current_id(session: Session, person_id: UUID, access_key: str) -> UUID | None:
    """The sign-in of a person that an access key is of."""
    presented = keys.parse(access_key)
    return SignInRepository(session).id_of(person_id, presented.public_id) if presented else None


def by_person(person: Person, portal_id: UUID | None) -> By:
    """Somebody who is just signing in, as the audit keeps them."""
    return By(person.role, person.organization_id, None, person.id, portal_id)


def _token(sign_in_id: UUID, refresh: Presented, moment: datetime) -> RefreshToken:
    return RefreshToken(
        id=new_id(),
        sign_in_id=sign_in_id,
        public_id=refresh.public_id,
        secret_hash=refresh.secret_hash,
        created_at=moment,
        used_at=None,
    )


def _issued(sign_in: SignIn, access: Presented, refresh: Presented, person: Person) -> SignInIssued:
    return SignInIssued(
        access_key=access.text,
        access_expires_at=sign_in.access_expires_at,
        refresh_key=refresh.text,
        expires_at=sign_in.expires_at,
        person=shown(person),
    )
