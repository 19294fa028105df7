"""`duijie report`: match reports as files, with everything an administrator may see."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from app.cli.opening import fail, opened
from app.core.text import Language

if TYPE_CHECKING:
    from app.features.reports.schemas import ReportRead
    from app.features.reports.types import Form, Side

commands = typer.Typer(help="Match reports as files.", no_args_is_help=True)

Reference = Annotated[str, typer.Argument(help="Its reference or id, such as XQ-2026-000001 or NL-2026-000001.")]
Out = Annotated[Path, typer.Option(help="The file to write; .html or .json decides the form.")]
Lang = Annotated[Language, typer.Option(help="The report's language.")]
Limit = Annotated[int, typer.Option(min=1, max=50, help="At most so many candidates.")]

_FORMS: "dict[str, Form]" = {".html": "html", ".htm": "html", ".json": "json"}


@commands.command()
def need(reference: Reference, out: Out, lang: Lang = "zh", limit: Limit = 10) -> None:
    """Write a need with the capabilities for it and why."""
    _write("need", reference, out, lang, limit)


@commands.command()
def capability(reference: Reference, out: Out, lang: Lang = "zh", limit: Limit = 10) -> None:
    """Write a capability with the needs it suits and why."""
    _write("capability", reference, out, lang, limit)


def _write(side: "Side", reference: str, out: Path, lang: Language, limit: int) -> None:
    form = _form_of(out)
    if not out.parent.is_dir():
        fail(f"没有这个文件夹：{out.parent}", f"There is no such folder: {out.parent}")
    text = _in_form(_report(side, reference, lang, limit), form)
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        fail(f"无法写入 {out}（{error.strerror}）。", f"{out} cannot be written ({error.strerror}).")
    typer.echo(out)


def _form_of(out: Path) -> "Form":
    form = _FORMS.get(out.suffix.lower())
    if form is None:
        fail("文件名须以 .html 或 .json 结尾。", "The file's name must end in .html or .json.")
    return form


def _report(side: "Side", reference: str, lang: Language, limit: int) -> "ReportRead":
    from app.core.errors import NotReady
    from app.features.accounts.types import SYSTEM
    from app.features.matches.basis import params_for
    from app.features.matches.live import LiveIndex
    from app.features.matches.service import Asking
    from app.features.matches.store import IndexStore
    from app.features.postings.errors import PostingNotFound
    from app.features.reports import service

    with opened() as found, found.database.read_session() as session:
        asking = Asking(
            session=session,
            actor=SYSTEM,
            index=LiveIndex(
                IndexStore(found.settings.index_folder),
                params=params_for(reads_meaning=found.settings.meaning),
                makes=False,
            ),
            language=lang,
        )
        try:
            if side == "need":
                return service.report_need(asking, need_id=_key(reference), limit=limit)
            return service.report_capability(asking, capability_id=_key(reference), limit=limit)
        except NotReady as error:
            fail(error.detail.zh, error.detail.en)
        except PostingNotFound:
            fail(f"没有编号为 {reference} 的记录。", f"There is nothing with the reference {reference}.")


def _key(reference: str) -> UUID | str:
    try:
        return UUID(reference)
    except ValueError:
        return reference.upper()


def _in_form(report: "ReportRead", form: "Form") -> str:
    from app.features.reports import rendering

    return rendering.report_file(report) if form == "html" else report.model_dump_json(indent=2) + "\n"
