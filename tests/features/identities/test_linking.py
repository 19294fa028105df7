"""Linking oneself to an identity, and letting go of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
import time_machine

from app.core.clock import now
from app.core.sealing import Seal
from app.features.accounts.models import Person
from app.features.accounts.types import Role
from tests.features.identities.conftest import audited, link, sign_in, unlink, why
from tests.features.people.house import OTHER, wrong_code
from tests.support.clients import SEAL_KEY
from tests.support.issuer import SUBJECT


@pytest.fixture
def person(enter):
    return enter("person@example.com")


def _identity_of(database, person_id):
    with database.read_session() as session:
        found = session.get_one(Person, person_id)
        return found.issuer, found.subject, found.version


def test_who_is_linked_signs_in_by_it(platform, staffed_database, issuer, nonce, person):
    assert sign_in(platform, issuer.mint(nonce())).status_code == 401
    answer = link(platform, issuer.mint(nonce(person.headers)), person.headers)
    assert (answer.status_code, answer.json()) == (201, {"issuer": issuer.address, "subject": SUBJECT})
    assert _identity_of(staffed_database, person.id) == (issuer.address, SUBJECT, 2)
    signed_in = sign_in(platform, issuer.mint(nonce()))
    assert signed_in.json()["person"]["id"] == str(person.id)
    (noted,) = audited(staffed_database, "identity.link")
    assert (noted.person_id, noted.subject_id, noted.detail) == (person.id, person.id, {"by": "oidc"})


def test_linking_twice_changes_nothing(platform, staffed_database, issuer, nonce, person):
    for _ in range(2):
        assert link(platform, issuer.mint(nonce(person.headers)), person.headers).status_code == 201
    assert _identity_of(staffed_database, person.id)[2] == 2
    assert len(audited(staffed_database, "identity.link")) == 1


def test_it_needs_a_nonce_of_ones_own(platform, staffed_database, issuer, nonce, person, enter):
    other = enter("other@example.com")
    used = nonce(person.headers)
    assert link(platform, issuer.mint(used), person.headers).status_code == 201
    for given in (used, nonce(), nonce(person.headers), "made-up"):
        refused = link(platform, issuer.mint(given), other.headers)
        assert (refused.status_code, why(refused)) == (401, "nonce")
    assert _identity_of(staffed_database, other.id) == (None, None, 1)


def test_a_bad_token_links_nobody(platform, staffed_database, issuer, nonce, person):
    refused = link(platform, issuer.mint(nonce(person.headers), iss="https://elsewhere.example"), person.headers)
    assert (refused.status_code, why(refused)) == (401, "issuer")
    assert _identity_of(staffed_database, person.id) == (None, None, 1)


def test_an_identity_belongs_to_one_person_whatever_their_organisation(
    platform, staffed_database, issuer, nonce, person, enter, people
):
    stranger = enter("stranger@example.com", organization_id=people["stranger"].organization_id)
    assert link(platform, issuer.mint(nonce(person.headers)), person.headers).status_code == 201
    refused = link(platform, issuer.mint(nonce(stranger.headers)), stranger.headers)
    assert refused.status_code == 409
    assert "person@example.com" not in refused.text
    assert str(person.id) not in refused.text
    assert _identity_of(staffed_database, stranger.id) == (None, None, 1)
    assert unlink(platform, stranger.headers).status_code == 404
    assert _identity_of(staffed_database, person.id)[1] == SUBJECT


def test_a_person_has_one_identity(platform, staffed_database, issuer, nonce, person):
    assert link(platform, issuer.mint(nonce(person.headers)), person.headers).status_code == 201
    refused = link(platform, issuer.mint(nonce(person.headers), sub="second"), person.headers)
    assert refused.status_code == 409
    assert "POST /v1/me/identity/unlink" in refused.json()["detail"]
    assert _identity_of(staffed_database, person.id)[1] == SUBJECT


def test_of_ten_people_at_once_one_is_linked(platform, staffed_database, issuer, nonce, enter):
    crowd = [enter(f"{number}@example.com") for number in range(10)]
    tokens = [(issuer.mint(nonce(one.headers)), one.headers) for one in crowd]
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda pair: link(platform, *pair).status_code, tokens))
    assert sorted(answers) == [201] + [409] * 9
    assert len(audited(staffed_database, "identity.link")) == 1


def test_unlinking(platform, staffed_database, issuer, nonce, person):
    assert unlink(platform, person.headers).status_code == 404
    assert link(platform, issuer.mint(nonce(person.headers)), person.headers).status_code == 201
    assert unlink(platform, person.headers).status_code == 204
    assert _identity_of(staffed_database, person.id) == (None, None, 3)
    assert sign_in(platform, issuer.mint(nonce())).status_code == 401
    (noted,) = audited(staffed_database, "identity.unlink")
    assert (noted.person_id, noted.subject_id) == (person.id, person.id)


def test_the_only_way_in_stays(platform, staffed_database, issuer, enter):
    bound = enter("bound@example.com", password_hash=None, issuer=issuer.address, subject=SUBJECT)
    assert unlink(platform, bound.headers, password=None).status_code == 409
    assert _identity_of(staffed_database, bound.id) == (issuer.address, SUBJECT, 1)


@pytest.mark.parametrize("who", ["operator", "administrator", "enterprise", "manager", "portal"])
def test_a_key_that_stands_for_no_person_links_nobody(platform, issuer, nonce, people, who):
    headers = people[who].headers
    assert link(platform, issuer.mint(nonce(headers)), headers).status_code == 403
    assert unlink(platform, headers).status_code == 403


def test_nobody_links_without_a_key(platform, issuer, nonce):
    assert link(platform, issuer.mint(nonce())).status_code == 401
    assert unlink(platform).status_code == 401


def test_a_portal_links_and_unlinks_nobody(platform, staffed_database, issuer, nonce, person, portal):
    headers = {**portal, "Duijie-Person": person.headers["Authorization"].removeprefix("Bearer ")}
    token = issuer.mint(nonce(headers))
    refused = link(platform, token, headers)
    assert refused.status_code == 403
    assert _identity_of(staffed_database, person.id) == (None, None, 1)
    assert link(platform, token, person.headers).status_code == 201
    assert unlink(platform, headers).status_code == 403
    assert _identity_of(staffed_database, person.id)[1] == SUBJECT
    for language, words in (("zh", "不能通过门户更改登录方式"), ("en", "not changed through a portal")):
        assert words in unlink(platform, {**headers, "Accept-Language": language}).json()["detail"]


def _faults(answer):
    return answer.status_code, [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]


def test_it_takes_the_password_once_more(platform, staffed_database, issuer, nonce, person):
    wrong, missing = (422, [("/password", "password_wrong")]), (422, [("/password", "missing")])
    token = issuer.mint(nonce(person.headers))
    assert _faults(link(platform, token, person.headers, password=OTHER)) == wrong
    assert _faults(link(platform, token, person.headers, password=None)) == missing
    assert _identity_of(staffed_database, person.id) == (None, None, 1)
    assert link(platform, token, person.headers).status_code == 201, "the nonce is not used up"
    assert _faults(unlink(platform, person.headers, password=OTHER)) == wrong
    assert _faults(unlink(platform, person.headers, password=None)) == missing
    assert _identity_of(staffed_database, person.id)[1] == SUBJECT


def test_it_takes_a_code_where_there_is_a_second_factor(platform, staffed_database, issuer, nonce, enter):
    totp = pyotp.TOTP(pyotp.random_base32())
    careful = enter("op@example.com", role=Role.OPERATOR, totp_sealed=Seal(SEAL_KEY).seal(totp.secret),
                    totp_confirmed_at=now())  # fmt: skip
    token = issuer.mint(nonce(careful.headers))
    with time_machine.travel(now(), tick=False):
        code = totp.now()
        assert _faults(link(platform, token, careful.headers)) == (422, [("/code", "missing")])
        assert link(platform, token, careful.headers, code=wrong_code(totp)).status_code == 403
        assert _identity_of(staffed_database, careful.id) == (None, None, 1)
        assert link(platform, token, careful.headers, code=code).status_code == 201
        assert _faults(unlink(platform, careful.headers)) == (422, [("/code", "missing")])
        assert unlink(platform, careful.headers, code=code).status_code == 403, "it is used up"
    with time_machine.travel(now() + timedelta(seconds=60), tick=False):
        assert unlink(platform, careful.headers, code=totp.now()).status_code == 204


def test_guesses_are_slowed_down_whatever_they_are_shown_for(platform, issuer, nonce, person):
    token = issuer.mint(nonce(person.headers))
    with time_machine.travel(now(), tick=False):
        for _ in range(2):
            assert link(platform, token, person.headers, password=OTHER).status_code == 422
            assert unlink(platform, person.headers, password=OTHER).status_code == 422
        change = {"current": "wrong", "new": OTHER}
        assert platform.post("/v1/me/password", json=change, headers=person.headers).status_code == 422
        assert link(platform, token, person.headers).status_code == 429
        assert unlink(platform, person.headers).status_code == 429
