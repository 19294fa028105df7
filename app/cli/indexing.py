"""`duijie index`: the matching index on disk, made before a server needs it."""

import typer

from app.cli.opening import opened


def index() -> None:
    """Make the matching index of many capabilities, so that a server's first ranking need not wait for it."""
    from app.core import logging
    from app.features.matches.live import LiveIndex
    from app.features.matches.store import IndexStore

    with opened() as found, found.database.read_session() as session:
        logging.configure(as_json=found.settings.log_json)
        stored = LiveIndex(IndexStore(found.settings.index_folder)).make(session)
        typer.echo(stored.folder)
