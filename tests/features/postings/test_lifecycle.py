"""The life of a posting as pure rules, against a second account of them written down here."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.postings.lifecycle import State, after, possible
from app.features.postings.types import Action, PostingStatus
from tests.features.postings.desk import ROADS

S = PostingStatus
ALL = [State(status, revision) for status in S for revision in (None, *S)]
REACHED = list(ROADS)
POSSIBLE = {
    State(S.DRAFT): "submit close revise",
    State(S.SUBMITTED): "publish return reject close",
    State(S.RETURNED): "submit close revise",
    State(S.REJECTED): "close",
    State(S.PUBLISHED): "pause close revise",
    State(S.PAUSED): "resume close revise",
    State(S.CLOSED): "",
    State(S.PUBLISHED, S.DRAFT): "submit pause close revise",
    State(S.PUBLISHED, S.SUBMITTED): "publish return reject pause close",
    State(S.PUBLISHED, S.RETURNED): "submit pause close revise",
    State(S.PAUSED, S.DRAFT): "submit resume close revise",
    State(S.PAUSED, S.SUBMITTED): "publish return reject resume close",
    State(S.PAUSED, S.RETURNED): "submit resume close revise",
}


@pytest.mark.parametrize("state", REACHED)
def test_what_is_possible_in_each_state(state):
    assert possible(state) == tuple(Action(name) for name in POSSIBLE[state].split())


@pytest.mark.parametrize("state", REACHED)
def test_possible_is_what_leads_somewhere(state):
    assert set(possible(state)) == {action for action in Action if after(state, action) is not None}


@pytest.mark.parametrize("state", REACHED)
def test_each_road_leads_to_its_state(state):
    reached = State(S.DRAFT)
    for action in ROADS[state]:
        reached = after(reached, Action(action))
    assert reached == state


def test_no_state_is_missing():
    seen, waiting = set(), [State(S.DRAFT)]
    while waiting:
        state = waiting.pop()
        if state not in seen:
            seen.add(state)
            waiting += [after(state, action) for action in possible(state)]
    assert seen == set(REACHED)


def test_nothing_leads_out_of_closed():
    assert [action for action in Action if after(State(S.CLOSED), action)] == []


@pytest.mark.parametrize("state", [state for state in REACHED if state.status != S.CLOSED])
def test_everything_else_can_be_closed(state):
    assert after(state, Action.CLOSE) == State(S.CLOSED)


@given(st.lists(st.sampled_from(list(Action)), max_size=40))
def test_a_walk_never_leaves_the_known_states(actions):
    state, was_published = State(S.DRAFT), False
    for action in actions:
        reached = after(state, action)
        if reached is None:
            continue
        # what stands before the public is changed by a publication and by nothing else
        if action == Action.PUBLISH:
            assert S.SUBMITTED in state
            was_published = True
        if reached.status in (S.PUBLISHED, S.PAUSED):
            assert was_published
        else:
            assert reached.revision is None
        if was_published:
            assert reached.status in (S.PUBLISHED, S.PAUSED, S.CLOSED)
        assert reached in REACHED
        state = reached


@given(st.sampled_from(REACHED), st.sampled_from([Action.PAUSE, Action.RESUME]))
def test_pausing_and_resuming_leave_the_revision_alone(state, action):
    reached = after(state, action)
    assert reached is None or reached.revision == state.revision


@given(st.sampled_from(REACHED), st.sampled_from([Action.RETURN, Action.REJECT, Action.PUBLISH]))
def test_only_what_was_submitted_is_reviewed(state, action):
    assert (after(state, action) is not None) is (S.SUBMITTED in state)
