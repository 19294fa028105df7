"""Needs as they come in and go out."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from app.core.schema import (
    Cny,
    Code,
    IsoDate,
    Keyword,
    LongText,
    Number,
    Plain,
    Schema,
    ShortText,
    Trl,
    Unique,
    WebAddress,
    partial,
    whole_range,
)
from app.features.needs.types import IpTerms, NeedField, RequirementKind
from app.features.postings.schemas import PostingContent, PostingFacts, PostingSummary
from app.features.postings.types import Comparison, Deployment

_EXAMPLE: JsonDict = {
    "title": "速冻点心理料装盘靠人工，想换成自动分拣",
    "problem": "点心形状软、易粘连，二十多人两班倒手工理料装盘，漏拣和压坏每班都有。",
    "goal": "理料装盘无人化，破损率不高于现在。",
    "scenario_code": "S20",
    "industry_code": "1432",
    "requirements": [
        {"text": "分拣速度", "kind": "must", "metric": "分拣速度", "operator": ">=", "target": 80, "unit": "件/分钟"},
        {"text": "与食品接触的部件可拆洗", "kind": "nice"},
    ],
    "keywords": ["分拣", "装盘"],
    "budget_min_cny": 500000,
    "budget_max_cny": 900000,
    "complete_by": "2027-06-30",
    "region_code": "320506",
}


class Requirement(Schema):
    """One thing the solution must or should do; a figure is given with all of its four parts or not at all."""

    text: Annotated[str, Field(min_length=1, max_length=1000), Plain]
    kind: RequirementKind = RequirementKind.MUST
    metric: ShortText | None = None
    operator: Comparison | None = None
    target: Number | None = None
    unit: Annotated[str, Field(max_length=32), Plain] | None = None

    @model_validator(mode="after")
    def _whole_figure(self) -> Self:
        parts = (self.metric, self.operator, self.target, self.unit)
        if any(part is not None for part in parts) and any(part is None for part in parts):
            raise PydanticCustomError("incomplete_figure", "Give metric, operator, target and unit together")
        return self


class Attachment(Schema):
    """A document about the need, where its owner keeps it; `sha256` tells readers whether it is still the same."""

    name: ShortText
    url: WebAddress
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None


class NeedContent(PostingContent):
    """What an enterprise writes about its need. Money in whole CNY."""

    keywords: Annotated[list[Keyword], Field(max_length=5), Unique] = []
    scenario_code: Code | None = None
    industry_code: Annotated[Code | None, Field(description="GB/T 4754-2017, the deepest code known.")] = None
    region_code: Annotated[Code | None, Field(description="Where the solution is wanted.")] = None
    problem: Annotated[str, Field(min_length=1, max_length=8000), Plain]
    current_state: LongText = ""
    goal: LongText = ""
    requirements: Annotated[list[Requirement], Field(max_length=50)] = []
    data_readiness: Annotated[LongText, Field(description="What data exists, how much, whether labelled.")] = ""
    partner_requirements: LongText = ""
    deployment: Deployment | None = None
    budget_min_cny: Cny | None = None
    budget_max_cny: Cny | None = None
    complete_by: IsoDate | None = None
    min_trl: Trl | None = None
    ip_terms: IpTerms | None = None
    attachments: Annotated[list[Attachment], Field(max_length=20)] = []

    @model_validator(mode="after")
    def _budget_in_order(self) -> Self:
        whole_range(self.budget_min_cny, self.budget_max_cny, field="budget_min_cny")
        return self


def is_stated(content: NeedContent, field: NeedField) -> bool:
    """Whether a field holds anything."""
    return getattr(content, field) not in (None, "", [])


class NeedCreate(NeedContent):
    """A new need. Members post for their own organisation; operators name one."""

    model_config = {"json_schema_extra": {"examples": [_EXAMPLE]}}

    organization_id: UUID | None = None


NeedUpdate = partial(NeedContent, "NeedUpdate")


class NeedRead(NeedContent, PostingFacts):
    """A need as the caller may see it."""


class NeedSummary(PostingSummary):
    """A need in a list."""

    scenario_code: str | None
    industry_code: str | None
    region_code: str | None
    budget_min_cny: int | None
    budget_max_cny: int | None
    complete_by: date | None
