"""The form of an API key: `dj_live_{public id}.{secret}`.

The secret has 256 random bits, so one round of SHA-256 is enough to store it by: there is nothing to guess.
"""

import hashlib
import hmac
import re
import secrets
from typing import NamedTuple

_FORM = re.compile(r"dj_live_([a-z0-9]{12})\.([A-Za-z0-9_-]{43})")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"


class Presented(NamedTuple):
    """A key as a caller presents it, taken apart."""

    public_id: str
    secret: str

    @property
    def text(self) -> str:
        """The key as its owner keeps it."""
        return f"dj_live_{self.public_id}.{self.secret}"

    def matches(self, secret_hash: str) -> bool:
        """Whether the secret has this hash, in constant time."""
        return hmac.compare_digest(hash_secret(self.secret), secret_hash)


def generate() -> Presented:
    """A new key."""
    return Presented("".join(secrets.choice(_ALPHABET) for _ in range(12)), secrets.token_urlsafe(32))


def parse(text: str) -> Presented | None:
    """Take a key apart; None when it does not have the form of one."""
    found = _FORM.fullmatch(text)
    return Presented(*found.groups()) if found else None


def hash_secret(secret: str) -> str:
    """What is stored: SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode()).hexdigest()
