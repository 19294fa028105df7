"""What must be read back but never lie in the open: encrypted with one key of the installation."""

import hmac
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

_FOR_DIGESTS = b"duijie digest"  # keeps them apart from anything else made with the key


class Unsealable(ValueError):
    """It was sealed with another key, or is damaged."""


class Seal:
    """Seals and opens texts (Fernet: AES-128-CBC with HMAC-SHA256).

    Args:
        key: 32 bytes in URL-safe base64, or what gives them when they are first needed.

    Raises:
        ValueError: it is no such key.
    """

    def __init__(self, key: str | Callable[[], str]) -> None:
        self._key = key
        if isinstance(key, str):
            Fernet(key)

    @classmethod
    def kept_in(cls, file: Path) -> "Seal":
        """The seal whose key lies in a file that only this user can read; made at first use.

        Processes that start at once agree on one: the file appears whole or not at all.
        """
        return cls(lambda: _kept(file))

    def digest(self) -> "hmac.HMAC":
        """A hash that nobody without the key can make (HMAC-SHA256), nothing in it yet."""
        return hmac.new(self._bytes, _FOR_DIGESTS, "sha256")

    @cached_property
    def _bytes(self) -> bytes:
        return (self._key if isinstance(self._key, str) else self._key()).encode()

    @cached_property
    def _fernet(self) -> Fernet:
        return Fernet(self._bytes)

    def seal(self, text: str) -> str:
        """A text that only this seal opens."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """What was sealed.

        Raises:
            Unsealable: with another key.
        """
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as error:
            raise Unsealable("sealed with another key") from error


def _kept(file: Path) -> str:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        # readable by its user only, by itself
        handle, draft = tempfile.mkstemp(dir=file.parent)
        with os.fdopen(handle, "wb") as written:
            written.write(Fernet.generate_key())
        with suppress(FileExistsError):
            os.link(draft, file)
        Path(draft).unlink()
    return file.read_text("ascii").strip()
