"""HEAD: everything a GET says of its answer, without the answer."""

import asyncio

import pytest
import structlog

from app.web.middleware import HeadAsGet


def _said(answer):
    return {name: value for name, value in answer.headers.items() if name != "x-request-id"}


@pytest.mark.parametrize("path", ["/notes", "/notes/7", "/nowhere", "/notes?limit=0", "/twice"])
def test_a_head_says_what_a_get_says_without_a_body(small, path):
    read, asked = small.get(path), small.head(path)
    assert (asked.status_code, asked.content) == (read.status_code, b"")
    assert int(asked.headers["content-length"]) == len(read.content) > 0
    # a problem names its request, whose id is as long as any other
    assert _said(asked) == _said(read)


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/invitation", "/openapi.json", "/health/ready", "/v1/needs", "/v1/catalog/labels"]
)
def test_the_whole_application_answers_head(client, path):
    answer = client.head(path)
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) > 0


def test_a_head_can_be_told_that_nothing_changed(small):
    etag = small.head("/notes/7").headers["etag"]
    assert small.head("/notes/7", headers={"If-None-Match": etag}).status_code == 304


def test_a_head_where_nothing_can_be_read_is_told_what_can_be_done(client):
    answer = client.head("/v1/sign-ins/current")
    assert (answer.status_code, answer.content, answer.headers["allow"]) == (405, b"", "DELETE")


def test_it_is_logged_as_what_it_was(small):
    with structlog.testing.capture_logs() as lines:
        small.head("/notes")
    assert [line["method"] for line in lines] == ["HEAD"]


def test_a_body_in_parts_is_left_out_part_by_part():
    async def stream(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"a", "more_body": True})
        await send({"type": "http.response.body", "body": b"b"})

    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(HeadAsGet(stream)({"type": "http", "method": "HEAD"}, None, send))
    assert sent[1:] == [
        {"type": "http.response.body", "body": b"", "more_body": True},
        {"type": "http.response.body", "body": b""},
    ]


@pytest.mark.parametrize("scope", [{"type": "lifespan"}, {"type": "websocket"}, {"type": "http", "method": "GET"}])
def test_what_is_no_head_passes_untouched(scope):
    passed = []

    async def inner(scope, receive, send):
        passed.append((scope, receive, send))

    receive, send = object(), object()
    asyncio.run(HeadAsGet(inner)(scope, receive, send))
    assert passed == [(scope, receive, send)]
    assert passed[0][0] is scope
    assert passed[0][2] is send
