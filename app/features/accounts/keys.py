"""The form of everything secret that is given out: `dj_live_{public id}.{secret}`, the word in it saying what for.

The secret has 256 random bits, so one round of SHA-256 is enough to store it by: there is nothing to guess.
"""

import hashlib
import hmac
import re
import secrets
from enum import StrEnum
from typing import NamedTuple

_FORM = re.compile(r"dj_(live|access|refresh|link)_([a-z0-9]{12})\.([A-Za-z0-9_-]{43})")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"


class Purpose(StrEnum):
    """What a key is for: a machine, a request of a person, a new request key, an invitation or a lost password."""

    LIVE = "live"
    ACCESS = "access"
    REFRESH = "refresh"
    LINK = "link"


class Presented(NamedTuple):
    """A key as a caller presents it, taken apart."""

    purpose: Purpose
    public_id: str
    secret: str

    @property
    def text(self) -> str:
        """The key as its owner keeps it."""
        return f"dj_{self.purpose}_{self.public_id}.{self.secret}"

    @property
    def secret_hash(self) -> str:
        """What is stored of the secret: SHA-256, 64 hexadecimal digits."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    def matches(self, secret_hash: str) -> bool:
        """Whether the secret has this hash, in constant time."""
        return hmac.compare_digest(self.secret_hash, secret_hash)


def generate(purpose: Purpose = Purpose.LIVE) -> Presented:
    """A new key."""
    return Presented(purpose, "".join(secrets.choice(_ALPHABET) for _ in range(12)), secrets.token_urlsafe(32))


def parse(text: str) -> Presented | None:
    """Take a key apart; None when it does not have the form of one."""
    found = _FORM.fullmatch(text)
    return Presented(Purpose(found[1]), found[2], found[3]) if found else None
