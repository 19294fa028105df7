"""Organisations as they come in and go out."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.core.schema import Code, LongText, Plain, Schema, ShortText, Unique, partial
from app.features.organizations.types import OrgRole, OrgSize, OrgType
from app.features.organizations.uscc import Uscc
from app.web.listing import ListQuery


class Contact(Schema):
    """Whom to reach. Shown to the organisation itself and to operators only."""

    name: ShortText
    phone: Annotated[str, Field(max_length=32, pattern=r"^[0-9+() -]*$")] = ""
    email: Annotated[str, Field(max_length=256, pattern=r"^([^@\s]+@[^@\s]+)?$"), Plain] = ""


class OrganizationProfile(Schema):
    """What an organisation says about itself and may change."""

    name: ShortText
    name_en: ShortText | None = None
    roles: Annotated[list[OrgRole], Field(min_length=1, max_length=2, description="Operators change them."), Unique]
    org_type: OrgType
    size: OrgSize | None = None
    industry_code: Code | None = None
    region_code: Code | None = None
    summary: LongText = ""
    contact: Contact | None = None


class OrganizationCreate(OrganizationProfile):
    """A new organisation; operators enter it."""

    uscc: Uscc
    is_fictitious: Annotated[bool, Field(strict=True, description="Marks demonstration data.")] = False


OrganizationUpdate = partial(OrganizationProfile, "OrganizationUpdate")


class OrganizationRead(OrganizationCreate):
    """An organisation; `contact` is null for everybody but itself and operators."""

    id: UUID
    verified_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime


class OrganizationSummary(Schema):
    """An organisation in a list."""

    id: UUID
    uscc: str
    name: str
    name_en: str | None
    org_type: OrgType
    size: OrgSize | None
    is_enterprise: bool
    is_provider: bool
    industry_code: str | None
    region_code: str | None
    is_fictitious: bool
    verified_at: datetime | None
    created_at: datetime
    version: int


class OrganizationListQuery(ListQuery):
    """How organisations are listed and filtered."""

    sort: Literal["created_at", "-created_at", "name", "-name"] = "-created_at"
    role: OrgRole | None = None
    org_type: OrgType | None = None
    industry: Annotated[Code | None, Field(description="This industry and all below it.")] = None
    region: Annotated[Code | None, Field(description="This region and all below it.")] = None
    q: Annotated[str, Field(max_length=100, description="Words in the name or summary."), Plain] | None = None
