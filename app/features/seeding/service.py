"""Loading seeds: reference tables, then a judged matching set, each file in one transaction."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Protocol

from sqlalchemy.orm import Session

from app.core.outcome import Put
from app.db import audit
from app.db.engine import Database
from app.features.accounts.types import SYSTEM
from app.features.seeding.demo import DEMO
from app.features.seeding.errors import FileFaulty, SeedsNotFound
from app.features.seeding.reference import REFERENCE
from app.features.seeding.types import FileReport, Progress, Tell

Begin = Callable[[], AbstractContextManager[Session]]


class SeedFile(Protocol):
    """One file that can be loaded."""

    @property
    def name(self) -> str:
        """Its place in the folder, as `demo/needs.jsonl`."""

    def load(self, session: Session, folder: Path, tell: Tell) -> list[Put]:
        """Write all records, or raise FileFaulty."""


FILES: tuple[SeedFile, ...] = (*REFERENCE, *DEMO)


def seed(
    database: Database,
    folder: Path,
    *,
    dry_run: bool,
    only: Collection[str] | None,
    on_progress: Callable[[Progress], None] | None,
) -> tuple[FileReport, ...]:
    """Load a folder of seeds. A second run changes nothing.

    A file with any fault is rolled back as a whole and the last one tried, since later files build on it.

    Args:
        database: migrated.
        folder: holds `reference/` and `demo/`, or files of them; files that are not there are passed over.
        dry_run: check everything, write nothing.
        only: files such as `demo/needs.jsonl` or `demo/needs`, or whole parts such as `reference`; None for all.
        on_progress: told how far each file has come.

    Returns:
        A report for each file tried, in order.

    Raises:
        SeedsNotFound: the folder has no seeds, or none of those in `only`.
    """
    files = _wanted(folder, only)
    reports: list[FileReport] = []
    with (_rehearsal if dry_run else _for_good)(database) as begin:
        for file in files:
            report = _load(file, folder, begin, on_progress)
            reports.append(report)
            if report.errors:
                break
    return tuple(reports)


def _wanted(folder: Path, only: Collection[str] | None) -> list[SeedFile]:
    present = [file for file in FILES if (folder / file.name).is_file()]
    if only is None:
        if not present:
            raise SeedsNotFound([str(folder)])
        return present
    names = {name: [file for file in present if name in _called(file)] for name in only}
    if missing := [name for name, files in names.items() if not files]:
        raise SeedsNotFound(missing)
    return [file for file in present if any(file in files for files in names.values())]


def _called(file: SeedFile) -> tuple[str, str, str]:
    return file.name, file.name.rpartition(".")[0], file.name.partition("/")[0]


def _load(file: SeedFile, folder: Path, begin: Begin, on_progress: Callable[[Progress], None] | None) -> FileReport:
    tell = partial(_tell, file.name, on_progress)
    try:
        with begin() as session:
            outcomes = Counter(file.load(session, folder, tell))
            if outcomes["created"] or outcomes["updated"]:
                detail = {"file": file.name, "created": outcomes["created"], "updated": outcomes["updated"]}
                audit.note(session, action="seed.load", by=SYSTEM.by, subject=("seed", None), detail=detail)
    except FileFaulty as faulty:
        return FileReport(file.name, created=0, updated=0, unchanged=0, errors=faulty.errors)
    return FileReport(
        file.name,
        created=outcomes["created"],
        updated=outcomes["updated"],
        unchanged=outcomes["unchanged"],
        errors=(),
    )


def _tell(file: str, on_progress: Callable[[Progress], None] | None, done: int, total: int) -> None:
    if on_progress is not None:
        on_progress(Progress(file, done, total))


@contextmanager
def _for_good(database: Database) -> Iterator[Begin]:
    yield database.write_session


@contextmanager
def _rehearsal(database: Database) -> Iterator[Begin]:
    # later files are checked against earlier ones, so all of them share a transaction that is rolled back at the end
    with database.write_session() as session:

        @contextmanager
        def begin() -> Iterator[Session]:
            with session.begin_nested():
                yield session

        yield begin
        session.rollback()
