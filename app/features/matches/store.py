"""The index on disk, so that a start need not read every text again: a cache beside the database, never the truth.

One folder holds one index. It is written under another name and then given its own, so that nobody sees half of one.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_MAKING = ".making"
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

    def drop(self) -> None:
        """Remove it; who has it open keeps it until then."""
        shutil.rmtree(self.folder, ignore_errors=True)


class IndexStore:
    """Indexes in one folder, which only the program's own user may read: it holds postings that not all may see."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def newest(self, fingerprint: str) -> Stored | None:
        """The newest index that was made of the same things."""
        found = [Stored(one, _revision_of(one)) for one in self.folder.glob(f"*-{fingerprint}")]
        return max(found, key=lambda stored: stored.revision, default=None)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other processes of this machine from making an index meanwhile."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def keep(self, fingerprint: str, revision: int, save: Callable[[Path], None]) -> Stored:
        """Make an index, to be called `alone`; older ones go, but for the last, which may just be being opened.

        Args:
            fingerprint: what it is made of.
            revision: it holds every change up to this one.
            save: writes it into a folder that is not there yet.
        """
        making = self.folder / _MAKING
        shutil.rmtree(making, ignore_errors=True)
        save(making)
        made = Stored(self.folder / f"{revision}-{fingerprint}", revision)
        made.drop()
        making.rename(made.folder)
        others = sorted(self.folder.glob("*-*"), key=os.path.getctime)
        for old in others[:-_KEPT]:
            shutil.rmtree(old, ignore_errors=True)
        return made


def _revision_of(folder: Path) -> int:
    return int(folder.name.partition("-")[0])
