"""People: invited and changed by whoever may, and taking up an invitation."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import StaleVersion
from app.core.ids import new_id
from app.core.merging import merge_patch
from app.core.rules import validated
from app.core.schema import Schema
from app.core.sealing import Seal
from app.db import audit
from app.db.store import Store
from app.features.accounts.errors import OrganizationUnknown
from app.features.accounts.models import Person
from app.features.accounts.service import require_known
from app.features.accounts.types import Actor
from app.features.organizations import service as organizations
from app.features.people import policy
from app.features.people.errors import (
    LoginTaken,
    OrganizationMisfit,
    OwnAccount,
    PersonForbidden,
    PersonNotFound,
    RoleMisfit,
)
from app.features.people.passwords import Passwords, require_good
from app.features.people.repository.links import LinkRepository
from app.features.people.repository.people import PersonRepository
from app.features.people.schemas import InvitationAccept, PersonInvite, PersonProfile, PersonRead, SignInIssued
from app.features.people.service import links, mailing, sessions
from app.features.people.service.entering import place_of
from app.features.people.service.showing import has_accepted, shown, touch
from app.features.people.types import LinkKind


def invite(*, session: Session, seal: Seal, actor: Actor, body: PersonInvite, public_url: str) -> PersonRead:
    """Invite somebody by mail, or once more somebody who has not yet accepted: earlier links of theirs end.

    Args:
        session: writes.
        seal: closes the link until it is sent.
        actor: who invites.
        body: whom.
        public_url: where links lead to.

    Raises:
        KeyRequired: no key was shown.
        PersonForbidden: the actor may not give this role, or may not manage whom it waits for.
        LoginTaken: somebody who accepted has this login, or who is disabled.
        RoleMisfit: it is no role of people.
        OrganizationMisfit: a member without an organisation, or another with one.
        OrganizationUnknown: there is no such organisation.
    """
    person = _invited(session, actor, body)
    mailing.send_invitation(session=session, seal=seal, person=person, by=actor.by, public_url=public_url)
    return shown(person)


def link_for(*, session: Session, actor: Actor, body: PersonInvite, public_url: str) -> str:
    """The link of an invitation, for whoever hands it over.

    Raises:
        DuijieError: as `invite`.
    """
    person = _invited(session, actor, body)
    return links.make(session, LinkKind.INVITATION, person, actor.by, public_url).address


def accept(*, store: Store, passwords: Passwords, actor: Actor, body: InvitationAccept) -> SignInIssued:
    """Take an invitation up: set the password and sign in.

    Args:
        store: opens sessions.
        passwords: hashes them.
        actor: whose key is shown with it, if any: a portal's is remembered.
        body: the link and the password.

    Raises:
        LinkInvalid: the link is unknown, used or too old.
        Invalid: the password is easily guessed.
        AddressMisplaced: the caller says where the person is and is no portal.
    """
    place = place_of(actor, store.source.address, body.address)
    with store.reading() as session:
        person = links.find(session, LinkKind.INVITATION, body.link).person
    password = body.password.get_secret_value()
    require_good(password, login=person.login, name=person.name)
    hashed = passwords.hash(password)
    with store.writing() as session:
        person = links.use_up(session, LinkKind.INVITATION, body.link)
        person.password_hash = hashed
        touch(session, person)
        by = sessions.by_person(person, place.portal_id)
        audit.note(session, action="password.change", by=by, subject=("person", person.id), detail={"how": "invited"})
        return sessions.open_sign_in(
            session=session, person_id=person.id, portal_id=place.portal_id, address=place.address
        )


def update(
    *, session: Session, actor: Actor, person_id: UUID, body: Schema, accepted: frozenset[int] | None
) -> PersonRead:
    """Change somebody; whoever is disabled is signed out everywhere at once.

    Args:
        session: writes.
        actor: who asks.
        person_id: whom.
        body: a `PersonUpdate`; fields left out stay as they are.
        accepted: the versions the change may start from; None for any.

    Raises:
        KeyRequired: no key was shown.
        PersonNotFound: there is none, or none of the actor's organisation.
        PersonForbidden: the actor may not manage this person, or give this role.
        OwnAccount: the own role, or disabling oneself.
        StaleVersion: they have changed meanwhile.
        RoleMisfit: a role of another kind: whoever is of an organisation stays so.
        Invalid: the changed profile breaks a rule.
    """
    require_known(actor)
    person = PersonRepository(session).get(actor, person_id, lock=True)
    if person is None:
        raise PersonNotFound
    if accepted is not None and person.version not in accepted:
        raise StaleVersion
    before = PersonProfile(name=person.name, role=person.role, disabled=person.disabled_at is not None)
    profile = validated(PersonProfile, merge_patch(before.model_dump(), body.model_dump(exclude_unset=True)))
    stays_so = profile.role.is_of_organization == person.role.is_of_organization
    if not policy.is_for_people(profile.role) or not stays_so:
        raise RoleMisfit
    if not all(policy.may_manage(actor, role, person.organization_id) for role in (before.role, profile.role)):
        raise PersonForbidden
    if person.id == actor.person_id and (profile.role, profile.disabled) != (before.role, before.disabled):
        raise OwnAccount
    _apply(session, actor, person, before, profile)
    return shown(person)


def disable(*, session: Session, actor: Actor, login: str) -> PersonRead:
    """Disable somebody by their login.

    Raises:
        PersonNotFound: nobody for this actor has it.
        PersonForbidden: the actor may not manage this person.
    """
    found = PersonRepository(session).by_login(login)
    if found is None:
        raise PersonNotFound
    body = PersonProfile(name=found.name, role=found.role, disabled=True)
    return update(session=session, actor=actor, person_id=found.id, body=body, accepted=None)


def _invited(session: Session, actor: Actor, body: PersonInvite) -> Person:
    require_known(actor)
    if not policy.is_for_people(body.role):
        raise RoleMisfit
    if not policy.may_manage(actor, body.role, body.organization_id):
        raise PersonForbidden
    if body.role.is_of_organization != (body.organization_id is not None):
        raise OrganizationMisfit
    if body.organization_id is not None and not _exists(session, actor, body.organization_id):
        raise OrganizationUnknown
    person = _expected(session, actor, body)
    detail = {"role": person.role}
    audit.note(session, action="person.invite", by=actor.by, subject=("person", person.id), detail=detail)
    return person


def _apply(session: Session, actor: Actor, person: Person, before: PersonProfile, profile: PersonProfile) -> None:
    changed = [name for name in PersonProfile.model_fields if getattr(before, name) != getattr(profile, name)]
    if not changed:
        return
    person.name, person.role = profile.name, profile.role
    if "disabled" in changed:
        person.disabled_at = now() if profile.disabled else None
    touch(session, person)
    detail: dict[str, Any] = {"fields": changed}
    if "role" in changed:
        detail["role"] = {"from": before.role, "to": profile.role}
    audit.note(session, action="person.change", by=actor.by, subject=("person", person.id), detail=detail)
    if profile.disabled:
        LinkRepository(session).drop_all(person.id)
        sessions.end(session, person.id, by=actor.by)


def _exists(session: Session, actor: Actor, organization_id: UUID) -> bool:
    return organizations.find(session=session, actor=actor, organization_id=organization_id) is not None


def _expected(session: Session, actor: Actor, body: PersonInvite) -> Person:
    """The person who is invited: new, or one who has not yet accepted, as the invitation now has them."""
    repository = PersonRepository(session)
    person = repository.by_login(body.login, lock=True)
    if person is None:
        moment = now()
        person = Person(id=new_id(), **body.model_dump(), version=1, created_at=moment, updated_at=moment)
        repository.add(person)
        return person
    is_managed = policy.may_manage(actor, person.role, person.organization_id)
    if has_accepted(person) or person.disabled_at is not None or not is_managed:
        raise LoginTaken
    LinkRepository(session).drop_all(person.id)
    person.name, person.role, person.organization_id = body.name, body.role, body.organization_id
    touch(session, person)
    return person
