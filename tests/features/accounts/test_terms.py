"""What a key is for, from where and until when: at its making and later."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from app.core.clock import now
from app.features.accounts.models import ApiKey
from app.features.accounts.policy import SCOPES
from app.features.accounts.types import Role, Scope
from tests.features.accounts.conftest import KEYS, bearer, faults
from tests.support.people import ENTERPRISE

AHEAD = "2099-01-01T00:00:00Z"


def _ended(keyring, key_id, **columns):
    with keyring.database.write_session() as session:
        session.execute(update(ApiKey).where(ApiKey.id == UUID(key_id)).values(**columns))


def test_without_a_word_a_key_is_for_all_that_its_role_may_do(keyring):
    made = keyring.issue()
    assert set(made["scopes"]) == SCOPES[Role.PORTAL]
    assert (made["allowed_addresses"], made["expires_at"], made["replaces_id"]) == ([], None, None)


def test_a_key_is_for_what_was_asked_and_says_what_it_lacks(keyring):
    made = keyring.issue(scopes=["needs:read", "capabilities:read"], expires_at="2099-01-01T08:00:00+08:00")
    assert (made["scopes"], made["expires_at"]) == (["capabilities:read", "needs:read"], AHEAD)
    assert keyring.status(made) == 200
    refused = keyring.client.get("/v1/organizations", headers=bearer(made))
    assert refused.status_code == 403
    assert refused.headers["www-authenticate"] == 'Bearer error="insufficient_scope", scope="organizations:read"'
    assert (
        keyring.client.get(KEYS, headers=keyring.people["portal"].headers)
        .headers["www-authenticate"]
        .endswith('scope="keys:read"')
    )
    not_by_scope = keyring.ask("POST", by="operator", name="x", role="administrator")
    assert (not_by_scope.status_code, "www-authenticate" in not_by_scope.headers) == (403, False)


def test_a_key_for_nothing_shows_who_asks(keyring):
    made = keyring.issue(scopes=[])
    assert made["scopes"] == []
    assert keyring.status(made) == 403
    assert keyring.status(made, f"{KEYS}/current") == 200


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({"scopes": ["needs:read", "keys:write"]}, [("/scopes/1", "scope_not_of_role")]),
        ({"scopes": ["needs:read", "needs:fly"]}, [("/scopes/1", "enum")]),
        ({"scopes": ["needs:read", "needs:read"]}, [("/scopes", "repeated_item")]),
        ({"scopes": "needs:read"}, [("/scopes", "list_type")]),
        ({"expires_at": "2001-01-01T00:00:00Z"}, [("/expires_at", "not_in_future")]),
        ({"expires_at": "9999-01-01T00:00:00Z"}, [("/expires_at", "too_far")]),
        ({"expires_at": "9999-12-31T23:59:59-23:00"}, [("/expires_at", "datetime_parsing")]),
        ({"expires_at": "2099-01-01T00:00:00"}, [("/expires_at", "timezone_aware")]),
        ({"expires_at": "2099-01-01"}, [("/expires_at", "datetime_type")]),
        ({"expires_at": 4070908800}, [("/expires_at", "datetime_type")]),
        ({"allowed_addresses": ["192.0.2.1", "home"]}, [("/allowed_addresses/1", "network")]),
        ({"allowed_addresses": ["192.0.2.7/24"]}, [("/allowed_addresses/0", "network")]),
        ({"allowed_addresses": ["192.0.2.7", "192.0.2.7/32"]}, [("/allowed_addresses", "repeated_item")]),
        ({"allowed_addresses": [f"192.0.2.{n}" for n in range(51)]}, [("/allowed_addresses", "too_long")]),
        ({"name": None}, [("/name", "string_type")]),
    ],
)
def test_a_faulty_term_is_told_where_at_its_making_and_later(keyring, terms, expected):
    made = keyring.issue()
    answers = [
        keyring.ask("POST", **{"name": "x", "role": "portal"} | terms),
        keyring.ask("PATCH", f"/{made['id']}", **terms),
    ]
    assert [(answer.status_code, faults(answer)) for answer in answers] == [(422, expected)] * 2
    assert keyring.ask("GET", f"/{made['id']}").json()["scopes"] == made["scopes"]


def test_nobody_gives_what_they_do_not_have(keyring):
    narrow = keyring.issue("operator", scopes=["keys:read", "keys:write", "needs:read"])
    headers = bearer(narrow)
    refused = keyring.ask("POST", headers=headers, name="x", role="portal", scopes=["needs:read", "needs:write"])
    assert (refused.status_code, faults(refused)) == (403, [("/scopes/1", "scope_not_held")])
    made = keyring.ask("POST", headers=headers, name="x", role="portal")
    assert made.json()["scopes"] == ["needs:read"], "what it has itself, when nothing is said"

    other = keyring.issue(scopes=["needs:write", "matches:read"])
    path = f"/{other['id']}"
    refused = keyring.ask("PATCH", path, headers=headers, scopes=["needs:write", "changes:read"])
    assert (refused.status_code, faults(refused)) == (403, [("/scopes/1", "scope_not_held")])
    kept = keyring.ask("PATCH", path, headers=headers, scopes=["needs:write", "needs:read"])
    assert kept.json()["scopes"] == ["needs:read", "needs:write"], "what is there already may stay"
    assert keyring.ask("POST", f"{path}/rotate", headers=headers).status_code == 403, "its text would be theirs"


def test_a_scope_that_a_role_lost_is_dead_in_older_keys(keyring):
    made = keyring.issue(scopes=["needs:read"])
    _ended(keyring, made["id"], scopes=["needs:read", "keys:read"])
    assert keyring.status(made) == 200
    assert keyring.status(made, KEYS) == 403


def test_a_change_sets_what_it_names(keyring):
    made = keyring.issue(scopes=["needs:read"])
    path = f"/{made['id']}"
    changed = keyring.ask(
        "PATCH", path, by="operator", name="新名", scopes=["capabilities:read", "needs:read"], expires_at=AHEAD,
        allowed_addresses=["2001:DB8::/32", "192.0.2.7/32"],
    )  # fmt: skip
    assert changed.status_code == 200, changed.text
    unlike = {"name": "新名", "scopes": ["capabilities:read", "needs:read"], "expires_at": AHEAD}
    unlike |= {"allowed_addresses": ["2001:db8::/32", "192.0.2.7"]}
    expected = {name: value for name, value in made.items() if name != "key"} | unlike
    assert changed.json() == expected == keyring.ask("GET", path, by="operator").json()
    assert keyring.ask("PATCH", path, expires_at=None, allowed_addresses=[]).json()["expires_at"] is None
    assert keyring.ask("PATCH", path).json()["name"] == "新名"
    assert keyring.status(made) == 200
    told = [(entry.subject_id, entry.detail) for entry in keyring.audited("key.change")]
    assert [str(subject) for subject, _ in told] == [made["id"]] * 2, "what changes nothing is not told"
    assert told[0][1] == {"fields": sorted(unlike), "scopes": unlike["scopes"]}
    assert told[1][1] == {"fields": ["allowed_addresses", "expires_at"]}


def test_a_key_that_has_ended_stays_as_it_is(keyring):
    revoked, expired = keyring.issue(), keyring.issue(expires_at=AHEAD)
    keyring.ask("DELETE", f"/{revoked['id']}")
    _ended(keyring, expired["id"], expires_at=now() - timedelta(seconds=1))
    assert keyring.status(expired) == keyring.status(revoked) == 401
    for made in (revoked, expired):
        for answer in (
            keyring.ask("PATCH", f"/{made['id']}", expires_at=AHEAD),
            keyring.ask("POST", f"/{made['id']}/rotate"),
        ):
            assert answer.status_code == 409
        assert keyring.status(made) == 401


@pytest.mark.parametrize("target", ["operator", "administrator"])
def test_an_operator_handles_no_equal_and_no_higher_key(keyring, target):
    made = keyring.issue(target)
    path = f"/{made['id']}"
    assert keyring.ask("GET", path, by="operator").status_code == 200
    assert keyring.ask("PATCH", path, by="operator", name="x").status_code == 403
    assert keyring.ask("POST", f"{path}/rotate", by="operator").status_code == 403
    assert keyring.ask("PATCH", path, name="x").status_code == 200


@pytest.mark.parametrize("by", ["enterprise", "manager", "portal"])
def test_others_learn_nothing_about_keys(keyring, by):
    made = keyring.issue()
    for path in (f"/{made['id']}", f"/{uuid4()}"):
        assert keyring.ask("GET", path, by=by).status_code == 403
        assert keyring.ask("PATCH", path, by=by, name="x").status_code == 403
        assert keyring.ask("POST", f"{path}/rotate", by=by).status_code == 403
    assert keyring.ask("GET", f"/{uuid4()}").status_code == 404
    assert keyring.ask("PATCH", f"/{uuid4()}", name="x").status_code == 404
    assert keyring.ask("POST", f"/{uuid4()}/rotate").status_code == 404


def test_issuing_and_revoking_stand_in_the_audit(keyring):
    made = keyring.issue("portal", by="operator", scopes=["needs:read"])
    for _ in range(2):
        keyring.ask("DELETE", f"/{made['id']}", by="operator")
    (issued,), (revoked,) = (keyring.audited(f"key.{verb}")[-1:] for verb in ("issue", "revoke"))
    assert issued.detail == {"role": "portal", "scopes": ["needs:read"]}
    assert str(issued.subject_id) == str(revoked.subject_id) == made["id"]
    assert (issued.role, issued.address, issued.key_id) == (Role.OPERATOR, "testclient", revoked.key_id)
    assert len(keyring.audited("key.revoke")) == 1


def test_every_role_may_be_given_every_scope_of_it(keyring):
    organization = str(keyring.people[ENTERPRISE].organization_id)
    for role, scopes in SCOPES.items():
        terms = {"organization_id": organization} if role.is_of_organization else {}
        assert set(keyring.issue(role, scopes=sorted(scopes), **terms)["scopes"]) == scopes
        for scope in set(Scope) - scopes:
            refused = keyring.ask("POST", name="x", role=role, scopes=[scope], **terms)
            assert (refused.status_code, faults(refused)) == (422, [("/scopes/0", "scope_not_of_role")])
