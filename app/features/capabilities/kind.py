"""What makes a posting a capability."""

from app.features.capabilities.models import Capability
from app.features.capabilities.repository import CapabilityRepository
from app.features.capabilities.schemas import CapabilityContent
from app.features.organizations.types import OrgRole
from app.features.postings.kind import Codes, PostingKind


def _codes(content: CapabilityContent) -> Codes:
    cases = list(enumerate(content.cases))
    return Codes(
        industries={
            **{f"/industry_codes/{place}": code for place, code in enumerate(content.industry_codes)},
            **{f"/cases/{place}/industry_code": case.industry_code for place, case in cases},
        },
        scenarios={
            **{f"/scenario_codes/{place}": code for place, code in enumerate(content.scenario_codes)},
            **{f"/cases/{place}/scenario_code": case.scenario_code for place, case in cases},
        },
        regions={f"/region_codes/{place}": code for place, code in enumerate(content.region_codes)},
    )


def _searched(content: CapabilityContent) -> str:
    cases = [f"{case.background} {case.solution}" for case in content.cases]
    return " ".join(
        [content.title, content.summary, content.description, content.advantages, *content.keywords, *cases]
    )


CAPABILITY: PostingKind[Capability, CapabilityContent] = PostingKind(
    name="capability",
    prefix="NL",
    side=OrgRole.PROVIDER,
    repository=CapabilityRepository,
    content=CapabilityContent,
    budget_fields=frozenset({"price_min_cny", "price_max_cny"}),
    codes=_codes,
    searched=_searched,
)
