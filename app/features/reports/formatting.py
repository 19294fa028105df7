"""Figures, dates, codes and organisations as a report writes them, in one language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.core.clock import CHINA
from app.core.labels import Labelled
from app.core.text import Language
from app.features.matches.schemas import RequirementRead
from app.features.postings.schemas import OrganizationBrief
from app.features.reports.schemas import CodeNames
from app.features.reports.wording import WORDS
from app.matching import in_full
from app.web import pages
from app.web.pages import LANGUAGE_TAGS

_WORDS = {**pages.WORDS, **WORDS}
_WAN = 10_000


@dataclass(frozen=True)
class Speech:
    """Says things in one language.

    Args:
        language: of all that is said.
        names: what codes are called in it.
    """

    language: Language
    names: CodeNames

    @property
    def tag(self) -> str:
        """The language as HTML and HTTP name it."""
        return LANGUAGE_TAGS[self.language]

    def say(self, key: str, **values: object) -> str:
        """A text of the report's own, or of the frame around it."""
        return _WORDS[key].said_in(self.language).format(**values)

    def label(self, code: Labelled) -> str:
        """What a code of an enumeration is called."""
        return code.label.said_in(self.language)

    def labels(self, codes: Sequence[Labelled]) -> str:
        """Several codes in a row."""
        return self.listed([self.label(code) for code in codes])

    def listed(self, words: list[str]) -> str:
        """Several words in a row."""
        return ("、" if self.language == "zh" else ", ").join(words)

    def count(self, number: int) -> str:
        """A whole number with separators: 12,345."""
        return f"{number:,}"

    def percent(self, part: float) -> str:
        """A part of one: 58.2%."""
        return f"{part:.1%}"

    def points(self, share: float) -> str:
        """A share of a score in percentage points: 10.3."""
        return f"{share * 100:.1f}"

    def figure(self, value: float) -> str:
        """A stated figure, every digit of it: 1,250.5."""
        return f"{Decimal(in_full(value)):,f}"

    def money(self, low: int | None, high: int | None) -> str:
        """A range of money, either end open: 60–100 万元, CNY 600,000–1,000,000."""
        if low is not None and high is not None:
            return self.say(
                "money", amount=self._amount(low) if low == high else f"{self._amount(low)}–{self._amount(high)}"
            )
        if low is not None:
            return self.say("money_from", amount=self._amount(low))
        if high is not None:
            return self.say("money_to", amount=self._amount(high))
        return self.say("not_given_or_not_open")

    def moment(self, at: datetime) -> str:
        """A moment as clocks in China show it."""
        return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M} (UTC+8)"

    def industry(self, code: str) -> str:
        """What an industry is called."""
        return self.names.industries[code]

    def scenario(self, code: str) -> str:
        """What a scenario is called."""
        return self.names.scenarios[code]

    def region(self, code: str) -> str:
        """What a region is called."""
        return self.names.regions[code]

    def organization(self, brief: OrganizationBrief) -> str:
        """An organisation's name; a hidden one shows as its kind and industry."""
        if brief.name is not None:
            return (brief.name_en or brief.name) if self.language == "en" else brief.name
        kind = self.say("hidden_organization", kind=self.label(brief.org_type))
        return kind if brief.industry_code is None else f"{kind} · {self.industry(brief.industry_code)}"

    def organization_tag(self, brief: OrganizationBrief) -> str:
        """The language of what `organization` says."""
        return LANGUAGE_TAGS["zh"] if brief.name is not None and brief.name_en is None else self.tag

    def target(self, requirement: RequirementRead) -> str:
        """The figure a requirement asks for: ≥ 99 %; empty for one in words."""
        if requirement.operator is None or requirement.target is None:
            return ""
        figure = f"{requirement.operator.sign} {self.figure(requirement.target)}"
        return f"{figure} {requirement.unit}" if requirement.unit else figure

    def _amount(self, cny: int) -> str:
        return f"{cny / _WAN:,.14g}" if self.language == "zh" else f"{cny:,}"
