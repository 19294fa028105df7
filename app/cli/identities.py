"""`duijie oidc`: the issuer at which people may sign in."""

from typing import TYPE_CHECKING

import typer

from app.cli.opening import fail, read_settings

if TYPE_CHECKING:
    from app.features.identities.issuer import Discovery
    from app.settings import OidcSettings

commands = typer.Typer(help="The issuer of identities outside.", no_args_is_help=True)


@commands.callback()
def _group() -> None:
    """Keep `check` a word of its own, for others to come beside it."""


@commands.command()
def check() -> None:
    """Read what the issuer says of itself and its keys, and say what is wrong."""
    from app.features.identities.issuer import IssuerFault, discover, read_keys

    oidc = read_settings().oidc
    if oidc is None:
        fail(
            "没有设置外部身份提供方。请设置 DUIJIE_OIDC__ISSUER 和 DUIJIE_OIDC__CLIENT_ID。",
            "No issuer is set. Set DUIJIE_OIDC__ISSUER and DUIJIE_OIDC__CLIENT_ID.",
        )
    try:
        found = discover(oidc.issuer)
        keys = read_keys(found.jwks_uri)
    except IssuerFault as fault:
        fail(
            f"身份提供方 {oidc.issuer} 不可用：{fault.detail.zh}",
            f"The issuer {oidc.issuer} cannot be used: {fault.detail.en}",
        )
    _require_common(oidc, found)
    typer.echo(f"issuer    {oidc.issuer}\naudience  {oidc.client_id}\nkeys at   {found.jwks_uri}")
    for key in keys:
        typer.echo(f"  {key.key_type:<4}{key.alg or '':<8}{key.kid}")
    typer.echo("身份提供方可用 / the issuer can be used")


def _require_common(oidc: "OidcSettings", found: "Discovery") -> None:
    if found.algorithms and not set(found.algorithms) & set(oidc.algorithms):
        theirs, ours = ", ".join(found.algorithms), ", ".join(oidc.algorithms)
        fail(
            f"身份提供方的签名算法（{theirs}）都不在 DUIJIE_OIDC__ALGORITHMS（{ours}）之中。",
            f"None of the issuer's algorithms ({theirs}) is among DUIJIE_OIDC__ALGORITHMS ({ours}).",
        )
