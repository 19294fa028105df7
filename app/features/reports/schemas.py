"""Match reports as they are asked for and go out."""

from datetime import datetime
from typing import Annotated, cast

from pydantic import Field

from app.core.schema import Schema
from app.core.text import Language
from app.features.accounts.types import Role
from app.features.capabilities.schemas import CapabilityRead
from app.features.matches.schemas import MatchRead, RankingRead
from app.features.needs.schemas import NeedRead
from app.features.postings.schemas import PostingCard
from app.features.reports.types import Form, Side

DEFAULT_LIMIT = 10
MAX_LIMIT = 50


class ReportQuery(Schema):
    """How a report is asked for. What is in the address wins over the headers, so that a link can be shared."""

    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT
    format: Annotated[Form | None, Field(description="`json` or `html`; otherwise by Accept.")] = None
    lang: Annotated[Language | None, Field(description="`zh` or `en`; otherwise by Accept-Language.")] = None


class CodeNames(Schema):
    """What the codes in a report are called, in the report's language."""

    industries: dict[str, str]
    scenarios: dict[str, str]
    regions: dict[str, str]


class ReportRead(Schema):
    """A posting, the candidates for it and why, as one document: either `need` or `capability` is given."""

    language: Language
    generated_at: datetime
    seen_as: Annotated[Role | None, Field(description="Whose view this is; null for the public.")]
    has_fictitious: Annotated[bool, Field(description="Whether any organisation in it is made up.")]
    notice: Annotated[str | None, Field(description="What a reader must know of the data.")]
    need: NeedRead | None
    capability: CapabilityRead | None
    names: CodeNames
    ranking: RankingRead

    @property
    def side(self) -> Side:
        """Which of the two the report is about."""
        return "capability" if self.need is None else "need"

    @property
    def posting(self) -> NeedRead | CapabilityRead:
        """The posting the report is about."""
        return cast("NeedRead | CapabilityRead", self.need or self.capability)

    def other(self, match: MatchRead) -> PostingCard:
        """The candidate in a match; what is saved has a card."""
        return cast("PostingCard", match.capability if self.side == "need" else match.need)


class NeedLine(Schema):
    """A need on the first page, and the best candidate for it if any is suitable."""

    need: PostingCard
    best: MatchRead | None


class FrontPage(Schema):
    """What the first page tells."""

    language: Language
    organizations: int
    needs: int
    capabilities: int
    has_fictitious: bool
    newest: list[NeedLine]
    sample_capability: str | None
    names: CodeNames
