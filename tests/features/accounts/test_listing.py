"""The list of keys, and finding one by its public part."""

import pytest

from app.db.keyset import Slice
from app.features.accounts import keys, service
from app.features.accounts.errors import KeyNotFound
from app.features.accounts.repository import ApiKeyRepository
from app.features.accounts.types import ANONYMOUS, SYSTEM, Actor, Role
from tests.support.statements import statements

KEYS = "/v1/api-keys"
SHOWN = {"id", "public_id", "name", "role", "organization_id", "scopes", "allowed_addresses", "replaces_id"} | {
    "created_at",
    "expires_at",
    "last_used_at",
    "revoked_at",
}


def _key_of(person):
    return person.headers["Authorization"].removeprefix("Bearer ")


def test_operators_see_every_key_and_no_secret(client, people, operator):
    answer = client.get(KEYS, headers=operator)

    items = answer.json()["items"]
    assert all(item.keys() == SHOWN for item in items)
    assert {item["public_id"] for item in items} == {
        keys.parse(_key_of(person)).public_id for person in people.values()
    }
    for person in people.values():
        presented = keys.parse(_key_of(person))
        assert presented.secret not in answer.text
        assert presented.secret_hash not in answer.text


@pytest.mark.parametrize("by", ["enterprise", "portal", "stranger"])
def test_others_see_none(client, people, by):
    assert client.get(KEYS, headers=people[by].headers).status_code == 403


@pytest.mark.parametrize("actor", [ANONYMOUS, Actor(role=Role.PORTAL), Actor(role=Role.MEMBER)])
def test_the_sql_itself_gives_others_nothing(staffed_database, people, actor):
    with staffed_database.read_session() as session:
        repository = ApiKeyRepository(session)
        assert repository.list_page(actor, Slice(limit=10, sort="created_at")).items == []
        everybody = repository.list_page(SYSTEM, Slice(limit=10, sort="created_at")).items
        assert len(everybody) == len(people)
        assert repository.get(actor, everybody[0]["id"]) is None


@pytest.mark.parametrize("sort", ["created_at", "-created_at"])
def test_cursors_pass_every_key_once(client, people, operator, sort):
    found, cursor = [], None
    while True:
        query = {"limit": 2, "sort": sort, "include": "total", **({"cursor": cursor} if cursor else {})}
        page = client.get(KEYS, params=query, headers=operator).json()
        assert page["total"] == len(people)
        found += [(item["created_at"], item["id"]) for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == sorted(found, reverse=sort.startswith("-"))
    assert len(set(found)) == len(people)


def test_the_total_comes_only_when_asked_for(client, operator):
    assert client.get(KEYS, headers=operator).json()["total"] is None


def test_a_cursor_of_another_sort_is_refused(client, operator):
    cursor = client.get(KEYS, params={"limit": 1}, headers=operator).json()["next_cursor"]
    for query in ({"sort": "created_at", "cursor": cursor}, {"cursor": "nonsense"}):
        refused = client.get(KEYS, params=query, headers=operator)
        assert (refused.status_code, refused.json()["type"].rsplit("/")[-1]) == (400, "malformed-cursor")


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 201}, {"sort": "secret_hash"}, {"include": "all"}, {"x": 1}])
def test_a_query_out_of_bounds_is_refused(client, operator, query):
    assert client.get(KEYS, params=query, headers=operator).status_code == 422


def test_a_list_costs_three_statements_at_most(client, staffed_database, operator):
    client.get(KEYS, headers=operator)
    with statements(staffed_database) as sent:
        client.get(KEYS, params={"include": "total"}, headers=operator)
    assert len(sent) == 3


def test_a_key_is_found_by_its_public_part_also_once_it_has_ended(staffed_database, people):
    public_id = keys.parse(_key_of(people["portal"])).public_id
    with staffed_database.write_session() as session:
        found = service.id_of(session=session, actor=SYSTEM, public_id=public_id)
        for actor in (ANONYMOUS, Actor(role=Role.PORTAL)):
            with pytest.raises(KeyNotFound):
                service.id_of(session=session, actor=actor, public_id=public_id)
        with pytest.raises(KeyNotFound):
            service.id_of(session=session, actor=SYSTEM, public_id="nobody")
        service.revoke(session=session, actor=SYSTEM, key_id=found)
        assert service.id_of(session=session, actor=SYSTEM, public_id=public_id) == found
