"""ETags, stale changes, and what happens when several change at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from app.db import changes

WRITERS = 4


def _together(work):
    """Run `work(number)` in several threads that start at the same moment."""
    barrier = Barrier(WRITERS)

    def run(number):
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(run, range(WRITERS)))


def _log(desk, after=0):
    with desk.database.read_session() as session:
        return [(change.kind, str(change.record_id)) for change in changes.since(session, after)]


def test_each_step_has_a_new_etag(busy_desk):
    posting = busy_desk.draft()
    etags = []
    for action in ("revise", "submit", "return", "submit", "publish", "revise", "submit", "publish", "pause", "close"):
        before = busy_desk.get(posting).headers["etag"]
        taken = (
            busy_desk.patch(posting, keywords=[str(len(etags))], if_match=before)
            if action == "revise"
            else busy_desk.step(posting, action, if_match=before)
        )
        assert taken.status_code == 200, taken.text
        for answer in (taken, busy_desk.get(posting)):
            assert answer.headers["etag"].startswith(f'"{taken.json()["version"]}-')
        etags.append(taken.headers["etag"])
    assert [int(etag.strip('"').partition("-")[0]) for etag in etags] == list(range(2, 12))


def test_what_the_caller_holds_is_not_sent_again(busy_desk):
    posting = busy_desk.published()
    etag = busy_desk.get(posting, None).headers["etag"]
    for held in (etag, f"W/{etag}", f'"99", {etag}'):
        answer = busy_desk.get(posting, None, **{"If-None-Match": held})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)
        assert answer.headers["vary"] == "Authorization, Duijie-Person"
    busy_desk.take(posting, "pause", "resume")
    assert busy_desk.get(posting, None, **{"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("if_match", ['"2"', '"1"', '"99"', "nonsense", "", '"1", "2"'])
def test_a_stale_change_changes_nothing(busy_desk, if_match):
    posting = busy_desk.take(busy_desk.draft(), "submit", "return")
    logged = len(_log(busy_desk))
    for refused in (
        busy_desk.patch(posting, keywords=["x"], if_match=if_match),
        *(busy_desk.step(posting, action, if_match=if_match) for action in ("submit", "close")),
    ):
        assert (refused.status_code, refused.json()["type"].rsplit("/")[-1]) == (412, "stale-version")
    assert busy_desk.get(posting).json() == posting
    assert len(_log(busy_desk)) == logged


def test_a_change_names_the_version_it_starts_from(busy_desk):
    posting = busy_desk.draft()
    for refused in (
        busy_desk.patch(posting, keywords=["x"], if_match=None),
        *(busy_desk.step(posting, one, if_match=None) for one in ("submit", "publish", "return", "pause", "close")),
    ):
        assert (refused.status_code, refused.json()["type"].rsplit("/")[-1]) == (428, "version-required")
    assert busy_desk.get(posting).json() == posting


def test_of_changes_from_one_version_exactly_one_wins(desk):
    posting = desk.draft()
    answers = _together(lambda number: desk.patch(posting, keywords=[str(number)], if_match='"1"'))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    won = next(answer.json() for answer in answers if answer.status_code == 200)
    assert desk.get(posting).json() == won
    assert [event["version"] for event in desk.history(posting).json()] == [1, 2]


def test_of_several_submissions_one_is_taken(desk):
    posting = desk.draft()
    answers = _together(lambda _: desk.step(posting, "submit", "owner"))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert desk.get(posting).json()["version"] == 2


def test_of_postings_with_one_title_exactly_one_is_made(desk):
    before = len(_log(desk))
    answers = _together(lambda _: desk.post(title="同时", **desk.side.least))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert len(desk.ids("owner", q="同时")) == 1
    assert len(_log(desk)) == before + 1


def test_references_are_gapless_and_unique_under_concurrency(desk):
    def work(number):
        made = []
        for turn in range(3):
            desk.post(**desk.side.least)  # without a title: refused, and takes no number
            body = {"title": f"并发{number}-{turn}", **desk.side.least}
            made.append(desk.post(**body).json()["reference"])
            desk.post(**body)  # taken: refused
        return made

    references = sorted(reference for made in _together(work) for reference in made)

    series = references[0][:8]
    assert references == [f"{series}{number:06d}" for number in range(1, 3 * WRITERS + 1)]


def test_each_step_is_logged_once_and_in_order(desk):
    kind = desk.side.kind.name
    before = len(_log(desk))
    first = desk.draft()
    second = desk.draft()
    desk.take(first, "submit", "publish", "revise")
    desk.take(second, "close")
    desk.step(second, "submit")  # refused
    desk.patch(first, title="")  # refused
    ids = [first["id"], second["id"], first["id"], first["id"], first["id"], second["id"]]
    assert _log(desk, before) == [(kind, posting_id) for posting_id in ids]
