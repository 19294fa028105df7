"""Passwords, keys, links and second factors are where they belong and nowhere else."""

from datetime import UTC, datetime

import pyotp
import pytest
import structlog

from app.db import audit
from app.features.accounts import keys
from app.features.people.service import entering
from tests.features.people.house import GOOD, OTHER, bearer
from tests.support.secrecy import everything_stored, logging_for_people

WRONG = "ganz falsch 42 canary"


def _live(house):
    """Everything people do, and every secret of it."""
    house.invite("administrator", role="operator")
    invitation = house.link()
    first = house.accept().json()
    secret = house.enrol(first).json()["secret"]
    code = pyotp.TOTP(secret).at(datetime.now(UTC))
    house.client.post("/v1/me/totp/confirm", json={"code": code}, headers=bearer(first))
    house.sign_in(password=WRONG)
    house.sign_in("canary-login@example.com", WRONG)
    house.sign_in()
    second = house.refresh(first["refresh_key"]).json()
    house.client.post("/v1/me/password", json={"current": WRONG, "new": OTHER}, headers=bearer(second))
    house.client.post("/v1/me/password", json={"current": GOOD, "new": OTHER}, headers=bearer(second))
    house.ask_reset()
    reset = house.link()
    third = {"link": reset, "password": GOOD}
    house.client.post("/v1/password-resets/complete", json=third)
    house.refresh(first["refresh_key"])
    issued = [first, second]
    shown = [keys.parse(one[name]).secret for one in issued for name in ("access_key", "refresh_key")]
    return [GOOD, OTHER, WRONG, secret, *shown, *(keys.parse(link).secret for link in (invitation, reset))]


def test_of_all_that_is_secret_the_database_holds_hashes(house):
    secrets = _live(house)
    stored = everything_stored(house.database)
    assert "argon2id" in stored
    assert keys.parse(house.link()).public_id not in stored, "links are dropped once they are used"
    assert not [secret for secret in secrets if secret in stored]
    assert "canary-login" not in stored


def test_the_log_says_nothing_of_it(house):
    with structlog.testing.capture_logs() as lines:
        secrets = _live(house)
    said = repr(lines)
    assert "/v1/sign-ins" in said
    assert not [secret for secret in secrets if secret in said]
    assert "example.com" not in said


def test_problems_do_not_repeat_what_was_sent(house):
    issued = house.signed_in(role="operator")
    link, key = keys.generate(keys.Purpose.LINK), keys.generate(keys.Purpose.REFRESH)
    post = house.client.post
    answers = [
        house.sign_in(password=WRONG),
        house.sign_in(password=WRONG * 20),
        house.sign_in(WRONG, WRONG),
        post("/v1/sign-ins", json={"login": {"x": WRONG}, "password": [WRONG], WRONG: 1}),
        post("/v1/sign-ins", json=WRONG),
        post("/v1/sign-ins/refresh", json={"refresh_key": key.text}),
        post("/v1/sign-ins/refresh", json={"refresh_key": key.text * 9}),
        house.accept(link.text, WRONG),
        house.accept(link.text * 20, WRONG[:3]),
        post("/v1/me/password", json={"current": WRONG, "new": WRONG[:4]}, headers=bearer(issued)),
        post("/v1/me/password", json={"current": WRONG, "new": OTHER}, headers=bearer(issued)),
        post("/v1/me/totp/confirm", json={"code": WRONG}, headers=bearer(issued)),
    ]
    assert all(answer.status_code >= 400 for answer in answers)
    for answer in answers:
        said = answer.text.replace("/" + WRONG, "")  # the place of an unknown field
        assert not [part for part in (WRONG[:12], link.secret, key.secret) if part in said], answer.request.url


@pytest.mark.parametrize("as_json", [True, False])
def test_a_crash_does_not_log_the_password_it_happened_with(
    make_client, staffed_database, capsys, monkeypatch, as_json
):
    def crash(**_):
        raise RuntimeError("lost")

    monkeypatch.setattr(entering, "sign_in", crash)
    with logging_for_people(as_json=as_json), make_client(staffed_database, raise_errors=False) as client:
        body = {"login": "li.wei@example.com", "password": WRONG}
        assert client.post("/v1/sign-ins", json=body).status_code == 500
    said = "".join(capsys.readouterr())
    assert "lost" in said
    assert "canary" not in said
    assert "li.wei" not in said


def test_the_audit_of_it_all_is_a_whole_chain(house):
    _live(house)
    with house.database.read_session() as session:
        assert audit.verify(session) is None
    actions = {entry.action for entry in house.audited()}
    assert {
        "person.invite",
        "password.change",
        "password.reset",
        "sign_in.create",
        "sign_in.fail",
        "sign_in.end",
        "totp.enrol",
        "totp.confirm",
    } <= actions
