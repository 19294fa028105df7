"""What a transaction is to write at its very end: noted with its session, forgotten with what is rolled back."""

from collections.abc import MutableMapping
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction, sessionmaker

_NOTED = "duijie_noted"
_SAVED = "duijie_noted_saved"

Note = TypeVar("Note")
_Lists = dict[str, list[object]]
_Saved = MutableMapping[SessionTransaction, dict[str, int]]


class Noted(Generic[Note]):
    """Notes of one kind.

    Args:
        name: tells them from notes of other kinds.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def of(self, session: Session) -> list[Note]:
        """What a session has noted, in order; to be added to."""
        lists: dict[str, list[Note]] = session.info.setdefault(_NOTED, {})
        return lists.setdefault(self.name, [])

    def take(self, session: Session) -> list[Note]:
        """What a session has noted, which notes it no longer."""
        noted = [*self.of(session)]
        self.of(session).clear()
        return noted


def follow_savepoints(sessions: sessionmaker[Session]) -> None:
    """Let sessions forget what was noted after a savepoint to which they go back."""

    @event.listens_for(sessions, "after_transaction_create")
    def remember(session: Session, transaction: SessionTransaction) -> None:
        if transaction.nested:
            saved: _Saved = session.info.setdefault(_SAVED, WeakKeyDictionary())
            saved[transaction] = {name: len(notes) for name, notes in _lists(session).items()}

    @event.listens_for(sessions, "after_soft_rollback")
    def forget(session: Session, transaction: SessionTransaction) -> None:
        if transaction.nested:
            before: dict[str, int] = session.info[_SAVED][transaction]
            for name, notes in _lists(session).items():
                del notes[before.get(name, 0) :]


def _lists(session: Session) -> _Lists:
    lists: _Lists = session.info.get(_NOTED, {})
    return lists
