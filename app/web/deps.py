"""What a route may ask for in its signature."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Annotated

from fastapi import Request
from sqlalchemy.orm import Session

from app.core.text import Language, negotiate
from app.web.routing import Given, Visit, Writer


def language(request: Request) -> Language:
    """The language the caller reads best."""
    return negotiate(request.headers.get("accept-language", ""))


def _begin(visit: Visit) -> Callable[[], AbstractContextManager[Session]]:
    @contextmanager
    def begin() -> Iterator[Session]:
        visit.session.commit()  # nobody holds one connection while waiting for another
        with visit.request.app.state.database.write_session(visit.source) as session:
            yield session

    return begin


ReadSession = Annotated[Session, Given(lambda visit: visit.session)]
WriteSession = Annotated[Session, Writer()]
Begin = Annotated[Callable[[], AbstractContextManager[Session]], Given(_begin)]
"""For a handler that does something slow first: begins a transaction, committed when its block ends."""
