"""The issuer's keys: fetched when needed, renewed when it rotates them, kept while it cannot be reached."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc.jwk import RSAKey
from joserfc.util import int_to_base64

from app.features.identities.errors import IssuerUnavailable, TokenRefused
from app.features.identities.issuer import Issuer, IssuerFault, discover, read_keys
from app.features.identities.tokens import IdentityTokens
from app.features.identities.types import Refusal
from tests.support.issuer import CLIENT_ID, issuer_process

FRESH = 300


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def tokens(own_issuer, clock):
    issuer = Issuer(own_issuer.address, fresh_seconds=FRESH, clock=clock)
    return IdentityTokens(issuer, client_id=CLIENT_ID, algorithms=["RS256", "ES256"])


def _refused(tokens, token):
    with pytest.raises(TokenRefused) as caught:
        tokens.check(token)
    return caught.value.refusal


def test_keys_are_fetched_once_and_kept(tokens, own_issuer, clock):
    assert own_issuer.fetches == 0, "an issuer that is down keeps nobody from starting"
    for _ in range(5):
        assert tokens.check(own_issuer.mint("n"))
    assert own_issuer.fetches == 1
    clock.now += FRESH
    assert tokens.check(own_issuer.mint("n"))
    assert own_issuer.fetches == 2


def test_a_new_key_works_at_once_and_the_old_one_meanwhile(tokens, own_issuer):
    old = own_issuer.mint("n")
    assert tokens.check(old)
    own_issuer.rotate("ES256")
    assert tokens.check(own_issuer.mint("n"))
    assert tokens.check(old)
    assert own_issuer.fetches == 2


def test_a_retired_key_stops_working_once_keys_are_no_longer_fresh(tokens, own_issuer, clock):
    old = own_issuer.mint("n")
    assert tokens.check(old)
    own_issuer.rotate("ES256")
    own_issuer.retire()
    clock.now += FRESH - 1
    assert tokens.check(old)
    clock.now += 1
    assert _refused(tokens, old) is Refusal.KEY
    assert tokens.check(own_issuer.mint("n"))


def test_made_up_names_of_keys_are_no_lever(tokens, own_issuer, clock):
    assert tokens.check(own_issuer.mint("n"))
    hidden = [own_issuer.rotate("ES256", publish=False) for _ in range(3)]
    for _ in range(4):
        for kid in hidden:
            assert _refused(tokens, own_issuer.mint("n", kid=kid)) is Refusal.KEY
    assert own_issuer.fetches == 2
    clock.now += 30
    assert _refused(tokens, own_issuer.mint("n", kid=hidden[0])) is Refusal.KEY
    assert own_issuer.fetches == 3


def test_a_single_key_without_a_name_can_be_rotated(own_issuer, clock):
    own_issuer.rotate("RS256", names_key=False)
    own_issuer.retire()
    tokens = IdentityTokens(Issuer(own_issuer.address, clock=clock), client_id=CLIENT_ID, algorithms=["RS256"])
    assert tokens.check(own_issuer.mint("n", names_key=False))
    own_issuer.rotate("RS256", names_key=False)
    own_issuer.retire()
    assert tokens.check(own_issuer.mint("n", names_key=False))
    assert own_issuer.fetches == 2


def test_what_is_kept_works_for_a_day_while_the_issuer_is_down(tokens, own_issuer, clock):
    token = own_issuer.mint("n")
    unknown = own_issuer.mint("n", kid=own_issuer.rotate(publish=False))
    assert tokens.check(token)
    own_issuer.stop()
    clock.now += 86_400 - 1
    assert tokens.check(token)
    with pytest.raises(IssuerUnavailable):  # nobody can say whether there is such a key by now
        tokens.check(unknown)
    clock.now += 1
    with pytest.raises(IssuerUnavailable):
        tokens.check(token)


def test_whether_a_key_is_new_is_not_known_while_the_issuer_is_down(tokens, own_issuer):
    unknown = own_issuer.mint("n", kid=own_issuer.rotate(publish=False))
    assert tokens.check(own_issuer.mint("n", kid="key-1"))
    own_issuer.stop()
    with pytest.raises(IssuerUnavailable):
        tokens.check(unknown)


def test_an_issuer_that_comes_back_is_found(clock):
    with issuer_process() as first:
        port = int(first.address.rpartition(":")[2])
    tokens = IdentityTokens(Issuer(first.address, clock=clock), client_id=CLIENT_ID, algorithms=["RS256"])
    with pytest.raises(IssuerUnavailable):
        tokens.check("a.b.c")
    with issuer_process(port) as again:
        with pytest.raises(IssuerUnavailable):  # it has failed just now: nobody waits for it again
            tokens.check(again.mint("n"))
        assert again.fetches == 0
        clock.now += 10
        assert tokens.check(again.mint("n"))


def test_many_threads_fetch_once(own_issuer):
    own_issuer.behave(keys_answer={"after": 0.3})
    tokens = IdentityTokens(Issuer(own_issuer.address), client_id=CLIENT_ID, algorithms=["RS256"])
    token = own_issuer.mint("n")
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(tokens.check, [token] * 8))
    assert own_issuer.fetches == 1


def test_nobody_waits_for_a_slow_issuer_while_keys_are_kept(tokens, own_issuer, clock):
    token = own_issuer.mint("n")
    assert tokens.check(token)
    own_issuer.behave(keys_answer={"after": 2.5})
    clock.now += FRESH
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(tokens.check, token)
        own_issuer.wait_for_fetches(2)
        began = time.monotonic()
        assert tokens.check(token)
        assert time.monotonic() - began < 1.5, "the other request is still waiting for the issuer"
        assert one.result()


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"discovery": {"issuer": "https://elsewhere.example"}}, "another issuer"),
        ({"discovery": {"issuer": None}}, "another issuer"),
        ({"discovery": {"jwks_uri": None}}, "no jwks_uri"),
        ({"discovery": {"jwks_uri": "http://192.0.2.1/keys"}}, "no https"),
        ({"discovery": {"jwks_uri": "file:///etc/hosts"}}, "no https"),
        ({"discovery": {"jwks_uri": "http://127.0.0.1:1/keys"}}, "no https"),
        ({"discovery": {"jwks_uri": "https://"}}, "no https"),
        ({"discovery": {"jwks_uri": "https://[::1"}}, "no https"),
        ({"discovery_answer": {"status": 500}}, "answers 500"),
        ({"discovery_answer": {"status": 302, "headers": {"Location": "/keys"}}}, "answers 302"),
        ({"discovery_answer": {"text": "<html>"}}, "no JSON object"),
        ({"discovery_answer": {"text": "[]"}}, "no JSON object"),
        ({"discovery_answer": {"text": "x" * 1024, "times": 300}}, "too much"),
        ({"keys_answer": {"status": 404}}, "answers 404"),
        ({"keys_answer": {"text": "{}"}}, "no public key"),
        ({"keys_answer": {"text": '{"keys": 7}'}}, "no public key"),
        ({"keys_answer": {"text": '{"keys": [7, {}, {"kty": "oct", "k": "c2VjcmV0"}, {"kty": "RSA"}]}'}}, "no public"),
        ({"keys_answer": {"text": '{"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB"}]}'}}, "no public key"),
        ({"keys_answer": {"after": 4}}, "ReadTimeout"),
    ],
)
def test_what_is_wrong_with_an_issuer_is_told(own_issuer, how, said):
    own_issuer.behave(**how)
    with pytest.raises(IssuerFault, match=said) as caught:
        read_keys(discover(own_issuer.address).jwks_uri)
    assert caught.value.detail.zh
    tokens = IdentityTokens(Issuer(own_issuer.address), client_id=CLIENT_ID, algorithms=["RS256"])
    with pytest.raises(IssuerUnavailable):
        tokens.check(own_issuer.mint("n"))


def test_a_key_that_is_broken_or_of_an_unknown_kind_spoils_no_other(own_issuer):
    strange = [
        {"kty": "AKP", "kid": "pq"},
        {"kty": "RSA"},
        {"kty": "EC", "crv": "P-256"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "EC", "crv": "P-0", "x": "AA", "y": "AA"},
        {"kty": "OKP", "crv": "X0", "x": "AA"},
        {"kty": "OKP", "crv": [], "x": "AA"},
    ]
    own_issuer.behave(more_keys=[*strange, "text"])
    assert [key.kid for key in read_keys(f"{own_issuer.address}/keys")] == ["key-1"]


def test_keys_that_sign_nothing_or_are_too_short_are_left_out(own_issuer):
    encrypting = RSAKey.generate_key(2048, {"kid": "enc", "use": "enc"}).as_dict(private=False)
    weak = rsa.generate_private_key(65537, 1024).public_key().public_numbers()  # noqa: S505 - that is the point
    short = {"kty": "RSA", "kid": "short", "n": int_to_base64(weak.n), "e": int_to_base64(weak.e)}
    own_issuer.behave(more_keys=[encrypting, short])
    assert [key.kid for key in read_keys(f"{own_issuer.address}/keys")] == ["key-1"]


def test_no_proxy_of_the_environment_is_used(own_issuer, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert discover(own_issuer.address).algorithms == ("RS256", "ES256")
