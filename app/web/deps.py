"""What a route may ask for in its signature."""

from typing import Annotated

from fastapi import Request
from sqlalchemy.orm import Session

from app.core.text import Language, negotiate
from app.db.store import Store
from app.web.routing import Given, Visit, Writer

PERSON_HEADER = "Duijie-Person"
"""Where a portal shows the access key of the person for whom it acts."""


def language(request: Request) -> Language:
    """The language the caller reads best."""
    return negotiate(request.headers.get("accept-language", ""))


def _store(visit: Visit) -> Store:
    # what was read for the handler holds a connection until the session is told that this is all
    return Store(
        visit.request.app.state.database, visit.source, release=visit.session.commit, beforehand=visit.beforehand
    )


ReadSession = Annotated[Session, Given(lambda visit: visit.session)]
WriteSession = Annotated[Session, Writer()]
Opener = Annotated[Store, Given(_store)]
"""For a handler that does something slow: it opens its own short sessions, and holds none meanwhile."""
