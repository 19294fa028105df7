"""A server and an issuer as processes of their own, whose keys are rotated while both run."""

import time

from app.settings import OidcSettings
from tests.support.issuer import CLIENT_ID, SUBJECT

_KEYS_SECONDS = 2
_SLACK = 3


def _exchange(client, own_issuer, kid=None):
    nonce = client.post("/v1/oidc/nonces").json()["nonce"]
    return client.post("/v1/sign-ins/oidc", json={"id_token": own_issuer.mint(nonce, kid=kid)})


def _settings(own_issuer, **others):
    return {"DUIJIE_OIDC__ISSUER": own_issuer.address, "DUIJIE_OIDC__CLIENT_ID": CLIENT_ID, **others}


def test_keys_are_rotated_while_the_server_runs(serve, own_issuer, enter):
    enter("linked@example.com", issuer=own_issuer.address, subject=SUBJECT)
    settings = _settings(own_issuer, DUIJIE_OIDC__KEYS_SECONDS=str(_KEYS_SECONDS))
    with serve(**settings) as server, server.client() as client:
        assert _exchange(client, own_issuer, "key-1").status_code == 201
        second = own_issuer.rotate("ES256")
        began = time.monotonic()
        assert _exchange(client, own_issuer, second).status_code == 201, "a new key works at once"
        assert _exchange(client, own_issuer, "key-1").status_code == 201, "the old one is still published"
        own_issuer.retire("key-1")
        retired = time.monotonic()
        while (answer := _exchange(client, own_issuer, "key-1")).status_code == 201:
            assert time.monotonic() - retired < _KEYS_SECONDS + _SLACK, "a retired key goes on working"
            time.sleep(0.1)
        assert [fault["code"] for fault in answer.json()["errors"]] == ["key"]
        assert _exchange(client, own_issuer, second).status_code == 201
        assert own_issuer.fetches <= 3 + (time.monotonic() - began) / _KEYS_SECONDS
        own_issuer.stop()
    assert "Traceback" not in server.output


def test_the_issuer_stops_while_the_server_runs(serve, own_issuer, enter):
    enter("linked@example.com", issuer=own_issuer.address, subject=SUBJECT)
    with serve(**_settings(own_issuer, DUIJIE_OIDC__KEYS_SECONDS="1")) as server, server.client() as client:
        nonces = [client.post("/v1/oidc/nonces").json()["nonce"] for _ in range(3)]
        tokens = [own_issuer.mint(nonce) for nonce in nonces]
        unknown = own_issuer.mint(nonces[2], kid=own_issuer.rotate(publish=False))
        assert client.post("/v1/sign-ins/oidc", json={"id_token": tokens[0]}).status_code == 201
        own_issuer.stop()
        time.sleep(1.1)
        assert client.post("/v1/sign-ins/oidc", json={"id_token": tokens[1]}).status_code == 201
        assert client.post("/v1/sign-ins/oidc", json={"id_token": unknown}).status_code == 503
        assert "issuer unavailable" in server.output
        assert tokens[1] not in server.output


def test_the_default_lets_retired_keys_live_for_minutes_not_hours():
    assert OidcSettings(issuer="https://a.example", client_id="x").keys_seconds <= 300
