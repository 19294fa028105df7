"""What browsers are told beside every answer, and which pages of other origins may read it."""

import re
from uuid import uuid4

import pytest

from app.settings import ServerSettings
from app.web import docs
from tests.contract.document import operations

NOTHING = "default-src 'none'; frame-ancestors 'none'"
PAGE = "https://portal.example.com"
ASK = {"Origin": PAGE, "Access-Control-Request-Method": "PATCH"}


@pytest.mark.parametrize(
    "path", ["/v1/needs", "/v1/nothing", "/v1/needs?limit=0", "/v1/api-keys", "/health/live", "/openapi.json"]
)
def test_an_answer_is_data_and_stays_with_who_asked(client, path):
    headers = client.get(path).headers
    assert headers["content-security-policy"] == NOTHING
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "strict-transport-security" not in headers


@pytest.mark.parametrize(
    "path", ["/", "/docs", docs.SCRIPT_PATH, "/static-offline-docs/swagger-ui.css", "/invitation", "/password-reset"]
)
def test_a_page_has_them_too(client, path):
    headers = client.get(path).headers
    assert {"cross-origin-opener-policy", "cross-origin-resource-policy", "permissions-policy"} <= headers.keys()
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/", "/v1/needs", "/v1/nothing", "/crash"])
def test_over_tls_browsers_are_told_to_keep_to_it(client, small, path):
    caller = small if path == "/crash" else client
    over_tls = caller.get(f"https://testserver{path}").headers
    assert over_tls["strict-transport-security"] == "max-age=63072000; includeSubDomains"
    assert "strict-transport-security" not in caller.get(path).headers


def test_even_a_crash_has_them(small):
    answer = small.get("/crash")
    assert answer.status_code == 500
    assert answer.headers["content-security-policy"] == NOTHING


def test_nothing_here_sets_a_cookie(client, administrator):
    """Without cookies no other page can act in somebody's name: there is nothing to forge a request with."""
    walked = set()
    for one in operations():
        path = re.sub(r"\{[^}]+\}", str(uuid4()), one.path)
        for headers in (administrator, {}):
            for extra in ({"Cookie": "session=1"}, {"If-Match": "*"}):
                answer = client.request(one.method, path, headers={**headers, **extra}, json={})
                assert "set-cookie" not in answer.headers, one.name
                walked.add(one.name)
    for path in ("/", "/docs", "/openapi.json", docs.SCRIPT_PATH, "/invitation", "/password-reset"):
        assert "set-cookie" not in client.get(path, headers=administrator).headers
    assert len(walked) == len(operations())


@pytest.fixture
def open_to(make_client, staffed_database):
    """`with open_to(*origins) as client`."""
    return lambda *origins: make_client(staffed_database, server=ServerSettings(cors_origins=origins))


def test_by_default_no_page_of_another_origin_reads_anything(client):
    answer = client.get("/v1/needs", headers={"Origin": PAGE})
    assert not [name for name in answer.headers if name.startswith("access-control-")]
    assert client.options("/v1/needs", headers=ASK).status_code == 405


def test_a_page_on_the_list_may_ask_and_read(open_to, enterprise):
    with open_to(PAGE) as client:
        wanted = "authorization, content-type, duijie-person, idempotency-key, if-match, if-none-match, accept-language"
        allowed = client.options("/v1/needs", headers=ASK | {"Access-Control-Request-Headers": wanted})
        assert allowed.status_code == 200
        assert allowed.headers["access-control-allow-origin"] == PAGE
        assert "PATCH" in allowed.headers["access-control-allow-methods"]
        for path in ("/v1/needs", "/v1/nothing", "/v1/needs?limit=0"):
            answer = client.get(path, headers={"Origin": PAGE, **enterprise})
            assert answer.headers["access-control-allow-origin"] == PAGE
            assert "Origin" in answer.headers["vary"]
            assert "access-control-allow-credentials" not in answer.headers


def test_a_page_may_read_every_header_that_says_something(open_to, administrator, enterprise):
    """What answers have beside what browsers let every page read, and what is for the browser itself."""
    known = {"cache-control", "content-language", "content-length", "content-type", "vary"}
    body = {"name": "x", "role": "portal"}
    with open_to(PAGE) as client:
        made = {**administrator, "Origin": PAGE, "Idempotency-Key": "a"}
        answers = [client.post("/v1/api-keys", json=body, headers=made) for _ in range(2)]
        answers += [client.get("/v1/needs", headers={"Origin": PAGE, **shown}) for shown in (enterprise, {})]
        answers += [client.get(path, headers={"Origin": PAGE, **enterprise}) for path in ("/v1/audit", "/v1/me")]
        answers += [client.get("/v1/me", headers={"Origin": PAGE})]
    read = {name.strip().lower() for name in answers[0].headers["access-control-expose-headers"].split(",")}
    said = {name for answer in answers for name in answer.headers} - known
    about_pages = (
        "access-control-",
        "content-security",
        "cross-origin-",
        "permissions-",
        "referrer-",
        "x-content-type",
    )
    assert {name for name in said if not name.startswith(about_pages)} <= read
    assert {"idempotent-replayed", "ratelimit", "ratelimit-policy", "www-authenticate", "x-request-id"} <= said
    assert {"etag", "retry-after"} <= read


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://portal.example.com", f"{PAGE}.evil.example", f"{PAGE}:8443", "null", f"{PAGE}/"],
)
def test_a_page_that_is_not_on_the_list_may_not(open_to, origin):
    with open_to(PAGE) as client:
        assert "access-control-allow-origin" not in client.get("/v1/needs", headers={"Origin": origin}).headers
        asked = client.options("/v1/needs", headers=ASK | {"Origin": origin})
        assert (asked.status_code, asked.headers.get("access-control-allow-origin")) == (400, None)


def test_a_header_that_is_not_on_the_list_may_not_be_sent(open_to):
    with open_to(PAGE) as client:
        asked = client.options("/v1/needs", headers=ASK | {"Access-Control-Request-Headers": "x-forwarded-for"})
        assert asked.status_code == 400


@pytest.mark.parametrize(
    "origin", ["*", "https://*.example.com", f"{PAGE}/", f"{PAGE}/app", "portal.example.com", "null"]
)
def test_an_origin_is_written_out_in_full(origin):
    with pytest.raises(ValueError, match="cors_origins"):
        ServerSettings(cors_origins=[origin])
