"""SQL of what codes are called."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.core.text import Bilingual
from app.features.catalog.models import Industry, Region, Scenario


class NameRepository:
    """Names of codes, one statement a kind; unknown codes are left out."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def scenarios(self, codes: Collection[str]) -> Mapping[str, Bilingual]:
        """The name of each scenario."""
        return {code: Bilingual(zh, en or zh) for code, zh, en in self._names(Scenario, codes)}

    def regions(self, codes: Collection[str]) -> Mapping[str, Bilingual]:
        """The name of each region."""
        return {code: Bilingual(zh, en or zh) for code, zh, en in self._names(Region, codes)}

    def industries(self, codes: Collection[str]) -> Mapping[str, Bilingual]:
        """The name of each industry; in English that of the narrowest one above it which has one.

        The standard's finer classes have no English names, so their code follows the wider name.
        """
        if not codes:
            return {}
        paths = self.session.execute(select(Industry.code, Industry.path).where(Industry.code.in_(codes)))
        above = {code: path.split("/") for code, path in paths}
        names = {
            code: (zh, en) for code, zh, en in self._names(Industry, {one for path in above.values() for one in path})
        }
        return {code: Bilingual(names[code][0], _english(code, above[code], names)) for code in above}

    def _names(self, table: Any, codes: Collection[str]) -> Sequence[tuple[str, str, str | None]]:  # noqa: ANN401 - three tables alike
        if not codes:
            return []
        columns: tuple[InstrumentedAttribute[Any], ...] = (table.code, table.name_zh, table.name_en)
        return [(code, zh, en) for code, zh, en in self.session.execute(select(*columns).where(table.code.in_(codes)))]


def _english(code: str, path: Sequence[str], names: Mapping[str, tuple[str, str | None]]) -> str:
    own = names[code][1]
    wider = next((name for _, name in (names[above] for above in reversed(path)) if name), "")
    return own or f"{wider} ({code})".lstrip()
