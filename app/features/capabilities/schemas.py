"""Capabilities as they come in and go out."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic.config import JsonDict

from app.core.schema import (
    Cny,
    Code,
    Keyword,
    LongText,
    Number,
    Plain,
    Schema,
    ShortText,
    Trl,
    Unique,
    partial,
    whole_range,
)
from app.features.capabilities.types import IpForm
from app.features.postings.schemas import PostingContent, PostingFacts, PostingSummary
from app.features.postings.types import Comparison, Deployment

_EXAMPLE: JsonDict = {
    "title": "柔性食品视觉分拣机器人工作站",
    "summary": "软体夹爪加三维视觉，面向易损食品的高速理料与装盘。",
    "description": "多机并联，识别粘连与破损，换型十分钟。",
    "scenario_codes": ["S20"],
    "industry_codes": ["1432"],
    "region_codes": ["320500"],
    "keywords": ["机器人分拣", "软体夹爪", "三维视觉"],
    "specs": [{"metric": "分拣速度", "operator": ">=", "value": 90, "unit": "件/分钟", "evidence": "客户现场"}],
    "cases": [
        {
            "customer": "某速冻食品厂",
            "industry_code": "1432",
            "scenario_code": "S20",
            "background": "二十余人手工理料",
            "solution": "四台并联机器人加软体夹爪",
            "results": [{"metric": "理料人数", "before": 20, "after": 2, "unit": "人"}],
            "year": 2025,
        }
    ],
    "trl": 9,
    "price_min_cny": 600000,
    "price_max_cny": 900000,
}

_Year = Annotated[int, Field(ge=1950, le=2100, strict=True)]
_Unit = Annotated[str, Field(max_length=32), Plain]
_Told = Annotated[str, Field(min_length=1, max_length=8000), Plain]


class Spec(Schema):
    """One figure a capability states about itself."""

    metric: ShortText
    operator: Comparison
    value: Number
    unit: _Unit
    evidence: ShortText | None = None


class CaseResult(Schema):
    """What a case moved, from where to where."""

    metric: ShortText
    before: Number
    after: Number
    unit: _Unit


class Case(Schema):
    """A past delivery: background in the words of pain, solution in the words of technology."""

    customer: Annotated[ShortText | None, Field(description="May be withheld.")] = None
    industry_code: Code | None = None
    scenario_code: Code | None = None
    background: _Told
    solution: _Told
    results: Annotated[list[CaseResult], Field(max_length=20)] = []
    year: _Year | None = None


class CapabilityContent(PostingContent):
    """What a provider writes about what it can do. Money in whole CNY."""

    keywords: Annotated[list[Keyword], Field(max_length=8), Unique] = []
    summary: _Told
    description: LongText = ""
    advantages: LongText = ""
    scenario_codes: Annotated[list[Code], Field(max_length=40), Unique] = []
    industry_codes: Annotated[list[Code], Field(max_length=50), Unique] = []
    region_codes: Annotated[list[Code], Field(max_length=50, description="Regions served."), Unique] = []
    specs: Annotated[list[Spec], Field(max_length=50)] = []
    cases: Annotated[list[Case], Field(max_length=20)] = []
    certifications: Annotated[list[ShortText], Field(max_length=50), Unique] = []
    deployment_modes: Annotated[list[Deployment], Field(max_length=4), Unique] = []
    trl: Trl | None = None
    ip_status: IpForm | None = None
    price_min_cny: Cny | None = None
    price_max_cny: Cny | None = None
    delivery_weeks: Annotated[int, Field(ge=0, le=520, strict=True)] | None = None
    capacity: Annotated[int, Field(ge=0, le=1_000_000, strict=True, description="Projects at once.")] | None = None

    @model_validator(mode="after")
    def _price_in_order(self) -> Self:
        whole_range(self.price_min_cny, self.price_max_cny, field="price_min_cny")
        return self


class CapabilityCreate(CapabilityContent):
    """A new capability. Members post for their own organisation; operators name one."""

    model_config = {"json_schema_extra": {"examples": [_EXAMPLE]}}

    organization_id: UUID | None = None


CapabilityUpdate = partial(CapabilityContent, "CapabilityUpdate")


class CapabilityRead(CapabilityContent, PostingFacts):
    """A capability as the caller may see it."""


class CapabilitySummary(PostingSummary):
    """A capability in a list."""

    summary: str
    scenario_codes: list[str]
    industry_codes: list[str]
    region_codes: list[str]
    trl: int | None
    price_min_cny: int | None
    price_max_cny: int | None
