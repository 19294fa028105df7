"""`duijie run` and `duijie serve`: the API on this machine."""

import json
import socket
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import demo, seeds
from app.cli.opening import fail, opened, read_settings
from app.cli.working import worker_beside

if TYPE_CHECKING:
    from app.db.engine import Database
    from app.settings import ServerSettings, Settings


def run() -> None:
    """Everything for a first look: migrate, seed, make demonstration keys, serve."""
    with opened(at_head=False) as found:
        _require_free_port(found.settings.server)
        found.migrations.upgrade()
        _seed_once(found.database)
        keys = demo.demo_keys(found.database, found.settings.demo_keys_file)
        server, keys_file = found.settings.server, found.settings.demo_keys_file
    _introduce(server, keys, str(keys_file))
    _serve(server, found.settings)


def serve(
    workers: Annotated[int | None, typer.Option(help="Processes; DUIJIE_SERVER__WORKERS otherwise.")] = None,
) -> None:
    """Serve a database whose schema is up to date."""
    with opened() as found:
        server = found.settings.server
    _require_free_port(server)
    _serve(server if workers is None else server.model_copy(update={"workers": workers}), found.settings)


def openapi() -> None:
    """Print the OpenAPI document."""
    from app.main import create_app

    app = create_app(read_settings())
    typer.echo(json.dumps(app.openapi(), ensure_ascii=False, indent=2))


def _seed_once(database: "Database") -> None:
    from app.db import changes

    with database.read_session() as session:
        is_new = changes.revision(session) == 0
    if is_new:
        seeds.load(database)
    else:  # what people have changed since must not be changed back
        typer.echo("数据库中已有数据，未再载入 seeds/ / there is data already: seeds/ not loaded again")


def _serve(server: "ServerSettings", settings: "Settings") -> None:
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings

    granian = Granian(
        "app.main:from_environment",
        factory=True,
        interface=Interfaces.ASGI,
        address=server.host,
        port=server.port,
        workers=server.workers,
        websockets=False,
        # asked to guess, the server waits for the first byte of a connection for ever
        http=HTTPModes.http1,
        # also ends connections on which nothing more is asked
        http1_settings=HTTP1Settings(header_read_timeout=server.header_seconds * 1000),
    )
    with worker_beside(settings):
        granian.serve()


def _require_free_port(server: "ServerSettings") -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((server.host, server.port))
        except OSError:
            fail(
                f"{server.host}:{server.port} 已被占用。换一个端口：DUIJIE_SERVER__PORT={server.port + 1} make run",
                f"{server.host}:{server.port} is taken. Use another port: "
                f"DUIJIE_SERVER__PORT={server.port + 1} make run",
            )


def _introduce(server: "ServerSettings", keys: dict[str, str], keys_file: str) -> None:
    base = f"http://{server.host}:{server.port}"
    bearer = f"-H 'Authorization: Bearer {keys['portal']}'"
    typer.echo(f"\n  Duijie 对接   {base}\n  API docs      {base}/docs\n\n  Demo keys ({keys_file})")
    for role, key in keys.items():
        typer.echo(f"    {role:<12}{key}")
    typer.echo(
        f"\n  Try 试一试\n"
        f"    curl -s '{base}/v1/needs?limit=3'\n"
        f"    curl -s {bearer} '{base}/v1/needs/{demo.NEED}/matches?limit=3'\n"
        f"    curl -s -H 'Accept: application/json' '{base}/v1/capabilities/{demo.CAPABILITY}/report'\n"
    )
