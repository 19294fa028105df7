"""`duijie index`: the matching index on disk, made before a server needs it."""

import typer

from app.cli.opening import opened


def index() -> None:
    """Make the matching index of many capabilities, so that a server's first ranking need not wait for it."""
    from app.core import logging
    from app.features.matches.basis import params_for
    from app.features.matches.live import LiveIndex
    from app.features.matches.store import IndexStore

    with opened() as found, found.database.read_session() as session:
        settings = found.settings
        logging.configure(as_json=settings.log_json)
        stored = LiveIndex(IndexStore(settings.index_folder), params=params_for(reads_meaning=settings.meaning)).make(
            session
        )
        typer.echo(stored.folder)
