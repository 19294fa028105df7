"""From where a key may be used, and when it was last used."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from app.core.clock import now
from app.core.trail import Source
from app.db.counters import Counter
from app.features.accounts import service
from app.features.accounts.models import ApiKey
from tests.features.accounts.conftest import KEYS, bearer
from tests.support.clients import TestClient
from tests.support.statements import statements

HERE = {"192.0.2.9": True, "192.0.3.9": False, "::ffff:192.0.2.9": True, "2001:db8::1": True, "2001:db9::1": False}


@pytest.mark.parametrize("address", HERE)
def test_a_key_is_refused_from_elsewhere_on_every_request(keyring, address):
    made = keyring.issue(allowed_addresses=["192.0.2.0/24", "2001:db8::/32"])
    there = TestClient(keyring.client.app, client=(address, 4711))
    answers = [
        there.get("/v1/needs", headers=bearer(made)),
        there.get(f"{KEYS}/current", headers=bearer(made)),
        there.post("/v1/matches/preview", json={"need": {"title": "x", "problem": "y"}}, headers=bearer(made)),
    ]
    assert [answer.status_code for answer in answers] == ([200] * 3 if HERE[address] else [401] * 3)
    wrong = there.get("/v1/needs", headers=bearer("dj_live_abcdefghij01." + "A" * 43))
    if not HERE[address]:
        assert answers[0].json()["detail"] == wrong.json()["detail"], "nobody learns that the key is one"
        assert keyring.ask("GET", f"/{made['id']}").json()["last_used_at"] is None


def test_an_address_that_is_none_is_nowhere(keyring):
    made = keyring.issue(allowed_addresses=["0.0.0.0/0", "::/0"])
    assert keyring.status(made) == 401, "the client of these tests has a name for an address"
    keyring.ask("PATCH", f"/{made['id']}", allowed_addresses=[])
    assert keyring.status(made) == 200


def _last_used(keyring, made):
    return keyring.ask("GET", f"/{made['id']}").json()["last_used_at"]


def _set_used(keyring, made, at):
    with keyring.database.write_session() as session:
        session.execute(update(ApiKey).where(ApiKey.public_id == made["public_id"]).values(last_used_at=at))


def _updates(sent):
    return [statement for statement in sent if statement.startswith("UPDATE api_keys")]


def test_a_use_is_noted_once_a_minute(keyring):
    made = keyring.issue()
    assert _last_used(keyring, made) is None
    with statements(keyring.database) as sent:
        keyring.status(made)
    assert len(_updates(sent)) == 1
    first = _last_used(keyring, made)
    assert first is not None
    with statements(keyring.database) as sent:
        keyring.status(made)
        keyring.client.post("/v1/matches/preview", json={"need": {"title": "x", "problem": "y"}}, headers=bearer(made))
    assert _updates(sent) == []
    assert _last_used(keyring, made) == first
    _set_used(keyring, made, now() - timedelta(seconds=61))
    keyring.status(made)
    assert _last_used(keyring, made) > first


def test_a_writing_request_notes_it_in_its_own_transaction(keyring):
    organization = str(keyring.people["enterprise"].organization_id)
    made = keyring.issue("member", organization_id=organization)
    need = {"title": "x", "problem": "y"}
    assert keyring.client.post("/v1/needs", json=need, headers=bearer(made)).status_code == 201
    assert _last_used(keyring, made) is not None


def test_of_many_that_see_an_old_note_one_writes(keyring):
    made = keyring.issue()
    noted = []
    for _ in range(2):
        with keyring.database.write_session() as session:
            service.note_use(session, key_id=UUID(made["id"]))
        noted.append(_last_used(keyring, made))
    assert noted[0] == noted[1] is not None


def test_a_reader_does_not_wait_for_a_writer_to_note_its_key(keyring):
    """The writer holds the whole database on SQLite, the key's own row on PostgreSQL."""
    made = keyring.issue()
    # whoever waits after all is let go by the writer, which ends first
    with ThreadPoolExecutor(1) as pool, keyring.database.write_session() as writer:
        writer.execute(update(ApiKey).where(ApiKey.public_id == made["public_id"]).values(name="held"))
        writer.merge(Counter(name="held", value=1))
        writer.flush()
        began = time.monotonic()
        assert pool.submit(keyring.status, made).result(timeout=9) == 200
        assert time.monotonic() - began < 3
    assert _last_used(keyring, made) is None, "left out rather than waited for"
    assert keyring.status(made) == 200
    assert _last_used(keyring, made) is not None


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_connection_that_was_in_a_hurry_waits_as_usual_the_next_time(staffed_database):
    hurried = []

    def work(session):
        hurried.append(session.connection().connection.driver_connection)

    with staffed_database.write_session() as writer:
        writer.merge(Counter(name="held", value=1))
        writer.flush()
        assert not staffed_database.write_in_passing(Source(), work)
    assert staffed_database.write_in_passing(Source(), work)
    (connection,) = hurried
    assert connection.execute("PRAGMA busy_timeout").fetchone() == (10_000,)
