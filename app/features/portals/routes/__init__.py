"""Portals over HTTP."""

from app.features.portals.routes.changes import router as changes
from app.features.portals.routes.webhooks import router as webhooks

__all__ = ["changes", "webhooks"]
