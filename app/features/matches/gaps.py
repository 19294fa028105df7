"""What a need leaves open, and values that could fill it: pure rules over its content and its first candidates."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from app.features.matches.types import AdviceKind, AdviceReason
from app.features.needs.schemas import NeedContent, is_stated
from app.features.needs.types import NeedField
from app.matching import LikeFigure, Offer, Sign, Signs, Spec

TRIED = 3
"""Most values to try for one gap."""

Patch = dict[str, Any]

_SIGNS: dict[Sign, AdviceReason] = {"unheard": AdviceReason.UNHEARD, "common": AdviceReason.COMMON}


@dataclass(frozen=True, slots=True)
class Gap:
    """One field that says nothing or too little.

    Attributes:
        field: the field.
        reason: why it is pointed out.
        places: JSON pointers to the parts that are meant.
        patches: merge patches that would fill it, each with a value the first candidates suggest; at most `TRIED`.
    """

    field: NeedField
    reason: AdviceReason
    places: tuple[str, ...]
    patches: tuple[Patch, ...] = ()

    @property
    def kind(self) -> AdviceKind:
        """Whether nothing is stated or too little."""
        return AdviceKind.MISSING if self.reason == AdviceReason.NOT_STATED else AdviceKind.VAGUE


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about a need beside its content.

    Attributes:
        leaders: its first candidates, best first.
        signs: what its words are worth.
        figures: figures of the leaders that its requirements in words could ask for, most alike first.
        industry_path: from the section down to its industry; empty if it names none.
        is_deepest: whether no industry lies below.
        today: from when delivery times are counted.
    """

    leaders: Sequence[Offer]
    signs: Signs
    figures: Sequence[LikeFigure]
    industry_path: tuple[str, ...]
    is_deepest: bool
    today: date


def gaps(content: NeedContent, evidence: Evidence) -> list[Gap]:
    """List what is missing or vague.

    At most ten of the gaps have patches: scenario, industry, region, deployment, cooperation, budget, deadline,
    maturity, keywords (missing or unheard), requirements (missing or without a figure).
    """
    rules = (_requirements, _industry, _facts, _keywords, _texts)
    return [gap for rule in rules for gap in rule(content, evidence)]


def _facts(content: NeedContent, evidence: Evidence) -> Iterator[Gap]:
    leaders, least = evidence.leaders, content.budget_min_cny or 0
    prices = [price for offer in leaders for price in (offer.price_min, offer.price_max) if price is not None]
    weeks = [offer.delivery_weeks for offer in leaders if offer.delivery_weeks is not None]
    values: dict[NeedField, list[Any]] = {
        NeedField.SCENARIO_CODE: _commonest(scenario.code for offer in leaders for scenario in offer.scenarios),
        NeedField.REGION_CODE: _commonest(code for offer in leaders for code in sorted(offer.region_codes)),
        NeedField.DEPLOYMENT: _commonest(mode for offer in leaders for mode in sorted(offer.deployment_modes)),
        NeedField.COOPERATION_MODES: [
            [mode] for mode in _commonest(mode for offer in leaders for mode in sorted(offer.cooperation_modes))
        ],
        NeedField.BUDGET_MAX_CNY: _spread(price for price in prices if price >= least),
        NeedField.COMPLETE_BY: [(evidence.today + timedelta(weeks=number)).isoformat() for number in _spread(weeks)],
        NeedField.MIN_TRL: _spread(offer.trl for offer in leaders if offer.trl is not None),
    }
    for field, found in values.items():
        if not is_stated(content, field):
            yield _missing(field, found)


def _industry(content: NeedContent, evidence: Evidence) -> Iterator[Gap]:
    if evidence.is_deepest:
        return
    own = evidence.industry_path
    paths = (
        path
        for offer in evidence.leaders
        for path in (*offer.industry_paths, *(case.industry_path for case in offer.cases))
        if lies_below(path, own)
    )
    gap = _missing(NeedField.INDUSTRY_CODE, _commonest(path[-1] for path in paths))
    yield gap if content.industry_code is None else replace(gap, reason=AdviceReason.NOT_DEEPEST)


def lies_below(path: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether a path from the root of a tree goes on where another ends."""
    return len(path) > len(other) and path[: len(other)] == other


def _texts(content: NeedContent, evidence: Evidence) -> Iterator[Gap]:
    if evidence.signs.is_thin:
        yield Gap(NeedField.PROBLEM, AdviceReason.FEW_WORDS, ("/problem",))
    for field in (NeedField.DATA_READINESS, NeedField.CURRENT_STATE, NeedField.GOAL):
        if not is_stated(content, field):
            yield _missing(field, [])


def _keywords(content: NeedContent, evidence: Evidence) -> Iterator[Gap]:
    words = _commonest(
        word for offer in _readable(content, evidence) for word in offer.keywords if word not in content.keywords
    )
    if not content.keywords:
        yield _missing(NeedField.KEYWORDS, [[word] for word in words])
    for gap in _worthless(NeedField.KEYWORDS, evidence.signs.keywords):
        heard = [
            word for word, sign in zip(content.keywords, evidence.signs.keywords, strict=True) if sign != "unheard"
        ]
        # what nobody uses gives way to what the candidates use; what everybody uses may stay
        patches = tuple({gap.field.value: [*heard, word]} for word in words)
        yield replace(gap, patches=patches) if gap.reason == AdviceReason.UNHEARD else gap


def _requirements(content: NeedContent, evidence: Evidence) -> Iterator[Gap]:
    if not content.requirements:
        specs = [spec for offer in _readable(content, evidence) for spec in offer.specs]
        first = {spec.metric: spec for spec in reversed(specs)}
        metrics = _commonest(spec.metric for spec in specs)
        yield _missing(
            NeedField.REQUIREMENTS, [[{"text": metric, "kind": "must", **_figure(first[metric])}] for metric in metrics]
        )
    elif evidence.figures:
        asked = content.model_dump(mode="json")["requirements"]
        tried = evidence.figures[:TRIED]
        yield Gap(
            NeedField.REQUIREMENTS,
            AdviceReason.WITHOUT_FIGURE,
            tuple(f"/requirements/{i}" for i in sorted({like.requirement for like in tried})),
            tuple(
                {
                    "requirements": [
                        one | (_figure(like.spec) if i == like.requirement else {}) for i, one in enumerate(asked)
                    ]
                }
                for like in tried
            ),
        )
    yield from _worthless(NeedField.REQUIREMENTS, evidence.signs.requirements)


def _worthless(field: NeedField, signs: Sequence[Sign | None]) -> Iterator[Gap]:
    for sign, reason in _SIGNS.items():
        places = tuple(f"/{field}/{i}" for i, found in enumerate(signs) if found == sign)
        if places:
            yield Gap(field, reason, places)


def _missing(field: NeedField, values: Sequence[Any]) -> Gap:
    patches = tuple({field.value: value} for value in values)
    return Gap(field, AdviceReason.NOT_STATED, (f"/{field}",), patches)


def _figure(spec: Spec) -> Patch:
    return {"metric": spec.metric, "operator": spec.operator, "target": spec.value, "unit": spec.unit}


def _readable(content: NeedContent, evidence: Evidence) -> list[Offer]:
    """The leaders whose words could stand in the need."""
    return [offer for offer in evidence.leaders if (offer.lang == "en") == (content.lang == "en")]


def _commonest(values: Iterable[str]) -> list[str]:
    """The values of most candidates, of equals those of the better ones."""
    return [value for value, _ in Counter(values).most_common(TRIED)]


def _spread(values: Iterable[int]) -> list[int]:
    """The lowest, the middle and the highest: of a limit, common values tell less than different ones."""
    ordered = sorted(set(values))
    return sorted({ordered[0], ordered[len(ordered) // 2], ordered[-1]}) if ordered else []
