"""What tests stand on holds itself."""

import socket

import pytest
from pytest_socket import SocketConnectBlockedError
from sqlalchemy import text

from app.db import counters
from app.features.accounts import service as accounts
from tests.support.people import ENTERPRISE, PROVIDER, STRANGER
from tests.support.statements import statements


@pytest.mark.filterwarnings("ignore:A test tried")
def test_no_test_leaves_this_machine():
    with socket.socket() as outside, pytest.raises(SocketConnectBlockedError):
        outside.connect(("192.0.2.1", 9))


def test_a_test_may_talk_to_itself():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_has_its_own_database(database, turn):
    with database.write_session() as session:
        assert counters.take(session, "turns") == 1, turn


def test_statements_are_counted(database):
    with statements(database) as sent, database.read_session() as session:
        session.execute(text("SELECT 1"))
        session.execute(text("SELECT 2"))
    assert [statement for statement in sent if statement.startswith("SELECT")] == ["SELECT 1", "SELECT 2"]


def test_everybody_has_a_key_of_their_own(staffed_database, people):
    with staffed_database.read_session() as session:
        for name, person in people.items():
            actor = accounts.identify(session=session, key=person.headers["Authorization"].removeprefix("Bearer "))
            assert (actor.role, actor.organization_id) == (person.role, person.organization_id), name
    members = {people[name].organization_id for name in (ENTERPRISE, PROVIDER, STRANGER)}
    assert len(members) == 3


def test_the_catalogue_is_loaded(catalog_database):
    with catalog_database.read_session() as session:
        assert session.scalar(text("SELECT count(*) FROM industries")) > 1000


def test_a_client_reaches_its_database(client, operator):
    assert client.get("/health/ready").json() == {"status": "ok"}
    assert client.get("/v1/api-keys", headers=operator).status_code == 200


def test_the_demonstration_is_loaded(demo_client, demo_people):
    answer = demo_client.get("/v1/needs", params={"include": "total"}, headers=demo_people["operator"].headers)
    assert answer.json()["total"] > 50
    assert demo_people["enterprise"].organization_id != demo_people["provider"].organization_id


def test_a_demonstration_of_its_own_may_be_changed(demo_database):
    with demo_database.write_session() as session:
        session.execute(text("DELETE FROM changes"))
