"""Every error has one shape, in two languages, and says nothing of what was sent."""

import pytest
from fastapi import HTTPException
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.core import errors
from app.core.errors import FieldError
from app.core.text import Bilingual
from app.registry import ROUTERS
from app.web import pages, problems
from tests.web.conftest import CANARY, JSON, problem


@pytest.mark.parametrize("path", ["/", "/v2/needs", "/v1", "/v1/needs/x/y/z", "/v1/%00", "/v1/é"])
def test_an_unknown_address_is_a_problem(small, path):
    answer = small.get(path)
    assert problem(answer, 404, "not-found")["detail"] == "没有这个地址。"


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/notes", "GET, HEAD, PATCH, POST"),
        ("DELETE", "/notes", "GET, HEAD, PATCH, POST"),
        ("OPTIONS", "/notes", "GET, HEAD, PATCH, POST"),
        ("POST", "/notes/1", "DELETE, GET, HEAD, PATCH"),
        ("TRACE", "/crash", "GET, HEAD"),
    ],
)
def test_a_method_that_is_not_there_is_told_those_that_are(small, method, path, allow):
    answer = small.request(method, path)
    assert problem(answer, 405, "method-not-allowed")["errors"] == []
    assert answer.headers["allow"] == allow


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/openapi.json", f"/{pages.ICON_PATH}", "/static-offline-docs/favicon.png"]
)
def test_what_is_not_in_the_document_tells_its_methods_too(client, path):
    answer = client.post(path)
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "GET, HEAD"


def test_what_is_not_in_the_document_can_only_be_read(client):
    described = client.app.openapi()["paths"]
    hidden = [route for router in ROUTERS for route in router.routes if route.path not in described]
    assert hidden
    assert {method for route in hidden for method in route.methods} == {"GET"}


@pytest.mark.parametrize("path", ["/v1/needs/", "/v1/catalog/industries/", "/health/live/", "/docs/"])
def test_an_address_with_a_slash_too_many_is_not_found(client, path):
    for method in ("GET", "HEAD"):
        answer = client.request(method, path, follow_redirects=False)
        assert (answer.status_code, answer.headers.get("location")) == (404, None)
    problem(client.get(path, follow_redirects=False), 404, "not-found")


def test_the_whole_application_answers_in_this_shape_too(client):
    problem(client.get("/v1/nothing"), 404, "not-found")
    answer = client.put("/v1/needs")
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "GET, HEAD, POST"
    assert client.delete("/v1/needs/XQ-2026-000001").headers["allow"] == "GET, HEAD, PATCH"
    assert client.get("/v1/sign-ins/current").headers["allow"] == "DELETE"


@pytest.mark.parametrize(
    ("path", "headers", "location", "pointer"),
    [
        ("/notes?limit=0", {}, "query", "/limit"),
        ("/notes/one", {}, "path", "/number"),
        ("/notes/1", {"count": "many"}, "header", "/count"),
    ],
)
def test_a_fault_says_in_which_part_of_the_request_it_lies(small, path, headers, location, pointer):
    answer = small.request("DELETE" if headers else "GET", path, headers=headers)
    fault = problem(answer, 422, "invalid")["errors"][0]
    assert (fault["location"], fault["pointer"]) == (location, pointer)


def test_a_fault_in_the_body_has_its_pointer_and_rule(small):
    answer = small.post("/notes", json={"text": "x" * 51, "a/b~c": 1})
    body = problem(answer, 422, "invalid")
    assert body["detail"] == "有 2 处需要改正。"
    assert [(fault["location"], fault["pointer"], fault["code"], fault["detail"]) for fault in body["errors"]] == [
        ("body", "/text", "string_too_long", "最多 50 个字符"),
        ("body", "/a~1b~0c", "extra_forbidden", "没有这个字段"),
    ]


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        (None, "zh-CN"),
        ("", "zh-CN"),
        ("en", "en"),
        ("EN-us", "en"),
        ("zh", "zh-CN"),
        ("fr, de", "zh-CN"),
        ("fr, en;q=0.1", "en"),
        ("en;q=0.8, zh;q=0.9", "zh-CN"),
        ("zh;q=0.3, en;q=0.4", "en"),
        ("en;q=0", "zh-CN"),
        ("en;q=nonsense", "zh-CN"),
        ("en;q=nan", "zh-CN"),
        ("*", "zh-CN"),
        (";;;,,,=", "zh-CN"),
    ],
)
def test_a_problem_is_told_in_the_language_asked_for(small, accept, language):
    headers = {} if accept is None else {"Accept-Language": accept}
    answer = small.post("/notes", json={"x": 1}, headers=headers)
    body = problem(answer, 422, "invalid")
    assert answer.headers["content-language"] == language
    expected = {
        "en": ("Invalid content", "1 place to correct.", "Extra inputs are not permitted"),
        "zh-CN": ("内容有误", "有 1 处需要改正。", "没有这个字段"),
    }[language]
    assert (body["title"], body["detail"], body["errors"][0]["detail"]) == expected


OURS = [
    errors.MalformedCursor(),
    errors.Unauthenticated("中", "en"),
    errors.Forbidden("中", "en"),
    errors.NotFound("中", "en"),
    errors.Conflict("中", "en", errors=[FieldError("/a", Bilingual("规", "rule"), "taken")]),
    errors.StaleVersion(),
    errors.Invalid([FieldError("/a", Bilingual("规", "rule"), "r")]),
    errors.VersionRequired(),
    errors.TooManyRequests("中", "en", retry_after=17),
    errors.NotReady("中", "en"),
    errors.Busy(),
]


@pytest.mark.parametrize("error", OURS, ids=lambda error: error.code)
def test_each_of_our_errors_has_its_status(small, error):
    small.app.state.raises = error
    answer = small.get("/raise", headers={"Accept-Language": "en"})
    body = problem(answer, problems.STATUS[type(error)], error.code)
    assert (body["title"], body["detail"]) == (error.title.en, error.detail.en)
    assert [(fault["pointer"], fault["code"], fault["detail"]) for fault in body["errors"]] == [
        (fault.pointer, fault.code, fault.detail.en) for fault in error.errors
    ]
    assert answer.headers.get("www-authenticate") == ("Bearer" if answer.status_code == 401 else None)
    assert answer.headers.get("retry-after") == {"not-ready": "30", "busy": "5", "too-many-requests": "17"}.get(
        error.code
    )


def test_each_of_our_errors_is_above():
    assert {type(error) for error in OURS} == set(problems.STATUS)


def test_an_error_below_one_of_ours_has_its_status(small):
    class Special(errors.NotFound):
        pass

    small.app.state.raises = Special("中", "en")
    problem(small.get("/raise"), 404, "not-found")


@pytest.mark.parametrize(("status", "code"), [(400, "bad-request"), (406, "not-acceptable"), (413, "body-too-large")])
def test_the_frameworks_own_errors_keep_their_headers(small, status, code):
    small.app.state.raises = HTTPException(status, detail=CANARY, headers={"X-More": "yes"})
    answer = small.get("/raise")
    problem(answer, status, code)
    assert answer.headers["x-more"] == "yes"
    assert CANARY not in answer.text


def test_a_crash_is_a_problem_without_its_reasons(small):
    answer = small.get("/crash", headers={"X-Request-ID": "call-17", "Accept-Language": "en"})
    body = problem(answer, 500, "internal")
    assert body["request_id"] == "call-17"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-cache"
    for trace in (CANARY, "RuntimeError", "Traceback", ".py"):
        assert trace not in answer.text


def test_a_value_that_must_be_unique_is_a_conflict_without_its_statement(small):
    answer = small.get("/twice")
    problem(answer, 409, "conflict")
    assert CANARY not in answer.text


@pytest.mark.parametrize(
    "error", [OperationalError(CANARY, {"a": CANARY}, Exception(CANARY)), PoolTimeoutError(CANARY)]
)
def test_a_database_that_does_not_answer_is_unavailable(small, error):
    small.app.state.raises = error
    answer = small.get("/raise")
    problem(answer, 503, "database-unavailable")
    assert answer.headers["retry-after"] == "2"
    assert CANARY not in answer.text


def test_nothing_of_a_body_is_said_again(small):
    texts = (
        f'{{"text": "{CANARY * 10}"}}',
        f'{{"number": "{CANARY}"}}',
        f'{{"text": ["{CANARY}"]}}',
        f'{{"text": {{"a": "{CANARY}"}}, "x": "{CANARY}"}}',
        f'{{"text": "{CANARY}"',
        f'"{CANARY}"',
        f'["{CANARY}"]',
        CANARY,
    )
    for language in ("zh", "en"):
        for text in texts:
            answer = small.post("/notes", content=text, headers=JSON | {"Accept-Language": language})
            problem(answer, 422, "invalid")
            assert CANARY not in answer.text + str(answer.headers), text


def test_what_a_route_may_answer_is_described_for_every_status():
    statuses = [*dict.fromkeys(problems.STATUS.values()), 405, 406, 413, 415]
    described = problems.problems(*statuses)
    assert list(described) == statuses
    for response in described.values():
        assert response["description"]
        assert list(response["content"]) == ["application/problem+json"]
