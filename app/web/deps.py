"""What a route may ask for in its signature; sessions are entered by `routing.Router`, in the handler's thread."""

from contextlib import AbstractContextManager
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from app.core.text import Language, negotiate
from app.db.engine import Database


def database(request: Request) -> Database:
    """The application's database."""
    found: Database = request.app.state.database
    return found


async def _read_session(request: Request) -> AbstractContextManager[Session]:
    return database(request).read_session()


async def _write_session(request: Request) -> AbstractContextManager[Session]:
    return database(request).write_session()


async def _language(request: Request) -> Language:
    return negotiate(request.headers.get("accept-language", ""))


ReadSession = Annotated[Session, Depends(_read_session)]
WriteSession = Annotated[Session, Depends(_write_session)]
RequestLanguage = Annotated[Language, Depends(_language)]
