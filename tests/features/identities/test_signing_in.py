"""Signing in by an identity token: exchanged for keys of the platform, once, by whoever began it."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.core.clock import now
from app.features.accounts import service as accounts
from app.features.accounts.models import Person, SignIn
from app.features.accounts.types import Role
from app.features.identities.models import OidcNonce
from tests.features.identities.conftest import audited, oidc_settings, sign_in, sign_ins_of, why
from tests.support.clients import client_over
from tests.support.issuer import SUBJECT


@pytest.fixture
def linked(enter, issuer):
    return enter("linked@example.com", issuer=issuer.address, subject=SUBJECT)


def _nonces(database):
    with database.read_session() as session:
        return session.scalars(select(OidcNonce)).all()


def test_a_token_is_exchanged_for_keys_that_work(platform, staffed_database, issuer, nonce, linked, people):
    answer = sign_in(platform, issuer.mint(nonce()))
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    issued = answer.json()
    assert issued["person"]["id"] == str(linked.id)
    with staffed_database.read_session() as session:
        actor = accounts.identify(session=session, key=issued["access_key"])
    assert (actor.person_id, actor.role) == (linked.id, Role.MEMBER)
    assert actor.organization_id == people["enterprise"].organization_id
    assert _nonces(staffed_database) == []
    *_, noted = audited(staffed_database, "sign_in.create")
    assert (noted.person_id, noted.subject_kind, noted.detail) == (linked.id, "sign_in", {"by": "oidc"})
    assert noted.address
    assert noted.request_id


@pytest.mark.usefixtures("linked")
def test_a_token_is_never_a_key_itself(platform, issuer, nonce):
    token = issuer.mint(nonce())
    assert platform.get("/v1/needs", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_a_portal_signs_a_person_in(platform, staffed_database, issuer, nonce, linked, portal):
    answer = sign_in(platform, issuer.mint(nonce(portal)), portal)
    assert answer.status_code == 201
    person = {**portal, "Duijie-Person": answer.json()["access_key"]}
    assert platform.get("/v1/needs", headers=person).status_code == 200
    *_, noted = audited(staffed_database, "sign_in.create")
    assert (noted.person_id, noted.portal_id is None) == (linked.id, False)


def test_a_portal_says_where_its_visitor_is_and_nobody_else(
    platform, staffed_database, issuer, nonce, linked, portal, operator
):
    assert sign_in(platform, issuer.mint(nonce(portal)), portal, address="203.0.113.7").status_code == 201
    with staffed_database.read_session() as session:
        found = session.scalars(select(SignIn.address).where(SignIn.person_id == linked.id)).all()
    assert "203.0.113.7" in found
    for headers in (None, operator):
        given = nonce(headers)
        refused = sign_in(platform, issuer.mint(given), headers, address="203.0.113.7")
        assert (refused.status_code, [fault["code"] for fault in refused.json()["errors"]]) == (422, ["portals_only"])
        assert len(_nonces(staffed_database)) == 1, "it is not used up"
        assert sign_in(platform, issuer.mint(given), headers).status_code == 201


def test_a_nonce_works_once(platform, staffed_database, issuer, nonce, linked):
    given = nonce()
    assert sign_in(platform, issuer.mint(given)).status_code == 201
    again = sign_in(platform, issuer.mint(given))
    assert (again.status_code, why(again)) == (401, "nonce")
    assert sign_ins_of(staffed_database, linked.id) == 1
    (noted,) = audited(staffed_database, "sign_in.fail")
    assert noted.detail == {"by": "oidc", "reason": "nonce"}


def test_a_nonce_nobody_gave_out(platform, staffed_database, issuer, linked):
    for made_up in ("made-up", "x" * 43):
        refused = sign_in(platform, issuer.mint(made_up))
        assert (refused.status_code, why(refused)) == (401, "nonce")
    assert why(sign_in(platform, issuer.mint(None))) == "nonce"
    assert sign_ins_of(staffed_database, linked.id) == 0


def test_a_nonce_is_for_whom_it_was_given_to(platform, staffed_database, issuer, nonce, linked, portal, operator):
    for asked_by, shown_by in ((portal, None), (None, portal), (operator, portal), (linked.headers, None)):
        refused = sign_in(platform, issuer.mint(nonce(asked_by)), shown_by)
        assert (refused.status_code, why(refused)) == (401, "nonce")
    assert sign_ins_of(staffed_database, linked.id) == 0
    assert len(_nonces(staffed_database)) == 4, "who may not use one does not use it up either"


def test_a_nonce_lives_ten_minutes(platform, staffed_database, issuer, nonce, linked):
    early, late = nonce(), nonce()
    tokens = [issuer.mint(one, exp=int(now().timestamp()) + 3600) for one in (early, late)]
    with time_machine.travel(now() + timedelta(minutes=9, seconds=50), tick=True):
        assert sign_in(platform, tokens[0]).status_code == 201
    with time_machine.travel(now() + timedelta(minutes=10, seconds=1), tick=True):
        refused = sign_in(platform, tokens[1])
        assert (refused.status_code, why(refused)) == (401, "nonce")
        nonce()
        assert len(_nonces(staffed_database)) == 1, "the expired one is cleared away"
    assert sign_ins_of(staffed_database, linked.id) == 1


def test_a_nonce_is_stored_as_its_hash(staffed_database, nonce):
    given = nonce()
    (kept,) = _nonces(staffed_database)
    assert given not in (kept.nonce_hash, kept.principal)
    assert len(kept.nonce_hash) == 64


def test_of_ten_at_once_one_signs_in(platform, staffed_database, issuer, nonce, linked):
    token = issuer.mint(nonce())
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: sign_in(platform, token).status_code, range(10)))
    assert sorted(answers) == [201] + [401] * 9
    assert sign_ins_of(staffed_database, linked.id) == 1
    assert len(audited(staffed_database, "sign_in.fail")) == 9


def test_who_is_unlinked_while_they_sign_in_does_not_enter(platform, staffed_database, issuer, nonce, linked):
    token, before = issuer.mint(nonce()), sign_ins_of(staffed_database, linked.id)
    with ThreadPoolExecutor(1) as pool:
        with staffed_database.write_session() as session:
            person = session.get(Person, linked.id, with_for_update=True)
            person.issuer = person.subject = None
            session.flush()
            asked = pool.submit(sign_in, platform, token)
            time.sleep(0.5)  # it waits for the person by now, or has not looked yet
            assert not asked.done()
        assert asked.result().status_code == 401
    assert sign_ins_of(staffed_database, linked.id) == before


@pytest.mark.usefixtures("linked")
def test_who_is_not_linked_is_told_to_link_first(platform, staffed_database, issuer, nonce):
    refused = sign_in(platform, issuer.mint(nonce(), sub="somebody-else"))
    assert refused.status_code == 401
    assert "/v1/me/identity" in refused.json()["detail"]
    assert _nonces(staffed_database) == [], "it has been shown"
    (noted,) = audited(staffed_database, "sign_in.fail")
    assert (noted.subject_id, noted.detail["reason"]) == (None, "unlinked")


def test_the_same_subject_of_another_issuer_is_somebody_else(platform, staffed_database, issuer, nonce, enter):
    other = enter("other@example.com", issuer="https://elsewhere.example", subject=SUBJECT)
    assert sign_in(platform, issuer.mint(nonce())).status_code == 401
    assert sign_ins_of(staffed_database, other.id) == 0


@pytest.mark.usefixtures("linked")
@pytest.mark.parametrize("subject", [SUBJECT.upper(), f"{SUBJECT} ", SUBJECT[:-1], "%"])
def test_a_subject_is_taken_to_the_letter(platform, issuer, nonce, subject):
    assert sign_in(platform, issuer.mint(nonce(), sub=subject)).status_code == 401


def test_who_is_disabled_stays_out(platform, staffed_database, issuer, nonce, enter):
    gone = enter("gone@example.com", issuer=issuer.address, subject=SUBJECT, disabled_at=now())
    refused = sign_in(platform, issuer.mint(nonce()), None)
    assert refused.status_code == 401
    assert sign_ins_of(staffed_database, gone.id) == 0
    (noted,) = audited(staffed_database, "sign_in.fail")
    assert (noted.subject_id, noted.detail["reason"]) == (gone.id, "disabled")


def test_who_has_a_second_factor_needs_several_at_the_issuer(platform, staffed_database, issuer, nonce, enter):
    careful = enter("admin@example.com", role=Role.ADMINISTRATOR, issuer=issuer.address, subject=SUBJECT,
                    totp_sealed="sealed", totp_confirmed_at=now())  # fmt: skip
    refused = sign_in(platform, issuer.mint(nonce(), amr=["pwd"]))
    assert refused.status_code == 401
    assert sign_ins_of(staffed_database, careful.id) == 0
    assert sign_in(platform, issuer.mint(nonce(), amr=["pwd", "mfa"])).status_code == 201
    assert [one.detail["reason"] for one in audited(staffed_database, "sign_in.fail")] == ["one_factor"]


@pytest.mark.usefixtures("linked")
def test_a_bad_token_is_noted_and_uses_nothing_up(platform, staffed_database, issuer, nonce):
    given = nonce()
    refused = sign_in(platform, issuer.mint(given, aud="another-client"))
    assert (refused.status_code, why(refused)) == (401, "audience")
    assert refused.headers["www-authenticate"] == "Bearer"
    assert [one.detail for one in audited(staffed_database, "sign_in.fail")] == [{"by": "oidc", "reason": "audience"}]
    assert sign_in(platform, issuer.mint(given)).status_code == 201


@pytest.mark.usefixtures("linked")
def test_nothing_of_a_token_is_shown_or_kept(platform, staffed_database, issuer, nonce):
    token = issuer.mint(nonce(), aud="canary-audience", email="canary@example.com")
    refused = sign_in(platform, token)
    assert "canary" not in refused.text
    assert token not in refused.text
    assert "canary" not in str([one.detail for one in audited(staffed_database, "sign_in.fail")])


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"id_token": ""},
        {"id_token": "x" * 16_001},
        {"id_token": 7},
        {"id_token": "a\0b"},
        {"id_token": "a.b.c", "nonce": "n"},
    ],
)
def test_a_faulty_request(platform, body):
    assert platform.post("/v1/sign-ins/oidc", json=body).status_code == 422


def test_without_an_issuer_in_the_settings_nothing_is_there(client, staffed_database, enter):
    somebody = enter("a@example.com")
    for answer in (
        client.post("/v1/oidc/nonces"),
        sign_in(client, "a.b.c"),
        client.post("/v1/me/identity", json={"id_token": "a.b.c"}, headers=somebody.headers),
    ):
        assert answer.status_code == 404
        assert "DUIJIE_OIDC__ISSUER" in answer.json()["detail"]
    assert _nonces(staffed_database) == []


def test_while_the_issuer_is_down(staffed_database, own_issuer, enter):
    enter("linked@example.com", issuer=own_issuer.address, subject=SUBJECT)
    token = own_issuer.mint("n")
    own_issuer.stop()
    with client_over(staffed_database, oidc=oidc_settings(own_issuer)) as client:
        assert client.post("/v1/oidc/nonces").status_code == 201
        refused = sign_in(client, token)
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (503, "issuer-unavailable")
    assert refused.headers["retry-after"]
    assert audited(staffed_database, "sign_in.fail") == [], "that is not the person's failure"


def test_the_database_is_free_while_the_issuer_is_slow(staffed_database, own_issuer, portal):
    """The key of whoever asks has been looked up by then; its connection is given back."""
    own_issuer.behave(keys_answer={"after": 1.5})
    with client_over(staffed_database, oidc=oidc_settings(own_issuer)) as client:
        token = own_issuer.mint("n")
        with ThreadPoolExecutor(2) as pool:
            slow = pool.submit(sign_in, client, token, portal)
            own_issuer.wait_for_fetches(1)
            assert staffed_database.engine.pool.checkedout() == 0
            assert client.post("/v1/oidc/nonces").status_code == 201
            assert not slow.done()
            assert slow.result().status_code == 401
