"""`duijie run`, the first thing anybody does with this project."""

import json
import re
import shutil
import sqlite3
import stat
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.processes import Served, environment, served

ROLES = ("operator", "enterprise", "provider", "portal")


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """An empty folder to start in."""
    return tmp_path_factory.mktemp("first look")  # with a space, as folders have


@pytest.fixture(scope="module")
def first(home):
    """The first start in that folder."""
    with served("run", cwd=home) as server:
        yield server


@pytest.fixture
def again(first, home, tmp_path) -> Path:
    """A copy of the folder after the first start, to start in once more."""
    assert first.process.poll() is None
    (tmp_path / "var").mkdir()
    with sqlite3.connect(home / "var/duijie.db") as old, sqlite3.connect(tmp_path / "var/duijie.db") as new:
        old.backup(new)
    old.close()
    new.close()
    shutil.copy2(home / "var/demo-keys.json", tmp_path / "var")
    return tmp_path


def _keys(server: Served) -> dict[str, str]:
    return dict(re.findall(r"^\s+(operator|enterprise|provider|portal)\s+(dj_live_\S+)$", server.output, re.MULTILINE))


def _curls(server: Served) -> list[str]:
    return [line.strip() for line in server.output.splitlines() if line.strip().startswith("curl ")]


def _works(server: Served, key: str) -> bool:
    return server.get("/v1/needs?limit=1", key).status_code == 200


def test_it_says_where_it_is_and_how_to_begin(first):
    assert first.base in first.output
    assert f"{first.base}/docs" in first.output
    assert tuple(_keys(first)) == ROLES
    assert len(_curls(first)) == 3
    assert first.get("/docs").status_code == 200
    assert first.get("/openapi.json").json()["openapi"].startswith("3.1")


@pytest.mark.parametrize("number", range(3))
def test_each_curl_line_works_exactly_as_it_is_printed(first, tmp_path, number):
    # curl reads this file by itself, so that the line needs no addition to tell the status
    (tmp_path / ".curlrc").write_text('write-out = "%{stderr}%{http_code} %{content_type}"\n')
    line = _curls(first)[number]
    done = subprocess.run(
        ["/bin/sh", "-c", line],
        env=environment({"HOME": str(tmp_path), "CURL_HOME": str(tmp_path)}),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stderr == "200 application/json"
    assert json.loads(done.stdout)


def test_the_printed_ranking_is_the_story_of_the_demonstration(first):
    path = re.search(r"(/v1/needs/\S+/matches\S*)'", first.output)[1]
    ranking = first.get(path, _keys(first)["portal"]).json()
    assert ranking["outcome"] == "ranked"
    assert ranking["matches"][0]["suitable"]


def test_every_printed_key_works_and_is_what_it_says(first):
    keys = _keys(first)
    assert all(_works(first, key) for key in keys.values())
    assert first.get("/v1/api-keys", keys["operator"]).status_code == 200
    assert {first.get("/v1/api-keys", keys[role]).status_code for role in ROLES[1:]} == {403}
    assert not _works(first, keys["portal"][:-1] + ("A" if keys["portal"][-1] != "A" else "B"))


def test_the_keys_file_is_for_this_user_only(first, home):
    file = home / "var/demo-keys.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text()) == _keys(first)


def test_a_second_start_is_quick_and_prints_the_same_keys(first, again):
    began = time.monotonic()
    with served("run", cwd=again) as second:
        assert time.monotonic() - began < 60, "it loads what is there already in moments; wide for a busy machine"
        assert _keys(second) == _keys(first)
        assert "seeds/ not loaded again" in second.output
        assert all(_works(second, key) for key in _keys(second).values())


def test_when_the_keys_file_is_lost_new_keys_are_made(first, again):
    (again / "var/demo-keys.json").unlink()
    with served("run", cwd=again) as second:
        assert not set(_keys(second).values()) & set(_keys(first).values())
        assert all(_works(second, key) for key in _keys(second).values())


def test_when_the_database_is_lost_keys_are_made_that_work(first, again):
    for file in (again / "var").glob("duijie.db*"):
        file.unlink()
    with served("run", cwd=again) as second:
        assert not set(_keys(second).values()) & set(_keys(first).values())
        assert all(_works(second, key) for key in _keys(second).values())
        assert json.loads((again / "var/demo-keys.json").read_text()) == _keys(second)


def test_a_key_that_was_revoked_is_replaced_at_the_next_start(first, again):
    with sqlite3.connect(again / "var/duijie.db") as database:
        database.execute("UPDATE api_keys SET revoked_at = created_at WHERE role = 'portal'")
    database.close()
    with served("run", cwd=again) as second:
        fresh = {role for role in ROLES if _keys(second)[role] != _keys(first)[role]}
        assert fresh == {"portal"}
        assert _works(second, _keys(second)["portal"])
