"""Changing what is public: the old content stands until the new one has been reviewed."""

import pytest

from app.features.postings.lifecycle import State
from app.features.postings.types import PostingStatus
from tests.features.postings.desk import faults

S = PostingStatus
WAITING = [State(S.PUBLISHED, revision) for revision in (S.DRAFT, S.SUBMITTED, S.RETURNED)]


def _public(desk, posting):
    """What everybody reads, in the posting itself and in the list."""
    shown = desk.get(posting, None).json()
    listed = next(item for item in desk.list(None, limit=200)["items"] if item["id"] == posting["id"])
    assert shown["title"] == listed["title"]
    return shown["title"], shown[desk.side.text]


@pytest.mark.parametrize("state", WAITING)
def test_the_old_content_stays_public_until_the_new_is_published(busy_desk, state):
    desk = busy_desk
    posting = desk.published(title=f"旧标题 {state.revision}", **{desk.side.text: "旧文"})
    old = _public(desk, posting)
    desk.patch(posting, title=f"新标题 {state.revision}", **{desk.side.text: "新文"})
    steps = {S.DRAFT: [], S.SUBMITTED: ["submit"], S.RETURNED: ["submit", "return"]}[state.revision]
    waiting = desk.take(posting, *steps) if steps else desk.get(posting).json()

    assert _public(desk, posting) == old
    assert desk.ids(None, q=f"新标题 {state.revision}") == []
    assert desk.ids(None, q=f"旧标题 {state.revision}") == [posting["id"]]
    for by in ("owner", "operator"):
        seen = desk.get(posting, by).json()
        assert (seen["title"], seen["revision"]["title"]) == (f"旧标题 {state.revision}", f"新标题 {state.revision}")
    assert waiting["status"] == "published"

    if state.revision != S.SUBMITTED:
        desk.take(posting, "submit")
    published = desk.take(posting, "publish")

    assert _public(desk, posting) == (f"新标题 {state.revision}", "新文")
    assert (published["revision"], published["revision_status"]) == (None, None)
    assert desk.ids(None, q=f"新标题 {state.revision}") == [posting["id"]]
    assert desk.ids(None, q=f"旧标题 {state.revision}") == []


@pytest.mark.parametrize("before", [[], ["pause"]])
def test_a_rejected_revision_is_dropped_and_the_old_content_stays(busy_desk, before):
    posting = busy_desk.take(busy_desk.published(), *before)
    rejected = busy_desk.take(posting, "revise", "submit", "reject")
    assert (rejected["status"], rejected["revision"], rejected["revision_status"]) == (posting["status"], None, None)
    assert rejected[busy_desk.side.text] == posting[busy_desk.side.text]
    assert rejected["review_note"]
    again = busy_desk.take(rejected, "revise")
    assert again["revision"][busy_desk.side.text] == "修改稿"


@pytest.mark.parametrize("waiting", [["revise"], ["revise", "submit"], ["revise", "submit", "return"]])
@pytest.mark.parametrize("before", [[], ["pause"]])
def test_pausing_and_resuming_keep_the_revision(busy_desk, before, waiting):
    posting = busy_desk.take(busy_desk.published(), *before, *waiting)
    turned = busy_desk.take(posting, "resume" if before else "pause")
    for name in ("revision", "revision_status", "review_note"):
        assert turned[name] == posting[name], name
    back = busy_desk.take(turned, "pause" if before else "resume")
    assert back["revision"] == posting["revision"]
    steps = ["publish"] if posting["revision_status"] == "submitted" else ["submit", "publish"]
    assert busy_desk.take(back, *steps)[busy_desk.side.text] == "修改稿"


def test_closing_drops_the_revision(busy_desk):
    closed = busy_desk.take(busy_desk.published(), "revise", "submit", "close")
    assert (closed["status"], closed["revision"], closed["revision_status"]) == ("closed", None, None)


def test_a_paused_posting_stays_paused_when_its_revision_is_published(busy_desk):
    posting = busy_desk.take(busy_desk.published(), "pause", "revise", "submit", "publish")
    assert (posting["status"], posting[busy_desk.side.text]) == ("paused", "修改稿")
    assert busy_desk.get(posting, None).status_code == 404


def test_a_second_change_goes_on_from_the_first(busy_desk):
    posting = busy_desk.published()
    busy_desk.patch(posting, keywords=["一"])
    second = busy_desk.patch(posting, cooperation_modes=["leasing"]).json()
    assert (second["revision"]["keywords"], second["revision"]["cooperation_modes"]) == (["一"], ["leasing"])
    assert second["keywords"] == []


def test_a_returned_revision_can_be_put_right(busy_desk):
    posting = busy_desk.at(State(S.PUBLISHED, S.RETURNED))
    revised = busy_desk.patch(posting, keywords=["改"]).json()
    assert revised["revision_status"] == "returned"
    assert busy_desk.take(revised, "submit", "publish")["keywords"] == ["改"]


def test_a_submitted_revision_is_left_alone(busy_desk):
    posting = busy_desk.at(State(S.PUBLISHED, S.SUBMITTED))
    assert busy_desk.patch(posting, keywords=["改"]).status_code == 409
    assert busy_desk.get(posting).json() == posting


def test_a_faulty_revision_is_refused(busy_desk):
    posting = busy_desk.published()
    codes = busy_desk.side.codes(industry="9999")
    refused = busy_desk.patch(posting, **{name: code for name, code in codes.items() if code})
    assert refused.status_code == 422
    assert faults(refused)[0][1] == "unknown_code"
    assert busy_desk.get(posting).json() == posting


def test_a_revision_may_not_take_a_title_that_is_held(busy_desk):
    held, posting = busy_desk.draft(), busy_desk.published()
    assert faults(busy_desk.patch(posting, title=held["title"])) == [("/title", "taken")]
    busy_desk.take(held, "close")
    assert busy_desk.patch(posting, title=held["title"]).status_code == 200


def test_a_title_taken_while_the_revision_waited_stops_its_publication(busy_desk):
    posting = busy_desk.published()
    busy_desk.patch(posting, title="两家都要的标题")
    submitted = busy_desk.take(posting, "submit")
    busy_desk.draft(title="两家都要的标题")

    assert busy_desk.step(posting, "publish").status_code == 409
    assert busy_desk.get(posting).json() == submitted


def test_keeping_its_own_title_is_no_conflict(busy_desk):
    for posting in (busy_desk.draft(), busy_desk.published()):
        assert busy_desk.patch(posting, title=posting["title"], keywords=["同"]).status_code == 200


def test_a_draft_changes_at_once(busy_desk):
    posting = busy_desk.draft(title="草稿旧题")
    changed = busy_desk.patch(posting, title="草稿新题").json()
    assert (changed["title"], changed["revision"], changed["status"]) == ("草稿新题", None, "draft")
    assert busy_desk.ids("owner", q="草稿新题") == [posting["id"]]
    assert busy_desk.ids("owner", q="草稿旧题") == []


def test_a_posting_is_filtered_by_the_codes_it_has_now(busy_desk):
    before = {"scenario": "S20", "industry": "1432", "region": "310000"}
    now = {"scenario": "S24", "industry": "6513", "region": "320500"}
    posting = busy_desk.published(**busy_desk.side.codes(**before))
    busy_desk.patch(posting, **busy_desk.side.codes(**now))

    def found_by(codes):
        return [posting["id"] in busy_desk.ids(None, **{name: code}) for name, code in codes.items()]

    assert (found_by(before), found_by(now)) == ([True] * 3, [False] * 3)
    busy_desk.take(posting, "submit", "publish")
    assert (found_by(before), found_by(now)) == ([False] * 3, [True] * 3)
