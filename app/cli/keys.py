"""`duijie keys`: API keys, from the server itself."""

from typing import Annotated

import typer

from app.cli.opening import fail, opened

commands = typer.Typer(help="API keys.", no_args_is_help=True)


@commands.command()
def issue(
    role: Annotated[str, typer.Option(help="member, operator, administrator or portal")],
    name: Annotated[str, typer.Option(help="What the key is for.")],
    organization: Annotated[str | None, typer.Option(help="For a member: the organisation's USCC.")] = None,
) -> None:
    """Make a key and print it, this once."""
    from app.core.errors import Invalid
    from app.core.rules import validated
    from app.features.accounts import service
    from app.features.accounts.schemas import ApiKeyCreate
    from app.features.accounts.types import SYSTEM
    from app.features.organizations import service as organizations

    with opened() as found, found.database.write_session() as session:
        organization_id = organizations.id_by_uscc(session=session, uscc=organization) if organization else None
        if organization and organization_id is None:
            fail("没有使用该统一社会信用代码的机构。", "No organisation has this Unified Social Credit Code.")
        try:
            body = validated(ApiKeyCreate, {"name": name, "role": role, "organization_id": organization_id})
            issued = service.issue(session=session, actor=SYSTEM, body=body)
        except Invalid as error:
            fault = error.errors[0]
            fail(f"{fault.pointer} {fault.detail.zh}", f"{fault.pointer} {fault.detail.en}")
    typer.echo(issued.key)


@commands.command()
def revoke(public_id: Annotated[str, typer.Argument(help="The part of the key before the dot.")]) -> None:
    """End a key at once."""
    from app.features.accounts import service
    from app.features.accounts.errors import KeyNotFound
    from app.features.accounts.types import SYSTEM

    with opened() as found, found.database.write_session() as session:
        try:
            key_id = service.id_of(session=session, actor=SYSTEM, public_id=public_id.removeprefix("dj_live_"))
            service.revoke(session=session, actor=SYSTEM, key_id=key_id)
        except KeyNotFound as error:
            fail(error.detail.zh, error.detail.en)
    typer.echo(f"revoked {public_id}")
