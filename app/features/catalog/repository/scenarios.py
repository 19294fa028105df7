"""SQL of browsing scenarios."""

from collections.abc import Collection, Sequence

from sqlalchemy import RowMapping, or_, select
from sqlalchemy.orm import Session

from app.core.paging import words
from app.db.keyset import Rows, SortColumn, fetch_page
from app.db.search import contains_words
from app.features.catalog.models import Scenario, ScenarioAlias
from app.features.catalog.schemas import ScenarioListQuery

_READ = (
    Scenario.code,
    Scenario.number,
    Scenario.stage_number,
    Scenario.stage_zh,
    Scenario.stage_en,
    Scenario.name_zh,
    Scenario.name_en,
    Scenario.description_zh,
    Scenario.description_en,
)
_LARGEST = 2**31 - 1


def _number(value: object) -> int:
    if not isinstance(value, int) or not 0 <= value <= _LARGEST:
        raise ValueError
    return value


_SORTS = {"number": SortColumn(Scenario.number, _number)}


class ScenarioRepository:
    """The scenarios of the 2025 guide and their older names."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def list_page(self, query: ScenarioListQuery) -> Rows:
        """One page of scenarios."""
        statement = select(*_READ)
        if query.stage is not None:
            statement = statement.where(Scenario.stage_number == query.stage)
        if query.q is not None:
            aliases = select(ScenarioAlias.scenario_code).where(contains_words(ScenarioAlias.search_text, query.q))
            statement = statement.where(or_(contains_words(Scenario.search_text, query.q), Scenario.code.in_(aliases)))
        return fetch_page(self.session, statement, query.wanted, sorts=_SORTS, key=Scenario.code, read_key=words)

    def find(self, code: str) -> RowMapping | None:
        """One scenario."""
        return self.session.execute(select(*_READ).where(Scenario.code == code)).mappings().one_or_none()

    def aliases(self, codes: Collection[str]) -> Sequence[tuple[str, str]]:
        """The older names of scenarios, each after the code it stands for."""
        statement = (
            select(ScenarioAlias.scenario_code, ScenarioAlias.alias_zh)
            .where(ScenarioAlias.scenario_code.in_(codes))
            .order_by(ScenarioAlias.alias_zh)
        )
        return self.session.execute(statement).all()

    def stages(self) -> Sequence[tuple[int, str, str]]:
        """The stages: number, Chinese and English name."""
        columns = (Scenario.stage_number, Scenario.stage_zh, Scenario.stage_en)
        return self.session.execute(select(*columns).distinct().order_by(Scenario.stage_number)).all()
