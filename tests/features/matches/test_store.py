"""Many capabilities: their index is kept on disk, made in the background, and taken up by every process."""

import os
import shutil
from datetime import date
from unittest.mock import Mock

import numpy as np
import pytest

from app.core.errors import NotReady
from app.db import changes
from app.features.accounts.types import ANONYMOUS, SYSTEM
from app.features.catalog import service as catalog
from app.features.catalog.schemas import ScenarioEntry, TechnologyTermEntry
from app.features.matches.live import LiveIndex
from app.features.matches.store import IndexStore
from app.matching import Need
from tests.features.matches.asking import others

TERM = TechnologyTermEntry(concept_id="T9999", lang="zh", term="卟啉镜膜", category_code="VISION", kind="preferred")
NEED = Need("asked", "zh", "焊缝检测", "漏检")
TITLES = ("焊缝检测一", "焊缝检测二", "焊缝检测三")


@pytest.fixture
def made(desk):
    """Three published capabilities."""
    return [desk.publish("capabilities", "provider", title=title) for title in TITLES]


@pytest.fixture
def process(tmp_path, staffed_database):
    """`process()` is the index of another process on the same folder; three capabilities are many to it."""
    assert staffed_database, "there is one as long as something is being made of it"
    made = []

    def begun():
        made.append(LiveIndex(IndexStore(tmp_path / "index"), stored_from=3, merged_from=2))
        return made[-1]

    yield begun
    for index in made:
        index.settle()


@pytest.fixture
def ready(made, process, staffed_database):
    """The index of a process that found it made."""
    assert made
    first = process()
    with staffed_database.read_session() as session:
        with pytest.raises(NotReady):
            first.current(session)
        first.settle()
        first.current(session)
    return first


def seen(index, database):
    with database.read_session() as session:
        return index.current(session)


def ids(snapshot):
    return set(snapshot.matcher.standing(NEED, as_of=date(2026, 1, 1)).offer_ids)


def test_it_is_made_in_the_background_and_ranks_what_was_published(ready, made, staffed_database):
    snapshot = seen(ready, staffed_database)
    assert ids(snapshot) == set(snapshot.offers) == {one["id"] for one in made}
    assert snapshot.stored is not None
    assert snapshot.eligible_offers(SYSTEM, except_of=None, today=date(2026, 1, 1)).sum() == len(made)


def test_who_may_see_an_offer_does_not_depend_on_where_it_stands(desk, made, process, staffed_database):
    hidden = desk.publish("capabilities", "provider", title="焊缝检测四", visibility={"details": "registered"})
    index = process()
    with staffed_database.read_session() as session, pytest.raises(NotReady):
        index.current(session)
    index.settle()
    desk.revise("capabilities", made[0]["id"], "provider", title="焊缝检测新")
    snapshot = seen(index, staffed_database)
    places = snapshot.matcher.offer_ids.tolist()
    assert places.index(hidden["id"].encode()) < len(places) - 1, "the changed one stands last"
    for actor, expected in ((SYSTEM, {hidden["id"]}), (ANONYMOUS, set())):
        mask = snapshot.eligible_offers(actor, except_of=None, today=date(2026, 1, 1))
        assert set(np.char.decode(snapshot.matcher.offer_ids[mask])) == {one["id"] for one in made} | expected


def test_only_its_own_user_may_read_it(ready):
    [folder] = ready.store.folder.glob("*-*")
    assert ready.store.folder.stat().st_mode & 0o077 == folder.stat().st_mode & 0o077 == 0


def test_a_start_reads_no_offer_again(ready, process, staffed_database, monkeypatch):
    monkeypatch.setattr("app.matching.prepared.Reader.offer", None)
    assert ids(seen(process(), staffed_database)) == ids(seen(ready, staffed_database))


def test_a_process_takes_in_what_changed_since_it_was_made(desk, ready, process, made, staffed_database):
    desk.act("capabilities", made[0]["id"], "pause", "provider")
    fourth = desk.publish("capabilities", "provider", title="焊缝检测四")
    expected = {made[1]["id"], made[2]["id"], fourth["id"]}
    for index in (ready, process()):
        snapshot = seen(index, staffed_database)
        assert ids(snapshot) == set(snapshot.offers) == expected


def test_what_was_taken_down_since_is_in_no_later_index(desk, ready, process, made, staffed_database):
    assert ready
    desk.act("capabilities", made[0]["id"], "pause", "provider")
    another = process()
    assert ids(seen(another, staffed_database)) == {made[1]["id"], made[2]["id"]}


def test_many_entries_of_one_posting_make_one_offer(desk, made, staffed_database, monkeypatch):
    index = LiveIndex()
    before = seen(index, staffed_database)
    monkeypatch.setattr("app.features.matches.published.BATCH", 2)
    more = [desk.publish("capabilities", "provider", title=f"焊缝检测新{number}") for number in range(3)]
    assert len(before.offers) == len(made)
    snapshot = seen(index, staffed_database)
    assert snapshot.matcher.index_.offers == len(snapshot.offers) == len(made) + len(more)


def test_a_new_code_is_known_before_its_index_is_made(desk, ready, staffed_database):
    seen(ready, staffed_database)
    scenario = ScenarioEntry(
        code="S77", number=77, stage_number=1, stage_zh="研发", stage_en="R&D", name_zh="新场景",
        name_en="New scenario", description_zh="新", description_en="New",
    )  # fmt: skip
    with staffed_database.write_session() as session:
        catalog.put_scenarios(session, [scenario])
    new = desk.publish("capabilities", "provider", title="新场景", scenario_codes=[scenario.code])
    assert new["id"] in ids(seen(ready, staffed_database))
    ready.settle()
    assert new["id"] in ids(seen(ready, staffed_database))


def test_the_index_of_a_database_that_went_another_way_is_not_opened(ready, process, staffed_database, monkeypatch):
    real, other = changes.mark, process()
    assert ids(seen(ready, staffed_database))
    monkeypatch.setattr(changes, "mark", lambda session, number: real(session, 1) if number == 1 else "another")
    with staffed_database.read_session() as session, pytest.raises(NotReady):
        other.current(session)
    other.settle()
    assert ids(seen(other, staffed_database)) == ids(seen(ready, staffed_database))


def test_what_else_lies_in_the_folder_stays(ready):
    strangers = [ready.store.folder / name for name in ("customer-photos", "backup-2024", "12-34")]
    for one in strangers:
        one.mkdir()
    ready.store.keep("f" * 32, 1, "", lambda folder: folder.mkdir())
    ready.store.keep("e" * 32, 1, "", lambda folder: folder.mkdir())
    assert all(one.is_dir() for one in strangers)


def test_many_changes_are_merged_and_the_old_index_goes(desk, ready, staffed_database):
    for number in range(4):
        desk.publish("capabilities", "provider", title=f"焊缝检测新{number}")
        before = seen(ready, staffed_database)
        ready.settle()
        assert ids(seen(ready, staffed_database)) == ids(before)
    ready.settle()
    snapshot = seen(ready, staffed_database)
    assert snapshot.matcher.index_.segments[0].table.rows >= len(TITLES) + 2
    assert snapshot.matcher.index_.loose < 2
    assert len(list(ready.store.folder.glob("*-*"))) <= 2


def test_a_new_thesaurus_serves_when_its_index_is_made(ready, staffed_database):
    before = seen(ready, staffed_database)
    with staffed_database.write_session() as session:
        catalog.put_technology_terms(session, [TERM])
    during = seen(ready, staffed_database)
    assert during.matcher is before.matcher, "the old one serves on"
    ready.settle()
    assert seen(ready, staffed_database).basis.fingerprint != before.basis.fingerprint


@pytest.mark.parametrize("damage", [
    lambda folder: shutil.rmtree(folder / "offers"),
    lambda folder: (folder / "statistics" / "frequency.npy").write_bytes(b""),
    lambda folder: (folder / "statistics" / "manifest.json").write_text("{}"),
    lambda folder: np.save(folder / "bounds" / "chinese" / "kinds.npy", np.zeros(1, np.uint64)),
    lambda folder: os.truncate(folder / "bounds" / "chinese" / "kinds.npy", 140),
])  # fmt: skip
def test_a_damaged_index_is_made_again(ready, process, made, staffed_database, damage):
    [folder] = ready.store.folder.glob("*-*")
    damage(folder)
    another = process()
    with staffed_database.read_session() as session:
        with pytest.raises(NotReady):
            another.current(session)
        another.settle()
        assert ids(another.current(session)) == {one["id"] for one in made}


def test_while_it_is_made_the_answer_says_when_to_ask_again(app, client, desk, made, process):
    need = desk.publish("needs", "enterprise")
    app.state.match_index = process()
    answer = client.get(f"/v1/needs/{need['id']}/matches", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert answer.json()["type"].endswith("/not-ready")
    app.state.match_index.settle()
    ranking = client.get(f"/v1/needs/{need['id']}/matches").json()
    assert set(others(ranking)) == {one["reference"] for one in made}


def test_what_fails_is_logged_and_tried_again(made, process, staffed_database, monkeypatch, capsys):
    index = process()
    with staffed_database.read_session() as session:
        with monkeypatch.context() as patch:
            patch.setattr("app.features.matches.live.save", Mock(side_effect=OSError("no space left")))
            with pytest.raises(NotReady):
                index.current(session)
            index.settle()
        assert "no space left" in "".join(capsys.readouterr())
        with pytest.raises(NotReady):
            index.current(session)
        index.settle()
        assert ids(index.current(session)) == {one["id"] for one in made}


def test_a_process_that_ends_at_once_makes_none(made, tmp_path, staffed_database):
    index = LiveIndex(IndexStore(tmp_path / "none"), stored_from=len(made), makes=False)
    with staffed_database.read_session() as session, pytest.raises(NotReady):
        index.current(session)
    index.settle()
    assert not (tmp_path / "none").exists()


def test_an_index_needs_a_folder(staffed_database):
    with staffed_database.read_session() as session, pytest.raises(ValueError, match="no folder"):
        LiveIndex().make(session)
