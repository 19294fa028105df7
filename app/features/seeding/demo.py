"""A judged matching set: organisations, needs and capabilities, one JSON object a line.

Organisations are named by a key of the file, regions by name or official code, money by `budget_min` and the like;
everything else goes through the schemas and services of the API.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.errors import DuijieError, FieldError, Invalid
from app.core.outcome import Put
from app.core.rules import validated
from app.core.schema import Schema
from app.core.text import Bilingual
from app.features.accounts.types import SYSTEM
from app.features.capabilities.service import CAPABILITIES
from app.features.catalog import service as catalog
from app.features.needs.service import NEEDS
from app.features.organizations import service as organizations
from app.features.organizations.schemas import OrganizationCreate
from app.features.postings.bound import Postings
from app.features.seeding.errors import FileFaulty, at_row
from app.features.seeding.lines import read_objects
from app.features.seeding.meaning import Setting, places_in, with_levels, with_regions
from app.features.seeding.renaming import Names, ours, theirs
from app.features.seeding.types import Row, RowError, Tell

_ORGANIZATIONS = "demo/organizations.jsonl"
_YEAR = 2026

_NO_ORGANIZATION = Bilingual("organizations.jsonl 中没有这个机构", "organizations.jsonl has no such organisation")
_TAKEN = Bilingual("与现有数据冲突", "Conflicts with existing data")

_SchemaT = TypeVar("_SchemaT", bound=Schema)


@dataclass(frozen=True)
class DemoFile(ABC):
    """One file of the set.

    Args:
        name: its place in the folder.
        names: its fields by the names of ours.
    """

    name: str
    names: Names

    def load(self, session: Session, folder: Path, tell: Tell) -> list[Put]:
        """Write all records, or none.

        Raises:
            FileFaulty: with every fault of every record.
        """
        rows = read_objects((folder / self.name).read_bytes())
        setting = self._setting(session, folder, rows)
        outcomes: list[Put] = []
        faults: list[RowError] = []
        for done, row in enumerate(rows):
            tell(done, len(rows))
            try:
                # a record at fault may have begun to write; those after it are still checked
                with session.begin_nested():
                    outcomes.append(self._put(session, row, setting))
            except DuijieError as error:
                found = error.errors or [FieldError("", error.detail, error.code)]
                faults += [at_row(row.number, fault, theirs(fault.pointer, self.names)) for fault in found]
            except IntegrityError:
                faults.append(RowError(row.number, "", _TAKEN, "conflict"))
        if faults:
            raise FileFaulty(faults)
        tell(len(rows), len(rows))
        return outcomes

    @abstractmethod
    def _put(self, session: Session, row: Row, setting: Setting) -> Put: ...

    def _setting(self, session: Session, folder: Path, rows: Sequence[Row]) -> Setting:
        places = {place for row in rows for place in places_in(ours(row.content, self.names))}
        keys = {str(row.content.get("organization")) for row in rows}
        owners = {
            key: owner
            for key, uscc in _usccs(folder).items()
            if key in keys and (owner := organizations.id_by_uscc(session=session, uscc=uscc)) is not None
        }
        return Setting(catalog.resolve_regions(session, places), owners)


class OrganizationFile(DemoFile):
    """Organisations; all are marked as fictitious."""

    def _put(self, session: Session, row: Row, setting: Setting) -> Put:
        content, faults = with_regions(ours(row.content, self.names), setting)
        body = _validated(OrganizationCreate, {**content, "is_fictitious": True}, faults)
        return organizations.put(session=session, actor=SYSTEM, body=body)


@dataclass(frozen=True)
class PostingFile(DemoFile):
    """Needs or capabilities; the line a posting is on makes its reference."""

    postings: Postings[Any, Any, Any]

    def _put(self, session: Session, row: Row, setting: Setting) -> Put:
        content, faults = with_regions(ours(row.content, self.names), setting)
        content, unknown_levels = with_levels(content)
        owner = str(row.content.get("organization"))
        if owner not in setting.owners:
            faults.append(FieldError("/organization", _NO_ORGANIZATION, "unknown_organization"))
        kind = self.postings.kind
        return self.postings.put(
            session=session,
            actor=SYSTEM,
            content=_validated(kind.content, content, [*faults, *unknown_levels]),
            organization_id=setting.owners[owner],
            reference=f"{kind.prefix}-{_YEAR}-{row.number:06d}",
        )


def _validated(schema: type[_SchemaT], content: dict[str, Any], faults: Sequence[FieldError]) -> _SchemaT:
    try:
        body = validated(schema, content)
    except Invalid as error:
        raise Invalid([*faults, *error.errors]) from error
    if faults:
        raise Invalid(faults)
    return body


def _usccs(folder: Path) -> dict[str, str]:
    path = folder / _ORGANIZATIONS
    if not path.is_file():
        return {}
    try:
        rows = read_objects(path.read_bytes())
    except FileFaulty:
        return {}
    return {str(row.content.get("key")): str(row.content.get("uscc")) for row in rows}


# In the order of what they refer to.
DEMO: tuple[DemoFile, ...] = (
    OrganizationFile(_ORGANIZATIONS, {"key": None, "town_code": "region_code"}),
    PostingFile(
        "demo/needs.jsonl",
        {
            "key": None,
            "organization": None,
            "service_region": "region_code",
            "budget_min": "budget_min_cny",
            "budget_max": "budget_max_cny",
        },
        NEEDS,
    ),
    PostingFile(
        "demo/capabilities.jsonl",
        {
            "key": None,
            "organization": None,
            "service_regions": "region_codes",
            "price_min": "price_min_cny",
            "price_max": "price_max_cny",
            "deployment": "deployment_modes",
        },
        CAPABILITIES,
    ),
)
