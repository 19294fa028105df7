"""Webhooks: made, changed and removed by their owner, seen by nobody else."""

from dataclasses import replace

import pytest
from sqlalchemy import inspect, text

from app.core.clock import now
from app.core.ids import new_id
from app.db.audit import AuditEntry
from app.features.accounts.keys import generate
from app.features.accounts.models import ApiKey, Person
from app.features.accounts.policy import SCOPES
from app.features.accounts.types import Actor, Role
from app.features.portals import service
from app.features.portals.errors import WebhookNotFound
from app.features.portals.schemas import WebhookCreate
from tests.features.portals.hooks import WEBHOOKS

URL = "https://portal.example.com/hook"


def test_the_secret_is_shown_once_and_is_nowhere_else(hooks, staffed_database):
    made = hooks.made(URL)
    assert made["secret"].startswith("whsec_")
    assert (made["url"], made["enabled"], made["stopped"]) == (URL, True, None)
    assert made["kinds"] == ["need", "capability", "organization"]
    assert made["secret"] not in hooks.get(made).text
    assert "secret" not in hooks.get(made).json()
    with staffed_database.read_session() as session:
        for table in ("webhooks", "audit_entries", "jobs"):
            rows = session.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608 - names from above
            assert made["secret"] not in str(rows), table
    assert "webhooks" in inspect(staffed_database.engine).get_table_names()


def test_what_was_made_can_be_read_listed_changed_and_deleted(hooks, client, portal):
    first, second = hooks.made(URL), hooks.made(URL + "/2", kinds=["need"])
    listed = client.get(WEBHOOKS, headers=portal).json()["items"]
    assert [one["id"] for one in listed] == [second["id"], first["id"]]
    assert hooks.get(second).json() == listed[0]
    changed = hooks.patch(second, kinds=["capability"], enabled=False)
    assert changed.status_code == 200
    assert (changed.json()["kinds"], changed.json()["enabled"], changed.json()["version"]) == (["capability"], False, 2)
    assert changed.headers["etag"].startswith('"2-')
    assert hooks.delete(first).status_code == 204
    assert hooks.get(first).status_code == 404
    assert [one["id"] for one in client.get(WEBHOOKS, headers=portal).json()["items"]] == [second["id"]]


def test_changes_take_the_version_that_was_read(hooks):
    made = hooks.made(URL)
    for call in (hooks.patch, hooks.delete):
        assert call(made, if_match=None).status_code == 428
        assert call(made, if_match='"7"').status_code == 412
    assert hooks.patch(made, if_match='"1"', enabled=False).status_code == 200


@pytest.mark.parametrize("by", ["operator", "administrator"])
def test_nobody_sees_anothers(hooks, client, people, by):
    made = hooks.made(URL)
    (delivery,) = [hooks.act(made, "ping").json()]
    assert client.get(WEBHOOKS, headers=people[by].headers).json()["items"] == []
    assert hooks.get(made, by).status_code == 404
    assert hooks.patch(made, by, enabled=False).status_code == 404
    assert hooks.delete(made, by).status_code == 404
    for action in ("ping", "rotate-secret"):
        assert hooks.act(made, action, by).status_code == 404
    assert client.get(f"{WEBHOOKS}/{made['id']}/deliveries", headers=people[by].headers).status_code == 404
    assert hooks.replay(made, delivery, by).status_code == 404
    own = hooks.made(URL, by)
    assert hooks.replay(own, delivery, by).status_code == 404, "a delivery of another webhook"
    assert hooks.get(own, "portal").status_code == 404


def test_operators_have_webhooks_of_their_own_and_organisations_have_none(hooks, client, people):
    assert hooks.get(hooks.made(URL, "operator"), "operator").status_code == 200
    for by in ("enterprise", "provider", "manager", "stranger"):
        assert hooks.post(URL, by).status_code == 403
        assert client.get(WEBHOOKS, headers=people[by].headers).status_code == 403
    assert client.get(WEBHOOKS).status_code == 401


def test_a_key_that_was_rotated_keeps_its_webhooks(hooks, client, staffed_database):
    made = hooks.made(URL)
    with staffed_database.write_session() as session:
        old = session.query(ApiKey).filter_by(role=Role.PORTAL).one()
        names = {column.name: getattr(old, column.name) for column in ApiKey.__table__.columns}
        previous = old.id
        keys = []
        for _ in range(2):
            presented = generate()
            replaced = names | {
                "id": new_id(),
                "public_id": presented.public_id,
                "secret_hash": presented.secret_hash,
                "replaces_id": previous,
            }
            session.add(ApiKey(**replaced))
            previous = replaced["id"]
            keys.append(presented.text)
    for key in keys:
        headers = {"Authorization": f"Bearer {key}"}
        assert client.get(f"{WEBHOOKS}/{made['id']}", headers=headers).status_code == 200
        assert len(client.get(WEBHOOKS, headers=headers).json()["items"]) == 1
    own = client.post(WEBHOOKS, json={"url": URL}, headers={"Authorization": f"Bearer {keys[1]}"}).json()
    assert hooks.get(own, "portal").status_code == 200


def test_a_person_has_webhooks_of_their_own_until_they_may_not_sign_in(client, staffed_database, receiver, post, needs):
    person = Person(
        id=new_id(),
        login="ops@example.com",
        name="运营",
        role=Role.OPERATOR,
        version=1,
        created_at=now(),
        updated_at=now(),
    )
    actor = Actor(Role.OPERATOR, person_id=person.id, scopes=SCOPES[Role.OPERATOR])
    with staffed_database.write_session() as session:
        session.add(person)
        session.flush()
        hook = service.create(
            session=session,
            actor=actor,
            body=WebhookCreate(url=receiver.url),
            seal=client.app.state.seal,
            destinations=client.app.state.destinations,
        )
    with staffed_database.read_session() as session:
        assert service.get(session=session, actor=actor, webhook_id=hook.id).id == hook.id
        with pytest.raises(WebhookNotFound):
            service.get(session=session, actor=replace(actor, person_id=new_id()), webhook_id=hook.id)
    needs.draft()
    post.run()
    assert len(receiver.requests) == 1
    with staffed_database.write_session() as session:
        session.query(Person).update({"disabled_at": now()})
    needs.draft()
    post.run()
    assert len(receiver.requests) == 1
    with staffed_database.read_session() as session:
        assert service.get(session=session, actor=actor, webhook_id=hook.id).stopped == "key_ended"


@pytest.mark.parametrize(
    "url", ["https://10.0.0.1/", "https://user@example.com/", "https://[::1]:8443/x", "https://example.com/#x"]
)
def test_addresses_that_are_refused(hooks, url):
    answer = hooks.post(url)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/url"]
    made = hooks.made(URL)
    assert hooks.patch(made, url=url).status_code == 422


def test_without_a_setting_there_is_no_http_and_nothing_inside(staffed_database, make_client, portal):
    with make_client(staffed_database) as client:
        for url in ("http://example.com/", "https://127.0.0.1/", "https://localhost/"):
            assert client.post(WEBHOOKS, json={"url": url}, headers=portal).status_code == 422
        assert client.post(WEBHOOKS, json={"url": URL}, headers=portal).status_code == 201


@pytest.mark.parametrize(
    "body", [{"kinds": []}, {"kinds": ["need", "need"]}, {"kinds": ["docking"]}, {"enabled": "yes"}]
)
def test_what_it_is_told_of_is_checked(hooks, body):
    assert hooks.post(URL, **body).status_code == 422


def test_there_are_not_too_many(hooks):
    for _ in range(20):
        hooks.made(URL)
    assert hooks.post(URL).status_code == 409
    hooks.made(URL, "operator")


def test_what_is_done_to_it_is_in_the_audit_without_its_secret(hooks, staffed_database):
    made = hooks.made(URL)
    hooks.patch(made, url=URL + "/2", enabled=False)
    rotated = hooks.act(made, "rotate-secret").json()
    hooks.delete(made)
    with staffed_database.read_session() as session:
        entries = session.query(AuditEntry).filter_by(subject_kind="webhook").order_by(AuditEntry.number).all()
    assert [entry.action for entry in entries] == [
        "webhook.create",
        "webhook.change",
        "webhook.rotate",
        "webhook.delete",
    ]
    assert entries[1].detail == {"fields": ["enabled", "url"], "enabled": False}
    assert all(entry.role == "portal" for entry in entries)
    said = str([entry.detail for entry in entries])
    assert made["secret"] not in said
    assert rotated["secret"] not in said
    assert URL not in said


def test_nothing_is_sent_to_one_that_is_disabled(hooks, receiver, post, needs):
    made = hooks.made(receiver.url, enabled=False)
    needs.published()
    assert hooks.act(made, "ping").status_code == 409
    post.run()
    assert receiver.requests == []


def test_what_waits_when_it_is_disabled_is_sent_when_it_is_enabled(hooks, receiver, post):
    made = hooks.made(receiver.url)
    waiting = hooks.act(made, "ping").json()
    hooks.patch(made, enabled=False)
    post.run()
    assert receiver.requests == []
    assert hooks.replay(made, waiting).status_code == 409
    hooks.patch(made, enabled=True)
    post.run()
    assert [request.id for request in receiver.requests] == [waiting["id"]]
