"""The request's id, the log line, the headers every answer has."""

import asyncio
import re

import pytest
import structlog
from sqlalchemy.exc import OperationalError

from app.web.middleware import BodyLimits, RequestTrail
from tests.web.conftest import CANARY, JSON

MADE = re.compile(r"[0-9a-f]{32}")


@pytest.mark.parametrize("given", ["a", "call-17", "A.b_c-9", "x" * 64, "0190a0a0-0000-7000-8000-000000000000"])
def test_a_sound_id_is_returned(small, given):
    assert small.get("/notes", headers={"X-Request-ID": given}).headers["x-request-id"] == given


@pytest.mark.parametrize(
    "given", ["", " ", "a b", "x" * 65, "a\tb", "<script>", "a,b", "a\r\nX-Evil: 1", b"\xc3\xa9", b"\xff"]
)
def test_an_id_that_is_not_sound_is_replaced(small, given):
    answer = small.get("/notes", headers={"X-Request-ID": given})
    assert MADE.fullmatch(answer.headers["x-request-id"])
    assert "x-evil" not in answer.headers


def test_each_request_has_its_own_id(small):
    ids = {small.get("/notes").headers["x-request-id"] for _ in range(20)}
    assert len(ids) == 20
    assert all(MADE.fullmatch(one) for one in ids)


@pytest.mark.parametrize("path", ["/notes", "/nowhere", "/notes?limit=0", "/crash", "/twice"])
def test_every_answer_has_the_same_careful_headers(small, path):
    headers = small.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "private, no-cache"


def test_a_request_is_one_line_without_any_content(small):
    with structlog.testing.capture_logs() as lines:
        small.post("/notes?" + CANARY, content=f'{{"text": "{CANARY}"}}', headers=JSON | {"X-Request-ID": "call-1"})
        small.get("/nowhere", headers={"Authorization": CANARY})
    (first, second) = lines
    assert first.pop("ms") >= 0
    assert first == {
        "event": "request", "log_level": "info", "method": "POST", "path": "/notes", "status": 200, "id": "call-1",
    }  # fmt: skip
    assert (second["status"], second["path"]) == (404, "/nowhere")
    assert CANARY not in repr(lines)


def test_a_crash_is_logged_with_its_reason_and_as_a_500(small):
    with structlog.testing.capture_logs() as lines:
        small.get("/crash", headers={"X-Request-ID": "call-2"})
    trail, crash = sorted(lines, key=lambda line: line["event"])
    assert (trail["status"], trail["id"]) == (500, "call-2")
    assert crash["event"] == "unhandled error"
    assert isinstance(crash["exc_info"], RuntimeError)


def test_a_lost_database_is_logged_by_name_only(small):
    small.app.state.raises = OperationalError(CANARY, {}, Exception(CANARY))
    with structlog.testing.capture_logs() as lines:
        small.get("/raise")
    assert {"event": "database unavailable", "error": "OperationalError", "log_level": "error"} in lines
    assert CANARY not in repr(lines)


def test_time_is_measured_from_request_to_answer():
    ticks = iter([10.0, 10.25])

    async def answer(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 204, "headers": []})

    sent = []

    async def send(message):
        sent.append(message)

    trail = RequestTrail(answer, clock=lambda: next(ticks))
    with structlog.testing.capture_logs() as lines:
        asyncio.run(trail({"type": "http", "method": "GET", "path": "/", "headers": []}, None, send))
    assert (lines[0]["ms"], lines[0]["status"]) == (250.0, 204)
    assert dict(sent[0]["headers"])[b"x-content-type-options"] == b"nosniff"


def test_what_an_answer_says_itself_is_not_overruled():
    async def answer(_scope, _receive, send):
        headers = [(b"cache-control", b"no-store"), (b"x-request-id", b"forged")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})

    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"x-request-id", b"call-3")]}
    asyncio.run(RequestTrail(answer)(scope, None, send))
    headers = dict(sent[0]["headers"])
    assert (headers[b"cache-control"], headers[b"x-request-id"]) == (b"no-store", b"call-3")


@pytest.mark.parametrize("kind", ["lifespan", "websocket"])
def test_what_is_not_http_passes_untouched(kind):
    passed = []

    async def inner(scope, receive, send):
        passed.append((scope, receive, send))

    scope, receive, send = {"type": kind}, object(), object()
    asyncio.run(RequestTrail(BodyLimits(inner, max_bytes=1, seconds=5))(scope, receive, send))
    assert passed == [(scope, receive, send)]
