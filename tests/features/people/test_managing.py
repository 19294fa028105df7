"""People seen and changed by whoever may, and not by the other tenant."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from app.features.accounts.types import ANONYMOUS, Actor, Role
from app.features.people.repository.people import PersonRepository
from app.features.people.schemas import PersonListQuery
from tests.features.people.house import bearer, faults, problem
from tests.support.statements import statements


@pytest.fixture
def staff(house):
    """One person of each kind, and a member of another organisation."""
    entered = {role: house.enter(f"{role}@example.com", role) for role in Role if role != Role.PORTAL}
    return {str(role): person for role, person in entered.items()} | {
        "other": house.enter("other@example.com", organization="provider")
    }


def _get(house, by, person):
    return house.client.get(f"/v1/people/{person.id}", headers=house.people[by].headers)


def _patch(house, by, person, if_match="*", **changes):
    headers = house.people[by].headers if isinstance(by, str) else by
    headers = {**headers, **({"If-Match": if_match} if if_match else {})}
    return house.client.patch(f"/v1/people/{person.id}", json=changes, headers=headers)


def _logins(house, headers, **query):
    answer = house.client.get("/v1/people", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    return {item["login"].partition("@")[0] for item in answer.json()["items"]}


def test_managers_see_their_own_people_and_operators_all(house, staff):
    assert _logins(house, house.people["manager"].headers) == {"member", "manager"}
    for by in ("operator", "administrator"):
        assert _logins(house, house.people[by].headers) == set(staff)
    for by in ("enterprise", "portal"):
        assert house.client.get("/v1/people", headers=house.people[by].headers).status_code == 403
    assert house.client.get("/v1/people").status_code == 401


def test_filters_do_not_widen_what_is_seen(house, staff):
    assert staff
    manager, operator = house.people["manager"].headers, house.people["operator"].headers
    foreign = house.organization("provider")
    assert _logins(house, manager, organization_id=foreign) == set()
    assert _logins(house, manager, role="operator") == set()
    assert _logins(house, operator, organization_id=foreign) == {"other"}
    assert _logins(house, operator, role="manager") == {"manager"}


def test_the_sql_itself_gives_others_nothing(house, staff):
    query = PersonListQuery(limit=10)
    with house.database.read_session() as session:
        repository = PersonRepository(session)
        stranger = Actor(Role.MANAGER, house.people["stranger"].organization_id)
        member = Actor(Role.MEMBER, house.people["enterprise"].organization_id)
        for actor in (ANONYMOUS, member, Actor(Role.PORTAL), stranger):
            assert repository.list_page(actor, query).items == []
            assert repository.get(actor, staff["member"].id) is None


def test_a_page_costs_a_bounded_number_of_statements(house, staff):
    assert staff
    with statements(house.database) as sent:
        _logins(house, house.people["operator"].headers, limit=200)
    assert len([one for one in sent if one.startswith("SELECT")]) <= 2


def test_pages_pass_everybody_once(house, staff):
    found, cursor = [], None
    while True:
        query = {"limit": 2, "include": "total", **({"cursor": cursor} if cursor else {})}
        page = house.client.get("/v1/people", params=query, headers=house.people["operator"].headers).json()
        assert page["total"] == len(staff)
        found += [item["id"] for item in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert sorted(found) == sorted(str(person.id) for person in staff.values())


def test_the_other_tenants_people_are_not_there(house, staff):
    assert _get(house, "manager", staff["member"]).status_code == 200
    for person in (staff["other"], staff["operator"], staff["administrator"]):
        assert _get(house, "manager", person).status_code == 404
        assert _patch(house, "manager", person, name="x").status_code == 404
    assert house.stored("other@example.com").name == "李伟"


def test_neither_hash_nor_secret_is_shown(house, staff):
    answer = _get(house, "administrator", staff["operator"])
    assert "argon2" not in answer.text
    assert answer.json().keys() == {
        "id", "login", "name", "role", "organization_id", "has_accepted", "has_totp", "disabled", "version"
    } | {"created_at", "updated_at"}  # fmt: skip
    listed = house.client.get("/v1/people", headers=house.people["administrator"].headers).json()["items"]
    assert next(item for item in listed if item["id"] == answer.json()["id"]) == answer.json()


@pytest.mark.parametrize(
    ("by", "managed"),
    [
        ("manager", {"member", "manager"}),
        ("operator", {"member", "manager", "other"}),
        ("administrator", {"member", "manager", "other", "operator", "administrator"}),
    ],
)
def test_who_may_change_whom(house, staff, by, managed):
    for name, person in staff.items():
        answer = _patch(house, by, person, name="新名")
        assert (answer.status_code == 200) == (name in managed), name
        assert answer.status_code in (200, 403, 404)


def test_nobody_is_raised_above_the_one_who_raises(house, staff):
    assert _patch(house, "operator", staff["operator"], role="administrator").status_code == 403
    assert _patch(house, "administrator", staff["operator"], role="administrator").status_code == 200
    assert _patch(house, "manager", staff["member"], role="manager").json()["role"] == "manager"


def test_a_role_of_another_kind_is_no_change(house, staff):
    for person, role in (("member", "operator"), ("operator", "member"), ("operator", "portal")):
        refused = _patch(house, "administrator", staff[person], role=role)
        assert faults(refused) == [("/role", "role_misfit")]


def test_a_role_counts_from_the_next_request(house):
    issued = house.signed_in(role="manager")
    assert house.client.get("/v1/people", headers=bearer(issued)).status_code == 200
    assert _patch(house, "operator", house.stored(), role="member").status_code == 200
    assert house.client.get("/v1/people", headers=bearer(issued)).status_code == 403


def test_a_change_needs_the_version_it_starts_from(house, staff):
    read = _get(house, "operator", staff["member"])
    etag = read.headers["etag"]
    assert _patch(house, "operator", staff["member"], if_match=None, name="a").status_code == 428
    changed = _patch(house, "operator", staff["member"], if_match=etag, name="a")
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert _patch(house, "operator", staff["member"], if_match=etag, name="b").status_code == 412
    assert _get(house, "operator", staff["member"]).headers["etag"] == changed.headers["etag"] != etag
    held = {**house.people["operator"].headers, "If-None-Match": changed.headers["etag"]}
    assert house.client.get(f"/v1/people/{staff['member'].id}", headers=held).status_code == 304


def test_what_changes_nothing_makes_no_version(house, staff):
    answer = _patch(house, "operator", staff["member"], name="李伟", disabled=False)
    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert house.audited("person.change") == []


@pytest.mark.parametrize("changes", [{"name": None}, {"disabled": "yes"}, {"login": "x@example.com"}, {"role": "king"}])
def test_a_faulty_change_is_refused(house, staff, changes):
    assert _patch(house, "operator", staff["member"], **changes).status_code == 422
    assert house.stored("member@example.com").version == 1


def test_disabling_ends_every_sign_in_at_once(house, make_client):
    first = house.signed_in()
    second = house.sign_in().json()
    with make_client(house.database) as other:
        assert other.get("/v1/me", headers=bearer(first)).status_code == 200
        assert _patch(house, "manager", house.stored(), disabled=True).json()["disabled"]
        for client in (other, house.client):
            for issued in (first, second):
                assert client.get("/v1/me", headers=bearer(issued)).status_code == 401
    for issued in (first, second):
        assert house.refresh(issued["refresh_key"]).status_code == 401
    assert problem(house.sign_in()) == (401, "unauthenticated")
    assert _patch(house, "manager", house.stored(), disabled=False).status_code == 200
    assert house.refresh(first["refresh_key"]).status_code == 401, "what has ended stays ended"
    assert house.sign_in().status_code == 201


def test_disabling_ends_links(house):
    invited = house.invite("manager").json()
    person = house.stored()
    assert str(person.id) == invited["id"]
    _patch(house, "manager", person, disabled=True)
    assert house.accept().status_code == 422
    _patch(house, "manager", person, disabled=False)
    assert house.accept().status_code == 422


def test_nobody_disables_or_raises_themselves(house):
    issued = house.signed_in(role="administrator")
    person = house.stored()
    for changes in ({"disabled": True}, {"role": "operator"}):
        assert problem(_patch(house, bearer(issued), person, **changes)) == (403, "forbidden")
    assert _patch(house, bearer(issued), person, name="新名").status_code == 200


def test_nobody_is_nobody(house):
    path = f"/v1/people/{uuid4()}"
    headers = {**house.people["administrator"].headers, "If-Match": "*"}
    assert house.client.get(path, headers=headers).status_code == 404
    assert house.client.patch(path, json={"name": "x"}, headers=headers).status_code == 404
    assert house.client.delete(f"{path}/totp", headers=headers).status_code == 404


def test_changes_are_audited_by_their_fields(house):
    person = house.enter()
    issued = house.sign_in().json()
    assert issued
    _patch(house, "manager", person, name="秘密名称", disabled=True)
    change, end = house.audited("person.change", "sign_in.end")
    assert (change.subject_id, change.detail) == (person.id, {"fields": ["name", "disabled"]})
    assert (end.subject_id, end.detail, end.role) == (person.id, {"count": 1}, "manager")


def test_a_new_role_is_audited_with_the_one_before(house):
    person = house.enter()
    assert _patch(house, "operator", person, role="manager").status_code == 200
    (change,) = house.audited("person.change")
    assert change.detail == {"fields": ["role"], "role": {"from": "member", "to": "manager"}}


class TestMe:
    def test_a_machine_is_told_what_it_is(self, house):
        for name, person in house.people.items():
            me = house.me(person.headers).json()
            assert me["role"] == person.role, name
            assert me["organization_id"] == (str(person.organization_id) if person.organization_id else None)
            assert (me["person"], me["portal_id"]) == (None, None)
            assert me["key_id"] is not None
            assert "needs:read" in me["scopes"]

    def test_a_person_is_told_who_they_are(self, house):
        issued = house.signed_in()
        me = house.me(bearer(issued)).json()
        assert (me["key_id"], me["person"]) == (None, issued["person"])

    def test_a_person_at_a_portal_has_what_both_may(self, house):
        issued = house.signed_in(role="manager")
        portal = house.people["portal"].headers
        me = house.me({**portal, "Duijie-Person": issued["access_key"]}).json()
        assert me["person"] == issued["person"]
        assert me["portal_id"] == house.me(portal).json()["key_id"]
        assert "needs:write" in me["scopes"]
        assert "people:write" not in me["scopes"]

    def test_without_a_key_there_is_nobody_to_tell_of(self, house):
        assert problem(house.me({})) == (401, "unauthenticated")


def test_disabled_people_are_listed_as_such(house):
    house.enter(disabled_at=datetime.now(UTC))
    (item,) = house.client.get("/v1/people", headers=house.people["manager"].headers).json()["items"]
    assert item["disabled"] is True
