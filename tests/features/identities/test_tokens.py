"""Which tokens are believed: those of the issuer, for this platform, now; everything else is told by its code."""

import base64
import hmac
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import RSAKey

from app.features.identities.errors import TokenRefused
from app.features.identities.issuer import Issuer
from app.features.identities.tokens import IdentityTokens
from app.features.identities.types import Identity, Refusal
from app.settings import OidcSettings
from tests.support.issuer import CLIENT_ID, SUBJECT, issuer_process

ALGORITHMS = OidcSettings.model_fields["algorithms"].default
LEEWAY = 60


@pytest.fixture(scope="module")
def tokens(issuer):
    return IdentityTokens(Issuer(issuer.address), client_id=CLIENT_ID, algorithms=ALGORITHMS, leeway_seconds=LEEWAY)


def _refused(tokens, token):
    with pytest.raises(TokenRefused) as caught:
        tokens.check(token)
    return caught.value.refusal


def _encoded(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _part(content):
    return _encoded(json.dumps(content).encode())


def _claims(issuer, **others):
    moment = int(time.time())
    usual = {"iss": issuer.address, "aud": CLIENT_ID, "sub": SUBJECT, "iat": moment, "exp": moment + 300, "nonce": "n"}
    return usual | others


def test_a_good_one_says_whom_it_is_about(tokens, issuer):
    assert tokens.check(issuer.mint("n")) == Identity(issuer.address, SUBJECT, "n", is_multi_factor=False)


@pytest.mark.parametrize("claims", [{"aud": [CLIENT_ID]}, {"aud": ["other", CLIENT_ID], "azp": CLIENT_ID},
                                    {"azp": CLIENT_ID}, {"acr": "1", "email": "a@example.com", "now": {}},
                                    {"sub": "汉字 7"}])  # fmt: skip
def test_other_forms_are_good_too(tokens, issuer, claims):
    assert tokens.check(issuer.mint("n", **claims)).subject == claims.get("sub", SUBJECT)


@pytest.mark.parametrize(("amr", "several"), [(["pwd", "mfa"], True), (["pwd"], False), ("mfa", False), (None, False)])
def test_it_says_whether_there_were_several_factors(tokens, issuer, amr, several):
    assert tokens.check(issuer.mint("n", amr=amr)).is_multi_factor is several


@pytest.mark.parametrize(
    ("claims", "refusal"),
    [
        ({"iss": "https://elsewhere.example"}, Refusal.ISSUER),
        ({"iss": None}, Refusal.ISSUER),
        ({"iss": 7}, Refusal.ISSUER),
        ({"aud": "another-client"}, Refusal.AUDIENCE),
        ({"aud": ["another-client"]}, Refusal.AUDIENCE),
        ({"aud": CLIENT_ID.upper()}, Refusal.AUDIENCE),
        ({"aud": None}, Refusal.AUDIENCE),
        ({"aud": []}, Refusal.AUDIENCE),
        ({"aud": {CLIENT_ID: 1}}, Refusal.AUDIENCE),
        ({"aud": [CLIENT_ID, "another-client"]}, Refusal.AUDIENCE),
        ({"aud": [CLIENT_ID, "another-client"], "azp": "another-client"}, Refusal.AUDIENCE),
        ({"azp": "another-client"}, Refusal.AUDIENCE),
        ({"exp": None}, Refusal.EXPIRED),
        ({"exp": "tomorrow"}, Refusal.EXPIRED),
        ({"exp": True}, Refusal.EXPIRED),
        ({"iat": None}, Refusal.NOT_YET),
        ({"iat": "today"}, Refusal.NOT_YET),
        ({"nbf": "today"}, Refusal.NOT_YET),
        ({"sub": None}, Refusal.SUBJECT),
        ({"sub": ""}, Refusal.SUBJECT),
        ({"sub": "  "}, Refusal.SUBJECT),
        ({"sub": "a\0b"}, Refusal.SUBJECT),
        ({"sub": "\ud800"}, Refusal.SUBJECT),
        ({"sub": "x" * 257}, Refusal.SUBJECT),
        ({"sub": 7}, Refusal.SUBJECT),
        ({"nonce": None}, Refusal.NONCE),
        ({"nonce": ""}, Refusal.NONCE),
        ({"nonce": ["n"]}, Refusal.NONCE),
    ],
)
def test_claims_that_are_missing_or_wrong(tokens, issuer, claims, refusal):
    assert _refused(tokens, issuer.mint(**{"nonce": "n"} | claims)) is refusal


@pytest.mark.parametrize(
    ("claim", "inside", "outside", "refusal"),
    [
        ("exp", 10 - LEEWAY, -10 - LEEWAY, Refusal.EXPIRED),
        ("nbf", LEEWAY - 10, LEEWAY + 10, Refusal.NOT_YET),
        ("iat", LEEWAY - 10, LEEWAY + 10, Refusal.NOT_YET),
    ],
)
def test_the_issuers_clock_may_be_off_by_a_minute(tokens, issuer, claim, inside, outside, refusal):
    moment = int(time.time())
    assert tokens.check(issuer.mint("n", **{claim: moment + inside}))
    assert _refused(tokens, issuer.mint("n", **{claim: moment + outside})) is refusal


def test_a_token_without_a_signature(tokens, issuer):
    for alg in ("none", "None", "NONE", ""):
        forged = f"{_part({'alg': alg})}.{_part(_claims(issuer))}."
        assert _refused(tokens, forged) is Refusal.ALGORITHM


def test_a_token_signed_with_the_public_key_as_a_shared_secret(tokens, issuer):
    (published,) = issuer.public_keys()
    key = RSAKey.import_key(published)
    for secret in (key.as_pem(private=False), json.dumps(published).encode(), published["n"].encode()):
        # by hand: the library will not sign so
        signed = f"{_part({'alg': 'HS256', 'kid': published['kid']})}.{_part(_claims(issuer))}"
        forged = f"{signed}.{_encoded(hmac.digest(secret, signed.encode(), 'sha256'))}"
        assert _refused(tokens, forged) is Refusal.ALGORITHM


def test_a_token_by_another_key_under_a_known_name(tokens, issuer):
    (published,) = issuer.public_keys()
    forged = jwt.encode({"alg": "RS256", "kid": published["kid"]}, _claims(issuer), RSAKey.generate_key(2048))
    assert _refused(tokens, forged) is Refusal.SIGNATURE


def test_a_token_that_brings_its_own_key(tokens, issuer):
    key = RSAKey.generate_key(2048)
    header = {"alg": "RS256", "kid": "mine", "jwk": key.as_dict(private=False), "jku": f"{issuer.address}/keys"}
    registry = jwt.JWSRegistry(strict_check_header=False)
    forged = jwt.encode(header, _claims(issuer), key, registry=registry)
    assert _refused(tokens, forged) in (Refusal.KEY, Refusal.MALFORMED)


def test_a_key_serves_for_the_algorithm_it_is_published_for(tokens, issuer):
    """Signed by the issuer's own key, but in a way it does not say it uses."""
    _, payload, signature = issuer.mint("n").split(".")
    (published,) = issuer.public_keys()
    other = _part({"alg": "PS256", "kid": published["kid"]})
    assert _refused(tokens, f"{other}.{payload}.{signature}") is Refusal.KEY


def test_a_critical_header_that_nobody_knows(tokens, issuer):
    (published,) = issuer.public_keys()
    header = {"alg": "RS256", "kid": published["kid"], "crit": ["stricter"], "stricter": True}
    _, payload, signature = issuer.mint("n").split(".")
    assert _refused(tokens, f"{_part(header)}.{payload}.{signature}") is Refusal.MALFORMED


def test_a_payload_that_was_changed(tokens, issuer):
    header, _, signature = issuer.mint("n").split(".")
    changed = _part(_claims(issuer, sub="somebody-else"))
    assert _refused(tokens, f"{header}.{changed}.{signature}") is Refusal.SIGNATURE


def test_every_part_of_a_token_counts(tokens, issuer):
    token = issuer.mint("n")
    for place in range(0, len(token), 7):
        other = "A" if token[place] != "A" else "B"
        assert _refused(tokens, f"{token[:place]}{other}{token[place + 1 :]}")


@given(
    st.one_of(
        st.text(max_size=200),
        st.tuples(*[st.binary(max_size=60).map(_encoded)] * 3).map(".".join),
    )
)
def test_whatever_is_sent_is_refused_and_breaks_nothing(tokens, made_up):
    assert _refused(tokens, made_up)


@pytest.mark.parametrize(
    "header",
    [
        b"null",
        b"7",
        b'"alg"',
        b'["alg"]',
        b'{"alg":7}',
        b'{"alg":["RS256"]}',
        b'{"alg":{}}',
        b'{"alg":"RS256","kid":7}',
        b'{"alg":"RS256","kid":{}}',
        b'{"alg":"RS256","kid":"\\ud800"}',
        b'{"alg":"RS256","crit":7}',
        b'{"alg":"RS256","crit":[]}',
        b'{"alg":"RS256","b64":7}',
        b'{"alg":"RS256","b64":false,"crit":["b64"]}',
        b'{"alg":' + b"7" * 3000 + b"}",
        b"[" * 3000,
        b'{"alg":"RS256","x":' + b"[" * 2900,
        b'{"alg":"RS256","x":"' + b"x" * 9000 + b'"}',
    ],
)
@pytest.mark.parametrize("payload", [b"{}", b"", b"\xff"])
def test_a_header_that_makes_no_sense(tokens, header, payload):
    assert _refused(tokens, f"{_encoded(header)}.{_encoded(payload)}.{_encoded(b'x' * 256)}")


@pytest.mark.parametrize("alg", ["ES256", "PS256", "EdDSA", "Ed25519"])
def test_the_other_ways_to_sign(alg):
    with issuer_process() as issuer:
        kid = issuer.rotate(alg)
        tokens = IdentityTokens(Issuer(issuer.address), client_id=CLIENT_ID, algorithms=ALGORITHMS)
        assert tokens.check(issuer.mint("n", kid=kid))
        narrow = IdentityTokens(Issuer(issuer.address), client_id=CLIENT_ID, algorithms=["RS256"])
        assert _refused(narrow, issuer.mint("n", kid=kid)) is Refusal.ALGORITHM
        assert narrow.check(issuer.mint("n", kid="key-1"))
