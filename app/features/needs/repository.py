"""SQL of needs."""

from collections.abc import Sequence

from app.db.types import AnySelect
from app.features.needs.models import Need, NeedEvent
from app.features.postings.repository import PostingRepository, summary_columns


class NeedRepository(PostingRepository[Need]):
    """Needs, scoped to an actor."""

    model = Need
    event_model = NeedEvent
    summary = (
        *summary_columns(Need),
        Need.scenario_code,
        Need.industry_code,
        Need.region_code,
        Need.budget_min_cny,
        Need.budget_max_cny,
        Need.complete_by,
    )

    def within(
        self,
        statement: AnySelect,
        scenario: str | None,
        industries: Sequence[str] | None,
        regions: Sequence[str] | None,
    ) -> AnySelect:
        """Narrow to a scenario and to any of some industries and regions."""
        if scenario is not None:
            statement = statement.where(Need.scenario_code == scenario)
        if industries is not None:
            statement = statement.where(Need.industry_code.in_(industries))
        if regions is not None:
            statement = statement.where(Need.region_code.in_(regions))
        return statement
