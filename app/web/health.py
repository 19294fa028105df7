"""Liveness and readiness."""

from typing import Literal

from fastapi import Response
from pydantic import BaseModel
from sqlalchemy import text

from app.web.deps import ReadSession
from app.web.encoding import encoded
from app.web.routing import Router

router = Router(prefix="/health", tags=["health"], is_limited=False)


class Health(BaseModel):
    """The process answers; `ready` also means that its database does."""

    status: Literal["ok"]


@router.get("/live", response_model=Health)
async def get_liveness() -> Response:
    """Whether the process answers."""
    return encoded(Health(status="ok"))


@router.get("/ready", response_model=Health)
def get_readiness(session: ReadSession) -> Response:
    """Whether the process and its database answer."""
    session.execute(text("SELECT 1"))
    return encoded(Health(status="ok"))
