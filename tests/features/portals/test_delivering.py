"""What webhooks are told: everything their owner may know, signed, until it arrives or is given up."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from app.core.clock import now
from app.features.accounts.models import ApiKey
from app.features.accounts.types import Role
from app.features.portals.models import Webhook
from tests.features.portals.hooks import Post, told

CANARY = "canary-51c3"


def test_a_message_shows_what_the_feed_shows_its_owner(hooks, receiver, post, needs, follower):
    hook = hooks.made(receiver.url)
    posting = needs.published(visibility={"identity": "on_consent"}, budget_min_cny=5)
    post.run()
    (request,) = receiver.requests
    (entry,) = follower("portal").told(kind="need")
    assert request.said["type"] == "need.upserted"
    assert request.said["data"] == {name: value for name, value in entry.items() if name != "cursor"}
    assert request.said["data"]["id"] == posting["id"]
    assert request.said["data"]["data"]["organization"]["name"] is None
    assert request.said["timestamp"].endswith("Z")
    assert request.headers["content-type"] == "application/json"
    assert request.is_signed_by(hook["secret"])
    assert not request.is_signed_by("whsec_" + "QUJD" * 8)
    (delivery,) = hooks.deliveries(hook)
    assert (delivery["state"], delivery["attempts"], delivery["last_status"]) == ("delivered", 1, 204)
    assert delivery["id"] == request.id


def test_it_is_told_of_what_changes_from_then_on_each_once(hooks, receiver, post, needs, capabilities):
    needs.published()
    hooks.made(receiver.url)
    first, second = capabilities.published(), needs.published()
    post.run()
    post.run()
    assert told(receiver.requests) == [("capability.upserted", first["id"]), ("need.upserted", second["id"])]


def test_only_of_the_kinds_it_asked_for(hooks, receiver, post, needs, capabilities):
    hooks.made(receiver.url, kinds=["capability"])
    needs.published()
    capabilities.published()
    post.run()
    assert [request.said["type"] for request in receiver.requests] == ["capability.upserted"]


def test_what_its_owner_may_not_know_is_not_sent(hooks, receiver, post, desk):
    hooks.made(receiver.url)
    operators = hooks.made(receiver.url, "operator")
    desk.draft(title=f"{CANARY} 1")
    desk.published(title=f"{CANARY} 2", visibility={"details": "confidential"})
    post.run()
    assert len(receiver.requests) == 2
    assert all(request.is_signed_by(operators["secret"]) for request in receiver.requests)


def test_visibility_is_asked_when_it_is_sent(hooks, receiver, client, staffed_database, desk):
    post = Post(client, staffed_database, delays=(0,))
    hooks.made(receiver.url)
    posting = desk.published(title=CANARY)
    receiver.answer = lambda _received, before: 503 if before == 0 else 204
    post.run(turns=1)
    assert CANARY in str(receiver.requests[0].said)
    desk.take(posting, "close")
    receiver.requests.clear()
    receiver.answer = lambda _received, _before: 204
    post.run()
    assert {request.said["type"] for request in receiver.requests} == {f"{desk.side.kind.name}.gone"}
    assert CANARY not in str([request.said for request in receiver.requests])
    data = receiver.requests[0].said["data"]
    assert {name for name, value in data.items() if value is not None} == {"kind", "id", "type"}


def test_both_secrets_sign_for_a_day_after_an_exchange(hooks, receiver, post, needs, staffed_database):
    hook = hooks.made(receiver.url)
    rotated = hooks.act(hook, "rotate-secret").json()
    assert rotated["secret"] != hook["secret"]
    assert rotated["old_secret_until"] is not None
    needs.published()
    post.run()
    assert all(receiver.requests[0].is_signed_by(secret) for secret in (hook["secret"], rotated["secret"]))
    assert len(receiver.requests[0].headers["webhook-signature"].split(" ")) == 2
    with staffed_database.write_session() as session:
        session.query(Webhook).update({"old_secret_until": now() - timedelta(seconds=1)})
    assert hooks.get(hook).json()["old_secret_until"] is None
    needs.published()
    post.run()
    assert receiver.requests[1].is_signed_by(rotated["secret"])
    assert not receiver.requests[1].is_signed_by(hook["secret"])


def test_a_ping_says_nothing(hooks, receiver, post):
    hook = hooks.made(receiver.url)
    pinged = hooks.act(hook, "ping")
    assert pinged.status_code == 201
    assert pinged.json()["state"] == "pending"
    post.run()
    (request,) = receiver.requests
    assert (request.said["type"], request.said["data"]) == ("ping", {"webhook_id": hook["id"]})
    assert request.is_signed_by(hook["secret"])


def test_what_does_not_arrive_is_given_up_listed_and_sent_again_when_asked(
    hooks, receiver, client, staffed_database, needs
):
    post = Post(client, staffed_database, delays=(0, 0))
    hook = hooks.made(receiver.url)
    receiver.answer = lambda _received, _before: 500
    needs.published()
    post.run()
    (dead,) = hooks.deliveries(hook, state="dead")
    assert (dead["attempts"], dead["last_status"], dead["last_error"], dead["next_at"]) == (3, 500, "status", None)
    assert len(receiver.requests) == 3
    receiver.answer = lambda _received, _before: 204
    again = hooks.replay(hook, dead).json()
    assert (again["state"], again["attempts"], again["id"]) == ("pending", 0, dead["id"])
    post.run()
    assert len({request.id for request in receiver.requests}) == 1
    (delivery,) = hooks.deliveries(hook)
    assert (delivery["state"], delivery["attempts"], delivery["last_error"]) == ("delivered", 1, None)
    hooks.replay(hook, delivery)
    post.run()
    assert len(receiver.requests) == 5


def test_delays_grow_and_a_message_that_fails_holds_up_no_other(
    hooks, receiver, client, staffed_database, needs, time_machine
):
    post = Post(client, staffed_database, delays=(100, 1000))
    hook = hooks.made(receiver.url)
    bad = needs.published()
    good = needs.published()
    receiver.answer = lambda received, _before: 500 if received.said["data"]["id"] == bad["id"] else 204
    began = now()
    (again_at,) = post.run().values()
    assert [request.said["data"]["id"] for request in receiver.requests] == [bad["id"], good["id"]]
    (waiting,) = hooks.deliveries(hook, state="pending")
    assert waiting["attempts"] == 1
    assert datetime.fromisoformat(waiting["next_at"]) == again_at
    assert 100 <= (again_at - began).total_seconds() <= 115
    time_machine.move_to(again_at + timedelta(seconds=1))
    (again_at,) = post.run().values()
    assert 1000 <= (again_at - now()).total_seconds() <= 1105
    assert [request.id for request in receiver.requests].count(waiting["id"]) == 2


def test_after_a_failure_other_webhooks_get_their_turn(hooks, receiver, client, staffed_database, needs):
    post = Post(client, staffed_database, delays=(100,))
    hooks.made(receiver.url)
    for _ in range(3):
        needs.published()
    receiver.answer = lambda _received, _before: 500
    post.run(turns=1)
    assert len(receiver.requests) == 1
    post.run()
    assert len(receiver.requests) == 3


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_a_failure_and_leads_nowhere(hooks, receiver, post, status):
    hook = hooks.made(receiver.url)
    receiver.answer = lambda _received, _before: status
    receiver.headers = {"Location": receiver.url + "/elsewhere"}
    hooks.act(hook, "ping")
    post.run()
    (dead,) = hooks.deliveries(hook)
    assert (dead["state"], dead["last_status"], dead["last_error"]) == ("dead", status, "redirect")
    assert [request.path for request in receiver.requests] == ["/hook"]


def test_an_address_inside_is_refused_when_it_is_connected_to(hooks, post, monkeypatch, receiver):
    monkeypatch.setattr("socket.getaddrinfo", lambda _host, port, **_: [(2, 1, 6, "", ("10.0.0.1", port))])
    hook = hooks.made("http://innocent.example.com/")
    hooks.act(hook, "ping")
    post.run()
    (dead,) = hooks.deliveries(hook)
    assert (dead["last_status"], dead["last_error"]) == (None, "address_refused")
    assert receiver.requests == []


def test_a_receiver_that_is_gone_is_not_asked_again_until_its_owner_says_so(
    hooks, receiver, client, staffed_database, needs
):
    post = Post(client, staffed_database, delays=(0, 0))
    hook = hooks.made(receiver.url)
    receiver.answer = lambda _received, _before: 410
    first = needs.published()
    post.run()
    stopped = hooks.get(hook).json()
    assert (stopped["enabled"], stopped["stopped"]) == (False, "receiver_gone")
    second = needs.published()
    for _ in range(3):
        assert set(post.run().values()) <= {None}
    assert len(receiver.requests) == 1
    receiver.answer = lambda _received, _before: 204
    assert hooks.patch(hook, enabled=True).json()["stopped"] is None
    post.run()
    assert [request.said["data"]["id"] for request in receiver.requests[1:]] == [first["id"], second["id"]]


@pytest.mark.parametrize("waits", [True, False])
def test_a_key_that_is_revoked_is_told_nothing_more(hooks, receiver, client, staffed_database, needs, waits):
    post = Post(client, staffed_database, delays=(0, 0, 0))
    hook = hooks.made(receiver.url)
    operators = hooks.made(receiver.url + "/operators", "operator")
    if waits:
        receiver.answer = lambda _received, _before: 500
        needs.published()
        post.run(turns=1)
        receiver.answer = lambda _received, _before: 204
        receiver.requests.clear()
    with staffed_database.write_session() as session:
        session.query(ApiKey).filter_by(role=Role.PORTAL).update({"revoked_at": now()})
    needs.published()
    for _ in range(3):
        post.run()
    assert not [request for request in receiver.requests if request.is_signed_by(hook["secret"])]
    assert [request for request in receiver.requests if request.is_signed_by(operators["secret"])]
    with staffed_database.read_session() as session:
        stored = session.get(Webhook, UUID(hook["id"]))
    assert (stored.enabled, stored.stopped) == (False, "key_ended")


def test_one_that_is_enabled_again_goes_on_where_it_stopped(hooks, receiver, post, needs):
    hook = hooks.made(receiver.url)
    hooks.patch(hook, enabled=False)
    posting = needs.published()
    post.run()
    assert receiver.requests == []
    hooks.patch(hook, enabled=True)
    post.run()
    assert told(receiver.requests) == [("need.upserted", posting["id"])]


def test_many_changes_are_told_in_their_order(hooks, receiver, post, needs):
    hooks.made(receiver.url)
    # more than one stretch of the log, and more than one turn
    ids = [needs.published()["id"] for _ in range(75)]
    post.run()
    told_of = [request.said["data"]["id"] for request in receiver.requests]
    # a record whose changes lie in two stretches is told of twice
    assert list(dict.fromkeys(told_of)) == ids
    assert len(told_of) <= len(ids) + 1


def test_what_ceases_to_be_valid_is_told_the_day_after(hooks, receiver, post, desk, time_machine, follower):
    desk.published(valid_until="2027-03-31")
    reader = follower()
    reader.told()
    hook = hooks.made(receiver.url)
    post.run(post.ending)
    post.run()
    assert receiver.requests == []
    assert reader.told() == []
    time_machine.move_to("2027-03-31T23:59:00+08:00")
    post.run(post.ending)
    assert reader.told() == []
    time_machine.move_to("2027-04-01T00:01:00+08:00")
    for _ in range(2):
        post.run(post.ending)
    post.run()
    assert [entry["type"] for entry in reader.told()] == ["gone"]
    assert [request.said["type"] for request in receiver.requests] == [f"{desk.side.kind.name}.gone"]
    assert len(hooks.deliveries(hook)) == 1


def test_what_arrived_long_ago_is_forgotten_and_what_was_given_up_is_kept(hooks, receiver, post, needs, time_machine):
    hook = hooks.made(receiver.url)
    needs.published()
    post.run()
    receiver.answer = lambda _received, _before: 500
    needs.published()
    post.run()
    time_machine.move_to(now() + timedelta(days=31), tick=True)
    needs.published()
    post.run()
    assert [one["state"] for one in hooks.deliveries(hook, sort="created_at")] == ["dead", "dead"]
