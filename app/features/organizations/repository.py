"""SQL of organisations."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import false, select
from sqlalchemy.orm import Session

from app.core.paging import moment, words
from app.db.keyset import Rows, SortColumn, fetch_page
from app.db.search import contains_words
from app.db.types import AnySelect
from app.features.accounts.types import Actor
from app.features.organizations.models import Organization
from app.features.organizations.schemas import OrganizationListQuery
from app.features.organizations.types import OrgRole

_SORTS = {
    "created_at": SortColumn(Organization.created_at, moment),
    "name": SortColumn(Organization.name, words),
}
_SUMMARY = (
    Organization.id,
    Organization.uscc,
    Organization.name,
    Organization.name_en,
    Organization.org_type,
    Organization.size,
    Organization.is_enterprise,
    Organization.is_provider,
    Organization.industry_code,
    Organization.region_code,
    Organization.is_fictitious,
    Organization.verified_at,
    Organization.created_at,
    Organization.version,
)
_SIDE = {OrgRole.ENTERPRISE: Organization.is_enterprise, OrgRole.PROVIDER: Organization.is_provider}


class OrganizationRepository:
    """Organisations, scoped to an actor: known actors see the register, others do not."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def visible_to(self, actor: Actor, statement: AnySelect) -> AnySelect:
        """Narrow a statement to what an actor may see."""
        return statement if actor.is_known else statement.where(false())

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
            statement = statement.where(Organization.org_type == query.org_type)
        if industries is not None:
            statement = statement.where(Organization.industry_code.in_(industries))
        if regions is not None:
            statement = statement.where(Organization.region_code.in_(regions))
        if query.q is not None:
            statement = statement.where(contains_words(Organization.search_text, query.q))
        return fetch_page(self.session, statement, query.wanted, sorts=_SORTS, key=Organization.id)

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
