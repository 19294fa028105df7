"""`duijie audit`: the log of who did what."""

import re
from typing import Annotated

import typer

from app.cli.opening import fail, opened

commands = typer.Typer(help="The log of who did what.", no_args_is_help=True)

_HEAD = re.compile(r"(0|[1-9][0-9]{0,17}):([0-9a-f]{64})")
_HOW = {
    "missing": ("缺失", "is missing"),
    "changed": ("被改动", "was changed"),
    "unlinked": ("与前一条不相连", "does not follow the one before it"),
    "added": ("是外加的", "was added"),
    "unexpected": ("与所给的校验值不符", "is not the one expected"),
}


@commands.command()
def head() -> None:
    """Print the last entry's number and hash, to be kept elsewhere."""
    from app.features.audit import service

    with opened() as found, found.database.read_session() as session:
        number, last = service.head(session=session)
    typer.echo(f"{number}:{last}")


@commands.command()
def verify(
    expect: Annotated[str | None, typer.Option(metavar="NUMBER:HASH", help="What `head` printed before.")] = None,
) -> None:
    """Read the whole log and print its head; fails at the first entry that is changed or missing."""
    from app.features.audit import service

    shown = None
    if expect is not None:
        shown = _HEAD.fullmatch(expect)
        if shown is None:
            fail(
                "--expect 应为“编号:校验值”，即 duijie audit head 的输出。",
                "--expect takes what `duijie audit head` prints.",
            )
    with opened() as found, found.database.read_session() as session:
        broken = service.verify(session=session, expected=(int(shown[1]), shown[2]) if shown else None)
        number, last = service.head(session=session)
    if broken is not None:
        zh, en = _HOW[broken.how]
        fail(f"审计记录第 {broken.number} 条{zh}。", f"Entry {broken.number} of the audit {en}.")
    typer.echo(f"{number}:{last}")
