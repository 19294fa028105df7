"""The life of a posting as pure rules: what leads where.

draft → submitted → published ⇄ paused → closed; a reviewer may return or reject what was submitted. A change to a
published posting is a revision with a small life of its own (draft → submitted → returned); the posting stays public
with its old content until the revision is published.
"""

from collections.abc import Mapping
from typing import NamedTuple

from app.features.postings.types import Action, PostingStatus

_S = PostingStatus


class State(NamedTuple):
    """Where a posting stands, and its revision if it has one."""

    status: PostingStatus
    revision: PostingStatus | None = None


_WHOLE: Mapping[PostingStatus, Mapping[Action, PostingStatus]] = {
    _S.DRAFT: {Action.REVISE: _S.DRAFT, Action.SUBMIT: _S.SUBMITTED, Action.CLOSE: _S.CLOSED},
    _S.RETURNED: {Action.REVISE: _S.RETURNED, Action.SUBMIT: _S.SUBMITTED, Action.CLOSE: _S.CLOSED},
    _S.SUBMITTED: {
        Action.PUBLISH: _S.PUBLISHED,
        Action.RETURN: _S.RETURNED,
        Action.REJECT: _S.REJECTED,
        Action.CLOSE: _S.CLOSED,
    },
    _S.REJECTED: {Action.CLOSE: _S.CLOSED},
    _S.PUBLISHED: {Action.PAUSE: _S.PAUSED, Action.CLOSE: _S.CLOSED},
    _S.PAUSED: {Action.RESUME: _S.PUBLISHED, Action.CLOSE: _S.CLOSED},
    _S.CLOSED: {},
}

_REVISION: Mapping[PostingStatus | None, Mapping[Action, PostingStatus | None]] = {
    None: {Action.REVISE: _S.DRAFT},
    _S.DRAFT: {Action.REVISE: _S.DRAFT, Action.SUBMIT: _S.SUBMITTED},
    _S.RETURNED: {Action.REVISE: _S.RETURNED, Action.SUBMIT: _S.SUBMITTED},
    _S.SUBMITTED: {Action.PUBLISH: None, Action.RETURN: _S.RETURNED, Action.REJECT: None},
}

REVISABLE = (_S.PUBLISHED, _S.PAUSED)


def after(state: State, action: Action) -> State | None:
    """Where an action leads; None when it is not possible from here."""
    if action in _WHOLE[state.status]:
        status = _WHOLE[state.status][action]
        return State(status, None if status == _S.CLOSED else state.revision)
    if state.status in REVISABLE and action in _REVISION[state.revision]:
        return State(state.status, _REVISION[state.revision][action])
    return None


def possible(state: State) -> tuple[Action, ...]:
    """All actions that lead somewhere from here."""
    return tuple(action for action in Action if after(state, action) is not None)
