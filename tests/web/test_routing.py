"""Handlers and their sessions share one thread, and a session ends before the answer leaves."""

import threading
from contextlib import ExitStack, contextmanager
from typing import Annotated

import pytest
from fastapi import FastAPI, HTTPException
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session

from app.db import counters
from app.web import problems
from app.web.deps import ReadSession, WriteSession
from app.web.middleware import RequestTrail
from app.web.routing import Given, Router, Writer, givens_of
from tests.support.clients import TestClient
from tests.web.conftest import problem

NAME = "visits"


class _Commit(Exception):
    pass


@pytest.fixture
def visited(database):
    """A client of an application that counts visits."""
    router = Router(is_limited=False)

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


@pytest.fixture
def serving(database):
    """Makes a client of one router on the database."""
    with ExitStack() as stack:

        def serve(router):
            app = FastAPI()
            app.state.database = database
            app.include_router(router)
            return stack.enter_context(TestClient(app))

        yield serve


def test_a_handler_and_what_it_is_given_run_in_one_thread(serving):
    seen = []

    def noted(visit):
        seen.append(threading.get_ident())
        return visit.request.url.path

    router = Router(is_limited=False)

    @router.get("/given")
    def given(path: Annotated[str, Given(noted)], again: Annotated[str, Given(noted)]) -> str:
        seen.append(threading.get_ident())
        return path + again

    @router.get("/here")
    async def here() -> int:
        return threading.get_ident()

    client = serving(router)
    assert client.get("/given").json() == "/given/given"
    assert len(seen) == 3
    assert len(set(seen)) == 1
    assert client.get("/here").json() not in seen


def test_what_is_given_is_read_with_the_handlers_own_session(serving):
    router = Router(is_limited=False)

    @router.get("/same")
    def same(session: ReadSession, reader: Annotated[Session, Given(lambda visit: visit.session)]) -> bool:
        return reader is session

    assert serving(router).get("/same").json() is True


def test_no_connection_is_held_while_a_handler_waits_to_write(serving, database):
    """Otherwise as many requests as there are connections could each wait for a second one, for ever."""
    held = []
    router = Router(is_limited=False)

    @router.post("/write")
    def write(
        number: Annotated[int, Given(lambda visit: counters.last(visit.session, NAME))], session: WriteSession
    ) -> int:
        session.connection()
        held.append(database.engine.pool.checkedout())
        return number

    assert serving(router).post("/write").json() == 0
    assert held == [1]


def test_a_refusal_while_reading_what_is_given_keeps_writers_free(serving, database, monkeypatch):
    def refuse(_visit):
        raise HTTPException(401)

    router = Router(is_limited=False)

    @router.post("/write")
    def write(number: Annotated[int, Given(refuse)], _session: WriteSession) -> int:
        return number

    monkeypatch.setattr(database, "write_session", pytest.fail)
    assert serving(router).post("/write").status_code == 401


def test_an_async_handler_is_given_nothing():
    """FastAPI would otherwise read the actor from the body, and anybody could be an administrator."""
    router = Router(is_limited=False)
    for mark in (Given(lambda _visit: 1), Writer()):

        async def later(value: Annotated[int, mark]) -> int:
            return value

        with pytest.raises(TypeError, match="later"):
            router.get("/later")(later)
    assert router.routes == []


def test_a_reader_is_not_used_once_a_writer_is_there(serving):
    router = Router(is_limited=False)

    @router.post("/both")
    def both(reader: ReadSession, _writer: WriteSession) -> int:
        return counters.last(reader, NAME)

    with pytest.raises(InvalidRequestError):
        serving(router).post("/both")


def test_what_a_route_is_given_can_be_asked():
    mark = Given(lambda _visit: 1)
    router = Router(is_limited=False)

    @router.get("/given")
    def given(number: Annotated[int, mark], _session: WriteSession) -> int:
        return number

    @router.get("/plain")
    async def plain() -> int:
        return 1

    assert [givens_of(route) for route in router.routes] == [[mark], []]


def test_a_route_keeps_its_name_words_and_parameters():
    router = Router(is_limited=False)

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
