"""Changing and verifying an organisation: by whom, from which version."""

from threading import Barrier, Thread

import pytest

from app.db import changes
from tests.features.organizations.conftest import FULL, places
from tests.support.people import make_uscc


def _log(database, after=0):
    with database.read_session() as session:
        return [str(change.record_id) for change in changes.since(session, after)]


def test_a_member_changes_its_own(register, staffed_database):
    own = register.own("enterprise")
    logged = len(_log(staffed_database))

    changed = register.patch(own, {"summary": "新介绍", "size": "small"}, by="enterprise", if_match='"1"')

    assert changed.status_code == 200
    body = changed.json()
    assert (body["summary"], body["size"], body["name"], body["version"]) == ("新介绍", "small", "测试制造有限公司", 2)
    assert changed.headers["etag"].startswith('"2-')
    assert body["updated_at"] > body["created_at"]
    assert register.get(own).json() == body
    assert _log(staffed_database, logged) == [own]


@pytest.mark.parametrize(("by", "changes_made", "stays"), [
    ("enterprise", {"name": "另一个名字"}, False), ("enterprise", {"org_type": "government"}, False),
    ("enterprise", {"summary": "新介绍"}, True), ("operator", {"name": "另一个名字"}, True),
])  # fmt: skip
def test_what_was_verified_does_not_stay_so_under_another_name(register, by, changes_made, stays):
    own = register.own("enterprise")
    register.verify(own)
    assert (register.patch(own, changes_made, by=by).json()["verified_at"] is not None) == stays


def test_every_field_of_the_profile_can_be_changed(register):
    made = register.enter()
    profile = {name: value for name, value in FULL.items() if name not in ("uscc", "is_fictitious")}

    body = register.patch(made["id"], profile).json()

    assert {name: body[name] for name in profile} == profile
    assert {name: body[name] for name in ("uscc", "is_fictitious")} == {
        name: made[name] for name in ("uscc", "is_fictitious")
    }


def test_operators_say_which_sides_an_organisation_may_take(register):
    own = register.own("enterprise")
    before = register.get(own).json()

    assert register.patch(own, {"roles": ["provider"]}, by="enterprise").status_code == 403
    assert register.get(own).json() == before
    assert register.patch(own, {"roles": before["roles"], "summary": "新介绍"}, by="enterprise").status_code == 200
    both = register.patch(own, {"roles": ["provider", "enterprise"]}, by="operator").json()
    assert set(both["roles"]) == {"enterprise", "provider"}
    assert register.patch(own, {"roles": ["provider"]}, by="operator").json()["roles"] == ["provider"]
    assert register.get(own).json()["roles"] == ["provider"]


def test_null_empties_a_field_and_what_is_left_out_stays(register):
    made = register.enter(**FULL)
    emptied = dict.fromkeys(("name_en", "size", "industry_code", "region_code", "contact"))

    body = register.patch(made["id"], emptied).json()

    assert {name: body[name] for name in emptied} == emptied
    assert body["summary"] == FULL["summary"]


def test_a_new_name_is_found_and_the_old_one_is_not(register):
    made = register.enter(name="旧名有限公司")
    register.patch(made["id"], {"name": "新称有限公司"})
    assert [item["id"] for item in register.list(q="新称")["items"]] == [made["id"]]
    assert register.list(q="旧名")["items"] == []


@pytest.mark.parametrize(("by", "status"), [("stranger", 403), ("provider", 403), ("portal", 403), (None, 401)])
def test_others_change_and_verify_nothing(standing_register, by, status):
    own = standing_register.own("enterprise")
    before = standing_register.get(own).json()
    assert standing_register.patch(own, {"name": "改名"}, by=by).status_code == status
    assert standing_register.verify(own, by=by).status_code == status
    assert standing_register.get(own).json() == before


def test_a_member_does_not_verify_itself(standing_register):
    assert standing_register.verify(standing_register.own("enterprise"), by="enterprise").status_code == 403


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": None}, "/name"),
        ({"name": ""}, "/name"),
        ({"name": "a\0b"}, "/name"),
        ({"org_type": None}, "/org_type"),
        ({"summary": None}, "/summary"),
        ({"uscc": make_uscc(9)}, "/uscc"),
        ({"roles": []}, "/roles"),
        ({"roles": None}, "/roles"),
        ({"version": 7}, "/version"),
        ({"industry_code": "9999"}, "/industry_code"),
        ({"region_code": "nbs-320506400"}, "/region_code"),
        ({"contact": {"phone": "1"}}, "/contact/name"),
    ],
)
def test_a_faulty_change_is_told_where_and_changes_nothing(standing_register, change, pointer):
    own = standing_register.own("enterprise")
    before = standing_register.get(own).json()
    refused = standing_register.patch(own, {"size": "large"} | change)
    assert refused.status_code == 422
    assert places(refused) == [pointer]
    assert standing_register.get(own).json() == before


def test_verification_keeps_its_first_date(register, staffed_database):
    made = register.enter()
    logged = len(_log(staffed_database))

    first = register.verify(made["id"], if_match='"1"')
    again = register.verify(made["id"], if_match='"2"')

    assert (first.status_code, first.json()["version"]) == (200, 2)
    assert first.json()["verified_at"] is not None
    assert again.json() == first.json()
    assert _log(staffed_database, logged) == [made["id"]]


def test_a_stale_version_changes_nothing(register):
    made = register.enter()
    register.patch(made["id"], {"summary": "first"}, if_match='"1"')
    before = register.get(made["id"]).json()

    for if_match in ('"1"', '"3"', "nonsense", '"1", "7"', '"99999999999999999999999"'):
        for refused in (
            register.patch(made["id"], {"summary": "x"}, if_match=if_match),
            register.verify(made["id"], if_match=if_match),
        ):
            assert (refused.status_code, refused.json()["type"].rsplit("/")[-1]) == (412, "stale-version")
    for refused in (
        register.patch(made["id"], {"summary": "x"}, if_match=None),
        register.verify(made["id"], if_match=None),
    ):
        assert (refused.status_code, refused.json()["type"].rsplit("/")[-1]) == (428, "version-required")
    assert register.get(made["id"]).json() == before


def test_any_of_several_versions_will_do(register):
    made = register.enter()
    assert register.patch(made["id"], {"summary": "x"}, if_match='"7", "1"').status_code == 200


def test_of_changes_from_one_version_exactly_one_wins(register):
    made = register.enter()
    barrier, answers = Barrier(4), []

    def change(number):
        barrier.wait()
        answers.append(register.patch(made["id"], {"summary": str(number)}, if_match='"1"'))

    threads = [Thread(target=change, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    won = next(answer.json() for answer in answers if answer.status_code == 200)
    assert register.get(made["id"]).json() == won


def test_what_does_not_exist_is_not_changed(standing_register):
    nobody = "0190a0a0-0000-7000-8000-000000000000"
    for by in ("operator", "enterprise"):
        assert standing_register.patch(nobody, {"name": "x"}, by=by).status_code == 404
        assert standing_register.verify(nobody, by=by).status_code == 404
        assert standing_register.get(nobody, by=by).status_code == 404
