"""Whether the process answers, and whether its database does."""

import pytest
from sqlalchemy.exc import OperationalError

from app.db.engine import Database
from tests.web.conftest import problem

GONE = ["sqlite:///{folder}", "postgresql+psycopg://nobody@127.0.0.1:1/nothing"]


@pytest.fixture(params=GONE, ids=["sqlite", "postgresql"])
def lost(request, make_client, tmp_path):
    """A client of an application whose database cannot be reached."""
    database = Database(request.param.format(folder=tmp_path))
    with make_client(database, raise_errors=False) as client:
        yield client
    database.close()


def test_a_sound_process_is_live_and_ready(client):
    for path in ("/health/live", "/health/ready"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_a_process_without_its_database_is_live_and_not_ready(lost):
    assert lost.get("/health/live").status_code == 200
    answer = lost.get("/health/ready")
    problem(answer, 503, "database-unavailable")
    assert answer.headers["retry-after"] == "2"


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/needs"), ("GET", "/v1/organizations"), ("POST", "/v1/needs"), ("GET", "/v1/catalog/industries/tree")],
)
def test_every_request_says_that_the_database_is_away(lost, method, path):
    headers = {"Authorization": "Bearer dj_live_abcdefghij01." + "A" * 43}
    body = {"title": "x", "problem": "y"} if method == "POST" else None
    answer = lost.request(method, path, json=body, headers=headers)
    problem(answer, 503, "database-unavailable")
    assert "127.0.0.1" not in answer.text


def test_a_busy_pool_is_unavailable_and_then_well_again(client, staffed_database, monkeypatch):
    monkeypatch.setattr(staffed_database.engine.pool, "_timeout", 0.05)
    held = [staffed_database.engine.connect() for _ in range(4)]
    try:
        problem(client.get("/health/ready"), 503, "database-unavailable")
    finally:
        for connection in held:
            connection.close()
    assert client.get("/health/ready").status_code == 200


def test_the_databases_above_are_really_away(tmp_path):
    for address in GONE:
        database = Database(address.format(folder=tmp_path))
        with pytest.raises(OperationalError), database.engine.connect():
            pass
        database.close()
