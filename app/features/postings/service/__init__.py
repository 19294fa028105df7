"""Use cases that needs and capabilities share. Each takes the kind; `bound` binds it."""

from app.features.postings.service.changing import act, create, patched, revise
from app.features.postings.service.ending import note_ended
from app.features.postings.service.looking import (
    allowed_actions,
    editable,
    get,
    history,
    list_page,
    standings,
    summaries,
)
from app.features.postings.service.putting import put

__all__ = [
    "act",
    "allowed_actions",
    "create",
    "editable",
    "get",
    "history",
    "list_page",
    "note_ended",
    "patched",
    "put",
    "revise",
    "standings",
    "summaries",
]
