"""What was done to a posting, by whom, and what it said then."""

import pytest
from sqlalchemy import select

from app.features.accounts import service as accounts
from tests.features.postings.desk import BODIES


def _walked(desk):
    posting = desk.draft(title="经历")
    posting = desk.take(posting, "submit", "return", "revise", "submit", "publish")
    desk.patch(posting, title="经历二")
    return desk.take(posting, "submit", "reject", "pause", "resume", "close")


ACTIONS = [
    "create", "submit", "return", "revise", "submit", "publish", "revise", "submit", "reject", "pause", "resume",
    "close",
]  # fmt: skip


@pytest.mark.parametrize("by", ["owner", "operator", "administrator"])
def test_every_step_is_there(desk, by):
    posting = _walked(desk)

    events = desk.history(posting, by).json()

    assert [event["action"] for event in events] == ACTIONS
    assert [event["version"] for event in events] == list(range(1, len(ACTIONS) + 1))
    notes = {"return": BODIES["return"]["note"], "reject": BODIES["reject"]["note"]}
    assert [event["note"] for event in events] == [notes.get(action) for action in ACTIONS]
    moments = [event["at"] for event in events]
    assert moments == sorted(moments)
    assert moments[-1] == posting["updated_at"]


def test_each_step_keeps_the_content_of_its_time(desk):
    events = desk.history(_walked(desk)).json()
    titles = ["经历"] * 6 + ["经历二"] * 2 + ["经历"] * 4
    assert [event["content"]["title"] for event in events] == titles
    texts = {event["content"][desk.side.text] for event in events[3:]}
    assert texts == {"修改稿"}
    assert all(event["content"].keys() == desk.side.kind.content.model_fields.keys() for event in events)


def test_each_step_keeps_the_key_it_was_taken_with(desk):
    posting = desk.take(desk.draft(), "submit", by="owner")
    desk.take(posting, "publish")
    model = desk.side.kind.repository.event_model
    with desk.database.read_session() as session:
        keys = list(session.scalars(select(model.actor_key_id).order_by(model.version)))
        owner, operator = (
            accounts.identify(session=session, key=desk.headers(by)["Authorization"].removeprefix("Bearer ")).key_id
            for by in ("owner", "operator")
        )
    assert keys == [owner, owner, operator]


def test_a_history_is_found_by_reference_and_of_its_own_posting_only(desk):
    first, second = desk.draft(), desk.draft()
    desk.take(second, "submit")
    assert [event["action"] for event in desk.history({"id": first["reference"]}).json()] == ["create"]
    assert [event["action"] for event in desk.history({"id": second["reference"]}).json()] == ["create", "submit"]


def test_refused_steps_leave_no_trace(desk):
    posting = desk.draft()
    desk.step(posting, "publish")
    desk.step(posting, "submit", if_match='"7"')
    desk.patch(posting, title="")
    assert [event["action"] for event in desk.history(posting).json()] == ["create"]
