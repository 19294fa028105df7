"""SQL of organisations."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import false, func, select
from sqlalchemy.orm import Session

from app.core.paging import moment, words
from app.db.keyset import Rows, SortColumn, as_mappings, fetch_page
from app.db.search import contains_words
from app.db.types import AnySelect
from app.features.accounts.types import Actor
from app.features.organizations import policy
from app.features.organizations.models import Organization
from app.features.organizations.schemas import OrganizationListQuery
from app.features.organizations.types import Counts, OrgRole

_COLUMNS = Organization.__table__.c
_SORTS = {
    "created_at": SortColumn(_COLUMNS.created_at, moment),
    "name": SortColumn(_COLUMNS.name, words),
}
_SUMMARY = (
    _COLUMNS.id,
    _COLUMNS.uscc,
    _COLUMNS.name,
    _COLUMNS.name_en,
    _COLUMNS.org_type,
    _COLUMNS.size,
    _COLUMNS.is_enterprise,
    _COLUMNS.is_provider,
    _COLUMNS.industry_code,
    _COLUMNS.region_code,
    _COLUMNS.is_fictitious,
    _COLUMNS.verified_at,
    _COLUMNS.created_at,
    _COLUMNS.version,
)
_SIDE = {OrgRole.ENTERPRISE: _COLUMNS.is_enterprise, OrgRole.PROVIDER: _COLUMNS.is_provider}


class OrganizationRepository:
    """Organisations, scoped to an actor: known actors see the register, others do not."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def visible_to(self, actor: Actor, statement: AnySelect) -> AnySelect:
        """Narrow a statement to what an actor may see."""
        return statement if policy.may_read(actor) else statement.where(false())

    def counts(self) -> Counts:
        """How many organisations there are: public, so there is no scope."""
        fictitious = func.count().filter(Organization.is_fictitious)
        return Counts(*self.session.execute(select(func.count(), fictitious).select_from(Organization)).one())

    def list_page(
        self,
        actor: Actor,
        query: OrganizationListQuery,
        *,
        industries: Sequence[str] | None,
        regions: Sequence[str] | None,
    ) -> Rows:
        """One page of organisations; `industries` and `regions` are the query's codes with all below them."""
        summary: AnySelect = select(*_SUMMARY)
        statement = self.visible_to(actor, summary)
        if query.role is not None:
            statement = statement.where(_SIDE[query.role])
        if query.org_type is not None:
            statement = statement.where(_COLUMNS.org_type == query.org_type)
        if industries is not None:
            statement = statement.where(_COLUMNS.industry_code.in_(industries))
        if regions is not None:
            statement = statement.where(_COLUMNS.region_code.in_(regions))
        if query.q is not None:
            statement = statement.where(contains_words(_COLUMNS.search_text, query.q))
        return fetch_page(self.session, statement, query.wanted, sorts=_SORTS, key=_COLUMNS.id)

    def list_summaries(self, actor: Actor, ids: Sequence[UUID]) -> Sequence[dict[str, Any]]:
        """The columns of a list for those organisations among `ids` that an actor may see."""
        statement = self.visible_to(actor, select(*_SUMMARY).where(_COLUMNS.id.in_(ids)))
        return as_mappings(self.session.execute(statement))

    def get(self, actor: Actor, organization_id: UUID, *, lock: bool = False) -> Organization | None:
        """One organisation; `lock` keeps other writers off it until the transaction ends."""
        statement = self.visible_to(actor, select(Organization).where(Organization.id == organization_id))
        found: Organization | None = self.session.scalar(statement.with_for_update() if lock else statement)
        return found

    def find_by_uscc(self, uscc: str) -> Organization | None:
        """The organisation with a code."""
        return self.session.scalar(select(Organization).where(Organization.uscc == uscc))

    def add(self, organization: Organization) -> None:
        """Store a new organisation."""
        self.session.add(organization)
        self.session.flush()
