"""How well the matcher ranks the judged demo set, beside simple rankers: `python -m benchmarks.quality`."""

import csv
import itertools
import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from app.matching import (
    SIGNAL_WEIGHTS,
    Case,
    CaseResult,
    Concept,
    Matcher,
    MatcherParams,
    Need,
    Offer,
    Reader,
    Requirement,
    Scenario,
    Spec,
    Thesaurus,
)
from app.matching.evaluation import coverage, gini, hit_rate_at, ndcg_at, recall_at, reciprocal_rank
from app.matching.fields import need_fields, offer_fields

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
AS_OF = date(2026, 10, 1)
DEPTH = 10
RANDOM_RUNS = 50
RESAMPLES = 2000
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


def _need_text(need: Need) -> str:
    return "\n".join(field.text for field in need_fields(need))


def _offer_text(offer: Offer) -> str:
    return "\n".join(field.text for field in offer_fields(offer))


def _by_score(demo: Demo, scores: Sequence[Sequence[float]]) -> Rankings:
    ids = [offer.id for offer in demo.offers]
    return {
        need.id: [item for _, item in sorted(zip((-score for score in row), ids, strict=True))]
        for need, row in zip(demo.needs, scores, strict=True)
    }


def random_order(demo: Demo, seed: int) -> Rankings:
    """Rank by chance."""
    return _by_score(demo, np.random.default_rng(seed).random((len(demo.needs), len(demo.offers))).tolist())


def tfidf(demo: Demo, **options: Any) -> Rankings:  # noqa: ANN401 - options of TfidfVectorizer
    """Rank by the cosine of scikit-learn's TfidfVectorizer over the whole texts."""
    vectorizer = TfidfVectorizer(**options)
    offers = vectorizer.fit_transform([_offer_text(offer) for offer in demo.offers])
    return _by_score(
        demo, (vectorizer.transform([_need_text(need) for need in demo.needs]) @ offers.T).toarray().tolist()
    )


def _bigrams(text: str) -> list[str]:
    return [run[i : i + 2] for run in re.findall(r"\w+", text.lower()) for i in range(len(run) - 1)]


def bm25(demo: Demo) -> Rankings:
    """Rank by BM25 (bm25s, defaults) over the matcher's own tokens, concepts included."""
    reader = Reader(demo.thesaurus)
    offers = [[t.term for f in reader.offer(offer).fields for t in f.tokens] for offer in demo.offers]
    needs = [[t.term for f in reader.need(need).fields for t in f.tokens] for need in demo.needs]
    retriever = bm25s.BM25()
    retriever.index(offers, show_progress=False)
    return _by_score(demo, [retriever.get_scores(tokens).tolist() for tokens in needs])


def ours(demo: Demo, params: MatcherParams) -> Rankings:
    """Rank by the matcher."""
    matcher = Matcher(params, demo.thesaurus).fit(demo.offers, demo.needs)
    depth = len(demo.offers)
    return {
        need.id: [match.offer_id for match in matcher.rank(need, k=depth, as_of=AS_OF, explain=False).matches]
        for need in demo.needs
    }


def weigh(names: Collection[str]) -> MatcherParams:
    """Give the default parameters with only these signals; the others weigh nothing."""
    total = sum(SIGNAL_WEIGHTS[name] for name in names)
    return MatcherParams(
        signal_weights={name: weight / total if name in names else 0.0 for name, weight in SIGNAL_WEIGHTS.items()}
    )


def other_script(demo: Demo) -> tuple[Need, ...]:
    """Give the needs whose best answers are all in another script."""
    lang = {offer.id: offer.lang for offer in demo.offers}

    def best(need: Need) -> set[str]:
        grades = demo.grades[need.id]
        return {lang[offer] for offer, grade in grades.items() if grade == max(grades.values())}

    return tuple(need for need in demo.met if need.lang not in best(need))


def _interval(values: Sequence[float]) -> tuple[float, float]:
    """Give the 95 % bootstrap interval of a mean."""
    draws = np.random.default_rng(0).choice(np.asarray(values), size=(RESAMPLES, len(values)))
    low, high = np.quantile(draws.mean(axis=1), [0.025, 0.975])
    return float(low), float(high)


def measure(demo: Demo, runs: Sequence[Rankings]) -> list[str]:
    """Give one line of the table: the measures of a ranker, each need's value averaged over its runs."""

    def of(one: Callable[[Rankings, str], float]) -> list[float]:
        return [float(np.mean([one(run, need.id) for run in runs])) for need in demo.met]

    gains = of(lambda run, need: ndcg_at(run[need], demo.grades[need], DEPTH))
    crossing = {need.id for need in other_script(demo)}
    low, high = _interval(gains)
    return [
        f"{np.mean(gains):.3f}",
        f"{low:.3f}-{high:.3f}",
        f"{np.mean(of(lambda run, need: reciprocal_rank(run[need], demo.grades[need]))):.3f}",
        f"{np.mean(of(lambda run, need: recall_at(run[need], demo.grades[need], DEPTH))):.3f}",
        f"{np.mean(of(lambda run, need: hit_rate_at(run[need], demo.grades[need], DEPTH))):.3f}",
        f"{np.mean([gain for need, gain in zip(demo.met, gains, strict=True) if need.id in crossing]):.3f}",
    ]


def best_scores(demo: Demo) -> dict[str, float]:
    """Give the best score any offer has for each need."""
    matcher = Matcher(MatcherParams(), demo.thesaurus).fit(demo.offers, demo.needs)
    return {need.id: matcher.rank(need, k=1, as_of=AS_OF, explain=False).matches[0].score for need in demo.needs}


def calibrate(met: Sequence[float], unmet: Sequence[float]) -> float:
    """Find the floor with the fewest errors, midway between two neighbouring scores; the highest of equals.

    Args:
        met: Best scores of needs that have a good answer.
        unmet: Best scores of needs that have none.
    """
    cuts = [(low + high) / 2 for low, high in itertools.pairwise(sorted({*met, *unmet}))]
    return min(cuts, key=lambda cut: (_below(met, cut) - _below(unmet, cut), -cut))


def _below(scores: Sequence[float], floor: float) -> int:
    return sum(score < floor for score in scores)


def abstention(demo: Demo) -> str:
    """Describe how the floor separates needs with and without a good answer, as it is and leave-one-out."""
    scores = best_scores(demo)
    met, unmet = [scores[need.id] for need in demo.met], [scores[need.id] for need in demo.unmet]
    floor = MatcherParams().floor
    held_met = [met[i] < calibrate(met[:i] + met[i + 1 :], unmet) for i in range(len(met))]
    held_unmet = [unmet[i] < calibrate(met, unmet[:i] + unmet[i + 1 :]) for i in range(len(unmet))]
    right, wrong = _below(unmet, floor), _below(met, floor)
    return (
        f"floor {floor}: {right} of {len(unmet)} unmet needs abstain, {wrong} of {len(met)} others wrongly\n"
        f"floor from the rest, leave-one-out (from all: {calibrate(met, unmet):.3f}): "
        f"{sum(held_unmet)} of {len(unmet)} abstain, {sum(held_met)} of {len(met)} wrongly"
    )


def rows(demo: Demo) -> Iterator[tuple[str, list[Rankings]]]:
    """Give every ranker of the table by name."""
    everything = frozenset(SIGNAL_WEIGHTS)
    yield f"random (mean of {RANDOM_RUNS})", [random_order(demo, seed) for seed in range(RANDOM_RUNS)]
    yield "TfidfVectorizer as it comes", [tfidf(demo)]
    yield "character bigrams TF-IDF", [tfidf(demo, analyzer=_bigrams)]
    yield "BM25 (bm25s), our tokens", [bm25(demo)]
    yield "ours, text only", [ours(demo, weigh({"text"}))]
    yield "ours, full", [ours(demo, MatcherParams())]
    for name in sorted(everything - {"text"}, key=list(SIGNAL_WEIGHTS).index):
        yield f"  without {name}", [ours(demo, weigh(everything - {name}))]


def main() -> None:
    """Print the table."""
    demo = load_demo()
    print(
        f"demo set: {len(demo.needs)} needs ({len(demo.met)} met), {len(demo.offers)} offers, "
        f"{sum(len(grades) for grades in demo.grades.values())} judged pairs; matcher {MatcherParams().version}; "
        f"Python {sys.version_info.major}.{sys.version_info.minor}"
    )
    print(f"{'ranker':30s} {'nDCG@10':>8s} {'95 %':>12s} {'MRR':>6s} {'R@10':>6s} {'HR@10':>6s} {'script':>7s}")
    for name, runs in rows(demo):
        gain, interval, *rest, script = measure(demo, runs)
        print(f"{name:30s} {gain:>8s} {interval:>12s} {' '.join(f'{cell:>6s}' for cell in rest)} {script:>7s}")
    print(f"script: nDCG@10 of the {len(other_script(demo))} needs whose best answers are all in another script")
    full = [ranked[:DEPTH] for ranked in ours(demo, MatcherParams()).values()]
    ids = [offer.id for offer in demo.offers]
    print(f"first {DEPTH} of all needs: coverage {coverage(full, ids):.3f}, Gini {gini(full, ids):.3f}")
    print(abstention(demo))


if __name__ == "__main__":
    main()
