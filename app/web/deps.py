"""What a route may ask for in its signature.

`scope="function"` makes a session end before the response leaves, so a commit that fails is an error the client sees.
The read session costs no thread: in autocommit its end does no I/O.
"""

from collections.abc import AsyncIterator, Iterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from app.core.text import Language, negotiate
from app.db.engine import Database


def database(request: Request) -> Database:
    """The application's database."""
    found: Database = request.app.state.database
    return found


async def _read_session(request: Request) -> AsyncIterator[Session]:
    session = database(request).read_session()
    try:
        yield session
    finally:
        session.close()


def _write_session(request: Request) -> Iterator[Session]:
    with database(request).write_session() as session:
        yield session


async def _language(request: Request) -> Language:
    return negotiate(request.headers.get("accept-language", ""))


ReadSession = Annotated[Session, Depends(_read_session, scope="function")]
WriteSession = Annotated[Session, Depends(_write_session, scope="function")]
RequestLanguage = Annotated[Language, Depends(_language)]
