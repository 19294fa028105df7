"""SQL of capabilities."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import delete, insert, select

from app.db.types import AnySelect
from app.features.capabilities.models import (
    Capability,
    CapabilityEvent,
    CapabilityIndustry,
    CapabilityRegion,
    CapabilityScenario,
)
from app.features.postings.repository import PostingRepository, summary_columns

_COLUMNS = Capability.__table__.c
_Links = type[CapabilityScenario] | type[CapabilityIndustry] | type[CapabilityRegion]


class CapabilityRepository(PostingRepository[Capability]):
    """Capabilities, scoped to an actor."""

    model = Capability
    event_model = CapabilityEvent
    summary = (
        *summary_columns(Capability),
        _COLUMNS.summary,
        _COLUMNS.scenario_codes,
        _COLUMNS.industry_codes,
        _COLUMNS.region_codes,
        _COLUMNS.trl,
        _COLUMNS.price_min_cny,
        _COLUMNS.price_max_cny,
    )

    @classmethod
    def within(
        cls,
        statement: AnySelect,
        scenario: str | None,
        industries: Sequence[str] | None,
        regions: Sequence[str] | None,
    ) -> AnySelect:
        """Narrow to a scenario and to any of some industries and regions."""
        wanted: tuple[tuple[_Links, Sequence[str] | None], ...] = (
            (CapabilityScenario, None if scenario is None else [scenario]),
            (CapabilityIndustry, industries),
            (CapabilityRegion, regions),
        )
        for links, codes in wanted:
            if codes is not None:
                served = links.__table__.c
                linked = select(served.capability_id).where(served.code.in_(codes))
                statement = statement.where(_COLUMNS.id.in_(linked))
        return statement

    def link(self, row: Capability) -> None:
        """Bring the tables of served codes in line with the row."""
        self._replace(CapabilityScenario, row.id, row.scenario_codes)
        self._replace(CapabilityIndustry, row.id, row.industry_codes)
        self._replace(CapabilityRegion, row.id, row.region_codes)

    def _replace(self, links: _Links, capability_id: UUID, codes: Iterable[str]) -> None:
        self.session.execute(delete(links).where(links.capability_id == capability_id))
        rows = [{"capability_id": capability_id, "code": code} for code in codes]
        if rows:
            self.session.execute(insert(links), rows)
