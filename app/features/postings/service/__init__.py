"""Use cases that needs and capabilities share. Each takes the kind; `bound` binds it."""

from app.features.postings.service.changing import act, create, revise
from app.features.postings.service.looking import allowed_actions, get, history, list_page
from app.features.postings.service.putting import put

__all__ = ["act", "allowed_actions", "create", "get", "history", "list_page", "put", "revise"]
