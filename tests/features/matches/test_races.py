"""Rankings while others write: an answer may be old by a moment, but it is never an error."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlalchemy import text

from app.db import changes
from app.features.accounts.types import SYSTEM
from app.features.capabilities.service import CAPABILITIES
from app.features.matches.live import LiveIndex
from app.features.needs.service import NEEDS
from app.features.postings.errors import ActionNotPossible
from app.features.postings.types import Action
from tests.features.matches.asking import others
from tests.features.matches.publishing import Desk

_ROUNDS = 6


class Interrupted(LiveIndex):
    """An index right after whose reading somebody takes a posting down, as another process may at any moment."""

    def __init__(self, database, postings, posting_id):
        super().__init__()
        self.take_down = (database, postings, posting_id)

    def current(self, session):
        found = super().current(session)
        database, postings, posting_id = self.take_down
        with suppress(ActionNotPossible), database.write_session() as other:
            postings.act(session=other, actor=SYSTEM, posting_id=posting_id, action=Action.PAUSE, accepted=None)
        return found


@pytest.fixture
def interrupt(app, staffed_database):
    """`interrupt(postings, posting)` takes a posting down in the middle of the next ranking."""

    def made(postings, posting):
        app.state.match_index = Interrupted(staffed_database, postings, posting["reference"])

    return made


@pytest.mark.parametrize("constraints", ["mark", "exclude"])
def test_a_candidate_that_goes_while_it_is_ranked_is_left_out(desk, caller, interrupt, constraints):
    need = desk.publish("needs", "enterprise", min_trl=9)
    gone = desk.publish("capabilities", "provider", title="焊缝检测一", trl=1 if constraints == "exclude" else 9)
    stays = desk.publish("capabilities", "provider", title="焊缝检测二", trl=9)
    interrupt(CAPABILITIES, gone)
    ranking = caller("portal").for_need(need["id"], constraints=constraints)
    assert [(match["rank"], match["capability"]["reference"]) for match in ranking["matches"]] == [
        (1, stays["reference"])
    ]
    assert ranking["excluded_matches"] == []


def test_a_need_that_goes_while_it_is_ranked_is_left_out(desk, caller, interrupt):
    capability = desk.publish("capabilities", "provider")
    gone, stays = (desk.publish("needs", "enterprise", title=title) for title in ("焊缝目检甲", "焊缝目检乙"))
    interrupt(NEEDS, gone)
    ranking = caller("portal").for_capability(capability["id"])
    assert [match["need"]["reference"] for match in ranking["matches"]] == [stays["reference"]]


def test_a_pair_that_comes_apart_while_it_is_scored_is_not_found(desk, caller, interrupt):
    need, capability = desk.publish("needs", "enterprise"), desk.publish("capabilities", "provider")
    interrupt(CAPABILITIES, capability)
    assert caller("portal").status(f"/v1/matches/{need['id']}/{capability['id']}") == 404


def _publish(database, posting):
    """Publish what was submitted, in a transaction that ends here."""
    with database.write_session() as session:
        _act(session, posting, Action.PUBLISH)


def _act(session, posting, action):
    CAPABILITIES.act(session=session, actor=SYSTEM, posting_id=posting["reference"], action=action, accepted=None)


def _submitted(desk, title):
    made = desk.draft("capabilities", "provider", title=title)
    return desk.act("capabilities", made["id"], "submit", "provider")


def test_what_commits_while_an_index_takes_in_changes_is_ranked_on_the_next_request(
    desk, staffed_database, monkeypatch
):
    first, before, after = (_submitted(desk, title) for title in ("焊缝检测一", "焊缝检测二", "焊缝检测三"))
    index, read = LiveIndex(), changes.since

    def interrupted(session, number):
        monkeypatch.undo()
        _publish(staffed_database, before)
        changed = read(session, number)
        _publish(staffed_database, after)
        return changed

    with staffed_database.read_session() as session:
        index.current(session)
        _publish(staffed_database, first)
        monkeypatch.setattr(changes, "since", interrupted)
        assert set(index.current(session).offers) == {first["id"], before["id"]}
        assert set(index.current(session).offers) == {first["id"], before["id"], after["id"]}


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)  # SQLite writers begin one after the other
def test_who_wrote_first_and_commits_last_is_ranked_on_the_next_request(desk, staffed_database):
    early, late = (_submitted(desk, title) for title in ("焊缝检测一", "焊缝检测二"))
    taken_down = desk.publish("capabilities", "provider", title="焊缝检测三")
    index = LiveIndex()
    with staffed_database.read_session() as reader:
        assert set(index.current(reader).offers) == {taken_down["id"]}
        with staffed_database.write_session() as session:
            _act(session, early, Action.PUBLISH)
            _act(session, taken_down, Action.PAUSE)
            session.flush()
            with staffed_database.write_session() as other:
                other.execute(text("SET LOCAL lock_timeout = '10s'"))  # to fail rather than wait for oneself
                _act(other, late, Action.PUBLISH)
            assert set(index.current(reader).offers) == {taken_down["id"], late["id"]}
        assert set(index.current(reader).offers) == {early["id"], late["id"]}


def test_readers_never_fail_while_others_publish_and_withdraw(staffed_database, people, make_client):
    with make_client(staffed_database, raise_errors=False) as client:
        desk = Desk(client, people)
        need = desk.publish("needs", "enterprise")["id"]
        fixed = desk.publish("capabilities", "provider")["id"]
        moving = [desk.publish("capabilities", "provider", title=f"焊缝检测{n}")["id"] for n in range(2)]
        portal = people["portal"].headers
        done: list[int] = []

        def write(capability):
            for _ in range(_ROUNDS):
                desk.act("capabilities", capability, "pause", "provider")
                desk.act("capabilities", capability, "resume", "provider")
            done.append(1)

        def read(path, allowed):
            answers = set()
            while len(done) < len(moving):
                answers.add(client.get(path, headers=portal).status_code)
            assert answers <= allowed
            return answers

        with ThreadPoolExecutor(5) as pool:
            writers = [pool.submit(write, capability) for capability in moving]
            readers = [
                pool.submit(read, f"/v1/needs/{need}/matches", {200}),
                pool.submit(read, f"/v1/capabilities/{fixed}/matches", {200}),
                pool.submit(read, f"/v1/matches/{need}/{moving[0]}", {200, 404}),
            ]
            for writer in writers:
                writer.exception()
            done.extend([1] * len(moving))  # also when a writer failed, so that the readers stop
            for future in writers + readers:
                future.result(timeout=60)
        last = client.get(f"/v1/needs/{need}/matches", headers=portal).json()
        assert len(others(last)) == 3
