"""Guessing is slowed down, and nobody can be locked out by it.

Failures are counted for the login and the address together, for the address, and for the login from addresses that its
owner has never signed in from; of IPv6 a /64 is one address. The latter two stop strangers only: from an address of
one's own, the right password is refused because of failures from that address with that login, and nothing else.
Whoever sets a new password by a link begins anew, and is known where they did. Codes of a second factor are counted for
the person beside: only who has the password gets so far, and a new password does not give new guesses.

An attempt that is refused for its turn is not checked and not counted. Attempts at once may all pass before the first
of them has failed; each counts, and the wait grows with the count, so nothing is won by it.
"""

import hashlib
import math
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.clock import now
from app.features.people.errors import TooManyFailures
from app.features.people.repository.failures import FailureRepository

_LONGEST = 900
_FORGOTTEN_AFTER = timedelta(days=1)
_FREE_FOR_PAIR = 5
_FREE_FOR_LOGIN = 10
_FREE_FOR_ADDRESS = 50  # many people may share one
_FREE_FOR_CODE = 10


class Gate(NamedTuple):
    """What failures are counted for, and how many of them cost no wait."""

    key: str
    free: int


class Gates(NamedTuple):
    """Where one attempt has to pass, and where its failure counts; the first is the login's at the address."""

    pair: Gate
    passed: Sequence[Gate]
    counted: Sequence[Gate]


def gates_of(login: str, block: str, *, is_known: bool) -> Gates:
    """The gates of a sign-in.

    Args:
        login: as it is stored.
        block: where the attempt comes from: an IPv4 address or an IPv6 network of one caller.
        is_known: whether the login's owner has signed in from there before.
    """
    pair, strangers = _pair(login, block), _strangers(login)
    place = _gate("address", block, free=_FREE_FOR_ADDRESS)
    if is_known:
        return Gates(pair, [pair], [pair, place])
    return Gates(pair, [pair, strangers, place], [pair, strangers, place])


def own_gate(person_id: UUID) -> Gate:
    """The gate of what somebody who is signed in must prove once more."""
    return _gate("own", str(person_id), free=_FREE_FOR_PAIR)


def code_gate(person_id: UUID) -> Gate:
    """The gate of the codes that are shown with the right password."""
    return _gate("code", str(person_id), free=_FREE_FOR_CODE)


def require_open(session: Session, gates: Sequence[Gate]) -> None:
    """Refuse an attempt whose turn has not come.

    Raises:
        TooManyFailures: with the seconds to wait.
    """
    moment = now()
    found = FailureRepository(session).find(gate.key for gate in gates)
    waits = [
        (failures.last_at + timedelta(seconds=_wait(failures.number - gate.free)) - moment).total_seconds()
        for gate in gates
        if (failures := found.get(gate.key)) is not None and failures.last_at > moment - _FORGOTTEN_AFTER
    ]
    longest = max(waits, default=0)
    if longest > 0:
        raise TooManyFailures(math.ceil(longest))


def note_failure(session: Session, gates: Sequence[Gate]) -> None:
    """Count a failure."""
    moment = now()
    FailureRepository(session).add((gate.key for gate in gates), moment, forget_before=moment - _FORGOTTEN_AFTER)


def clear(session: Session, gate: Gate) -> None:
    """Forget the failures at a gate, after a success."""
    FailureRepository(session).drop(gate.key)


def forgive(session: Session, login: str, block: str) -> None:
    """Forget the failures of a login, those of strangers and those at one place, once its owner has shown who they are.

    Codes are not forgotten: what the owner has shown is no second factor.
    """
    for gate in (_pair(login, block), _strangers(login)):
        clear(session, gate)


def _pair(login: str, block: str) -> Gate:
    return _gate("pair", login, block, free=_FREE_FOR_PAIR)


def _strangers(login: str) -> Gate:
    return _gate("login", login, free=_FREE_FOR_LOGIN)


def _gate(kind: str, *parts: str, free: int) -> Gate:
    return Gate(hashlib.sha256("\0".join((kind, *parts)).encode()).hexdigest(), free)


def _wait(beyond: int) -> int:
    """Seconds after the last failure: 1, 2, 4 … once the free ones are used up."""
    return 0 if beyond < 0 else min(2 ** min(beyond, 10), _LONGEST)
