"""What must be read back but never lie in the open: encrypted with one key of the installation."""

import os
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from threading import get_ident

from cryptography.fernet import Fernet, InvalidToken


class Unsealable(ValueError):
    """It was sealed with another key, or is damaged."""


class Seal:
    """Seals and opens texts (Fernet: AES-128-CBC with HMAC-SHA256).

    Args:
        key: 32 bytes in URL-safe base64.

    Raises:
        ValueError: it is no such key.
    """

    def __init__(self, key: str) -> None:
        Fernet(key)
        self._key: Callable[[], str] = lambda: key

    @classmethod
    def kept_in(cls, file: Path) -> "Seal":
        """The seal whose key lies in a file that only this user can read.

        The file is read, and made if there is none, when something is first sealed or opened. Processes that start at
        once agree on one: it appears whole or not at all.
        """
        seal = cls.__new__(cls)
        seal._key = lambda: _key_in(file)  # noqa: SLF001 - its own
        return seal

    @cached_property
    def _fernet(self) -> Fernet:
        return Fernet(self._key())

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


def _key_in(file: Path) -> str:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{os.getpid()}.{get_ident()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as handle:
            handle.write(Fernet.generate_key())
        with suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
    return file.read_text("ascii").strip()
