"""Use cases of portals."""

from app.features.portals.service.endpoints import change, create, get, list_page, remove, rotate_secret
from app.features.portals.service.following import follow
from app.features.portals.service.messages import list_deliveries, ping, replay
from app.features.portals.service.planning import behind, plan
from app.features.portals.service.sending import next_due, next_message, note_outcome, note_untold

__all__ = [
    "behind",
    "change",
    "create",
    "follow",
    "get",
    "list_deliveries",
    "list_page",
    "next_due",
    "next_message",
    "note_outcome",
    "note_untold",
    "ping",
    "plan",
    "remove",
    "replay",
    "rotate_secret",
]
