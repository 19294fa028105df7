"""A new key in place of another: both work for a while, then the old one is dead."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import update

from app.core.clock import now
from app.features.accounts.models import ApiKey
from app.features.accounts.types import Role
from tests.features.accounts.conftest import KEYS, bearer, faults

ALIKE = ("name", "role", "organization_id", "scopes", "allowed_addresses")


def _seconds(text, since):
    return (datetime.fromisoformat(text) - since).total_seconds()


def test_the_new_key_is_alike_and_both_work_for_a_while(keyring):
    old = keyring.issue(scopes=["needs:read"], allowed_addresses=["192.0.2.0/24"])
    made = keyring.ask("POST", f"/{old['id']}/rotate", by="operator", overlap_hours=2)
    assert made.status_code == 201, made.text
    new = made.json()
    assert {name: new[name] for name in ALIKE} == {name: old[name] for name in ALIKE}
    assert new["replaces_id"] == old["id"]
    assert new["expires_at"] is None
    assert len({old["key"], new["key"], new["public_id"], old["public_id"]}) == 4
    kept = keyring.ask("GET", f"/{old['id']}").json()
    assert abs(_seconds(kept["expires_at"], now()) - 7200) < 60
    (told,) = keyring.audited("key.rotate")
    assert (str(told.subject_id), told.detail) == (old["id"], {"replaced_by": new["id"], "overlap_hours": 2})


def test_the_old_key_is_dead_when_the_overlap_is_over(keyring):
    old = keyring.issue()
    new = keyring.ask("POST", f"/{old['id']}/rotate").json()
    assert keyring.status(old) == keyring.status(new) == 200
    with keyring.database.write_session() as session:
        moment = now() - timedelta(seconds=1)
        session.execute(update(ApiKey).where(ApiKey.public_id == old["public_id"]).values(expires_at=moment))
    assert (keyring.status(old), keyring.status(new)) == (401, 200)
    at_once = keyring.ask("POST", f"/{new['id']}/rotate", overlap_hours=0).json()
    assert (keyring.status(new), keyring.status(at_once)) == (401, 200)


def test_the_new_key_lives_as_long_as_the_old_one_was_to(keyring):
    old = keyring.issue(expires_at=(now() + timedelta(days=90)).isoformat())
    with keyring.database.write_session() as session:
        key = session.query(ApiKey).filter_by(public_id=old["public_id"]).one()
        key.created_at -= timedelta(days=89, hours=20)
        key.expires_at -= timedelta(days=89, hours=20)
    new = keyring.ask("POST", f"/{old['id']}/rotate", overlap_hours=168).json()
    assert abs(_seconds(new["expires_at"], now()) - 90 * 86400) < 60
    left = keyring.ask("GET", f"/{old['id']}").json()["expires_at"]
    assert _seconds(left, now()) < 4 * 3600 + 60, "an overlap makes no life longer"


def test_a_key_is_replaced_once(keyring):
    old = keyring.issue()
    new = keyring.ask("POST", f"/{old['id']}/rotate").json()
    assert keyring.ask("POST", f"/{old['id']}/rotate").status_code == 409
    assert keyring.client.post(f"{KEYS}/current/rotate", json={}, headers=bearer(old)).status_code == 409
    assert keyring.ask("POST", f"/{new['id']}/rotate").status_code == 201


def test_of_two_that_rotate_a_key_at_once_one_does(keyring):
    old = keyring.issue()
    together = Barrier(2)

    def rotate(_):
        together.wait()
        return keyring.ask("POST", f"/{old['id']}/rotate").status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(rotate, range(2))) == [201, 409]
    items = keyring.ask("GET").json()["items"]
    assert [item["replaces_id"] for item in items].count(old["id"]) == 1


@pytest.mark.parametrize("role", ["portal", "operator"])
def test_a_key_reads_and_rotates_itself_whatever_it_is_for(keyring, role):
    old = keyring.issue(role, scopes=[])
    headers = bearer(old)
    seen = keyring.client.get(f"{KEYS}/current", headers=headers).json()
    assert {**seen, "last_used_at": None} == {name: value for name, value in old.items() if name != "key"}
    new = keyring.client.post(f"{KEYS}/current/rotate", json={"overlap_hours": 1}, headers=headers)
    assert new.status_code == 201
    assert keyring.client.get(f"{KEYS}/current", headers=bearer(new.json())).json()["replaces_id"] == old["id"]
    (told,) = keyring.audited("key.rotate")
    assert str(told.key_id) == old["id"], "by itself"


def test_a_person_has_no_key_to_read_or_rotate(keyring):
    person = keyring.sign_in(role=Role.ADMINISTRATOR)
    portal = keyring.people["portal"].headers
    for headers in (bearer(person.access_key), portal | {"Duijie-Person": person.access_key}):
        assert keyring.client.get(f"{KEYS}/current", headers=headers).status_code == 403
        assert keyring.client.post(f"{KEYS}/current/rotate", json={}, headers=headers).status_code == 403
    for path in ("", "/rotate"):
        answer = keyring.client.request("POST" if path else "GET", f"{KEYS}/current{path}", json={} if path else None)
        assert answer.status_code == 401


def test_a_key_that_rotates_itself_gains_no_time(keyring):
    end = now() + timedelta(days=2)
    key = keyring.issue(expires_at=end.isoformat())
    with keyring.database.write_session() as session:
        session.execute(update(ApiKey).values(created_at=now() - timedelta(days=88)))
    for _ in range(3):
        answer = keyring.client.post(f"{KEYS}/current/rotate", json={"overlap_hours": 1}, headers=bearer(key))
        assert answer.status_code == 201, answer.text
        key = answer.json()
        assert datetime.fromisoformat(key["expires_at"]) == end
    assert (
        keyring.client.post(f"{KEYS}/current/rotate", json={}, headers=bearer(keyring.issue())).json()["expires_at"]
        is None
    )


def _rotated(keyring, times):
    line = [keyring.issue()]
    for _ in range(times):
        line.append(keyring.client.post(f"{KEYS}/current/rotate", json={}, headers=bearer(line[-1])).json())
    return line


def test_with_a_key_all_that_it_was_rotated_to_are_revoked(keyring):
    line, other = _rotated(keyring, 3), keyring.issue()
    assert keyring.ask("DELETE", f"/{line[1]['id']}", by="operator").status_code == 204
    assert [keyring.status(key) for key in (*line, other)] == [200, 401, 401, 401, 200]
    told = keyring.audited("key.revoke")
    assert [(str(entry.subject_id), entry.detail) for entry in told] == [
        (line[1]["id"], {}),
        *[(key["id"], {"with": line[1]["id"]}) for key in line[2:]],
    ]
    listed = {item["id"]: item for item in keyring.ask("GET").json()["items"]}
    assert [bool(listed[key["id"]]["revoked_at"]) for key in line] == [False, True, True, True]
    assert [listed[key["id"]]["replaces_id"] for key in line[1:]] == [key["id"] for key in line[:-1]]


def test_a_key_that_has_ended_is_revoked_for_the_sake_of_its_successors(keyring):
    line = _rotated(keyring, 2)
    with keyring.database.write_session() as session:
        moment = now() - timedelta(seconds=1)
        session.execute(update(ApiKey).where(ApiKey.public_id == line[0]["public_id"]).values(expires_at=moment))
        session.execute(update(ApiKey).where(ApiKey.public_id == line[1]["public_id"]).values(revoked_at=moment))
    assert keyring.ask("DELETE", f"/{line[0]['id']}").status_code == 204
    assert keyring.status(line[2]) == 401
    told = keyring.audited("key.revoke")
    assert [str(entry.subject_id) for entry in told] == [line[0]["id"], line[2]["id"]], "one had been revoked before"


def test_who_is_revoked_while_rotating_leaves_no_key_behind(keyring):
    for _ in range(5):
        old, together = keyring.issue(), Barrier(2)

        def ask(what, old=old, together=together):
            together.wait()
            if what == "rotate":
                return keyring.client.post(f"{KEYS}/current/rotate", json={}, headers=bearer(old))
            return keyring.ask("DELETE", f"/{old['id']}")

        with ThreadPoolExecutor(2) as pool:
            rotated, revoked = pool.map(ask, ("rotate", "revoke"))
        assert revoked.status_code == 204
        assert rotated.status_code in (201, 401, 409)
        if rotated.status_code == 201:
            assert keyring.status(rotated.json()) == 401


@pytest.mark.parametrize("hours", [-1, 169, 1.5, "2", None])
def test_an_overlap_out_of_bounds_is_refused(keyring, hours):
    old = keyring.issue()
    refused = keyring.ask("POST", f"/{old['id']}/rotate", overlap_hours=hours)
    assert refused.status_code == 422
    assert [pointer for pointer, _ in faults(refused)] == ["/overlap_hours"]
    assert keyring.ask("GET", f"/{old['id']}").json()["expires_at"] is None
