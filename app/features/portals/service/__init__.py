"""Use cases of portals."""

from app.features.portals.service.following import Told, follow, told

__all__ = ["Told", "follow", "told"]
