"""Codes of second factors (TOTP, RFC 6238): each is good once."""

import hmac
from datetime import datetime

import pyotp
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.sealing import Seal
from app.features.accounts.models import Person
from app.features.people.service import lockout

_SECONDS = 30


def prove(*, session: Session, seal: Seal, person: Person, code: str) -> bool:
    """Whether a code is a person's of this moment: it is used up by that, and counted as a failure if it is not.

    Wrong codes are counted for the person wherever they are shown, and forgotten after a right one only: whoever has
    the password gets no new guesses by it. The person must be locked.

    Raises:
        TooManyFailures: too many were wrong; this one was not looked at.
    """
    gate = lockout.code_gate(person.id)
    lockout.require_open(session, [gate])
    if _accept(seal, person, code):
        lockout.clear(session, gate)
        return True
    lockout.note_failure(session, [gate])
    return False


def _accept(seal: Seal, person: Person, code: str) -> bool:
    if person.totp_sealed is None:
        return False
    step = _step_of(seal.open(person.totp_sealed), code, now())
    if step is None or (person.totp_step is not None and step <= person.totp_step):
        return False
    person.totp_step = step
    return True


def _step_of(secret: str, code: str, moment: datetime) -> int | None:
    """The step of 30 seconds whose code it is: this one, or one beside it for clocks that go wrong."""
    this = int(moment.timestamp()) // _SECONDS
    totp = pyotp.TOTP(secret)
    found = [step for step in (this - 1, this, this + 1) if hmac.compare_digest(totp.at(step * _SECONDS), code)]
    return max(found, default=None)
