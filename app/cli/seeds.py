"""`duijie seed`: seeds/ through the same schemas and services as the API."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.opening import fail, opened

if TYPE_CHECKING:
    from rich.progress import TaskID

    from app.db.engine import Database


def seed(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, write nothing.")] = False,
    only: Annotated[list[str] | None, typer.Option(help="Only these files, such as reference/industries.")] = None,
) -> None:
    """Load seeds/ into the database: each file whole or not at all; a second time changes nothing."""
    with opened() as found:
        load(found.database, dry_run=dry_run, only=only)


def load(database: "Database", *, dry_run: bool = False, only: list[str] | None = None) -> None:
    """Load seeds/ with a progress bar and a line of what was done; exit status 1 when a file is at fault."""
    from rich.console import Console
    from rich.progress import Progress

    from app.features.seeding import service
    from app.features.seeding.errors import SeedsNotFound
    from app.features.seeding.types import Progress as Told
    from app.settings import ROOT

    with Progress(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(progress: Told) -> None:
            if progress.file not in tasks:
                tasks[progress.file] = bar.add_task(progress.file, total=progress.total)
            bar.update(tasks[progress.file], completed=progress.done)

        try:
            reports = service.seed(database, ROOT / "seeds", dry_run=dry_run, only=only, on_progress=show)
        except SeedsNotFound as error:
            fail(error.detail.zh, error.detail.en)
    for report in reports:
        typer.echo(
            f"{report.file:<40} created {report.created:>5}  updated {report.updated:>5}  "
            f"unchanged {report.unchanged:>5}"
        )
    faults = [(report.file, fault) for report in reports for fault in report.errors]
    if faults:
        lines = [f"{file}:{fault.row} {fault.pointer} {fault.detail.zh} / {fault.detail.en}" for file, fault in faults]
        fail("\n".join(lines), "Nothing of this file was loaded, nor of those after it.")
    if dry_run:
        typer.echo("演练：没有写入任何数据 / dry run: nothing was written")
    elif not any(report.created or report.updated for report in reports):
        typer.echo("种子数据没有变化 / seeds unchanged")
