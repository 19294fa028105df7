"""The judged demonstration set as the matcher reads it, without database or server."""

import csv
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from app.matching import (
    Case,
    CaseResult,
    Concept,
    Need,
    Offer,
    Requirement,
    Scenario,
    Spec,
    Thesaurus,
)

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
AS_OF = date(2026, 10, 1)
NATION = "CN"
MACRO_REGIONS = {
    "全国": [NATION], "China": [NATION], "Global": [NATION],
    "长三角": ["310000", "320000", "330000", "340000"], "华东": ["310000", "320000", "330000", "340000"],
    "East China": ["310000", "320000", "330000", "340000"],
    "上海市": ["310000"], "Shanghai": ["310000"], "浙江省": ["330000"], "嘉兴市": ["330400"],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Demo:
    """The judged demo set: `grades[need][offer]`, and the needs that have a good answer (`met`) or none (`unmet`)."""

    needs: tuple[Need, ...]
    offers: tuple[Offer, ...]
    grades: Mapping[str, Mapping[str, int]]
    thesaurus: Thesaurus

    @property
    def met(self) -> tuple[Need, ...]:
        """Needs with an answer of grade 2 or 3."""
        return tuple(need for need in self.needs if max(self.grades[need.id].values()) >= 2)  # noqa: PLR2004

    @property
    def unmet(self) -> tuple[Need, ...]:
        """Needs for which the honest answer is that nothing fits."""
        return tuple(need for need in self.needs if need not in self.met)


def _table(name: str) -> list[dict[str, str]]:
    with (SEEDS / "reference" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SEEDS / "demo" / name).read_text(encoding="utf-8").splitlines()]


def load_thesaurus() -> Thesaurus:
    """Read the bilingual thesaurus."""
    terms: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for row in _table("thesaurus"):
        terms[row["concept_id"], row["category"]].append((row["lang"], row["term"], row["kind"]))
    return Thesaurus(Concept(key, category, tuple(entries)) for (key, category), entries in terms.items())


class _Codes:
    """Codes to paths, by the reference tables."""

    def __init__(self) -> None:
        self.parents = {row["code"]: row["parent_code"] for row in _table("gbt4754_2017")}
        self.stages = {row["scenario_id"]: row["stage_no"] for row in _table("scenario_taxonomy_2025")}
        self.region_parents: dict[str, str] = {}
        self.region_names: dict[str, str] = {}
        for row in _table("admin_codes_suzhou"):
            code = row["mca2026_code"]
            if row["level"] != "township" and code:
                self.region_parents[code] = row["parent_code"].ljust(6, "0") if row["parent_code"] else NATION
                self.region_names[row["name_zh"]] = code
                self.region_names[row["name_en"].split()[0]] = code

    def industry(self, code: str) -> tuple[str, ...]:
        path: list[str] = []
        while code:
            path.insert(0, code)
            code = self.parents[code]
        return tuple(path)

    def scenario(self, code: str) -> Scenario:
        return Scenario(code, self.stages[code])

    def place(self, name: str | None) -> frozenset[str]:
        """Give the place and all that contains it."""
        chain = [self.region_names[name]] if name else []
        while chain and chain[-1] != NATION:
            chain.append(self.region_parents.get(chain[-1], NATION))
        return frozenset(chain)

    def served(self, names: Sequence[str]) -> frozenset[str]:
        """Give the codes of served places; one that is not known keeps its name, which contains nothing."""
        return frozenset(
            code for name in names for code in MACRO_REGIONS.get(name, [self.region_names.get(name, name)])
        )


def _need(row: Mapping[str, Any], codes: _Codes) -> Need:
    return Need(
        id=row["key"],
        lang=row["lang"],
        title=row["title"],
        problem=row["problem"],
        current_state=row["current_state"] or "",
        goal=row["goal"] or "",
        requirements=tuple(Requirement(**requirement) for requirement in row["requirements"]),
        keywords=tuple(row["keywords"]),
        data_readiness=row["data_readiness"] or "",
        scenario=codes.scenario(row["scenario_code"]),
        industry_path=codes.industry(row["industry_code"]),
        deployment=row["deployment"],
        cooperation_modes=frozenset(row["cooperation_modes"]),
        budget_min=row["budget_min"],
        budget_max=row["budget_max"],
        complete_by=date.fromisoformat(row["complete_by"]) if row["complete_by"] else None,
        min_trl=row["min_trl"],
        region_codes=codes.place(row["service_region"]),
    )


def _case(row: Mapping[str, Any], codes: _Codes) -> Case:
    return Case(
        background=row["background"],
        solution=row["solution"],
        industry_path=codes.industry(row["industry_code"]),
        scenario=row["scenario_code"],
        results=tuple(CaseResult(**result) for result in row["results"]),
        year=row["year"],
    )


def _offer(row: Mapping[str, Any], codes: _Codes) -> Offer:
    return Offer(
        id=row["key"],
        lang=row["lang"],
        title=row["title"],
        summary=row["summary"],
        description=row["description"],
        advantages=row["advantages"],
        keywords=tuple(row["keywords"]),
        specs=tuple(Spec(**spec) for spec in row["specs"]),
        cases=tuple(_case(case, codes) for case in row["cases"]),
        scenarios=tuple(codes.scenario(code) for code in row["scenario_codes"]),
        industry_paths=tuple(codes.industry(code) for code in row["industry_codes"]),
        trl=row["trl"],
        price_min=row["price_min"],
        price_max=row["price_max"],
        delivery_weeks=row["delivery_weeks"],
        region_codes=codes.served(row["service_regions"]),
        cooperation_modes=frozenset(row["cooperation_modes"]),
        deployment_modes=frozenset(row["deployment"]),
    )


def load_demo() -> Demo:
    """Read the judged demo set and the thesaurus from `seeds/`."""
    codes = _Codes()
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (SEEDS / "demo" / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        need, offer, grade = line.split("\t")
        grades[need][offer] = int(grade)
    return Demo(
        needs=tuple(_need(row, codes) for row in _lines("needs.jsonl")),
        offers=tuple(_offer(row, codes) for row in _lines("capabilities.jsonl")),
        grades=grades,
        thesaurus=load_thesaurus(),
    )


Rankings = dict[str, list[str]]
