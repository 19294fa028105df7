"""The feed of changes: everything visible, in commit order, at least once, and nothing else."""

import base64
import json
from threading import Event, Thread

import pytest

from app.core.ids import new_id
from app.db import changes
from app.db.engine import Database
from tests.features.portals.following import CHANGES, Follower
from tests.support.statements import statements

CANARY = "canary-8f2d"
PATHS = {"need": "/v1/needs", "capability": "/v1/capabilities", "organization": "/v1/organizations"}


def listed(client, headers, path):
    """All items of a list."""
    items, cursor = [], None
    while True:
        query = {"limit": 200} | ({"cursor": cursor} if cursor else {})
        page = client.get(path, params=query, headers=headers).json()
        items += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return {item["id"]: item for item in items}


def forged(number, mark):
    raw = json.dumps(["changes", number, mark]).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@pytest.mark.parametrize("by", ["operator", "portal", "enterprise", None])
@pytest.mark.parametrize("limit", [7, 200])
def test_whoever_follows_to_the_end_holds_what_the_lists_show(demo_client, demo_people, by, limit):
    headers = demo_people[by].headers if by else {}
    follower = Follower(demo_client, headers)
    told = follower.told(limit=limit)
    expected = {}
    for kind, path in PATHS.items():
        if by or kind != "organization":
            expected |= listed(demo_client, headers, path)
    assert follower.copy == expected
    assert len(expected) > 30
    assert follower.told(limit=limit) == []
    numbers = [json.loads(base64.urlsafe_b64decode(entry["cursor"] + "==")) for entry in told]
    assert [number[1] for number in numbers] == sorted({number[1] for number in numbers})


def test_an_entry_shows_the_record_as_its_list_does(client, people, needs, follower):
    posting = needs.published(budget_min_cny=7, visibility={"identity": "registered", "budget": "on_consent"})
    (entry,) = follower().told(kind="need")
    assert entry["data"] == listed(client, {}, "/v1/needs")[posting["id"]]
    assert entry["data"]["organization"]["name"] is None
    assert entry["data"]["budget_min_cny"] is None
    assert (entry["kind"], entry["id"], entry["type"]) == ("need", posting["id"], "upserted")
    assert (entry["reference"], entry["version"]) == (posting["reference"], posting["version"])
    assert entry["at"].endswith("Z")
    (own,) = follower("enterprise").told(kind="need")
    assert own["data"]["budget_min_cny"] == 7
    assert own["data"]["organization"]["id"] == str(people["enterprise"].organization_id)


def test_changes_of_one_record_come_together_in_its_newest(needs, follower):
    first, second = needs.draft(), needs.draft()
    needs.take(first, "submit", "publish")
    told = follower("operator").told(kind="need")
    assert [(entry["id"], entry["version"]) for entry in told] == [(second["id"], 1), (first["id"], 3)]


def test_what_comes_later_is_after_the_last_cursor(desk, follower):
    reader = follower("portal")
    reader.told()
    assert reader.page(cursor=reader.cursor) == {"items": [], "next_cursor": reader.cursor, "has_more": False}
    posting = desk.published()
    (entry,) = reader.told()
    assert entry["id"] == posting["id"]


def test_each_entry_can_be_gone_on_from(needs, follower):
    for _ in range(4):
        needs.published()
    reader = follower()
    whole = reader.page(limit=4)["items"]
    for place, entry in enumerate(whole):
        assert reader.page(cursor=entry["cursor"])["items"] == whole[place + 1 :]


def test_an_empty_log_gives_a_cursor_to_begin_with(database, make_client):
    with make_client(database) as client:
        reader = Follower(client, {})
        page = reader.page()
        assert (page["items"], page["has_more"]) == ([], False)
        assert reader.page(cursor=page["next_cursor"]) == page


def test_a_stretch_of_hidden_changes_is_passed_over(needs, follower):
    # more than are looked at for one page, and nothing in them for this reader
    for _ in range(110):
        needs.draft()
    needs.published(title="seen")
    reader = follower()
    page = reader.page(limit=1)
    assert (page["items"], page["has_more"]) == ([], True)
    assert [entry["data"]["title"] for entry in reader.told(limit=1)] == ["seen"]


@pytest.mark.parametrize("action", ["pause", "close"])
def test_what_can_no_longer_be_seen_is_gone(desk, follower, action):
    posting = desk.published(title=CANARY)
    readers = [follower(by) for by in (None, "portal", "stranger")]
    for reader in readers:
        assert posting["id"] in {entry["id"] for entry in reader.told()}
    desk.take(posting, action)
    for reader in readers:
        (entry,) = reader.told()
        assert entry["type"] == "gone"
        assert entry["id"] == posting["id"]
        assert CANARY not in str(entry)
        assert [name for name, value in entry.items() if value is not None] == ["cursor", "kind", "id", "type"]
        assert posting["id"] not in reader.copy
    (own,) = follower("operator").told(kind=entry["kind"])
    assert own["type"] == "upserted"


def test_what_is_no_longer_valid_is_gone(desk, follower, time_machine):
    desk.published(valid_until="2027-03-31")
    (entry,) = follower().told()
    assert entry["type"] == "upserted"
    time_machine.move_to("2027-04-01T00:00:00+08:00")
    (entry,) = follower().told()
    assert entry["type"] == "gone"
    assert follower("operator").told(kind=entry["kind"])[0]["type"] == "upserted"


@pytest.mark.parametrize(
    ("details", "may_know"),
    [
        ("public", {None, "portal", "stranger"}),
        ("registered", {"portal", "stranger"}),
        ("matched", set()),
        ("on_consent", set()),
        ("confidential", set()),
    ],
)
def test_a_tombstone_tells_only_those_who_could_have_seen_it(desk, follower, details, may_know):
    posting = desk.published(title=CANARY, visibility={"details": details})
    desk.take(posting, "close")
    for by in (None, "portal", "stranger"):
        page = follower(by).page()
        ids = [entry["id"] for entry in page["items"]]
        assert (posting["id"] in ids) == (by in may_know), by
        assert CANARY not in str(page)


def test_what_was_never_published_is_never_told_of(desk, follower):
    for state in ("draft", "submit", "reject", "close"):
        posting = desk.draft(title=f"{CANARY} {state}")
        steps = {"draft": (), "reject": ("submit", "reject")}.get(state, (state,))
        desk.take(posting, *steps)
    for by in (None, "portal", "stranger"):
        told = [entry for entry in follower(by).told() if entry["kind"] != "organization"]
        assert told == [], by
    owner = follower(desk.side.owner).told(kind=desk.side.kind.name)
    assert len(owner) == 4


def test_a_narrower_level_is_gone_for_those_who_saw_the_wider_one(desk, follower):
    posting = desk.published(visibility={"details": "registered"})
    desk.patch(posting, visibility={"details": "confidential"})
    desk.take(posting, "submit", "publish")
    assert posting["id"] not in str(follower().page())
    reader = follower("portal")
    assert [entry["type"] for entry in reader.told(kind=desk.side.kind.name)] == ["gone"]


def test_a_wider_level_that_was_published_while_paused_was_seen_by_nobody(desk, follower):
    posting = desk.published(visibility={"details": "confidential"})
    desk.take(posting, "pause")
    desk.patch(posting, visibility={"details": "public"})
    desk.take(posting, "submit", "publish")
    assert posting["id"] not in str(follower().page())
    desk.take(posting, "resume")
    assert [entry["type"] for entry in follower().told()] == ["upserted"]
    desk.take(posting, "pause")
    assert [entry["type"] for entry in follower().told()] == ["gone"]


def test_the_register_takes_a_key(client, follower):
    assert client.get(CHANGES, params={"kind": "organization"}).status_code == 401
    assert {entry["kind"] for entry in follower("portal").told()} == {"organization"}
    assert follower().told() == []


def test_a_key_follows_only_what_it_may_read(staffed_database, needs, follower):
    needs.published()
    with staffed_database.write_session() as session:
        session.connection().exec_driver_sql(
            """UPDATE api_keys SET scopes = '["changes:read", "needs:read"]' WHERE role = 'portal'"""
        )
    reader = follower("portal")
    assert {entry["kind"] for entry in reader.told()} == {"need"}
    assert reader.ask(kind="organization").status_code == 403
    with staffed_database.write_session() as session:
        session.connection().exec_driver_sql("""UPDATE api_keys SET scopes = '["needs:read"]' WHERE role = 'portal'""")
    assert reader.ask().status_code == 403


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "###",
        forged(1, "0" * 16),
        forged(10**12, ""),
        forged(-1, ""),
        forged("true", ""),
        forged("1", ""),
        forged(0, "1"),
    ],
)
def test_a_cursor_of_another_making_is_refused(client, cursor):
    answer = client.get(CHANGES, params={"cursor": cursor})
    assert answer.status_code == 400, answer.text


def test_a_cursor_of_another_database_is_refused(needs, follower, store, make_client):
    needs.published()
    reader = follower()
    reader.told()
    with store.fresh("demo") as other, make_client(other) as client:
        assert client.get(CHANGES, params={"cursor": reader.cursor}).status_code == 400


def test_a_page_costs_as_many_statements_as_its_kinds(needs, capabilities, staffed_database, follower):
    counts = []
    for _ in range(2):
        for _ in range(6):
            needs.published()
            capabilities.published()
        for limit in (5, 200):
            with statements(staffed_database) as sent:
                follower("operator").page(limit=limit)
            counts.append(len(sent))
    assert max(counts) <= 12, counts
    assert len(set(counts)) == 1, counts


def test_an_earlier_number_that_commits_last_is_not_passed_over(staffed_database, follower):
    """A reader never sees a number while a lower one is still open."""
    other = Database(staffed_database.engine.url.render_as_string(hide_password=False))
    numbered, release, followed = Event(), Event(), []

    def slow():
        with other.write_session() as session:
            changes.record(session, kind="need", record_id=new_id())
            changes.write(session)
            numbered.set()
            release.wait(10)

    def quick():
        numbered.wait(10)
        with staffed_database.write_session() as session:
            changes.record(session, kind="need", record_id=new_id())

    with staffed_database.read_session() as session:
        before = changes.revision(session)
    writers = [Thread(target=slow), Thread(target=quick)]
    for writer in writers:
        writer.start()
    numbered.wait(10)
    page = follower("operator").page(limit=200)
    followed.append(json.loads(base64.urlsafe_b64decode(page["next_cursor"] + "=="))[1])
    release.set()
    for writer in writers:
        writer.join(20)
    other.close()
    page = follower("operator").page(limit=200)
    followed.append(json.loads(base64.urlsafe_b64decode(page["next_cursor"] + "=="))[1])
    assert followed == [before, before + 2]
