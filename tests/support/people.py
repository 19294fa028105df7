"""Who acts in tests: one key of each role, and three organisations that may not see each other's drafts.

A enterprise, the manager is of it · B provider · C both, a stranger to A and B: whatever A or B may do with their own,
C may do with its.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.features.accounts import service as accounts
from app.features.accounts.schemas import ApiKeyCreate
from app.features.accounts.types import SYSTEM, Role
from app.features.organizations import service as organizations
from app.features.organizations.schemas import OrganizationCreate
from app.features.organizations.types import OrgRole, OrgType
from app.features.organizations.uscc import check_character

_ALONE = [role for role in Role if not role.is_of_organization]
ENTERPRISE, PROVIDER, STRANGER = "enterprise", "provider", "stranger"
_ORGANIZATIONS = {
    ENTERPRISE: ("测试制造有限公司", OrgType.MANUFACTURER, [OrgRole.ENTERPRISE]),
    PROVIDER: ("测试智能科技有限公司", OrgType.TECH_PROVIDER, [OrgRole.PROVIDER]),
    STRANGER: ("另一家测试有限公司", OrgType.SYSTEM_INTEGRATOR, [OrgRole.ENTERPRISE, OrgRole.PROVIDER]),
}


@dataclass(frozen=True)
class Person:
    """A key and whose it is."""

    role: Role
    headers: Mapping[str, str]
    organization_id: UUID | None = None


def make_uscc(number: int) -> str:
    """A valid code that no register has given out."""
    body = f"91320506MTEXT{number:04d}"
    return body + check_character(body)


def enter_people(database: Database, note: Path) -> None:
    """Enter the organisations and issue the keys; the keys' texts go into a note, as they are shown once."""
    with database.write_session() as session:
        people = {role.value: _issue(session, role, None) for role in _ALONE}
        for number, (name, (title, org_type, roles)) in enumerate(_ORGANIZATIONS.items(), start=1):
            body = OrganizationCreate(name=title, org_type=org_type, roles=roles, uscc=make_uscc(number))
            made = organizations.create(session=session, actor=SYSTEM, body=body)
            people[name] = _issue(session, Role.MEMBER, made.id)
            if name == ENTERPRISE:
                people[Role.MANAGER.value] = _issue(session, Role.MANAGER, made.id)
    note.write_text(json.dumps(people))


def issue_for(session: Session, *organization_ids: UUID) -> dict[str, Any]:
    """Keys of the roles without an organisation, of the first one's administrator, and of each one's member by its
    id."""
    people = {role.value: _issue(session, role, None) for role in _ALONE}
    people[Role.MANAGER.value] = _issue(session, Role.MANAGER, organization_ids[0])
    return people | {str(one): _issue(session, Role.MEMBER, one) for one in organization_ids}


def _issue(session: Session, role: Role, organization_id: UUID | None) -> dict[str, str | None]:
    body = ApiKeyCreate(name=f"test {role}", role=role, organization_id=organization_id)
    issued = accounts.issue(session=session, actor=SYSTEM, body=body)
    return {
        "role": role.value,
        "key": issued.key,
        "organization_id": str(organization_id) if organization_id else None,
    }


def read_people(note: Path) -> dict[str, Person]:
    """The people a template was entered with."""
    return {
        name: Person(
            role=Role(entry["role"]),
            headers={"Authorization": f"Bearer {entry['key']}"},
            organization_id=UUID(entry["organization_id"]) if entry["organization_id"] else None,
        )
        for name, entry in json.loads(note.read_text()).items()
    }


@pytest.fixture
def people(store, staffed_database) -> Mapping[str, Person]:  # noqa: ARG001 - entered with it
    """Everybody who acts, by name."""
    return read_people(store.note("staffed"))


@pytest.fixture
def operator(people):
    """Headers of a platform operator."""
    return people["operator"].headers


@pytest.fixture
def administrator(people):
    """Headers of a platform administrator."""
    return people["administrator"].headers


@pytest.fixture
def portal(people):
    """Headers of a portal."""
    return people["portal"].headers


@pytest.fixture
def enterprise(people):
    """Headers of a member of organisation A, an enterprise."""
    return people[ENTERPRISE].headers


@pytest.fixture
def manager(people):
    """Headers of the administrator of organisation A."""
    return people["manager"].headers


@pytest.fixture
def provider(people):
    """Headers of a member of organisation B, a provider."""
    return people[PROVIDER].headers


@pytest.fixture
def stranger(people):
    """Headers of a member of organisation C, both enterprise and provider, which is neither A nor B."""
    return people[STRANGER].headers
