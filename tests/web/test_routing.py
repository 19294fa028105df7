"""Handlers and their sessions share one thread, and a session ends before the answer leaves."""

import threading
from contextlib import contextmanager, nullcontext
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI

from app.db import counters
from app.registry import ROUTERS
from app.web import problems
from app.web.deps import ReadSession, RequestLanguage, WriteSession
from app.web.middleware import RequestTrail
from app.web.routing import Deferred, Router, entered, resolved
from tests.support.clients import TestClient
from tests.web.conftest import problem

NAME = "visits"


class _Commit(Exception):
    pass


@pytest.fixture
def visited(database):
    """A client of an application that counts visits."""
    router = Router()

    @router.post("/visit", status_code=201)
    def visit(session: WriteSession, fail: str = "") -> int:
        number = counters.take(session, NAME)
        if fail == "handler":
            raise LookupError
        if fail == "statement":
            session.connection().exec_driver_sql("INSERT INTO counters (name, value) VALUES ('visits', 1)")
        return number

    @router.get("/visits")
    def visits(session: ReadSession) -> int:
        return counters.last(session, NAME)

    app = FastAPI()
    app.state.database = database
    app.include_router(router)
    problems.install(app)
    app.add_middleware(RequestTrail)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def test_what_a_handler_wrote_is_there_when_its_answer_is(visited):
    assert [visited.post("/visit").json() for _ in range(3)] == [1, 2, 3]
    assert visited.get("/visits").json() == 3


@pytest.mark.parametrize(("fail", "status", "code"), [("handler", 500, "internal"), ("statement", 409, "conflict")])
def test_a_handler_that_fails_leaves_nothing(visited, fail, status, code):
    visited.post("/visit")
    problem(visited.post("/visit", params={"fail": fail}), status, code)
    assert visited.get("/visits").json() == 1


def test_a_commit_that_fails_is_an_error_the_caller_sees(visited, database, monkeypatch):
    make = database.write_session

    @contextmanager
    def failing():
        with make() as session:
            yield session
            raise _Commit

    visited.post("/visit")
    monkeypatch.setattr(database, "write_session", failing)
    problem(visited.post("/visit"), 500, "internal")
    assert visited.get("/visits").json() == 1


def test_every_connection_is_given_back(visited, database):
    for _ in range(20):
        visited.get("/visits")
        visited.post("/visit", params={"fail": "handler"})
    assert database.engine.pool.checkedout() == 0


def test_a_handler_and_what_it_depends_on_run_in_one_thread():
    seen = []

    @contextmanager
    def noted():
        seen.append(threading.get_ident())
        yield "held"
        seen.append(threading.get_ident())

    router = Router()

    @router.get("/held")
    def held(value: Annotated[str, Depends(noted_later(noted))], later: Annotated[str, Depends(made_later)]) -> str:
        seen.append(threading.get_ident())
        return value + later

    @router.get("/here")
    async def here() -> int:
        return threading.get_ident()

    app = FastAPI()
    app.include_router(router)
    with TestClient(app) as client:
        assert client.get("/held").json() == "heldmade"
        loop = client.get("/here").json()
    assert len(seen) == 3
    assert len(set(seen)) == 1
    assert loop not in seen


def test_a_handler_may_ask_for_the_callers_language():
    router = Router()

    @router.get("/language")
    def spoken(language: RequestLanguage) -> str:
        return language

    app = FastAPI()
    app.include_router(router)
    with TestClient(app) as client:
        assert client.get("/language").json() == "zh"
        assert client.get("/language", headers={"Accept-Language": "en"}).json() == "en"


def noted_later(make):
    async def give():
        return make()

    return give


async def made_later():
    return Deferred(lambda _session: "made", nullcontext)


def test_a_value_is_read_when_it_is_entered_and_not_before():
    sessions = []
    deferred = Deferred(sessions.append, lambda: nullcontext("its own"))
    assert sessions == []
    with entered(deferred):
        assert sessions == ["its own"]
    with entered("plain") as value:
        assert value == "plain"


def test_a_value_is_read_with_the_session_at_hand():
    sessions = []
    resolved(Deferred(sessions.append, pytest.fail), "the handler's")
    assert sessions == ["the handler's"]
    assert resolved("plain", "the handler's") == "plain"


def test_a_route_keeps_its_name_words_and_parameters():
    router = Router()

    @router.get("/things/{number}")
    def read_thing(number: int, more: bool = False) -> str:  # noqa: FBT001, FBT002 - a query parameter
        """Read a thing."""
        return f"{number}{more}"

    app = FastAPI()
    app.include_router(router)
    (operation,) = app.openapi()["paths"]["/things/{number}"].values()
    assert operation["summary"] == "Read Thing"
    assert operation["description"] == "Read a thing."
    assert [parameter["name"] for parameter in operation["parameters"]] == ["number", "more"]


def test_a_key_is_looked_up_before_a_connection_is_held():
    """Otherwise as many requests as there are connections could each wait for a second one, for ever."""
    checked = 0
    for router in ROUTERS:
        for route in router.routes:
            names = [dependency.name for dependency in route.dependant.dependencies]
            if "actor" in names and "session" in names:
                checked += 1
                assert names.index("actor") < names.index("session"), route.path
    assert checked > 20
