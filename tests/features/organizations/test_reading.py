"""Reading the register: contacts stay where they belong."""

import pytest

from tests.features.organizations.conftest import FULL, ORGANIZATIONS
from tests.support.statements import statements

SUMMARY = {
    "id", "uscc", "name", "name_en", "org_type", "size", "is_enterprise", "is_provider", "industry_code",
    "region_code", "is_fictitious", "verified_at", "created_at", "version",
}  # fmt: skip


@pytest.mark.parametrize(
    ("by", "sees"),
    [("operator", True), ("administrator", True), ("enterprise", True), ("stranger", False), ("portal", False)],
)
def test_a_contact_is_for_the_organisation_itself_and_operators(register, by, sees):
    own = register.own("enterprise")
    register.patch(own, {"contact": FULL["contact"]})

    answer = register.get(own, by=by)

    assert answer.json()["contact"] == (FULL["contact"] if sees else None)
    assert ("zhang@example.com" in answer.text) is sees
    assert answer.json()["name"] == "测试制造有限公司"


@pytest.mark.parametrize("by", ["operator", "enterprise", "stranger", "portal"])
def test_a_list_never_holds_contacts(register, by):
    register.patch(register.own("enterprise"), {"contact": FULL["contact"], "summary": "介绍"})

    answer = register.client.get(ORGANIZATIONS, headers=register.headers(by))

    items = answer.json()["items"]
    assert all(item.keys() == SUMMARY for item in items)
    assert len(items) == 3
    for part in FULL["contact"].values():
        assert part not in answer.text
    assert register.list(by=by, q="zhang")["items"] == []
    assert register.list(by=by, q="张三")["items"] == []


def test_a_list_holds_what_was_entered(register):
    made = register.enter(**FULL)
    item = next(item for item in register.list()["items"] if item["id"] == made["id"])
    shared = SUMMARY & made.keys()
    assert {name: item[name] for name in shared} == {name: made[name] for name in shared}
    assert (item["is_enterprise"], item["is_provider"]) == (True, True)


def test_the_register_needs_a_key(standing_register):
    for answer in (
        standing_register.client.get(ORGANIZATIONS),
        standing_register.get(standing_register.own("enterprise"), by=None),
    ):
        assert answer.status_code == 401


def test_what_the_caller_holds_is_not_sent_again(register):
    own = register.own("enterprise")
    etag = register.get(own).headers["etag"]
    assert etag.startswith('"1-')

    for held in (etag, f"W/{etag}", f'"7", {etag}'):
        answer = register.get(own, **{"If-None-Match": held})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)
        assert answer.headers["vary"] == "Authorization, Duijie-Person"
    register.patch(own, {"summary": "新"})
    assert register.get(own, **{"If-None-Match": etag}).status_code == 200
    assert register.get(own, **{"If-None-Match": "nonsense"}).status_code == 200


def test_an_id_that_is_none_is_refused(standing_register):
    assert standing_register.get("first").status_code == 422


def test_a_list_costs_two_statements_and_one_more_for_each_filter_that_goes_down(register, staffed_database):
    register.list()
    for query, bound in (
        ({}, 2),
        ({"include": "total"}, 3),
        ({"industry": "C"}, 3),
        ({"region": "320500"}, 3),
        ({"industry": "C", "region": "320500", "role": "provider", "q": "测试", "include": "total"}, 5),
    ):
        with statements(staffed_database) as sent:
            register.list(**query)
        assert len(sent) <= bound, query
