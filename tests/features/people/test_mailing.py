"""Mail: put down with what makes it necessary, sent once it is, tried again while its link is good."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
import time_machine
from sqlalchemy import select, text, update

from app.core.mail import MailRefused
from app.db.jobs import LeaseLost, QueuedJob
from app.features.accounts import keys
from app.features.people import jobs as people_jobs
from app.features.people.models import Link, OutgoingMail
from app.features.people.types import SEND_MAIL
from app.jobs.job import Turn
from tests.features.people.house import LINK, faults
from tests.support.clients import SEAL_KEY
from tests.support.processes import working
from tests.support.statements import statements

LOGIN = "li.wei@example.com"


def _later(**after):
    return time_machine.travel(datetime.now(UTC) + timedelta(**after), tick=True)


def _rows(house, model):
    with house.database.read_session() as session:
        return list(session.scalars(select(model)))


def _jobs(house):
    return [job for job in _rows(house, QueuedJob) if job.name == SEND_MAIL]


def _invite(house, **more):
    """Invite somebody while nobody works."""
    body = {"login": LOGIN, "name": "李伟", "role": "member", "organization_id": house.organization("enterprise")}
    return house.client.post("/v1/people", json={**body, **more}, headers=house.people["manager"].headers)


def _ask(house, login=LOGIN, **headers):
    return house.client.post("/v1/password-resets", json={"login": login}, headers=headers)


def test_the_answer_waits_for_no_mail(house):
    invited = _invite(house)
    assert invited.status_code == 201
    assert "mail_sent" not in invited.json()
    assert house.outbox.mails == []
    house.work()
    assert [mail.to for mail in house.outbox.mails] == [LOGIN]
    assert house.accept().status_code == 201
    assert (_rows(house, OutgoingMail), _jobs(house)) == ([], [])


def test_an_invitation_that_is_refused_leaves_no_mail(house):
    house.enter()
    assert _invite(house).status_code == 409
    assert (_rows(house, OutgoingMail), _jobs(house)) == ([], [])


def test_what_waits_to_be_sent_is_sealed(house):
    house.enter("lost@example.com")
    _invite(house)
    _ask(house, "lost@example.com")
    house.outbox.is_down = True
    house.work()
    waiting = _rows(house, OutgoingMail)
    stored = "\n".join(mail.sealed for mail in waiting)
    house.outbox.is_down = False
    with _later(seconds=2):
        house.work()
    sent = [keys.parse(LINK.search(mail.text)[1]) for mail in house.outbox.mails]
    assert len(sent) == len(waiting) == 2
    with house.database.read_session() as session:
        stored += str(session.execute(text("SELECT * FROM jobs")).all())
    assert not [one for link in sent for one in (link.secret, link.public_id) if one in stored]
    assert "example.com" not in stored


@pytest.mark.parametrize("kind", ["invitation", "password_reset"])
def test_mail_that_fails_is_told_and_tried_again_with_the_same_link(house, kind):
    if kind == "invitation":
        _invite(house)
    else:
        house.enter()
        _ask(house)
    house.outbox.is_down = True
    with structlog.testing.capture_logs() as lines:
        house.work()
        with _later(seconds=2):
            house.work()
    failed = [line for line in lines if line["event"] == "mail not sent"]
    assert [line["error"] for line in failed] == ["ConnectionRefusedError"] * 2
    assert "example.com" not in repr(lines)
    assert "dj_link" not in repr(lines)
    (job,) = _jobs(house)
    assert (job.failures, job.last_error) == (2, "MailFailed")
    (link,) = _rows(house, Link)
    house.outbox.is_down = False
    with _later(minutes=6):
        house.work()
    assert keys.parse(house.link()).public_id == link.public_id
    assert (_rows(house, OutgoingMail), _jobs(house)) == ([], [])


def test_mail_that_is_refused_for_good_is_given_up_at_once(house, monkeypatch):
    def refuse(_):
        raise MailRefused("SMTPRecipientsRefused")

    monkeypatch.setattr(house.outbox, "send", refuse)
    with structlog.testing.capture_logs() as lines:
        _invite(house)
        house.work()
    assert [line["error"] for line in lines if line["event"] == "mail given up"] == ["SMTPRecipientsRefused"]
    assert (_rows(house, OutgoingMail), _jobs(house)) == ([], [])


@pytest.mark.parametrize(
    ("kind", "still", "over"),
    [
        ("invitation", timedelta(days=6.99), timedelta(days=7.01)),
        ("password_reset", timedelta(minutes=29.9), timedelta(minutes=30.1)),
    ],
)
@pytest.mark.parametrize("was_tried", [True, False])
def test_it_is_given_up_when_its_link_is_no_longer_good(house, kind, still, over, was_tried):
    house.enter("lost@example.com")
    _invite(house) if kind == "invitation" else _ask(house, "lost@example.com")
    house.outbox.is_down = True
    if was_tried:
        house.work()
    began = datetime.now(UTC)
    with time_machine.travel(began + still, tick=True):
        house.work()
        assert len(_jobs(house)) == 1
    house.outbox.is_down = False
    with time_machine.travel(began + over, tick=True), structlog.testing.capture_logs() as lines:
        # whenever its next attempt would be
        with house.database.write_session() as session:
            session.execute(update(QueuedJob).values(due_at=datetime.now(UTC)))
        house.work()
    assert [line["kind"] for line in lines if line["event"] == "mail given up"] == [kind]
    assert house.outbox.mails == []
    assert (_rows(house, OutgoingMail), _jobs(house)) == ([], [])


def test_who_is_invited_once_more_gets_the_newer_link_only(house):
    _invite(house)
    _invite(house, name="李薇")
    house.work()
    assert len(house.outbox.mails) == 1
    assert house.accept().status_code == 201
    assert _jobs(house) == []


def test_who_is_disabled_meanwhile_gets_none(house):
    person = _invite(house).json()
    change = {"headers": {**house.people["manager"].headers, "If-Match": "*"}, "json": {"disabled": True}}
    assert house.client.patch(f"/v1/people/{person['id']}", **change).status_code == 200
    house.enter("lost@example.com")
    _ask(house, "lost@example.com")
    with house.database.write_session() as session:
        session.merge(house.stored("lost@example.com")).disabled_at = datetime.now(UTC)
    house.work()
    assert house.outbox.mails == []
    assert (_rows(house, OutgoingMail), _jobs(house)) == ([], [])


def test_a_worker_that_dies_after_sending_leaves_it_to_another(house):
    """At least once: the second mail brings the same link."""
    _invite(house)
    (job,) = _jobs(house)
    state = house.client.app.state
    (mail,) = people_jobs.jobs(seal=state.seal, sender=house.outbox, public_url=state.public_url)
    held = iter([None, LeaseLost(SEND_MAIL)])

    def hold(_session):
        lost = next(held)
        if lost is not None:
            raise lost

    with pytest.raises(LeaseLost):
        mail.run(Turn(job.key, house.database, hold, lambda: False))
    house.work()
    first, second = house.outbox.mails
    assert first == second
    assert house.accept().status_code == 201


def test_a_reset_does_the_same_for_everybody(house):
    """The same statements in the same order, so neither the answer nor its time tells who is here."""
    house.enter()
    house.enter("gone@example.com", disabled_at=datetime.now(UTC))
    sent = []
    for login in (LOGIN, "gone@example.com", "nobody@example.com"):
        for _ in range(2):
            with statements(house.database) as made:
                assert _ask(house, login).status_code == 202
            sent.append(tuple(made))
    assert len(set(sent)) == 1
    assert not [one for one in sent[0] if "people" in one]
    house.work()
    assert {mail.to for mail in house.outbox.mails} == {LOGIN}
    assert (_rows(house, OutgoingMail), _jobs(house)) == ([], [])


def test_a_reset_that_is_repeated_is_done_once(house):
    house.enter()
    first, second = (_ask(house, **{"Idempotency-Key": "a"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (202, 202)
    assert second.headers["Idempotent-Replayed"] == "true"
    house.work()
    assert len(house.outbox.mails) == 1


def test_an_invitation_that_is_repeated_is_sent_once(house):
    headers = {**house.people["manager"].headers, "Idempotency-Key": "a"}
    body = {"login": LOGIN, "name": "李伟", "role": "member", "organization_id": house.organization("enterprise")}
    answers = [house.client.post("/v1/people", json=body, headers=headers) for _ in range(2)]
    assert answers[0].content == answers[1].content
    house.work()
    assert len(house.outbox.mails) == 1
    assert house.accept().status_code == 201


def test_a_worker_of_its_own_sends_it(house, tmp_path):
    settings = {"DUIJIE_SECRET_KEY": SEAL_KEY, "DUIJIE_PUBLIC_URL": "https://docking.example.com/"}
    house.enter("lost@example.com")
    _invite(house)
    _ask(house, "lost@example.com")
    file = Path(tmp_path, "var/mail.log")
    with working(house.database, cwd=tmp_path, **settings):
        end = time.monotonic() + 60
        while not file.exists() or len(file.read_text("utf-8").splitlines()) < 2:
            assert time.monotonic() < end, "no mail came"
            time.sleep(0.05)
    mails = {mail["to"]: mail for mail in map(json.loads, file.read_text("utf-8").splitlines())}
    assert "https://docking.example.com/password-reset#" in mails["lost@example.com"]["text"]
    assert house.accept(LINK.search(mails[LOGIN]["text"])[1]).status_code == 201
    assert faults(house.accept(LINK.search(mails[LOGIN]["text"])[1])) == [("/link", "link_invalid")]
