"""Passwords: what is a good one, and how they are kept.

One hash takes 64 MiB and a tenth of a second (argon2id, RFC 9106): requests make them in a lane, two at a time.
"""

import base64
import unicodedata
from typing import NamedTuple

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from zxcvbn import zxcvbn

from app.core.errors import FieldError, Invalid
from app.core.text import Bilingual

MIN_LENGTH = 10
MAX_LENGTH = 128
_MIN_SCORE = 3
_SCORED = 72  # characters; the estimate takes long for more
_WEAK = Bilingual(
    "过于容易猜到：请避免常用词、姓名、登录名和连续字符，或再长一些",
    "Too easy to guess: avoid common words, your name or login and runs of characters, or make it longer",
)


class Verified(NamedTuple):
    """Whether a password is right, and its hash made anew when the stored one is of older parameters."""

    is_right: bool
    renewed: str | None


class Passwords:
    """Makes and checks hashes of passwords; hold no connection meanwhile.

    Args:
        memory_kib: memory of one of them.
        passes: over that memory.
        lanes: of that memory.
    """

    def __init__(self, *, memory_kib: int = 65_536, passes: int = 3, lanes: int = 4) -> None:
        self._hasher = PasswordHash((Argon2Hasher(passes, memory_kib, lanes),))
        # of no password: checking against it takes as long as against a real one
        salt, digest = (base64.b64encode(bytes(size)).decode().rstrip("=") for size in (16, 32))
        self._nobodys = f"$argon2id$v=19$m={memory_kib},t={passes},p={lanes}${salt}${digest}"

    def hash(self, password: str) -> str:
        """What is stored of a password."""
        return self._hasher.hash(_composed(password))

    def verify(self, password: str, stored: str | None) -> Verified:
        """Check a password.

        Args:
            password: as it was typed.
            stored: its hash; None when there is none, which takes as long and is never right.
        """
        is_right, renewed = self._hasher.verify_and_update(_composed(password), stored or self._nobodys)
        return Verified(is_right and stored is not None, renewed)


def require_good(password: str, *, login: str, name: str, pointer: str = "/password") -> None:
    """Refuse a password that is easily guessed; its length has been checked.

    Args:
        password: the new one.
        login: of whose it is.
        name: of whose it is.
        pointer: where the fault is told.

    Raises:
        Invalid: it is easily guessed.
    """
    known = [login, login.partition("@")[0], name, "duijie", "对接"]
    if zxcvbn(password[:_SCORED], user_inputs=known)["score"] < _MIN_SCORE:
        raise Invalid([FieldError(pointer, _WEAK, "password_weak")])


def _composed(password: str) -> str:
    """One form of what keyboards write in several (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", password)
