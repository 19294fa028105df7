"""What makes a posting a need."""

from app.features.needs.models import Need
from app.features.needs.repository import NeedRepository
from app.features.needs.schemas import NeedContent
from app.features.organizations.types import OrgRole
from app.features.postings.kind import Codes, PostingKind


def _codes(content: NeedContent) -> Codes:
    return Codes(
        industries={"/industry_code": content.industry_code},
        scenarios={"/scenario_code": content.scenario_code},
        regions={"/region_code": content.region_code},
    )


def _searched(content: NeedContent) -> str:
    wanted = [requirement.text for requirement in content.requirements]
    return " ".join([content.title, content.problem, content.current_state, content.goal, *content.keywords, *wanted])


NEED: PostingKind[Need, NeedContent] = PostingKind(
    name="need",
    prefix="XQ",
    side=OrgRole.ENTERPRISE,
    repository=NeedRepository,
    content=NeedContent,
    budget_fields=frozenset({"budget_min_cny", "budget_max_cny"}),
    codes=_codes,
    searched=_searched,
)
