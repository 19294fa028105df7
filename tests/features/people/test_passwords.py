"""New passwords: which are good, by a link when lost, and instead of the current one."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.features.people.house import GOOD, OTHER, bearer, faults, problem, through

WEAK = [
    "1234567890",
    "password123",
    "qwertyuiop",
    "aaaaaaaaaaaa",
    "liweiliwei",
    "a" * 128,
    "duijie2026",
]


def _complete(house, link=None, password=OTHER):
    body = {"link": link or house.link(), "password": password}
    return house.client.post("/v1/password-resets/complete", json=body)


def _change(house, issued, current=GOOD, new=OTHER):
    return house.client.post("/v1/me/password", json={"current": current, "new": new}, headers=bearer(issued))


@pytest.mark.parametrize("password", WEAK)
def test_what_is_easily_guessed_is_refused_everywhere(house, password):
    house.invite("manager", "new@example.com", name="李伟 liwei")
    refused = house.accept(password=password)
    assert (refused.status_code, faults(refused)) == (422, [("/password", "password_weak")])
    issued = house.signed_in()
    house.ask_reset()
    assert faults(_complete(house, password=password)) == [("/password", "password_weak")]
    assert faults(_change(house, issued, new=password)) == [("/new", "password_weak")]
    assert house.sign_in().status_code == 201
    assert house.accept(house.link(0)).status_code == 201, "the link is not used up"


@pytest.mark.parametrize("password", ["li.wei@example.com", "zhangxiaofeng", "Zhangxiaofeng1"])
def test_ones_own_login_and_name_are_easily_guessed(house, password):
    house.invite("manager", name="zhangxiaofeng")
    assert faults(house.accept(password=password)) == [("/password", "password_weak")]


@pytest.mark.parametrize(
    ("password", "code"), [("x7#Qp" + "2" * 4, "string_too_short"), ("x7#Qp" * 26, "string_too_long")]
)
def test_length_has_bounds(house, password, code):
    house.invite("manager")
    assert faults(house.accept(password=password)) == [("/password", code)]


def test_the_longest_is_taken_whole(house):
    whole = "乙7 quiet-harbour " * 8
    longest = whole[:128]
    house.invite("manager")
    assert house.accept(password=longest).status_code == 201
    assert house.sign_in(password=longest).status_code == 201
    assert house.sign_in(password=longest[:-1] + "x").status_code == 401


@pytest.mark.parametrize(("language", "words"), [("zh", "过于容易猜到"), ("en", "Too easy to guess")])
def test_why_it_is_refused_is_told_in_both_languages(house, language, words):
    house.invite("manager")
    body = {"link": house.link(), "password": WEAK[0]}
    refused = house.client.post("/v1/invitations/accept", json=body, headers={"Accept-Language": language})
    assert words in refused.json()["errors"][0]["detail"]


class TestReset:
    def test_a_link_sets_a_new_password_and_ends_all_sign_ins(self, house):
        issued = [house.signed_in(), house.sign_in().json()]

        assert house.ask_reset().status_code == 202
        (mail,) = house.outbox.mails
        assert mail.to == "li.wei@example.com"
        done = _complete(house)

        assert (done.status_code, done.content) == (204, b"")
        assert {house.me(bearer(one)).status_code for one in issued} == {401}
        assert {house.refresh(one["refresh_key"]).status_code for one in issued} == {401}
        assert house.sign_in().status_code == 401
        assert house.sign_in(password=OTHER).status_code == 201
        (entry,) = house.audited("password.reset")
        assert str(entry.person_id) == issued[0]["person"]["id"]

    def test_an_identity_is_unlinked_and_can_be_linked_by_another(self, house):
        house.enter(issuer="https://issuer.example.com", subject="a stranger's")
        house.ask_reset()
        assert _complete(house).status_code == 204
        assert (house.stored().issuer, house.stored().subject) == (None, None)
        (entry,) = house.audited("identity.unlink")
        assert (entry.subject_id, entry.detail) == (house.stored().id, {"by": "reset"})
        house.enter("other@example.com", issuer="https://issuer.example.com", subject="a stranger's")

    def test_without_an_identity_nothing_is_unlinked(self, house):
        house.enter()
        house.ask_reset()
        assert _complete(house).status_code == 204
        assert house.audited("identity.unlink") == []

    def test_a_change_keeps_the_identity_and_one_sees_it(self, house):
        issued = house.signed_in(issuer="https://issuer.example.com", subject="own")
        assert _change(house, issued).status_code == 204
        assert house.me(bearer(issued)).json()["issuer"] == "https://issuer.example.com"
        assert house.stored().subject == "own"
        assert house.me(bearer(house.signed_in(login="b@example.com"))).json()["issuer"] is None

    def test_it_works_once_and_ends_all_other_links(self, house):
        house.enter()
        house.ask_reset()
        house.ask_reset()
        assert _complete(house, house.link(0)).status_code == 204
        for number in (0, 1):
            assert faults(_complete(house, house.link(number))) == [("/link", "link_invalid")]

    @pytest.mark.parametrize(("minutes", "status"), [(29.9, 204), (30.1, 422)])
    def test_it_is_good_for_half_an_hour(self, house, minutes, status):
        house.enter()
        house.ask_reset()
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=minutes), tick=True):
            assert _complete(house).status_code == status

    def test_the_answer_is_the_same_whoever_is_asked_for(self, house):
        house.enter()
        house.enter("gone@example.com", disabled_at=datetime.now(UTC))
        house.enter("waits@example.com", password_hash=None)
        logins = ("li.wei@example.com", "gone@example.com", "waits@example.com", "nobody@example.com")
        answers = [house.ask_reset(login) for login in logins]
        own = {"x-request-id"}
        seen = {
            (one.status_code, one.content, str({k: v for k, v in one.headers.items() if k not in own}))
            for one in answers
        }
        assert len(seen) == 1
        assert answers[0].status_code == 202
        assert [mail.to for mail in house.outbox.mails] == ["li.wei@example.com"]

    def test_nobodys_mailbox_is_filled(self, house):
        house.enter()
        for _ in range(6):
            assert house.ask_reset().status_code == 202
        assert len(house.outbox.mails) == 3
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=31), tick=True):
            house.ask_reset()
        assert len(house.outbox.mails) == 4

    def test_a_reset_link_is_no_invitation(self, house):
        house.enter()
        house.ask_reset()
        assert faults(house.accept(house.link())) == [("/link", "link_invalid")]


class TestChange:
    def test_it_ends_all_other_sign_ins_and_links(self, house):
        here, there = house.signed_in(), house.sign_in().json()
        house.ask_reset()
        assert _change(house, here).status_code == 204
        assert house.me(bearer(here)).status_code == 200
        assert house.me(bearer(there)).status_code == 401
        assert _complete(house).status_code == 422
        assert house.sign_in(password=OTHER).status_code == 201
        assert house.sign_in().status_code == 401
        (entry,) = house.audited("password.change")
        assert str(entry.person_id) == here["person"]["id"]

    def test_the_current_one_must_be_right(self, house):
        issued = house.signed_in()
        refused = _change(house, issued, current=OTHER)
        assert (refused.status_code, faults(refused)) == (422, [("/current", "password_wrong")])
        assert house.sign_in().status_code == 201
        assert house.audited("password.change") == []

    def test_a_portal_changes_it_for_who_knows_the_current_one(self, house):
        issued = house.signed_in()
        headers = through(house.people["portal"].headers, issued)
        for current, status in ((OTHER, 422), (GOOD, 204)):
            body = {"current": current, "new": OTHER}
            assert house.client.post("/v1/me/password", json=body, headers=headers).status_code == status
        assert house.sign_in(password=OTHER).status_code == 201

    def test_machines_have_none(self, house):
        for name in ("administrator", "portal", "manager"):
            body = {"current": GOOD, "new": OTHER}
            answer = house.client.post("/v1/me/password", json=body, headers=house.people[name].headers)
            assert problem(answer) == (403, "forbidden")
        assert house.client.post("/v1/me/password", json={"current": GOOD, "new": OTHER}).status_code == 401

    def test_a_change_meanwhile_counts(self, house, monkeypatch):
        issued = house.signed_in()
        verify = house.passwords.verify

        def meanwhile(password, stored):
            with house.database.write_session() as session:
                session.merge(house.stored()).password_hash = house.passwords.hash("changed 77 by somebody else")
            return verify(password, stored)

        monkeypatch.setattr(house.passwords, "verify", meanwhile)
        assert _change(house, issued).status_code == 422
        monkeypatch.undo()
        assert house.sign_in(password=OTHER).status_code == 401
