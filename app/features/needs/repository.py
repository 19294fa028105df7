"""SQL of needs."""

from collections.abc import Sequence

from app.db.types import AnySelect
from app.features.needs.models import Need, NeedEvent
from app.features.postings.repository import PostingRepository, summary_columns

_COLUMNS = Need.__table__.c


class NeedRepository(PostingRepository[Need]):
    """Needs, scoped to an actor."""

    model = Need
    event_model = NeedEvent
    summary = (
        *summary_columns(Need),
        _COLUMNS.scenario_code,
        _COLUMNS.industry_code,
        _COLUMNS.region_code,
        _COLUMNS.budget_min_cny,
        _COLUMNS.budget_max_cny,
        _COLUMNS.complete_by,
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
        if scenario is not None:
            statement = statement.where(_COLUMNS.scenario_code == scenario)
        if industries is not None:
            statement = statement.where(_COLUMNS.industry_code.in_(industries))
        if regions is not None:
            statement = statement.where(_COLUMNS.region_code.in_(regions))
        return statement
