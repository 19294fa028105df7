"""A platform with an issuer, and people on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import select

from app.core.clock import now
from app.core.ids import new_id
from app.db.audit import AuditEntry
from app.db.engine import Database
from app.features.accounts.models import Person, SignIn
from app.features.accounts.types import Role
from app.features.people.service.sessions import open_sign_in
from app.settings import OidcSettings
from tests.features.people.house import GOOD, light_passwords
from tests.support.clients import client_over
from tests.support.issuer import CLIENT_ID, IssuerProcess

_HASH = light_passwords().hash(GOOD)


def oidc_settings(issuer: IssuerProcess, **others: object) -> OidcSettings:
    """Settings of a platform that believes this issuer."""
    return OidcSettings(issuer=issuer.address, client_id=CLIENT_ID, **others)


@dataclass(frozen=True)
class Known:
    """Somebody on the platform."""

    id: UUID
    headers: Mapping[str, str]


@pytest.fixture
def enter(staffed_database, people) -> Callable[..., Known]:
    """`enter("a@example.com", subject=…)`: a person, signed in; more columns by their names."""

    def enter_one(login: str, *, role: Role = Role.MEMBER, **columns: object) -> Known:
        moment = now()
        usual = {
            "name": login,
            "organization_id": people["enterprise"].organization_id if role == Role.MEMBER else None,
            "password_hash": _HASH,
            "version": 1,
            "created_at": moment,
            "updated_at": moment,
        }
        disabled_at = columns.pop("disabled_at", None)
        with staffed_database.write_session() as session:
            person = Person(id=new_id(), login=login, role=role, **usual | columns)
            session.add(person)
            session.flush()
            issued = open_sign_in(session=session, person_id=person.id, portal_id=None, address=None)
            person.disabled_at = disabled_at
        return Known(person.id, {"Authorization": f"Bearer {issued.access_key}"})

    return enter_one


@pytest.fixture
def platform(staffed_database, issuer):
    """A client of a platform that believes `issuer`."""
    with client_over(staffed_database, oidc=oidc_settings(issuer)) as client:
        client.app.state.passwords = light_passwords()
        yield client


@pytest.fixture
def nonce(platform) -> Callable[..., str]:
    """`nonce(headers)`: one that is given to whoever shows them."""

    def get(headers: Mapping[str, str] | None = None) -> str:
        answer = platform.post("/v1/oidc/nonces", headers=headers)
        assert answer.status_code == 201, answer.text
        return answer.json()["nonce"]

    return get


def sign_in(client, token: str, headers: Mapping[str, str] | None = None, **more: object):
    """What the platform answers a token."""
    return client.post("/v1/sign-ins/oidc", json={"id_token": token, **more}, headers=headers)


def link(client, token: str, headers: Mapping[str, str] | None = None, **proof: object):
    """What the platform answers who wants to be linked; they show their password if not told otherwise."""
    body = {"id_token": token, **({"password": GOOD} | proof)}
    return client.post("/v1/me/identity", json=body, headers=headers)


def unlink(client, headers: Mapping[str, str] | None = None, **proof: object):
    """What the platform answers who wants to be linked no longer; they show their password as well."""
    return client.post("/v1/me/identity/unlink", json={"password": GOOD} | proof, headers=headers)


def why(answer) -> str:
    """The code of a refused token."""
    (fault,) = answer.json()["errors"]
    assert fault["pointer"] == "/id_token"
    return fault["code"]


def audited(database: Database, action: str) -> list[AuditEntry]:
    """What was noted of an action, oldest first."""
    with database.read_session() as session:
        found = select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.number)
        return list(session.scalars(found))


def sign_ins_of(database: Database, person_id: UUID, *, by_oidc: bool = True) -> int:
    """How often somebody signed in; the fixture itself does once, without an address."""
    with database.read_session() as session:
        found = session.scalars(select(SignIn).where(SignIn.person_id == person_id)).all()
    return sum((one.address is not None) is by_oidc for one in found)
