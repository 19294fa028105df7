"""Demonstration keys: made at first start, kept in a file only this user can read, never in the repository."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.db.engine import Database

NEED = "XQ-2026-000001"
CAPABILITY = "NL-2026-000001"


def demo_keys(database: "Database", file: Path) -> dict[str, str]:
    """One working key for each demonstration role, from the file or new.

    Args:
        database: holds the demonstration data.
        file: a JSON object of key texts by role; written when a key had to be made.
    """
    kept = _kept(file)
    with database.write_session() as session:
        keys = {name: _working(session, name, str(kept.get(name, ""))) for name in _holders(session)}
    if keys != kept:
        _write_private(file, json.dumps(keys, indent=2))
    return keys


def _holders(session: "Session") -> dict[str, dict[str, object]]:
    from app.features.accounts.types import SYSTEM
    from app.features.capabilities.service import CAPABILITIES
    from app.features.needs.service import NEEDS

    enterprise = NEEDS.get(session=session, actor=SYSTEM, posting_id=NEED).organization.id
    provider = CAPABILITIES.get(session=session, actor=SYSTEM, posting_id=CAPABILITY).organization.id
    return {
        "operator": {"role": "operator"},
        "enterprise": {"role": "member", "organization_id": enterprise},
        "provider": {"role": "member", "organization_id": provider},
        "portal": {"role": "portal"},
    }


def _working(session: "Session", name: str, kept: str) -> str:
    from app.features.accounts import service
    from app.features.accounts.errors import KeyInvalid
    from app.features.accounts.schemas import ApiKeyCreate
    from app.features.accounts.types import SYSTEM

    try:
        service.identify(session=session, key=kept)
    except KeyInvalid:
        body = ApiKeyCreate.model_validate({"name": f"demo {name}", **_holders(session)[name]})
        return service.issue(session=session, actor=SYSTEM, body=body).key
    return kept


def _kept(file: Path) -> dict[str, str]:
    try:
        kept: dict[str, str] = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}  # missing or spoilt: new keys are made
    return kept if isinstance(kept, dict) else {}


def _write_private(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
        os.fchmod(handle.fileno(), 0o600)  # a file that was there keeps its own mode otherwise
        handle.write(text + "\n")
