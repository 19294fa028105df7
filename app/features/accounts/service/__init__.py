"""Use cases of accounts: who is behind a request, and keys."""

from app.features.accounts.service.identifying import identify, is_portal, note_use, require_known, require_scope
from app.features.accounts.service.issuing import change, issue, revoke, rotate, rotate_own
from app.features.accounts.service.lasting import acting, lasting
from app.features.accounts.service.looking import get, id_of, list_keys, own

__all__ = [
    "acting",
    "change",
    "get",
    "id_of",
    "identify",
    "is_portal",
    "issue",
    "lasting",
    "list_keys",
    "note_use",
    "own",
    "require_known",
    "require_scope",
    "revoke",
    "rotate",
    "rotate_own",
]
