"""Linking oneself to an identity, and letting go of it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.features.accounts.models import Person
from tests.features.identities.conftest import audited, link, sign_in, why
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
    assert platform.delete("/v1/me/identity", headers=stranger.headers).status_code == 404
    assert _identity_of(staffed_database, person.id)[1] == SUBJECT


def test_a_person_has_one_identity(platform, staffed_database, issuer, nonce, person):
    assert link(platform, issuer.mint(nonce(person.headers)), person.headers).status_code == 201
    refused = link(platform, issuer.mint(nonce(person.headers), sub="second"), person.headers)
    assert refused.status_code == 409
    assert "DELETE /v1/me/identity" in refused.json()["detail"]
    assert _identity_of(staffed_database, person.id)[1] == SUBJECT


def test_of_ten_people_at_once_one_is_linked(platform, staffed_database, issuer, nonce, enter):
    crowd = [enter(f"{number}@example.com") for number in range(10)]
    tokens = [(issuer.mint(nonce(one.headers)), one.headers) for one in crowd]
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda pair: link(platform, *pair).status_code, tokens))
    assert sorted(answers) == [201] + [409] * 9
    assert len(audited(staffed_database, "identity.link")) == 1


def test_unlinking(platform, staffed_database, issuer, nonce, person):
    assert platform.delete("/v1/me/identity", headers=person.headers).status_code == 404
    assert link(platform, issuer.mint(nonce(person.headers)), person.headers).status_code == 201
    assert platform.delete("/v1/me/identity", headers=person.headers).status_code == 204
    assert _identity_of(staffed_database, person.id) == (None, None, 3)
    assert sign_in(platform, issuer.mint(nonce())).status_code == 401
    (noted,) = audited(staffed_database, "identity.unlink")
    assert (noted.person_id, noted.subject_id) == (person.id, person.id)


def test_the_only_way_in_stays(platform, staffed_database, issuer, enter):
    bound = enter("bound@example.com", password_hash=None, issuer=issuer.address, subject=SUBJECT)
    assert platform.delete("/v1/me/identity", headers=bound.headers).status_code == 409
    assert _identity_of(staffed_database, bound.id) == (issuer.address, SUBJECT, 1)


@pytest.mark.parametrize("who", ["operator", "administrator", "enterprise", "manager", "portal"])
def test_a_key_that_stands_for_no_person_links_nobody(platform, issuer, nonce, people, who):
    headers = people[who].headers
    assert link(platform, issuer.mint(nonce(headers)), headers).status_code == 403
    assert platform.delete("/v1/me/identity", headers=headers).status_code == 403


def test_nobody_links_without_a_key(platform, issuer, nonce):
    assert link(platform, issuer.mint(nonce())).status_code == 401
    assert platform.delete("/v1/me/identity").status_code == 401


def test_a_person_links_through_a_portal(platform, staffed_database, issuer, nonce, person, portal):
    headers = {**portal, "Duijie-Person": person.headers["Authorization"].removeprefix("Bearer ")}
    assert link(platform, issuer.mint(nonce(headers)), headers).status_code == 201
    (noted,) = audited(staffed_database, "identity.link")
    assert (noted.person_id, noted.portal_id is None) == (person.id, False)
