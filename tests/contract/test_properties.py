"""Whatever the document allows is answered as it says, and what it does not allow is refused: by schemathesis.

Each operation gets a copy of the demonstration, so no example depends on what another operation left behind.
"""

import re
from copy import deepcopy

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from app.db.engine import Database
from app.features.accounts.types import Role
from app.features.matches.live import LiveIndex
from app.features.people.passwords import Passwords
from tests.contract.document import document
from tests.support.clients import client_over
from tests.support.people import read_people

CHECKS = {
    # Much that is refused is beyond a schema: codes are looked up, cursors are signed by their list, ranges have an
    # order, a figure has four parts or none. The tests of each feature cover what is accepted.
    "positive_data_acceptance": {"enabled": False},
    # If-Match is read before the body, so a stale version is told first: that refuses the faulty body as well.
    "negative_data_rejection": {
        "expected-statuses": [400, 401, 403, 404, 405, 406, 409, 412, 413, 414, 415, 422, 428, 429]
    },
    # A change without If-Match has a status of its own (RFC 6585).
    "missing_required_header": {"expected-statuses": [428]},
}


def _bounded(examples):
    return settings(
        max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )


class Relay:
    """Stands for an application while tests are collected; each test says which one is meant."""

    def __init__(self):
        self.target = None

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":  # the client of each test runs the application's own
            for step in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{step}.complete"})
            return
        await self.target(scope, receive, send)


relay = Relay()


def _without_keys():
    """The document without its security: each test shows one key or none, and reading works without."""
    described = deepcopy(document())
    for item in described["paths"].values():
        for operation in item.values():
            operation.pop("security", None)
    return described


def _described(*, boundaries):
    """The document for schemathesis; `boundaries` also goes through the edges of every field, one after another."""
    phases = {"coverage": {"enabled": boundaries}}
    config = schemathesis.Config.from_dict({"checks": CHECKS, "phases": phases})
    schema = schemathesis.openapi.from_dict(_without_keys(), config=config)
    schema.app = relay
    return schema


# PATCH …/current is asked as PATCH of a key of that id, which is none: 422, where the edges of methods want 405.
_A_WORD_FOR_AN_ID = "/v1/api-keys/current"
thorough, brief = _described(boundaries=True), _described(boundaries=False)
# Here the body itself says who one is, and may be wrong.
_SHOWN_IN_THE_BODY = {"/v1/sign-ins", "/v1/sign-ins/refresh"}
_SIZES = {"XQ": 64, "NL": 150}


@pytest.fixture(scope="module")
def application():
    """One application for all tests, which is given a database for each."""
    nowhere = Database("postgresql+psycopg://nobody@localhost/nothing")
    with client_over(nowhere, raise_errors=False) as client:
        relay.target = client.app
        client.app.state.passwords = Passwords(memory_kib=8, passes=1, lanes=1)  # what is asked is not how slow it is
        yield client.app
    nowhere.close()


@pytest.fixture
def people(application, store):
    """Keys of a fresh copy of the demonstration, which the application serves."""
    with store.fresh("demo") as database:
        application.state.database = database
        application.state.match_index = LiveIndex()
        yield read_people(store.note("demo"))


def _aim(case):
    """Turn a made-up reference into one of the demonstration, and half of the versions into any: else all is 404."""
    for name, value in dict(case.path_parameters or {}).items():
        if isinstance(value, str) and (found := re.fullmatch(r"(XQ|NL)-[0-9]{4}-([0-9]{6})", value)):
            case.path_parameters[name] = f"{found[1]}-2026-{int(found[2]) % _SIZES[found[1]] + 1:06d}"
    version = (case.headers or {}).get("If-Match")
    if isinstance(version, str) and len(version) % 2:
        case.headers["If-Match"] = "*"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@thorough.exclude(path=_A_WORD_FOR_AN_ID).parametrize()
@_bounded(10)
def test_an_operator_is_answered_as_the_document_says(case, people):
    _aim(case)
    case.call_and_validate(headers=dict(people["operator"].headers))


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
@brief.parametrize()
@_bounded(6)
def test_an_operator_is_answered_alike_on_the_other_database(case, people):
    _aim(case)
    case.call_and_validate(headers=dict(people["operator"].headers))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@brief.parametrize()
@_bounded(4)
def test_a_reader_without_a_key_is_answered_as_the_document_says(case, people):
    assert people
    _aim(case)
    answer = case.call_and_validate()
    if case.operation.path in _SHOWN_IN_THE_BODY and case.method == "POST":
        return
    # {} among the requirements says that none is needed; a body may be refused before the key is missed
    is_open = {} in document()["paths"][case.operation.path][case.method.lower()].get("security", [{}])
    if not is_open:
        assert answer.status_code >= 400
    elif case.method == "GET":  # what is sent may itself be somebody's key or password, and wrong
        assert answer.status_code != 401


@pytest.mark.parametrize("person", ["enterprise", "provider", "manager", "administrator", "portal"])
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@brief.parametrize()
@_bounded(3)
def test_every_other_role_is_answered_as_the_document_says(case, people, person):
    _aim(case)
    case.call_and_validate(headers=dict(people[person].headers))


def test_every_role_has_its_turn(people):
    """A new role is asked for above, or this fails."""
    asked = {people[name].role for name in ("operator", "enterprise", "manager", "administrator", "portal")}
    assert asked == set(Role)
