"""What a route may ask for in its signature."""

from typing import Annotated

from fastapi import Request
from sqlalchemy.orm import Session

from app.core.text import Language, negotiate
from app.web.routing import Given, Writer

PERSON_HEADER = "Duijie-Person"
"""Where a portal shows the access key of the person for whom it acts."""


def language(request: Request) -> Language:
    """The language the caller reads best."""
    return negotiate(request.headers.get("accept-language", ""))


ReadSession = Annotated[Session, Given(lambda visit: visit.session)]
WriteSession = Annotated[Session, Writer()]
