"""The life of a posting over HTTP: every step, and every step that is refused."""

from datetime import timedelta

import pytest

from app.core import clock
from app.features.postings.lifecycle import State, after, possible
from app.features.postings.types import Action, PostingStatus
from tests.features.postings.desk import BODIES, ROADS, faults

S = PostingStatus


@pytest.mark.parametrize("state", ROADS)
def test_each_state_is_reached_and_says_what_is_possible(busy_desk, state):
    posting = busy_desk.at(state)
    assert (posting["status"], posting["revision_status"]) == state
    assert posting["version"] == 1 + len(ROADS[state])
    assert (posting["revision"] is not None) is (state.revision is not None)
    assert posting["allowed_actions"] == (list(possible(state)))
    own = [action for action in possible(state) if action not in ("publish", "return", "reject")]
    assert busy_desk.get(posting, "owner").json()["allowed_actions"] == own


@pytest.mark.parametrize("state", ROADS)
def test_an_impossible_step_is_refused_and_what_is_possible_is_named(busy_desk, state):
    posting = busy_desk.at(state)
    for action in Action:
        if after(state, action) is not None:
            continue
        refused = (
            busy_desk.patch(posting, "operator", title="x")
            if action == Action.REVISE
            else busy_desk.step(posting, action)
        )
        assert refused.status_code == 409, action
        detail = refused.json()["detail"]
        assert state.status.label.zh in detail
        for other in Action:
            assert (other.label.zh in detail.partition("：")[2].removesuffix("。").split("、")) is (
                other in possible(state)
            )
    assert busy_desk.get(posting).json() == posting


def test_the_refusal_is_told_in_english_too(busy_desk):
    posting = busy_desk.draft()
    headers = busy_desk.headers("owner", "*") | {"Accept-Language": "en"}
    refused = busy_desk.client.post(f"{busy_desk.side.path}/{posting['id']}/pause", headers=headers)
    assert refused.json()["detail"] == "The posting is draft. Possible now: submit, close, revise."
    busy_desk.take(posting, "close")
    refused = busy_desk.client.post(f"{busy_desk.side.path}/{posting['id']}/pause", headers=headers)
    assert refused.json()["detail"] == "The posting is closed. Possible now: none."


def test_the_owner_may_not_review(busy_desk):
    posting = busy_desk.at(State(S.SUBMITTED))
    for action in ("publish", "return", "reject"):
        assert busy_desk.step(posting, action, "owner").status_code == 403
    assert busy_desk.get(posting).json() == posting


def test_the_owner_runs_its_own(busy_desk):
    posting = busy_desk.take(busy_desk.draft(), "submit", by="owner")
    posting = busy_desk.take(posting, "publish")
    posting = busy_desk.take(posting, "pause", "resume", "close", by="owner")
    assert (posting["status"], posting["close_reason"]) == ("closed", "withdrawn")


@pytest.mark.parametrize("reason", ["fulfilled", "withdrawn"])
def test_a_closed_posting_says_why(busy_desk, reason):
    posting = busy_desk.published()
    closed = busy_desk.step(posting, "close", "owner", reason=reason).json()
    assert closed["close_reason"] == reason
    assert busy_desk.get(posting).json() == closed


@pytest.mark.parametrize("body", [{"reason": "expired"}, {"reason": "bored"}, {"reason": None}, {"why": "x"}])
def test_the_reason_of_a_closure_is_one_of_two(busy_desk, body):
    posting = busy_desk.draft()
    refused = busy_desk.step(posting, "close", "owner", **body)
    assert refused.status_code == 422
    assert faults(refused)[0][0] == "/reason"
    assert busy_desk.get(posting).json() == posting


@pytest.mark.parametrize("action", ["return", "reject"])
@pytest.mark.parametrize(
    ("note", "code"),
    [
        ("", "string_too_short"),
        (" ", "string_too_short"),
        ("x" * 2001, "string_too_long"),
        ("a\0", "control_character"),
    ],
)
def test_a_review_needs_a_note(busy_desk, action, note, code):
    posting = busy_desk.at(State(S.SUBMITTED))
    assert faults(busy_desk.step(posting, action, note=note)) == [("/note", code)]
    address = f"{busy_desk.side.path}/{posting['id']}/{action}"
    without = busy_desk.client.post(address, headers=busy_desk.headers("operator", "*"))
    assert without.status_code == 422
    assert busy_desk.get(posting).json() == posting


def test_the_note_is_shown_until_the_next_submission(busy_desk):
    posting = busy_desk.at(State(S.RETURNED))
    note = BODIES["return"]["note"]
    assert posting["review_note"] == note
    assert busy_desk.get(posting, "owner").json()["review_note"] == note
    revised = busy_desk.take(posting, "revise")
    assert (revised["status"], revised["review_note"]) == ("returned", note)
    assert busy_desk.take(revised, "submit")["review_note"] is None


def test_a_rejection_keeps_its_note(busy_desk):
    posting = busy_desk.at(State(S.REJECTED))
    assert posting["review_note"] == BODIES["reject"]["note"]
    assert busy_desk.take(posting, "close")["review_note"] == BODIES["reject"]["note"]


def test_publication_has_its_date_once(busy_desk):
    posting = busy_desk.published()
    assert posting["published_at"] > posting["created_at"]
    later = busy_desk.take(posting, "pause", "resume", "revise", "submit", "publish")
    assert later["published_at"] == posting["published_at"]
    listed = next(item for item in busy_desk.list(q=posting["title"])["items"])
    assert listed["listed_at"] == listed["published_at"] == posting["published_at"]


def test_what_is_no_longer_valid_is_not_published(busy_desk):
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    posting = busy_desk.at(State(S.SUBMITTED), valid_until=yesterday)

    refused = busy_desk.step(posting, "publish")

    assert refused.status_code == 409
    assert faults(refused) == [("/valid_until", "expired")]
    assert busy_desk.get(posting).json() == posting
    busy_desk.take(posting, "return")
    busy_desk.patch(posting, valid_until=clock.today().isoformat())
    assert busy_desk.take(posting, "submit", "publish")["status"] == "published"


def test_a_revision_that_is_no_longer_valid_leaves_the_old_content(busy_desk):
    posting = busy_desk.published(valid_until="2099-01-01")
    busy_desk.patch(posting, valid_until="2020-01-01")
    submitted = busy_desk.take(posting, "submit")
    assert busy_desk.step(posting, "publish").status_code == 409
    assert busy_desk.get(posting).json() == submitted
    assert submitted["valid_until"] == "2099-01-01"


def test_a_step_is_taken_by_reference_too(busy_desk):
    posting = busy_desk.draft()
    assert busy_desk.take({"id": posting["reference"]}, "submit", by="owner")["id"] == posting["id"]
    assert busy_desk.patch({"id": posting["reference"]}, title="x").status_code == 409
