"""A small application with nothing but what app/web gives it, for what the whole one never shows."""

from typing import Annotated

import pytest
import structlog
from fastapi import FastAPI, Header
from pydantic import Field
from sqlalchemy.exc import IntegrityError

from app.core.schema import Schema
from app.db.engine import Database
from app.web import problems
from app.web.conditional import IfMatch, IfNoneMatch, versioned
from app.web.listing import ListQuery
from app.web.middleware import AddressLimits, BodyLimits, HeadAsGet, RequestTrail
from app.web.query import from_query
from app.web.routing import Router
from tests.support.clients import TestClient

MAX_BYTES = 2000
CANARY = "canary-7f3a"
JSON = {"Content-Type": "application/json"}


class Note(Schema):
    """Something with a text and a number."""

    text: Annotated[str, Field(max_length=50)] = ""
    number: float = 0


class NoteQuery(ListQuery):
    """How notes are listed."""

    sort: str = "text"


@pytest.fixture(autouse=True)
def _quiet():
    """Tracebacks for a terminal cost seconds; tests that look at the log capture it themselves."""
    with structlog.testing.capture_logs():
        yield


def small_app(database):
    """The application; `raise` in a path makes it fail that way."""
    app = FastAPI()
    app.state.database = database
    router = Router(is_limited=False)

    @app.post("/notes")
    def add(body: Note) -> Note:
        return body

    @app.patch("/notes")
    def change_all(body: Note) -> Note:
        return body

    @router.get("/notes")
    def list_notes(query: Annotated[NoteQuery, from_query(NoteQuery)]) -> dict[str, str | int | bool | None]:
        wanted = query.wanted
        return {"limit": wanted.limit, "sort": wanted.sort, "cursor": wanted.cursor, "total": wanted.with_total}

    @app.get("/notes/{number}")
    def get(number: int, if_none_match: IfNoneMatch = None):
        return versioned(Note(number=number), number, if_none_match=if_none_match)

    @app.patch("/notes/{number}")
    def change(number: int, accepted: IfMatch):
        return {"number": number, "accepted": None if accepted is None else sorted(accepted)}

    @app.delete("/notes/{number}")
    def delete(number: int, count: Annotated[int, Header()] = 0):
        return {"number": number + count}

    @app.get("/crash")
    def crash():
        raise RuntimeError(CANARY)

    @app.get("/twice")
    def twice():
        raise IntegrityError(f"INSERT {CANARY}", {"value": CANARY}, Exception(CANARY))

    app.state.raises = None

    @app.get("/raise")
    def fail():
        raise app.state.raises

    app.include_router(router)
    problems.install(app)
    app.add_middleware(BodyLimits, max_bytes=MAX_BYTES, seconds=5)
    app.add_middleware(HeadAsGet)
    app.add_middleware(AddressLimits)
    app.add_middleware(RequestTrail)
    return app


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A client of the small application, whose database is empty."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('small') / 'small.db'}")
    with TestClient(small_app(database), raise_server_exceptions=False) as made:
        yield made
    database.close()


def problem(answer, status, code):
    """The problem an answer holds, after a look at its form."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body.keys() == {"type", "title", "status", "detail", "instance", "request_id", "errors"}
    assert body["type"] == f"https://duijie.example/problems/{code}"
    assert body["status"] == status
    assert body["instance"] == answer.request.url.path
    assert body["request_id"] == answer.headers["x-request-id"]
    assert body["title"]
    assert body["detail"]
    return body
