"""Use cases of organisations."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import StaleVersion
from app.core.ids import new_id
from app.core.merging import merge_patch
from app.core.outcome import Put
from app.core.rules import validated
from app.core.schema import Schema
from app.db import audit, changes
from app.db.keyset import Rows
from app.db.search import folded
from app.features.accounts.service import require_known
from app.features.accounts.types import Actor
from app.features.catalog import service as catalog
from app.features.organizations import policy
from app.features.organizations.errors import OrganizationForbidden, OrganizationNotFound, UsccTaken
from app.features.organizations.models import Organization
from app.features.organizations.repository import OrganizationRepository
from app.features.organizations.schemas import (
    OrganizationCreate,
    OrganizationListQuery,
    OrganizationProfile,
    OrganizationRead,
)
from app.features.organizations.types import Counts, OrgRole

_KIND = "organization"


def create(*, session: Session, actor: Actor, body: OrganizationCreate) -> OrganizationRead:
    """Enter an organisation.

    Raises:
        KeyRequired: no key was shown.
        OrganizationForbidden: the actor is not an operator.
        UsccTaken: its code is taken.
        Invalid: a code that does not exist.
    """
    require_known(actor)
    if not policy.may_create(actor):
        raise OrganizationForbidden
    repository = OrganizationRepository(session)
    if repository.find_by_uscc(body.uscc) is not None:
        raise UsccTaken
    _check_codes(session, body)
    moment = now()
    organization = Organization(
        id=new_id(), verified_at=None, version=1, created_at=moment, updated_at=moment, **_columns(body)
    )
    repository.add(organization)
    _note(session, actor, organization, "create", _roles(body))
    changes.record(session, kind=_KIND, record_id=organization.id)
    return _shown(session, organization, actor)


def update(
    *, session: Session, actor: Actor, organization_id: UUID, body: Schema, accepted: frozenset[int] | None
) -> OrganizationRead:
    """Change what an organisation says about itself.

    Args:
        session: writes.
        actor: who asks.
        organization_id: which one.
        body: an `OrganizationUpdate`; fields left out stay as they are.
        accepted: the versions the change may start from; None for any.

    Raises:
        KeyRequired: no key was shown.
        OrganizationNotFound: there is none.
        OrganizationForbidden: it is another's, or other roles than an operator gave it.
        StaleVersion: it has changed meanwhile.
        Invalid: the changed profile breaks a rule.
    """
    organization = _change(session, actor, organization_id, accepted)
    if not policy.may_change(actor, organization.id):
        raise OrganizationForbidden
    changed = merge_patch(_profile(organization), body.model_dump(exclude_unset=True))
    profile = validated(OrganizationProfile, changed)
    if set(profile.roles) != set(organization.roles) and not policy.may_give_roles(actor):
        raise OrganizationForbidden
    if not policy.keeps_verified(actor) and (profile.name, profile.org_type) != (
        organization.name,
        organization.org_type,
    ):
        organization.verified_at = None  # what was verified is no longer what it says
    _apply(session, actor, organization, profile)
    return _shown(session, organization, actor)


def verify(
    *, session: Session, actor: Actor, organization_id: UUID, accepted: frozenset[int] | None
) -> OrganizationRead:
    """Confirm that an organisation is who it says; doing it twice keeps the first date.

    Raises:
        KeyRequired: no key was shown.
        OrganizationNotFound: there is none.
        OrganizationForbidden: the actor is not an operator.
        StaleVersion: it has changed meanwhile.
    """
    organization = _change(session, actor, organization_id, accepted)
    if not policy.may_verify(actor):
        raise OrganizationForbidden
    if organization.verified_at is None:
        organization.verified_at = now()
        _touch(session, organization)
        _note(session, actor, organization, "verify")
    return _shown(session, organization, actor)


def put(*, session: Session, actor: Actor, body: OrganizationCreate) -> Put:
    """Enter an organisation, or bring the one with the same code up to date.

    Raises:
        OrganizationForbidden: the actor is not an operator.
        Invalid: a code that does not exist.
    """
    organization = OrganizationRepository(session).find_by_uscc(body.uscc)
    if organization is None:
        create(session=session, actor=actor, body=body)
        return "created"
    if not policy.may_create(actor):
        raise OrganizationForbidden
    if all(getattr(organization, name) == value for name, value in _columns(body).items()):
        return "unchanged"
    _apply(session, actor, organization, body)
    return "updated"


def get(*, session: Session, actor: Actor, organization_id: UUID) -> OrganizationRead:
    """One organisation.

    Raises:
        KeyRequired: no key was shown.
        OrganizationNotFound: there is none.
    """
    require_known(actor)
    organization = OrganizationRepository(session).get(actor, organization_id)
    if organization is None:
        raise OrganizationNotFound
    return _shown(session, organization, actor)


def list_page(*, session: Session, actor: Actor, query: OrganizationListQuery) -> Rows:
    """One page of the register.

    Raises:
        KeyRequired: no key was shown.
    """
    require_known(actor)
    return OrganizationRepository(session).list_page(
        actor,
        query,
        industries=None if query.industry is None else catalog.industries_within(session, query.industry),
        regions=None if query.region is None else catalog.regions_within(session, query.region),
    )


def summaries(*, session: Session, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Those among some organisations that an actor may see, each as in the list."""
    return {row["id"]: row for row in OrganizationRepository(session).list_summaries(actor, ids)}


def id_by_uscc(*, session: Session, uscc: str) -> UUID | None:
    """The id behind a code."""
    organization = OrganizationRepository(session).find_by_uscc(uscc)
    return organization.id if organization else None


def counts(*, session: Session) -> Counts:
    """The size of the register, which says nothing about anybody in it."""
    return OrganizationRepository(session).counts()


def find(*, session: Session, actor: Actor, organization_id: UUID) -> Organization | None:
    """The organisation a posting is for, as other features need it."""
    return OrganizationRepository(session).get(actor, organization_id)


def _change(session: Session, actor: Actor, organization_id: UUID, accepted: frozenset[int] | None) -> Organization:
    require_known(actor)
    organization = OrganizationRepository(session).get(actor, organization_id, lock=True)
    if organization is None:
        raise OrganizationNotFound
    if accepted is not None and organization.version not in accepted:
        raise StaleVersion
    return organization


def _apply(session: Session, actor: Actor, organization: Organization, profile: OrganizationProfile) -> None:
    _check_codes(session, profile)
    if set(profile.roles) != set(organization.roles):
        _note(session, actor, organization, "give_roles", _roles(profile))
    for name, value in _columns(profile).items():
        setattr(organization, name, value)
    _touch(session, organization)


def _touch(session: Session, organization: Organization) -> None:
    organization.version += 1
    organization.updated_at = now()
    session.flush()
    changes.record(session, kind=_KIND, record_id=organization.id)


def _note(
    session: Session, actor: Actor, organization: Organization, verb: str, detail: Mapping[str, Any] | None = None
) -> None:
    audit.note(session, action=f"{_KIND}.{verb}", by=actor.by, subject=(_KIND, organization.id), detail=detail)


def _roles(profile: OrganizationProfile) -> Mapping[str, Any]:
    """From which follows what its members may post."""
    return {"roles": sorted(profile.roles)}


def _check_codes(session: Session, profile: OrganizationProfile) -> None:
    catalog.require_codes(
        session,
        industries={"/industry_code": profile.industry_code},
        regions={"/region_code": profile.region_code},
    )


def _columns(profile: OrganizationProfile) -> Mapping[str, Any]:
    columns = profile.model_dump(exclude={"roles"})
    columns["search_text"] = folded(f"{profile.name} {profile.name_en or ''} {profile.summary}")
    columns["is_enterprise"] = OrgRole.ENTERPRISE in profile.roles
    columns["is_provider"] = OrgRole.PROVIDER in profile.roles
    return columns


def _profile(organization: Organization) -> dict[str, Any]:
    return {name: getattr(organization, name) for name in OrganizationProfile.model_fields}


def _shown(session: Session, organization: Organization, actor: Actor) -> OrganizationRead:
    profile = _profile(organization)
    if not policy.may_see_contact(actor, organization.id):
        profile["contact"] = None
    elif profile["contact"] is not None and not policy.is_of(actor, organization.id):
        audit.note(session, action="contact.read", by=actor.by, subject=(_KIND, organization.id))
    return OrganizationRead(
        **profile,
        id=organization.id,
        uscc=organization.uscc,
        is_fictitious=organization.is_fictitious,
        verified_at=organization.verified_at,
        version=organization.version,
        created_at=organization.created_at,
        updated_at=organization.updated_at,
    )
