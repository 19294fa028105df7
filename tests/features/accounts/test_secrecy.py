"""The text of a key is in one answer and nowhere else."""

import re

import pytest
import structlog
from sqlalchemy import Text, cast, select

from app.features.accounts import keys, service
from app.features.accounts.models import ApiKey
from tests.support.secrecy import everything_stored, logging_for_people

KEYS = "/v1/api-keys"


def test_the_secret_is_nowhere_in_the_database(client, staffed_database, administrator):
    made = client.post(KEYS, json={"name": "x", "role": "portal"}, headers=administrator).json()
    presented = keys.parse(made["key"])

    stored = everything_stored(staffed_database)

    assert presented.public_id in stored
    assert presented.secret not in stored


def test_every_column_of_a_key_is_without_its_secret(client, staffed_database, administrator):
    made = client.post(KEYS, json={"name": "x", "role": "portal"}, headers=administrator).json()
    presented = keys.parse(made["key"])
    columns = [cast(column, Text) for column in ApiKey.__table__.columns]
    with staffed_database.read_session() as session:
        row = session.execute(select(*columns).where(ApiKey.public_id == presented.public_id)).one()
    assert presented.secret_hash in row
    assert not any(presented.secret in (value or "") for value in row)


def test_the_log_names_requests_and_no_keys(client, administrator, operator):
    wrong = keys.generate()
    admin = keys.parse(administrator["Authorization"].removeprefix("Bearer "))
    with structlog.testing.capture_logs() as lines:
        made = client.post(KEYS, json={"name": "秘密名称", "role": "portal"}, headers=administrator).json()
        client.get("/v1/needs", headers={"Authorization": f"Bearer {wrong.text}"})
        client.get("/v1/needs", headers={"Authorization": f"Bearer {made['key']}"})
        client.delete(f"{KEYS}/{made['id']}", headers=operator)
        client.post(KEYS, content=made["key"], headers=administrator | {"Content-Type": "application/json"})

    assert [(line["method"], line["status"]) for line in lines] == [
        ("POST", 201),
        ("GET", 401),
        ("GET", 200),
        ("DELETE", 204),
        ("POST", 422),
    ]
    said = repr(lines)
    for secret in (wrong.secret, admin.secret, keys.parse(made["key"]).secret, "秘密名称", "Bearer"):
        assert secret not in said


def test_errors_do_not_repeat_a_key(client, administrator):
    wrong = keys.generate()
    own = keys.parse(administrator["Authorization"].removeprefix("Bearer "))
    answers = [
        client.get(KEYS, headers={"Authorization": f"Bearer {wrong.text}"}),
        client.get(KEYS, headers={"Authorization": f"Basic {wrong.text}"}),
        client.post(KEYS, json={"name": wrong.text, "role": wrong.text}, headers=administrator),
        client.post(KEYS, json=wrong.text, headers=administrator),
        client.get(f"/v1/{wrong.public_id}", headers=administrator),
    ]
    assert all(answer.status_code >= 400 for answer in answers)
    for answer in answers:
        assert wrong.secret not in answer.text + str(answer.headers)
        assert own.secret not in answer.text + str(answer.headers)


@pytest.mark.parametrize("as_json", [True, False])
def test_a_crash_does_not_log_the_key_it_happened_with(
    make_client, staffed_database, operator, capsys, monkeypatch, as_json
):
    def crash(**_):
        raise RuntimeError("lost")

    monkeypatch.setattr(service, "list_keys", crash)
    with logging_for_people(as_json=as_json), make_client(staffed_database, raise_errors=False) as client:
        assert client.get(KEYS, headers=operator).status_code == 500
    said = "".join(capsys.readouterr())
    assert "lost" in said
    # however a traceback is framed and wrapped, a third of the secret would show
    secret = keys.parse(operator["Authorization"].removeprefix("Bearer ")).secret
    letters = re.sub(r"[^A-Za-z0-9_-]", "", said)
    assert not [part for part in (secret[:14], secret[14:28], secret[28:]) if part in letters]
