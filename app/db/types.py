"""Column types that mean the same on SQLite and PostgreSQL."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, DateTime, Dialect, Enum, Label, Select, String, TypeDecorator, Uuid, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.elements import KeyedColumnElement

from app.core.labels import Labelled

AnySelect = Select[*tuple[Any, ...]]
"""A statement whatever its columns."""


class Moment(TypeDecorator[datetime]):
    """An aware time in UTC; a naive one is a bug and is refused. SQLite keeps it as naive UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Hand UTC to the driver; SQLite's has no notion of a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - its form
        """Give aware UTC back; on SQLite `result_processor` has done so."""
        if value is None:
            return None
        return value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """Read SQLite's text at once: going through the naive time costs a list of 20 a tenth of its time."""
        return _read_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


class Id(TypeDecorator[UUID]):
    """A UUID. SQLite's text is read once for each id lately seen: the same ones come back in list after list."""

    impl = Uuid
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], UUID | None] | None:
        """Read SQLite's text; PostgreSQL's driver gives UUIDs itself."""
        return _read_id if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


@lru_cache(maxsize=16_384)
def _read_id(value: str | None) -> UUID | None:
    return None if value is None else UUID(value)


def _read_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value + "+00:00")


Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def codes(enum: type[Labelled], name: str) -> Enum:
    """A column for one of our enumerations: VARCHAR with a CHECK on both databases."""
    return Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [str(member) for member in members],
        validate_strings=True,
    )


def as_text(column: KeyedColumnElement[Any]) -> Label[str]:
    """An enumeration's column as its plain code, for lists, where making members of it is a cost without a use."""
    return type_coerce(column, String).label(column.key)
