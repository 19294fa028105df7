"""What an actor sees of a posting: one place for every way out."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.features.accounts.types import Actor
from app.features.organizations.models import Organization
from app.features.postings import policy, service
from app.features.postings.kind import PostingKind
from app.features.postings.models import PostingColumns
from app.features.postings.schemas import OrganizationBrief, PostingCard

_DIVISION = 2  # digits of a division of GB/T 4754; a section is one letter


def cards(rows: Iterable[Mapping[str, Any]], actor: Actor) -> list[PostingCard]:
    """Postings as others name them, from the columns of a list."""
    return [
        PostingCard(
            id=shown["id"],
            reference=shown["reference"],
            title=shown["title"],
            lang=shown["lang"],
            organization=OrganizationBrief(**shown["organization"]),
        )
        for shown in summaries(rows, actor, frozenset())
    ]


def card(row: PostingColumns, organization: Organization, actor: Actor) -> PostingCard:
    """A posting as others name it, from its row."""
    return PostingCard(
        id=row.id,
        reference=row.reference,
        title=row.title,
        lang=row.lang,
        organization=brief(row, organization, actor),
    )


def facts(row: PostingColumns, organization: Organization, actor: Actor) -> dict[str, Any]:
    """The members of `PostingFacts`, as this actor may see them."""
    sees_all = policy.sees_all(actor, row.organization_id)
    return {
        "id": row.id,
        "reference": row.reference,
        "status": row.status,
        "close_reason": row.close_reason,
        "organization": brief(row, organization, actor),
        "review_note": row.review_note if sees_all else None,
        "revision_status": row.revision_status if sees_all else None,
        "allowed_actions": service.allowed_actions(row, actor),
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "published_at": row.published_at,
        "revision": row.revision if sees_all else None,
    }


def content(kind: PostingKind[Any, Any], row: Any, actor: Actor) -> dict[str, Any]:  # noqa: ANN401 - the kind's own row
    """The posting's public content, without the fields whose level is closed to this actor."""
    fields: dict[str, Any] = kind.content_of(row).model_dump()
    if not policy.sight(actor)(row.organization_id, row.budget_level):
        fields.update(dict.fromkeys(kind.budget_fields))
    return fields


def brief(row: PostingColumns, organization: Organization, actor: Actor) -> OrganizationBrief:
    """Whose posting it is; a hidden organisation shows as its kind and industry."""
    whole = OrganizationBrief(
        id=organization.id,
        name=organization.name,
        name_en=organization.name_en,
        org_type=organization.org_type,
        industry_code=organization.industry_code,
        is_fictitious=organization.is_fictitious,
    )
    is_shown = policy.sight(actor)(row.organization_id, row.identity_level)
    return whole if is_shown else whole.model_copy(update=_hidden(whole.industry_code))


def summaries(rows: Iterable[Mapping[str, Any]], actor: Actor, budget_fields: frozenset[str]) -> list[dict[str, Any]]:
    """Rows of a list as this actor may see them; a row holds the summary's and the organisation's columns."""
    sees = policy.sight(actor)
    return [_summary(dict(row), sees, budget_fields) for row in rows]


def _summary(shown: dict[str, Any], sees: policy.Sight, budget_fields: frozenset[str]) -> dict[str, Any]:
    owner = shown.pop("organization_id")
    shown["organization"] = {
        "id": owner,
        "name": shown.pop("name"),
        "name_en": shown.pop("name_en"),
        "org_type": shown.pop("org_type"),
        "industry_code": shown.pop("organization_industry_code"),
        "is_fictitious": shown.pop("is_fictitious"),
    }
    if not sees(owner, shown.pop("identity_level")):
        shown["organization"].update(_hidden(shown["organization"]["industry_code"]))
    if not sees(owner, shown.pop("budget_level")):
        shown.update(dict.fromkeys(budget_fields))
    return shown


def _hidden(industry_code: str | None) -> dict[str, str | None]:
    """What shows in place of an organisation that is hidden, beside its kind: its industry, as a division.

    Kind and class together would stand beside one name only for most entries of the register.
    """
    division = industry_code and industry_code[:_DIVISION]
    return {"id": None, "name": None, "name_en": None, "industry_code": division}
