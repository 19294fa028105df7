"""Writing by natural key, and what other features ask about organisations."""

import pytest

from app.db import changes
from app.features.accounts.types import ANONYMOUS, SYSTEM, Actor, Role
from app.features.organizations import service
from app.features.organizations.errors import OrganizationForbidden
from app.features.organizations.schemas import OrganizationCreate
from tests.features.organizations.conftest import FULL
from tests.support.people import make_uscc


def _body(**changed):
    return OrganizationCreate.model_validate(FULL | changed)


def _put(database, body, actor=SYSTEM):
    with database.write_session() as session:
        return service.put(session=session, actor=actor, body=body)


def _read(database, actor=SYSTEM):
    with database.read_session() as session:
        found = service.id_by_uscc(session=session, uscc=FULL["uscc"])
        return service.get(session=session, actor=actor, organization_id=found)


def _revision(database):
    with database.read_session() as session:
        return changes.revision(session)


def test_new_then_unchanged_then_updated(catalog_database):
    before = _revision(catalog_database)
    assert _put(catalog_database, _body()) == "created"
    first = _read(catalog_database)
    assert _put(catalog_database, _body()) == "unchanged"
    assert _read(catalog_database) == first
    assert _revision(catalog_database) == before + 1
    assert _put(catalog_database, _body(name="改名", roles=["provider"], contact=None)) == "updated"
    last = _read(catalog_database)
    assert (last.id, last.version, last.name, last.roles, last.contact) == (first.id, 2, "改名", ["provider"], None)
    assert _revision(catalog_database) == before + 2


@pytest.mark.parametrize(
    "change",
    [
        {"name_en": None},
        {"summary": "别的"},
        {"size": None},
        {"industry_code": None},
        {"region_code": "320506"},
        {"contact": {"name": "李四"}},
        {"is_fictitious": False},
        {"roles": ["enterprise"]},
        {"org_type": "other"},
    ],
)
def test_each_difference_is_seen(catalog_database, change):
    _put(catalog_database, _body())
    assert _put(catalog_database, _body(**change)) == "updated"
    assert _put(catalog_database, _body(**change)) == "unchanged"


@pytest.mark.parametrize("actor", [Actor(role=Role.PORTAL), Actor(role=Role.MEMBER)])
def test_only_operators_put(catalog_database, actor):
    with pytest.raises(OrganizationForbidden):
        _put(catalog_database, _body(), actor)
    _put(catalog_database, _body())
    for body in (_body(), _body(name="改名")):
        with pytest.raises(OrganizationForbidden):
            _put(catalog_database, body, actor)
    assert _read(catalog_database).version == 1


def test_other_features_find_organisations(catalog_database):
    _put(catalog_database, _body())
    made = _read(catalog_database)
    with catalog_database.read_session() as session:
        assert service.id_by_uscc(session=session, uscc=make_uscc(1)) is None
        found = service.find(session=session, actor=SYSTEM, organization_id=made.id)
        assert found.name == FULL["name"]
        assert service.find(session=session, actor=ANONYMOUS, organization_id=made.id) is None
