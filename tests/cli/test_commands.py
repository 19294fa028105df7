"""The commands an administrator uses, on both databases."""

import json
import re

import pytest
from sqlalchemy import inspect, text

from app.db.migrate import Migrations
from tests.contract.document import document
from tests.support.clients import client_over
from tests.support.databases import ALEMBIC_INI
from tests.support.people import make_uscc
from tests.support.processes import duijie


@pytest.fixture
def on_database(tmp_path):
    """`on_database(database, "db", "upgrade")` runs a command on a database."""

    def run(database, *words):
        address = database.engine.url.render_as_string(hide_password=False)
        return duijie(*words, cwd=tmp_path, DUIJIE_DATABASE__URL=address)

    return run


@pytest.fixture
def keys(staffed_database, on_database):
    """`keys("issue", …)` handles the keys of a database with organisations."""
    return lambda *words: on_database(staffed_database, "keys", *words)


@pytest.fixture
def status(staffed_database):
    """`status(key, path)`: what the API says to a key."""
    with client_over(staffed_database) as client:
        yield lambda key, path="/v1/needs": client.get(path, headers={"Authorization": f"Bearer {key}"}).status_code


def test_up_drift_and_down(blank_database, on_database):
    head = Migrations(blank_database, ALEMBIC_INI).head
    up = on_database(blank_database, "db", "upgrade")
    assert (up.returncode, up.stdout) == (0, f"schema {head}\n"), up.stderr
    assert on_database(blank_database, "db", "drift").returncode == 0
    with blank_database.write_session() as session:
        session.execute(text("CREATE TABLE left_behind (id INTEGER)"))
    drifted = on_database(blank_database, "db", "drift")
    assert drifted.returncode == 1
    assert "left_behind" in drifted.stderr
    assert "Traceback" not in drifted.stderr
    with blank_database.write_session() as session:
        session.execute(text("DROP TABLE left_behind"))
    down = on_database(blank_database, "db", "downgrade", "base")
    assert (down.returncode, down.stdout) == (0, "schema empty\n"), down.stderr
    assert inspect(blank_database.engine).get_table_names() == ["alembic_version"]


def test_a_key_that_is_issued_works_until_it_is_revoked(keys, status):
    issued = keys("issue", "--role", "operator", "--name", "night shift")
    assert issued.returncode == 0, issued.stderr
    (key,) = issued.stdout.splitlines()  # nothing but the key, so that a script can take it
    assert status(key, "/v1/api-keys") == 200
    revoked = keys("revoke", key.partition(".")[0])
    assert revoked.returncode == 0, revoked.stderr
    assert key.partition(".")[2] not in revoked.stdout + revoked.stderr
    assert status(key) == 401
    again = keys("revoke", key.partition(".")[0])
    assert again.returncode == 1
    assert "均已吊销" in again.stderr
    assert "were revoked before" in again.stderr
    unknown = keys("revoke", "dj_live_nobody")
    assert unknown.returncode == 1
    assert "没有这个密钥" in unknown.stderr
    assert "no such key" in unknown.stderr


def test_a_key_that_has_ended_is_revoked_with_what_it_was_rotated_to(keys, status):
    old = keys("issue", "--role", "operator", "--name", "leaked").stdout.strip()
    new = keys("rotate", old, "--overlap-hours", "0").stdout.strip()
    assert (status(old), status(new)) == (401, 200)
    revoked = keys("revoke", old)
    bare = [key.removeprefix("dj_live_").partition(".")[0] for key in (old, new)]
    assert (revoked.returncode, revoked.stdout.split()) == (0, ["revoked", bare[0], "revoked", bare[1]]), revoked.stderr
    assert status(new) == 401


def test_a_key_is_limited_listed_and_rotated(keys, staffed_database):
    limits = ("--scope", "needs:read", "--scope", "matches:read", "--address", "192.0.2.0/24")
    old = keys("issue", "--role", "portal", "--name", "园区门户", *limits, "--expires", "2099-01-01T08:00:00+08:00")
    assert old.returncode == 0, old.stderr
    rotated = keys("rotate", old.stdout.strip(), "--overlap-hours", "2")
    assert rotated.returncode == 0, rotated.stderr
    (new,) = rotated.stdout.splitlines()
    again = keys("rotate", old.stdout.partition(".")[0])
    assert (again.returncode, again.stdout) == (1, "")
    assert "轮换" in again.stderr
    listed = keys("list")
    lines = [line.split("\t") for line in listed.stdout.splitlines()]
    assert [line[0] for line in lines[:2]] == [text.partition(".")[0][8:] for text in (new, old.stdout)]
    for line in lines[:2]:
        assert line[1:3] == ["portal", "live"]
        assert line[4:] == ["-", "园区门户", "matches:read,needs:read"]
    assert new.partition(".")[2] not in listed.stdout
    with client_over(staffed_database) as client:
        shown = {"Authorization": f"Bearer {new}"}
        assert client.get("/v1/needs", headers=shown).status_code == 401, "not from here"


def test_a_members_key_speaks_for_its_organisation(keys, staffed_database, people):
    issued = keys("issue", "--role", "member", "--name", "m", "--organization", make_uscc(1))
    assert issued.returncode == 0, issued.stderr
    headers = {"Authorization": f"Bearer {issued.stdout.strip()}"}
    with client_over(staffed_database) as client:
        made = client.post("/v1/needs", json={"title": "t", "problem": "p"}, headers=headers)
    assert made.status_code == 201
    assert made.json()["organization"]["id"] == str(people["enterprise"].organization_id)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--role", "member"], "/organization_id"),
        (["--role", "operator", "--organization", make_uscc(1)], "/organization_id"),
        (["--role", "member", "--organization", make_uscc(999)], "Unified Social Credit Code"),
        (["--role", "king"], "/role"),
        (["--role", "portal", "--scope", "keys:write"], "/scopes/0"),
        (["--role", "portal", "--address", "home"], "/allowed_addresses/0"),
        (["--role", "portal", "--expires", "tomorrow"], "/expires_at"),
    ],
)
def test_a_key_that_cannot_be_is_refused_with_a_sentence(keys, words, said):
    done = keys("issue", "--name", "n", *words)
    assert done.returncode == 1
    assert said in done.stderr
    assert re.search(r"[\u4e00-\u9fff]", done.stderr), "in Chinese as well"
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_openapi_prints_the_document_whatever_the_settings_and_needs_no_database(tmp_path):
    address = "postgresql://duijie:s3cret@127.0.0.1:1/duijie"
    done = duijie("openapi", cwd=tmp_path, DUIJIE_DATABASE__URL=address, DUIJIE_SERVER__PORT="9", DUIJIE_LOG_JSON="1")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == document()
    assert "s3cret" not in done.stdout + done.stderr
    assert not list(tmp_path.iterdir())
