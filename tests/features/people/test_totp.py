"""Second factors: enrolled, confirmed, asked for, good once, taken off."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pyotp
import pytest
import time_machine

from app.core.sealing import Seal
from app.features.people.service.sessions import open_sign_in
from tests.features.people.house import GOOD, OTHER, bearer, faults, problem, through, wrong_code
from tests.support.clients import SEAL_KEY

LOGIN = "op@example.com"


@pytest.fixture
def issued_without_password(house):
    """Somebody who is signed in and has no password."""
    person = house.enter(LOGIN, "operator", password_hash=None)
    with house.database.write_session() as session:
        issued = open_sign_in(session=session, person_id=person.id, portal_id=None, address=None)
    return issued.model_dump()


def _confirm(house, issued, code):
    return house.client.post("/v1/me/totp/confirm", json={"code": code}, headers=bearer(issued))


def _remove(house, issued, code):
    return house.client.delete("/v1/me/totp", params={"code": code}, headers=bearer(issued))


def _code(totp, **after):
    return totp.at(datetime.now(UTC) + timedelta(**after))


def test_it_counts_once_it_is_confirmed(house):
    issued = house.signed_in(role="operator", login=LOGIN)
    given = house.enrol(issued)
    assert (given.status_code, given.headers["cache-control"]) == (201, "no-store")
    secret = given.json()["secret"]
    parsed = pyotp.parse_uri(given.json()["uri"])
    assert (parsed.secret, parsed.name, parsed.issuer) == (secret, LOGIN, "Duijie")
    assert house.sign_in(LOGIN).status_code == 201, "not confirmed yet"
    assert not house.me(bearer(issued)).json()["person"]["has_totp"]

    assert _confirm(house, issued, _code(parsed)).status_code == 204

    assert house.me(bearer(issued)).json()["person"]["has_totp"]
    assert problem(house.sign_in(LOGIN)) == (401, "totp-required")
    assert [entry.action for entry in house.audited("totp.enrol", "totp.confirm")] == ["totp.enrol", "totp.confirm"]


def test_only_the_right_password_learns_that_a_code_is_needed(house):
    house.with_totp()
    assert problem(house.sign_in(LOGIN, OTHER)) == (401, "unauthenticated")
    assert problem(house.sign_in(LOGIN, OTHER, code="123456")) == (401, "unauthenticated")


def test_a_code_is_good_once(house):
    _, totp = house.with_totp()
    assert house.sign_in(LOGIN, code=_code(totp)).status_code == 401, "it was used to confirm"
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=60), tick=False):
        code = _code(totp)
        assert house.sign_in(LOGIN, code=code).status_code == 201
        assert problem(house.sign_in(LOGIN, code=code)) == (401, "unauthenticated")
        assert house.sign_in(LOGIN, code=_code(totp, seconds=-30)).status_code == 401, "nor is an earlier one"


def test_a_code_is_good_once_when_many_show_it_at_the_same_time(house):
    _, totp = house.with_totp()
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=60), tick=True):
        start, answers, code = Barrier(4), [], _code(totp)

        def enter():
            start.wait()
            answers.append(house.sign_in(LOGIN, code=code).status_code)

        threads = [Thread(target=enter) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(answers) == [201, 401, 401, 401]


@pytest.mark.parametrize(("seconds", "status"), [(-60, 401), (-30, 201), (0, 201), (30, 201), (60, 401)])
def test_clocks_may_go_wrong_by_a_step(house, seconds, status):
    _, totp = house.with_totp()
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=10), tick=False):
        assert house.sign_in(LOGIN, code=_code(totp, seconds=seconds)).status_code == status


def test_wrong_codes_are_counted_like_wrong_passwords(house):
    _, totp = house.with_totp()
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=10), tick=False):
        wrong = wrong_code(totp)
        answers = [house.sign_in(LOGIN, code=wrong).status_code for _ in range(6)]
        assert answers == [401] * 5 + [429]
        assert len(house.audited("sign_in.fail")) == 5


def test_missing_codes_are_not(house):
    house.with_totp()
    assert {house.sign_in(LOGIN).status_code for _ in range(8)} == {401}
    assert house.audited("sign_in.fail") == []


@pytest.mark.parametrize("role", ["member", "manager"])
def test_it_is_for_those_who_run_the_platform(house, role):
    issued = house.signed_in(role=role)
    assert problem(house.enrol(issued)) == (403, "forbidden")
    assert problem(_confirm(house, issued, "123456")) == (403, "forbidden")
    assert problem(_remove(house, issued, "123456")) == (403, "forbidden")


def test_machines_have_none(house):
    headers = house.people["administrator"].headers
    assert house.enrol(None, headers=headers).status_code == 403
    assert house.client.post("/v1/me/totp", json={"password": GOOD}).status_code == 401


def test_it_takes_the_password_once_more(house):
    issued = house.signed_in(role="operator", login=LOGIN)
    for password, code in ((OTHER, "password_wrong"), (None, "missing")):
        refused = house.enrol(issued, password)
        assert (refused.status_code, faults(refused)) == (422, [("/password", code)])
        assert house.stored(LOGIN).totp_sealed is None
    assert house.audited("totp.enrol") == []
    assert house.enrol(issued).status_code == 201


def test_guessing_the_password_to_get_one_is_slowed_down(house):
    issued = house.signed_in(role="operator", login=LOGIN)
    with time_machine.travel(datetime.now(UTC), tick=False):
        assert [house.enrol(issued, OTHER).status_code for _ in range(6)] == [422] * 5 + [429]
        assert house.enrol(issued).status_code == 429


def test_who_has_no_password_shows_none(house, issued_without_password):
    assert faults(house.enrol(issued_without_password, OTHER)) == [("/password", "password_wrong")]
    assert house.enrol(issued_without_password, None).status_code == 201


def test_no_portal_touches_it(house):
    issued = house.signed_in(role="operator", login=LOGIN)
    headers = through(house.people["portal"].headers, issued)
    secret = house.enrol(issued).json()["secret"]
    code = _code(pyotp.TOTP(secret))
    post, delete = house.client.post, house.client.delete
    assert problem(house.enrol(None, headers=headers)) == (403, "forbidden")
    assert problem(post("/v1/me/totp/confirm", json={"code": code}, headers=headers)) == (403, "forbidden")
    assert house.stored(LOGIN).totp_confirmed_at is None
    assert _confirm(house, issued, code).status_code == 204
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=60), tick=False):
        params = {"code": _code(pyotp.TOTP(secret))}
        assert problem(delete("/v1/me/totp", params=params, headers=headers)) == (403, "forbidden")
        assert house.stored(LOGIN).totp_confirmed_at is not None


def test_one_that_counts_is_not_replaced_and_one_that_does_not_is(house):
    issued = house.signed_in(role="administrator", login=LOGIN)
    first = pyotp.TOTP(house.enrol(issued).json()["secret"])
    second = pyotp.TOTP(house.enrol(issued).json()["secret"])
    assert _confirm(house, issued, _code(first)).status_code == 403
    assert _confirm(house, issued, _code(second)).status_code == 204
    assert problem(house.enrol(issued)) == (409, "conflict")
    assert problem(_confirm(house, issued, _code(second))) == (409, "conflict")


def test_there_must_be_one_to_confirm_or_remove(house):
    issued = house.signed_in(role="operator", login=LOGIN)
    assert problem(_confirm(house, issued, "123456")) == (409, "conflict")
    assert problem(_remove(house, issued, "123456")) == (409, "conflict")


def test_the_own_one_is_taken_off_by_a_code(house):
    issued, totp = house.with_totp()
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=60), tick=False):
        assert problem(_remove(house, issued, wrong_code(totp))) == (403, "forbidden")
        assert house.stored(LOGIN).totp_sealed is not None
        assert _remove(house, issued, _code(totp)).status_code == 204
    assert house.sign_in(LOGIN).status_code == 201
    assert house.stored(LOGIN).totp_sealed is None
    assert len(house.audited("totp.remove")) == 1


def test_guessing_codes_to_take_it_off_is_slowed_down(house):
    issued, totp = house.with_totp()
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=60), tick=False):
        wrong = wrong_code(totp)
        change = {"current": GOOD, "new": OTHER}
        assert [_remove(house, issued, wrong).status_code for _ in range(6)] == [403] * 6
        done = house.client.post("/v1/me/password", json=change, headers=bearer(issued))
        assert done.status_code == 204, "the password is right, and gives no new guesses"
        assert [_remove(house, issued, wrong).status_code for _ in range(5)] == [403] * 4 + [429]
        assert _remove(house, issued, _code(totp)).status_code == 429
        assert house.sign_in(LOGIN, OTHER, code=wrong).status_code == 429


def test_an_administrator_takes_anothers_off(house):
    issued, _ = house.with_totp()
    path = f"/v1/people/{issued['person']['id']}/totp"
    for by, status in (("operator", 403), ("manager", 404), ("enterprise", 403), ("administrator", 204)):
        assert house.client.delete(path, headers=house.people[by].headers).status_code == status, by
        assert (house.stored(LOGIN).totp_sealed is None) == (status == 204), by
    assert house.sign_in(LOGIN).status_code == 201
    assert house.client.delete(path, headers=house.people["administrator"].headers).status_code == 204
    assert len(house.audited("totp.reset")) == 1


def test_nobody_takes_the_own_one_off_without_a_code(house):
    issued, _ = house.with_totp(role="administrator")
    path = f"/v1/people/{issued['person']['id']}/totp"
    assert problem(house.client.delete(path, headers=bearer(issued))) == (403, "forbidden")


def test_it_is_sealed_where_it_is_stored(house):
    _, totp = house.with_totp()
    sealed = house.stored(LOGIN).totp_sealed
    assert totp.secret not in sealed
    assert Seal(SEAL_KEY).open(sealed) == totp.secret


def test_a_lost_password_does_not_take_it_off(house):
    house.with_totp()
    house.ask_reset(LOGIN)
    body = {"link": house.link(), "password": OTHER}
    assert house.client.post("/v1/password-resets/complete", json=body).status_code == 204
    assert problem(house.sign_in(LOGIN, OTHER)) == (401, "totp-required")
    assert house.sign_in(LOGIN, GOOD).status_code == 401
