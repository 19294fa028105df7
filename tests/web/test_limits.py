"""How often a caller is answered, and what it is told."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.features.accounts import keys
from app.settings import LimitSettings
from tests.support.clients import TestClient

LIMITS = LimitSettings(caller_per_minute=6, address_per_minute=3)
OPEN = "/v1/needs"


@pytest.fixture
def limited(make_client, staffed_database):
    with make_client(staffed_database, limits=LIMITS) as client:
        yield client


def _statuses(client, count, **asked):
    return [client.get(OPEN, **asked).status_code for _ in range(count)]


def test_a_key_and_an_address_each_have_their_own(limited, operator, portal):
    assert _statuses(limited, 8, headers=operator) == [200] * 6 + [429] * 2
    assert _statuses(limited, 1, headers=portal) == [200]
    assert _statuses(limited, 5) == [200] * 3 + [429] * 2
    assert _statuses(limited, 1, headers=portal) == [200], "whoever shows a key is not held up by the address"


def test_every_answer_says_where_one_stands(limited, operator):
    first = limited.get(OPEN, headers=operator)
    assert first.headers["RateLimit-Policy"] == '"caller";q=6;w=60'
    assert re.fullmatch(r'"caller";r=5;t=\d+', first.headers["RateLimit"])
    missing = limited.get(f"{OPEN}/XQ-2026-999999", headers=operator)
    assert missing.status_code == 404
    assert missing.headers["RateLimit"].startswith('"caller";r=4;')
    assert limited.get(OPEN).headers["RateLimit-Policy"] == '"address";q=3;w=60'


def test_a_refusal_says_when_to_come_back(limited, operator):
    _statuses(limited, 6, headers=operator)
    refused = limited.get(OPEN, headers={**operator, "Accept-Language": "en"})
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 10
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["detail"] == f"Too many requests. Try again in {refused.headers['Retry-After']} s."
    assert refused.headers["RateLimit"].startswith('"caller";r=0;')


def test_wrong_keys_count_for_the_address(limited, operator):
    wrong = {"Authorization": f"Bearer {keys.generate().text}"}
    assert _statuses(limited, 5, headers=wrong) == [401] * 3 + [429] * 2
    assert _statuses(limited, 1, headers=operator) == [200]


def test_the_addresses_of_an_ipv6_network_are_counted_together(limited):
    def ask(address):
        return TestClient(limited.app, client=(address, 50_000)).get(OPEN).status_code

    assert [ask(f"2001:db8::{number:x}") for number in range(1, 6)] == [200] * 3 + [429] * 2
    assert ask("2001:db8:0:1::1") == 200
    assert [ask(f"198.51.100.{number}") for number in range(5)] == [200] * 5
    assert [ask(address) for address in ("::ffff:203.0.113.9", *["203.0.113.9"] * 3)] == [200] * 3 + [429]


REFUSED = {
    "a body": ("POST", OPEN, {"json": {"title": 1}}, 422),
    "no JSON": ("POST", OPEN, {"content": b"{", "headers": {"Content-Type": "application/json"}}, 422),
    "another kind": ("POST", OPEN, {"content": b"x", "headers": {"Content-Type": "text/plain"}}, 415),
    "a key of a repetition": (
        "POST",
        "/v1/sign-ins",
        {"json": {"login": "a@example.com", "password": "x"}, "headers": {"Idempotency-Key": " "}},
        422,
    ),
    "a query of a report": ("GET", "/v1/needs/XQ-2026-999999/report?limit=0", {}, 422),
    "a query": ("GET", f"{OPEN}?limit=0", {}, 422),
    "a path": ("GET", "/v1/organizations/x", {}, 422),
    "no version": ("POST", f"{OPEN}/XQ-2026-999999/submit", {}, 428),
    "nothing there": ("GET", f"{OPEN}/XQ-2026-999999", {}, 404),
}


def _remaining(answer):
    return re.fullmatch(r'"(\w+)";r=(\d+);t=\d+', answer.headers["RateLimit"]).groups()


@pytest.mark.parametrize("who", ["operator", "nobody"])
@pytest.mark.parametrize("kind", REFUSED)
def test_whatever_is_refused_counts_once_for_who_asked(limited, operator, kind, who):
    method, path, asked, status = REFUSED[kind]
    shown = operator if who == "operator" else {}
    answers = [
        limited.request(method, path, **asked | {"headers": {**asked.get("headers", {}), **shown}}) for _ in range(7)
    ]
    name, quota = ("caller", 6) if shown else ("address", 3)
    expected = [status] * quota + [429] * (7 - quota)
    assert [answer.status_code for answer in answers] == expected, answers[0].text
    assert [_remaining(answer) for answer in answers[:quota]] == [(name, str(left)) for left in reversed(range(quota))]


def test_what_a_key_is_not_for_counts_once_too(limited, administrator):
    body = {"name": "x", "role": "operator", "scopes": ["needs:read"]}
    key = limited.post("/v1/api-keys", json=body, headers=administrator).json()["key"]
    answers = [limited.get("/v1/people", headers={"Authorization": f"Bearer {key}"}) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [403] * 6 + [429]
    assert [_remaining(answer)[1] for answer in answers] == ["5", "4", "3", "2", "1", "0", "0"]


def test_a_body_that_is_refused_with_a_wrong_key_counts_for_the_address(limited):
    wrong = {"Authorization": f"Bearer {keys.generate().text}"}
    answers = [limited.post(OPEN, json={}, headers=wrong) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [422] * 3 + [429]


def test_health_is_always_answered(limited):
    assert [limited.get("/health/ready").status_code for _ in range(10)] == [200] * 10


def test_nothing_is_done_for_a_refused_request(limited, administrator):
    for _ in range(6):
        limited.get(OPEN, headers=administrator)
    body = {"name": "x", "role": "portal"}
    assert limited.post("/v1/api-keys", json=body, headers=administrator).status_code == 429


def test_two_workers_share_the_counts(serve, operator):
    with serve(
        DUIJIE_SERVER__WORKERS="2", DUIJIE_LIMITS__CALLER_PER_MINUTE="20", DUIJIE_LIMITS__ADDRESS_PER_MINUTE="20"
    ) as server:
        key = operator["Authorization"].removeprefix("Bearer ")
        began = time.monotonic()
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda _: server.get(OPEN, key).status_code, range(40)))
        paid_off = (time.monotonic() - began) / 3
    assert 20 <= found.count(200) <= 20 + paid_off
    assert found.count(429) == 40 - found.count(200)
