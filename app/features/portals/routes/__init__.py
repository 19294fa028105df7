"""Portals over HTTP."""

from app.features.portals.routes.changes import router as changes

__all__ = ["changes"]
