"""`duijie people`: invite the first administrator, and help people who are locked out, from the server itself."""

from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from app.cli.opening import fail, opened

if TYPE_CHECKING:
    from app.core.errors import DuijieError

commands = typer.Typer(help="People who sign in.", no_args_is_help=True)
Login = Annotated[str, typer.Option(help="An e-mail address or a phone number.")]


@commands.command()
def invite(
    role: Annotated[str, typer.Option(help="member, manager, operator or administrator")],
    login: Login,
    name: Annotated[str, typer.Option(help="What the person is called.")],
    organization: Annotated[str | None, typer.Option(help="For members and managers: the USCC.")] = None,
) -> None:
    """Invite somebody and print the link, this once; no mail is sent."""
    from app.composition import public_url_of
    from app.core.errors import DuijieError
    from app.core.rules import validated
    from app.features.accounts.types import SYSTEM
    from app.features.organizations import service as organizations
    from app.features.people.schemas import PersonInvite
    from app.features.people.service import managing

    with opened() as found, found.database.write_session() as session:
        organization_id = organizations.id_by_uscc(session=session, uscc=organization) if organization else None
        if organization and organization_id is None:
            fail("没有使用该统一社会信用代码的机构。", "No organisation has this Unified Social Credit Code.")
        content = {"login": login, "name": name, "role": role, "organization_id": organization_id}
        try:
            address = managing.link_for(
                session=session,
                actor=SYSTEM,
                body=validated(PersonInvite, content),
                public_url=public_url_of(found.settings),
            )
        except DuijieError as error:
            _refuse(error)
    typer.echo(address)


@commands.command()
def reset_password(login: Login) -> None:
    """Print a link by which somebody sets a new password, good for 30 minutes."""
    from app.composition import public_url_of
    from app.core.errors import DuijieError
    from app.features.accounts.types import SYSTEM
    from app.features.people.service import resetting

    with opened() as found, found.database.write_session() as session:
        try:
            address = resetting.link_for(
                session=session,
                actor=SYSTEM,
                login=_folded(login),
                public_url=public_url_of(found.settings),
            )
        except DuijieError as error:
            _refuse(error)
    typer.echo(address)


@commands.command()
def disable(login: Login) -> None:
    """Let somebody sign in no longer, and end all their sign-ins at once."""
    from app.core.errors import DuijieError
    from app.features.accounts.types import SYSTEM
    from app.features.people.service import managing

    with opened() as found, found.database.write_session() as session:
        try:
            managing.disable(session=session, actor=SYSTEM, login=_folded(login))
        except DuijieError as error:
            _refuse(error)
    typer.echo(f"disabled {_folded(login)}")


def _folded(login: str) -> str:
    from pydantic_core import PydanticCustomError

    from app.features.people.logins import folded_login

    try:
        return folded_login(login)
    except PydanticCustomError:
        fail("--login 应为电子邮件地址或手机号码。", "--login should be an e-mail address or a phone number.")


def _refuse(error: "DuijieError") -> NoReturn:
    if error.errors:
        fault = error.errors[0]
        fail(f"{fault.pointer} {fault.detail.zh}", f"{fault.pointer} {fault.detail.en}")
    fail(error.detail.zh, error.detail.en)
