"""What a report's page shows, put into words."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from app.features.capabilities.schemas import CapabilityRead, Spec
from app.features.matches.schemas import MatchRead
from app.features.needs.schemas import NeedRead
from app.features.postings.types import MaturityTrl
from app.features.reports.formatting import Speech
from app.features.reports.schemas import ReportRead
from app.matching import TermShare

NEAREST_EXPLAINED = 3
TAIL = "…"
"""The matcher's name for all words too small to list."""

_LATIN = re.compile(r"[A-Za-z0-9]")


class Fact(NamedTuple):
    """One line about a posting; `own` marks words of its author, which are in the posting's language."""

    label: str
    text: str
    own: bool = False


class Piece(NamedTuple):
    """A stretch of a quotation; `common` when the other side uses the word too."""

    text: str
    common: bool


def facts(posting: NeedRead | CapabilityRead, speech: Speech) -> list[Fact]:
    """What a posting says, without what it leaves empty."""
    found = _need_facts(posting, speech) if isinstance(posting, NeedRead) else _capability_facts(posting, speech)
    return [fact for fact in found if fact.text]


def explained(report: ReportRead) -> list[MatchRead]:
    """The matches shown point by point: those that suit, or the nearest ones when none does."""
    suitable = [match for match in report.ranking.matches if match.suitable]
    return suitable or report.ranking.matches[:NEAREST_EXPLAINED]


def silent_signals(match: MatchRead, speech: Speech) -> str:
    """The signals that count for a pair and yet add nothing."""
    return speech.listed([speech.label(signal.name) for signal in match.signals if signal.weight and not signal.share])


def pieces(passage: str, terms: Iterable[TermShare]) -> list[Piece]:
    """Cut a quotation where words begin and end that both sides use."""
    # a term reads `need word ~ offer word` where the sides write it differently; quotations are the offer's
    words = {term.term.rpartition(" ~ ")[2] for term in terms} - {TAIL, ""}
    if not words:
        return [Piece(passage, common=False)]
    pattern = "|".join(_pattern(word) for word in sorted(words, key=lambda word: (-len(word), word)))
    return list(_cut(passage, re.compile(pattern, re.IGNORECASE)))


def _cut(passage: str, pattern: re.Pattern[str]) -> Iterator[Piece]:
    done = 0
    for match in pattern.finditer(passage):
        if match.start() > done:
            yield Piece(passage[done : match.start()], common=False)
        yield Piece(match[0], common=True)
        done = match.end()
    if done < len(passage):
        yield Piece(passage[done:], common=False)


def _pattern(word: str) -> str:
    # Latin words stand for themselves only; Chinese has no gaps between words
    before = r"(?<![A-Za-z0-9])" if _LATIN.match(word[0]) else ""
    after = r"(?![A-Za-z0-9])" if _LATIN.match(word[-1]) else ""
    return f"{before}{re.escape(word)}{after}"


def _need_facts(need: NeedRead, speech: Speech) -> list[Fact]:
    say = speech.say
    return [
        Fact(say("problem"), need.problem, own=True),
        Fact(say("current_state"), need.current_state, own=True),
        Fact(say("goal"), need.goal, own=True),
        Fact(say("data_readiness"), need.data_readiness, own=True),
        Fact(say("partner_requirements"), need.partner_requirements, own=True),
        Fact(say("keywords"), speech.listed(need.keywords), own=True),
        Fact(say("scenario"), speech.scenario(need.scenario_code) if need.scenario_code else ""),
        Fact(say("industry"), speech.industry(need.industry_code) if need.industry_code else ""),
        Fact(say("region"), speech.region(need.region_code) if need.region_code else ""),
        Fact(say("budget"), speech.money(need.budget_min_cny, need.budget_max_cny)),
        Fact(say("complete_by"), str(need.complete_by or "")),
        Fact(say("min_trl"), _trl(need.min_trl, speech)),
        Fact(say("deployment"), speech.label(need.deployment) if need.deployment else ""),
        Fact(say("cooperation"), speech.labels(need.cooperation_modes)),
        Fact(say("ip_terms"), speech.label(need.ip_terms) if need.ip_terms else ""),
        Fact(say("attachments"), speech.listed([f"{one.name} <{one.url}>" for one in need.attachments]), own=True),
        Fact(say("valid_until"), str(need.valid_until or "")),
    ]


def _capability_facts(capability: CapabilityRead, speech: Speech) -> list[Fact]:
    say = speech.say
    weeks, projects = capability.delivery_weeks, capability.capacity
    return [
        Fact(say("summary"), capability.summary, own=True),
        Fact(say("description"), capability.description, own=True),
        Fact(say("advantages"), capability.advantages, own=True),
        Fact(say("specs"), speech.listed([_spec(spec, speech) for spec in capability.specs]), own=True),
        Fact(say("certifications"), speech.listed(capability.certifications), own=True),
        Fact(say("keywords"), speech.listed(capability.keywords), own=True),
        Fact(say("scenarios"), speech.listed([speech.scenario(code) for code in capability.scenario_codes])),
        Fact(say("industries"), speech.listed([speech.industry(code) for code in capability.industry_codes])),
        Fact(say("regions"), speech.listed([speech.region(code) for code in capability.region_codes])),
        Fact(say("maturity"), _trl(capability.trl, speech)),
        Fact(say("ip_status"), speech.label(capability.ip_status) if capability.ip_status else ""),
        Fact(say("price"), speech.money(capability.price_min_cny, capability.price_max_cny)),
        Fact(say("delivery"), say("weeks", count=speech.count(weeks)) if weeks is not None else ""),
        Fact(say("capacity"), say("projects", count=speech.count(projects)) if projects is not None else ""),
        Fact(say("deployment"), speech.labels(capability.deployment_modes)),
        Fact(say("cooperation"), speech.labels(capability.cooperation_modes)),
        Fact(say("valid_until"), str(capability.valid_until or "")),
    ]


def _trl(level: int | None, speech: Speech) -> str:
    if level is None:
        return ""
    label = speech.label(MaturityTrl(str(level)))
    return label if label.startswith("TRL") else f"TRL {level}: {label}"


def _spec(spec: Spec, speech: Speech) -> str:
    return f"{spec.metric} {spec.operator.sign} {speech.figure(spec.value)} {spec.unit}".rstrip()
