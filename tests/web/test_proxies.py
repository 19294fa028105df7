"""Whose address and scheme a request has when proxies stand between, and when somebody only says so."""

import asyncio

import pytest

from app.web.middleware import TrustedProxies

PROXY, INNER, CALLER, OTHER = "10.0.0.1", "10.0.0.2", "203.0.113.9", "198.51.100.7"
FOR, SCHEME = "x-forwarded-for", "x-forwarded-proto"


def seen(*headers, peer=PROXY, networks=("10.0.0.0/8",)):
    """The address and scheme that everything below is given."""
    scope = {
        "type": "http",
        "scheme": "http",
        "client": None if peer is None else (peer, 4711),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
    }
    given = {}

    async def below(scope, _receive, _send):
        given.update(scope)

    asyncio.run(TrustedProxies(below, networks=networks)(scope, None, None))
    return given["client"] and given["client"][0], given["scheme"]


def test_our_proxy_says_who_asked_and_how():
    assert seen((FOR, CALLER), (SCHEME, "https")) == (CALLER, "https")
    assert seen((SCHEME, "https")) == (PROXY, "https")
    assert seen((FOR, CALLER)) == (CALLER, "http")


@pytest.mark.parametrize("peer", [CALLER, "11.0.0.1", "::1", None, "", "testclient"])
def test_nobody_else_is_believed(peer):
    assert seen((FOR, OTHER), (SCHEME, "https"), peer=peer) == (peer, "http")


def test_without_proxies_nobody_is_believed():
    assert seen((FOR, OTHER), (SCHEME, "https"), networks=()) == (PROXY, "http")


@pytest.mark.parametrize(
    "said",
    [
        [f"{OTHER}, {CALLER}"],
        [f"{PROXY}, {OTHER},{CALLER}"],
        [OTHER, CALLER],
        [f"{OTHER}, {CALLER}", INNER],
        [f"not an address, {CALLER}, {INNER}"],
        [f" {OTHER} ,, {CALLER} , "],
    ],
)
def test_what_the_caller_wrote_itself_is_left_alone(said):
    assert seen(*((FOR, line) for line in said))[0] == CALLER


@pytest.mark.parametrize(
    "said", ["unknown", "_hidden", "", ",", "203.0.113", "999.1.1.1", "<script>", "fe80::1%" + "x" * 200, "１.2.3.4"]
)
def test_what_is_no_address_is_nobodys(said):
    said = said.encode().decode("latin-1")
    assert seen((FOR, f"{OTHER}, {said}" if said.strip(",") else said))[0] == PROXY
    assert seen((FOR, f"{OTHER}, {said or 'x'}, {INNER}"))[0] in (INNER, OTHER if said == "," else INNER)


def test_a_request_of_a_proxy_itself_is_of_the_farthest_one():
    assert seen((FOR, f"{INNER}, 10.9.9.9"))[0] == INNER


@pytest.mark.parametrize(
    ("said", "address"),
    [
        (f"{CALLER}:5123", CALLER),
        ("2001:DB8::1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        (f"::ffff:{CALLER}", CALLER),
    ],
)
def test_an_address_is_kept_in_its_plain_form(said, address):
    assert seen((FOR, said))[0] == address


def test_a_proxy_over_an_ipv6_socket_is_the_same_proxy():
    assert seen((FOR, CALLER), peer=f"::ffff:{PROXY}")[0] == CALLER
    assert seen((FOR, CALLER), peer="fd00::5", networks=("fd00::/8",))[0] == CALLER


@pytest.mark.parametrize(
    ("said", "scheme"),
    [("HTTPS", "https"), ("https, http", "http"), ("http, https", "https"), ("ftp", "http"), ("https;x", "http")],
)
def test_the_scheme_is_what_the_nearest_proxy_says(said, scheme):
    assert seen((SCHEME, said))[1] == scheme


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_served_application_knows_its_callers(serve, staffed_database, people):
    operator = dict(people["operator"].headers) | {FOR: f"{OTHER}, {CALLER}", SCHEME: "https"}
    body = {"name": "somebody's", "role": "portal"}
    with serve(DUIJIE_SERVER__TRUSTED_PROXIES='["127.0.0.0/8"]') as server, server.client() as client:
        behind = client.post("/v1/api-keys", json=body, headers=operator)
    with serve() as server, server.client() as client:
        straight = client.post("/v1/api-keys", json=body, headers=operator)
    assert (behind.status_code, straight.status_code) == (201, 201)
    assert "strict-transport-security" in behind.headers
    assert "strict-transport-security" not in straight.headers
    with staffed_database.read_session() as session:
        last = session.connection().exec_driver_sql("SELECT address FROM audit_entries ORDER BY number DESC LIMIT 2")
        assert [row[0] for row in last] == ["127.0.0.1", CALLER]
