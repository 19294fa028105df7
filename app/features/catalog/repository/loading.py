"""SQL of writing whole reference tables."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, and_, bindparam, insert, select, update
from sqlalchemy.orm import Session

from app.core.outcome import Put
from app.db.base import Base
from app.features.catalog.models import TechnologyCategory


class LoadingRepository:
    """Reference tables, compared with what is stored and then written in bulk."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def known_categories(self, codes: Collection[str]) -> frozenset[str]:
        """The technology categories among `codes` that exist."""
        found = select(TechnologyCategory.code).where(TechnologyCategory.code.in_(codes))
        return frozenset(self.session.scalars(found))

    def put(self, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> list[Put]:
        """Insert rows that are new and update those that differ: one SELECT, then at most one of each.

        Args:
            model: the table; rows are recognised by its primary key.
            rows: every column of every row, each key once.

        Returns:
            What was done with each row.
        """
        table = model.metadata.tables[model.__tablename__]
        key = [column.name for column in table.primary_key]
        stored = {tuple(row[name] for name in key): dict(row) for row in self.session.execute(select(table)).mappings()}
        outcomes = [_outcome(stored.get(tuple(row[name] for name in key)), row) for row in rows]
        self._insert(table, [row for row, put in zip(rows, outcomes, strict=True) if put == "created"])
        self._update(table, key, [row for row, put in zip(rows, outcomes, strict=True) if put == "updated"])
        return outcomes

    def _insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            self.session.execute(insert(table), [dict(row) for row in rows])

    def _update(self, table: Table, key: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            same = and_(*(table.c[name] == bindparam(f"key_{name}") for name in key))
            values: dict[str, Any] = {
                column.name: bindparam(f"new_{column.name}") for column in table.c if column.name not in key
            }
            self.session.connection().execute(
                update(table).where(same).values(values),
                [{f"{'key' if name in key else 'new'}_{name}": value for name, value in row.items()} for row in rows],
            )


def _outcome(stored: Mapping[str, Any] | None, row: Mapping[str, Any]) -> Put:
    if stored is None:
        return "created"
    return "unchanged" if stored == row else "updated"
