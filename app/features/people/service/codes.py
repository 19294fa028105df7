"""Codes of second factors (TOTP, RFC 6238): each is good once."""

import hmac
from datetime import datetime

import pyotp

from app.core.clock import now
from app.core.sealing import Seal
from app.features.accounts.models import Person

_SECONDS = 30


def accept(*, seal: Seal, person: Person, code: str) -> bool:
    """Whether a code is a person's of this moment; it is used up by that. The person must be locked."""
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
