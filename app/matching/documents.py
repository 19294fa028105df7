"""What the matcher reads: plain, frozen descriptions of a need and an offer.

Text fields are as the people wrote them. Codes arrive as *paths* from the root of their tree to the node, so
that the matcher can measure distance without knowing any catalogue. `None` or an empty tuple means "not stated",
which is never the same as "no".
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Language = Literal["zh", "zh-Hant", "en"]
Operator = Literal[">=", "<=", "="]
RequirementKind = Literal["must", "nice"]


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing a need asks for; `metric`, `operator`, `target` and `unit` are given together or not at all."""

    text: str
    kind: RequirementKind = "must"
    metric: str | None = None
    operator: Operator | None = None
    target: float | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Spec:
    """One figure an offer states about itself."""

    metric: str
    operator: Operator
    value: float
    unit: str
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One figure a past case moved from `before` to `after`."""

    metric: str
    before: float
    after: float
    unit: str


@dataclass(frozen=True, slots=True)
class Case:
    """A past delivery: background in the words of pain, solution in the words of technology."""

    background: str
    solution: str
    industry_path: tuple[str, ...] = ()
    scenario: str | None = None
    results: tuple[CaseResult, ...] = ()
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario code with the stage it belongs to."""

    code: str
    stage: str


@dataclass(frozen=True, slots=True)
class Need:
    """A scenario need. Money in CNY; `region_codes` holds the place and everything that contains it.

    What is `secret` is ranked like any other and teaches nothing: it does not count in what words are worth.
    """

    id: str
    lang: Language
    title: str
    problem: str
    current_state: str = ""
    goal: str = ""
    requirements: tuple[Requirement, ...] = ()
    keywords: tuple[str, ...] = ()
    data_readiness: str = ""
    partner_requirements: str = ""
    scenario: Scenario | None = None
    industry_path: tuple[str, ...] = ()
    deployment: str | None = None
    cooperation_modes: frozenset[str] = frozenset()
    budget_min: int | None = None
    budget_max: int | None = None
    complete_by: date | None = None
    min_trl: int | None = None
    region_codes: frozenset[str] = frozenset()
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A capability. Money in CNY; `region_codes` holds the places served, each standing for all it contains.

    What is `secret` is ranked like any other and teaches nothing: it does not count in what words are worth.
    """

    id: str
    lang: Language
    title: str
    summary: str = ""
    description: str = ""
    advantages: str = ""
    keywords: tuple[str, ...] = ()
    specs: tuple[Spec, ...] = ()
    cases: tuple[Case, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    industry_paths: tuple[tuple[str, ...], ...] = ()
    trl: int | None = None
    price_min: int | None = None
    price_max: int | None = None
    delivery_weeks: int | None = None
    region_codes: frozenset[str] = frozenset()
    cooperation_modes: frozenset[str] = frozenset()
    deployment_modes: frozenset[str] = frozenset()
    secret: bool = False
