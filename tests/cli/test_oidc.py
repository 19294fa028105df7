"""`duijie oidc check`, and settings of an issuer that cannot be meant."""

import json

import pytest

from tests.support.issuer import CLIENT_ID
from tests.support.processes import duijie


@pytest.fixture
def check(tmp_path):
    """`check(address, NAME=value)` runs the check with these settings."""

    def run(address=None, **others):
        settings = {"DUIJIE_OIDC__ISSUER": address, "DUIJIE_OIDC__CLIENT_ID": CLIENT_ID} if address else {}
        return duijie("oidc", "check", cwd=tmp_path, **settings, **others)

    return run


def test_a_good_issuer(check, issuer, tmp_path):
    done = check(issuer.address)
    assert done.returncode == 0, done.stderr
    assert issuer.address in done.stdout
    assert "key-1" in done.stdout
    assert not list(tmp_path.iterdir()), "it needs no database"


def test_no_issuer(check):
    done = check()
    assert done.returncode == 1
    assert "没有设置" in done.stderr
    assert "Set DUIJIE_OIDC__ISSUER" in done.stderr


def test_what_is_wrong_is_said_in_both_languages(check, own_issuer):
    slashed = check(f"{own_issuer.address}/")
    assert slashed.returncode == 1
    assert "不完全一致" in slashed.stderr
    assert "to the letter" in slashed.stderr
    own_issuer.behave(discovery={"id_token_signing_alg_values_supported": ["HS256"]})
    weak = check(own_issuer.address)
    assert weak.returncode == 1
    assert "HS256" in weak.stderr
    own_issuer.stop()
    down = check(own_issuer.address)
    assert down.returncode == 1
    assert "无法访问" in down.stderr
    assert "cannot be reached" in down.stderr
    assert "Traceback" not in slashed.stderr + weak.stderr + down.stderr


@pytest.mark.parametrize(
    ("address", "others"),
    [
        ("http://login.example.com", {}),
        ("http://127.0.0.1.example.com", {}),
        ("ftp://login.example.com", {}),
        ("login.example.com", {}),
        ("https://", {}),
        ("https://user:word@login.example.com", {}),
        ("https://login.example.com?x=1", {}),
        ("https://login.example.com", {"DUIJIE_OIDC__ALGORITHMS": json.dumps(["none"])}),
        ("https://login.example.com", {"DUIJIE_OIDC__ALGORITHMS": json.dumps(["HS256"])}),
        ("https://login.example.com", {"DUIJIE_OIDC__ALGORITHMS": "[]"}),
        ("https://login.example.com", {"DUIJIE_OIDC__CLIENT_ID": ""}),
    ],
)
def test_settings_that_cannot_be_meant(tmp_path, address, others):
    settings = {"DUIJIE_OIDC__ISSUER": address, "DUIJIE_OIDC__CLIENT_ID": CLIENT_ID} | others
    done = duijie("oidc", "check", cwd=tmp_path, **settings)
    assert done.returncode == 1
    assert "DUIJIE_OIDC__" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_issuer_without_an_audience(tmp_path):
    done = duijie("oidc", "check", cwd=tmp_path, DUIJIE_OIDC__ISSUER="https://login.example.com")
    assert done.returncode == 1
    assert "DUIJIE_OIDC__CLIENT_ID" in done.stderr
