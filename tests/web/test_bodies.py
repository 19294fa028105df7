"""Bodies that are too large, not JSON, or JSON that no field can hold."""

import asyncio
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException

from app.settings import ServerSettings
from app.web.middleware import BodyLimits
from app.web.middleware.bodies import MAX_DEPTH, is_too_deep
from tests.web.conftest import JSON, MAX_BYTES, problem


def _chunks(size, count):
    for _ in range(count):
        yield b"x" * size


@pytest.mark.parametrize("size", [MAX_BYTES + 1, 10_000_000])
def test_a_body_announced_too_large_is_refused(small, size):
    problem(small.post("/notes", content=b"x" * size, headers=JSON), 413, "body-too-large")


@pytest.mark.parametrize(("size", "count"), [(MAX_BYTES + 1, 1), (500, 5), (1, MAX_BYTES + 1)])
def test_a_body_that_turns_out_too_large_is_refused(small, size, count):
    answer = small.post("/notes", content=_chunks(size, count), headers=JSON)
    assert "content-length" not in answer.request.headers
    problem(answer, 413, "body-too-large")


def test_the_limit_itself_is_allowed(small):
    body = b'{"text": "a"}'.ljust(MAX_BYTES)
    assert small.post("/notes", content=body, headers=JSON).status_code == 200
    problem(small.post("/notes", content=body + b" ", headers=JSON), 413, "body-too-large")

    def sent_in_pieces():
        yield body[:7]
        yield body[7:]

    assert small.post("/notes", content=sent_in_pieces(), headers=JSON).status_code == 200


def test_the_whole_application_has_a_limit(client, enterprise):
    body = b'{"title": "' + b"x" * 10_000_000 + b'"}'
    for content in (body, (part for part in (body[:500_000], body[500_000:1_500_000]))):
        problem(client.post("/v1/needs", content=content, headers=enterprise | JSON), 413, "body-too-large")


def test_the_limit_is_a_setting(make_client, staffed_database, people):
    headers = people["enterprise"].headers | JSON
    with make_client(staffed_database, server=ServerSettings(max_body_bytes=1024)) as client:
        assert client.post("/v1/needs", content=b" " * 1025, headers=headers).status_code == 413
        assert client.post("/v1/needs", content=b" " * 1024, headers=headers).status_code == 422


class _Received:
    """Counts how much of a body an application behind `BodyLimits` takes in."""

    def __init__(self, total, size=100):
        self.left, self.size, self.taken = total, size, 0

    async def receive(self):
        part = min(self.size, self.left)
        self.left -= part
        self.taken += part
        return {"type": "http.request", "body": b"x" * part, "more_body": self.left > 0}


def _status(headers, received):
    async def read_all(_scope, receive, _send):
        while (await receive()).get("more_body"):
            pass

    scope = {"type": "http", "method": "POST", "headers": [(k.encode(), v.encode()) for k, v in headers.items()]}
    try:
        asyncio.run(BodyLimits(read_all, max_bytes=1000, seconds=5)(scope, received.receive, None))
    except HTTPException as error:
        return error.status_code
    return None


def test_an_announced_body_is_refused_before_any_of_it_is_read():
    received = _Received(5000)
    assert _status({"content-type": "application/json", "content-length": "5000"}, received) == 413
    assert received.taken == 0


def test_an_unannounced_body_is_read_no_further_than_the_limit():
    for announced in ({}, {"transfer-encoding": "chunked"}, {"content-length": "10"}, {"content-length": "-5"}):
        received = _Received(50_000)
        assert _status({"content-type": "application/json", **announced}, received) == 413
        assert received.taken == 1100


def test_a_body_within_the_limit_is_read_to_its_end():
    received = _Received(1000)
    assert _status({"content-type": "application/json", "content-length": "1000"}, received) is None
    assert received.taken == 1000


_NEARLY_JSON = [
    "application/jsonfoo",
    "application/json-patch+json",
    "application/json,text/html",
    "application/json x",
]
_NEARLY_JSON += ["application/merge-patch+json", "application/problem+json", "text/json", "; application/json"]


@pytest.mark.parametrize(
    "kind",
    [
        None,
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/xml",
        "json",
        *_NEARLY_JSON,
    ],
)
def test_a_body_that_is_not_json_is_refused(small, kind):
    headers = {} if kind is None else {"Content-Type": kind}
    for content in (b'{"text": "a"}', (part for part in (b'{"text":', b'"a"}'))):
        problem(small.post("/notes", content=content, headers=headers), 415, "unsupported-media-type")


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "application/json ;v=1", "Application/JSON"]
)
def test_json_may_be_announced_in_any_case(small, kind):
    assert small.post("/notes", content=b'{"text": "a"}', headers={"Content-Type": kind}).status_code == 200


@pytest.mark.parametrize("kind", ["application/merge-patch+json", "Application/Merge-Patch+JSON; charset=utf-8"])
def test_a_patch_may_be_called_one(small, kind):
    answer = small.patch("/notes", content=b'{"text": "a"}', headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["text"]) == (200, "a")


@pytest.mark.parametrize("text", ["{", "{]", "{'text': 1}", "nul", '{"text": "a"} x', "\x00", "[1,]", '{"text": "\n"}'])
def test_malformed_json_is_told_so(small, text):
    body = problem(small.post("/notes", content=text, headers=JSON), 422, "invalid")
    assert [(fault["pointer"], fault["code"]) for fault in body["errors"]] == [("", "json_invalid")]


@pytest.mark.parametrize(
    "content", [b'{"text": "\xff"}', b'{"number": ' + b"9" * 1900 + b"}"], ids=["not utf-8", "endless number"]
)
def test_what_json_cannot_be_is_refused(small, content):
    assert small.post("/notes", content=content, headers=JSON).status_code in (400, 422)


def test_endless_nesting_is_refused(client, enterprise):
    for text in ("[" * 100_000, '{"a":' * 50_000, '{"requirements":' + "[" * 400_000 + "]" * 400_000 + "}"):
        answer = client.post("/v1/needs", content=text, headers=enterprise | JSON)
        problem(answer, 400, "bad-request")


def _nested(depth, inner=""):
    return "[" * depth + inner + "]" * depth


@pytest.mark.parametrize("kind", ["lists", "objects", "both"])
def test_nesting_has_a_limit(client, enterprise, kind):
    inside = {"lists": ("[", "]"), "objects": ('{"a":', "}"), "both": ('[{"a":', "}]")}[kind]
    times = (MAX_DEPTH - 1) // (2 if kind == "both" else 1)
    allowed = '{"requirements":' + inside[0] * times + "1" + inside[1] * times + "}"
    refused = allowed.replace("1", "[[1]]")
    assert client.post("/v1/needs", content=allowed, headers=enterprise | JSON).status_code == 422
    answer = client.post("/v1/needs", content=refused, headers=enterprise | JSON | {"Accept-Language": "en"})
    assert "32 deep" in problem(answer, 400, "bad-request")["detail"]


_NESTED = st.recursive(
    st.sampled_from([1, None, "a[", ']{"\\', "\\", '"', '\\"[', ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from('a[]{}"\\'), inner, max_size=3),
    max_leaves=30,
)


def _depth(value):
    if not isinstance(value, list | dict):
        return 0
    return 1 + max(map(_depth, value.values() if isinstance(value, dict) else value), default=0)


@given(value=_NESTED, around=st.lists(st.booleans(), min_size=24, max_size=34), encoding=st.sampled_from([8, 16, 32]))
def test_depth_is_counted_as_the_parser_counts_it(value, around, encoding):
    for is_list in around:
        value = [value, 0] if is_list else {'k[\\"': value}
    assert is_too_deep(json.dumps(value).encode(f"utf-{encoding}")) is (_depth(value) > MAX_DEPTH)


@pytest.mark.parametrize(
    "unit", [b"[", b"]", b"[]", b'"', b'""', b'"["', b"\\", b'["', _nested(32).encode(), b"[\0", b"{"]
)
def test_looking_how_deep_takes_no_longer_for_a_body_made_for_it(unit):
    content = b"[" * 40 + unit * (1_000_000 // len(unit))
    began = time.thread_time()
    is_too_deep(content)
    assert time.thread_time() - began < 0.5  # some 0.02 s on an idle machine


def test_a_body_must_come_in_time():
    async def receive():
        await asyncio.sleep(30)

    async def read(_scope, receive, _send):
        await receive()

    scope = {"type": "http", "method": "POST", "headers": []}
    with pytest.raises(HTTPException) as refused:
        asyncio.run(BodyLimits(read, max_bytes=10, seconds=0.05)(scope, receive, None))
    assert (refused.value.status_code, refused.value.headers) == (408, {"Connection": "close"})


def test_an_answer_may_take_longer_than_its_body():
    async def receive():
        await asyncio.sleep(0.1)
        return {"type": "http.disconnect"}

    async def listen_on(_scope, receive, _send):
        first = await receive()
        assert first["type"] == "http.request"
        assert (await receive())["type"] == "http.disconnect"

    messages = iter([{"type": "http.request", "body": b"{}", "more_body": False}])

    async def at_once_then_late():
        return next(messages, None) or await receive()

    headers = [(b"content-type", b"application/json"), (b"content-length", b"2")]
    scope = {"type": "http", "method": "POST", "headers": headers}
    asyncio.run(BodyLimits(listen_on, max_bytes=10, seconds=0.05)(scope, at_once_then_late, None))


def test_endless_digits_are_refused(client, enterprise):
    answer = client.post("/v1/needs", content=f'{{"budget_min_cny": {"9" * 5000}}}', headers=enterprise | JSON)
    problem(answer, 400, "bad-request")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400"])
def test_what_is_no_number_is_refused(small, number):
    body = problem(small.post("/notes", content=f'{{"number": {number}}}', headers=JSON), 422, "invalid")
    assert [(fault["pointer"], fault["code"], fault["detail"]) for fault in body["errors"]] == [
        ("/number", "finite_number", "应为有限的数")
    ]


def test_half_a_character_is_refused(small):
    body = problem(small.post("/notes", content=r'{"text": "\ud800"}', headers=JSON), 422, "invalid")
    assert [(fault["pointer"], fault["code"]) for fault in body["errors"]] == [("/text", "string_unicode")]
    body = problem(small.post("/notes", content=r'{"\ud800": "a"}', headers=JSON), 422, "invalid")
    assert [(fault["pointer"], fault["code"]) for fault in body["errors"]] == [("", "string_unicode")]


def test_a_long_name_is_not_said_again_in_full(small):
    body = problem(small.post("/notes", json={"n" * 1500: 1}), 422, "invalid")
    assert body["errors"][0]["pointer"] == "/" + "n" * 200


@pytest.mark.parametrize("text", ["", "null", "[]", '"a"', "1", "true"])
def test_a_body_that_is_no_object_is_told_so(small, text):
    body = problem(small.post("/notes", content=text, headers=JSON), 422, "invalid")
    assert [fault["pointer"] for fault in body["errors"]] == [""]


def test_a_request_without_a_body_needs_no_type(small):
    assert small.post("/notes").status_code == 422
    assert small.patch("/notes/1", headers={"If-Match": "*"}).status_code == 200
