"""The index on disk, so that a start need not read every text again: a cache beside the database, never the truth.

One folder holds one index. It is written under another name and then given its own, so that nobody sees half of one.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_MAKING = ".making"
_MARK = "mark"
_NAMED = re.compile(r"\d+-[0-9a-f]{32}")
_KEPT = 2


@dataclass(frozen=True, slots=True)
class Stored:
    """An index on disk.

    Attributes:
        folder: where it is.
        revision: it holds every change up to this one.
    """

    folder: Path
    revision: int

    def require_mark(self, mark: str) -> None:
        """Make sure that the database still has the change the index was made after; a restored one may not.

        Raises:
            ValueError: it has another one of that number, or none.
        """
        if (self.folder / _MARK).read_text() != mark:
            raise ValueError("made of a database that has gone another way since")

    def drop(self) -> None:
        """Remove it; who has it open keeps it until then."""
        shutil.rmtree(self.folder, ignore_errors=True)


class IndexStore:
    """Indexes in one folder, each open to the program's own user only: it holds postings that not all may see."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def newest(self, fingerprint: str) -> Stored | None:
        """The newest index that was made of the same things."""
        found = [Stored(one, _revision_of(one)) for one in self._all() if one.name.endswith(fingerprint)]
        return max(found, key=lambda stored: stored.revision, default=None)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other processes of this machine from making an index meanwhile."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def keep(self, fingerprint: str, revision: int, mark: str, save: Callable[[Path], None]) -> Stored:
        """Make an index, to be called `alone`.

        Older ones of the same things go, but for the last, which may just be being opened; of all others one is kept.

        Args:
            fingerprint: what it is made of.
            revision: it holds every change up to this one.
            mark: tells that change from others of its number.
            save: writes it into a folder that is not there yet.
        """
        making = self.folder / _MAKING
        shutil.rmtree(making, ignore_errors=True)
        save(making)
        (making / _MARK).write_text(mark)
        made = Stored(self.folder / f"{revision}-{fingerprint}", revision)
        made.drop()
        making.rename(made.folder)
        by_age = sorted(self._all(), key=os.path.getctime)
        alike = [one for one in by_age if one.name.endswith(fingerprint)]
        others = [one for one in by_age if one not in alike]
        for old in (*alike[:-_KEPT], *others[:-1]):
            shutil.rmtree(old, ignore_errors=True)
        return made

    def _all(self) -> list[Path]:
        """The indexes in the folder, and nothing else that may lie there."""
        if not self.folder.is_dir():
            return []
        return [one for one in self.folder.iterdir() if _NAMED.fullmatch(one.name)]


def _revision_of(folder: Path) -> int:
    return int(folder.name.partition("-")[0])
