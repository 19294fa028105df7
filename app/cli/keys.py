"""`duijie keys`: API keys, from the server itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.opening import fail, opened

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

commands = typer.Typer(help="API keys.", no_args_is_help=True)

PublicId = Annotated[str, typer.Argument(help="The part of the key before the dot.")]


@commands.command()
def issue(
    role: Annotated[str, typer.Option(help="member, manager, operator, administrator or portal")],
    name: Annotated[str, typer.Option(help="What the key is for.")],
    organization: Annotated[str | None, typer.Option(help="For a member or manager: the organisation's USCC.")] = None,
    scope: Annotated[
        list[str] | None, typer.Option(help="What it may ask for, such as needs:read; may be repeated. Default: all.")
    ] = None,
    address: Annotated[
        list[str] | None, typer.Option(help="A network or address it may be used from; may be repeated. Default: any.")
    ] = None,
    expires: Annotated[str | None, typer.Option(help="When it ends, such as 2027-03-31T00:00:00+08:00.")] = None,
) -> None:
    """Make a key and print it, this once."""
    from app.core.rules import validated
    from app.features.accounts import service
    from app.features.accounts.schemas import ApiKeyCreate
    from app.features.accounts.types import SYSTEM
    from app.features.organizations import service as organizations

    with _writing() as session:
        organization_id = organizations.id_by_uscc(session=session, uscc=organization) if organization else None
        if organization and organization_id is None:
            fail("没有使用该统一社会信用代码的机构。", "No organisation has this Unified Social Credit Code.")
        content = {"name": name, "role": role, "organization_id": organization_id, "scopes": scope or None}
        content |= {"allowed_addresses": address or [], "expires_at": expires}
        issued = service.issue(session=session, actor=SYSTEM, body=validated(ApiKeyCreate, content))
    typer.echo(issued.key)


@commands.command("list")
def list_keys() -> None:
    """Show all keys, newest first: public id, role, state, when it ends, when it was last used, name, scopes."""
    from app.core.clock import now
    from app.db.keyset import Slice
    from app.features.accounts import service
    from app.features.accounts.types import SYSTEM

    moment = now()
    with opened() as found, found.database.read_session() as session:
        cursor = None
        while True:
            wanted = Slice(limit=200, sort="-created_at", cursor=cursor)
            page = service.list_keys(session=session, actor=SYSTEM, wanted=wanted)
            for key in page.items:
                is_over = key.expires_at is not None and key.expires_at <= moment
                state = "revoked" if key.revoked_at else "expired" if is_over else "live"
                times = (f"{at:%Y-%m-%dT%H:%MZ}" if at else "-" for at in (key.expires_at, key.last_used_at))
                typer.echo("\t".join([key.public_id, key.role, state, *times, key.name, ",".join(key.scopes)]))
            cursor = page.next_cursor
            if cursor is None:
                return


@commands.command()
def rotate(
    public_id: PublicId,
    overlap_hours: Annotated[int, typer.Option(min=0, max=168, help="For how long the old key still works.")] = 24,
) -> None:
    """Make a key in place of another and print it, this once."""
    from datetime import timedelta

    from app.features.accounts import service
    from app.features.accounts.types import SYSTEM

    with _writing() as session:
        key_id = service.id_of(session=session, actor=SYSTEM, public_id=_bare(public_id))
        overlap = timedelta(hours=overlap_hours)
        issued = service.rotate(session=session, actor=SYSTEM, key_id=key_id, overlap=overlap)
    typer.echo(issued.key)


@commands.command()
def revoke(public_id: PublicId) -> None:
    """End a key at once, with those it was rotated to, and print which ended."""
    from app.features.accounts import service
    from app.features.accounts.types import SYSTEM

    with _writing() as session:
        key_id = service.id_of(session=session, actor=SYSTEM, public_id=_bare(public_id))
        ended = service.revoke(session=session, actor=SYSTEM, key_id=key_id)
    if not ended:
        fail("该密钥及由其轮换出的密钥均已吊销。", "The key and all that it was rotated to were revoked before.")
    for key in ended:
        typer.echo(f"revoked {key.public_id}")


@contextmanager
def _writing() -> Iterator["Session"]:
    """A session that writes; what is refused ends the command with a sentence."""
    import app.features.organizations.models  # noqa: F401 - keys refer to their table
    from app.core.errors import DuijieError, Invalid

    with opened() as found:
        try:
            with found.database.write_session() as session:
                yield session
        except Invalid as error:
            fault = error.errors[0]
            fail(f"{fault.pointer} {fault.detail.zh}", f"{fault.pointer} {fault.detail.en}")
        except DuijieError as error:
            fail(error.detail.zh, error.detail.en)


def _bare(public_id: str) -> str:
    return public_id.removeprefix("dj_live_").partition(".")[0]
