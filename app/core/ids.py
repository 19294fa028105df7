"""Identifiers: UUIDv7, so that a primary key also sorts by creation."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A new time-ordered identifier (RFC 9562, version 7)."""
    return uuid7()
