"""`make bench-quality DATA=folder`: the matcher's text ranking on texts and judgments of other people.

Each folder in it is a set: `queries.jsonl.gz` and `corpus.jsonl.gz` ({_id, title, text}) and `qrels.tsv` with a
heading. The document with a query's own id is left out; what nobody judged counts as 0.
"""

import csv
import gzip
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from app.matching import Matcher, MatcherParams, Need, Offer, Reader, Thesaurus, cc_cedict
from app.matching.documents import Language
from app.matching.evaluation import ndcg_at
from app.matching.scoring import text_score
from benchmarks.demo_set import load_thesaurus
from benchmarks.intervals import interval

DEPTH = 10
_CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Retrieval:
    """One set; `grades[need][offer]`."""

    name: str
    needs: tuple[Need, ...]
    offers: tuple[Offer, ...]
    grades: Mapping[str, Mapping[str, int]]


def load(folder: Path) -> Retrieval:
    """Read a set."""
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    with (folder / "qrels.tsv").open(encoding="utf-8", newline="") as file:
        for query, document, grade in list(csv.reader(file, delimiter="\t"))[1:]:
            grades[query][document] = int(grade)
    return Retrieval(
        name=folder.name,
        needs=tuple(
            Need(id=key, lang=_language(title + text), title=title, problem=text)
            for key, title, text in _lines(folder / "queries.jsonl.gz")
            if key in grades
        ),
        offers=tuple(
            Offer(id=key, lang=_language(title + text), title=title, description=text)
            for key, title, text in _lines(folder / "corpus.jsonl.gz")
        ),
        grades=grades,
    )


def _lines(path: Path) -> Iterator[tuple[str, str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield row["_id"], row.get("title", ""), row["text"]


def _language(text: str) -> Language:
    return "zh" if _CHINESE.search(text) else "en"


def library(data: Retrieval) -> list[NDArray[np.float64]]:
    """Score by the cosine of scikit-learn's TfidfVectorizer as it comes; shape (offers,) for each need."""
    vectorizer = TfidfVectorizer()
    offers = vectorizer.fit_transform([f"{offer.title}\n{offer.description}" for offer in data.offers])
    needs = vectorizer.transform([f"{need.title}\n{need.problem}" for need in data.needs])
    return [(needs[row] @ offers.T).toarray()[0] for row in range(len(data.needs))]


def ours(data: Retrieval, params: MatcherParams, thesaurus: Thesaurus) -> list[NDArray[np.float64]]:
    """Score by the matcher's text signal; shape (offers,) for each need, offers in the order of the set."""
    matcher = Matcher(params, Reader(thesaurus, cc_cedict())).fit(data.offers, data.needs)
    place = {read.document.id: row for row, read in enumerate(matcher.index_.offers)}
    order = [place[offer.id] for offer in data.offers]
    scores = {query.read.document.id: text_score(query, matcher.index_.text, params) for query in matcher.queries_}
    return [scores[need.id][order] for need in data.needs]


def gains(data: Retrieval, scores: list[NDArray[np.float64]]) -> list[float]:
    """Give nDCG@10 of each need; ties are broken by id."""
    ids = np.array([offer.id for offer in data.offers])
    by_id = np.argsort(ids)
    found: list[float] = []
    for need, row in zip(data.needs, scores, strict=True):
        ranked = [str(one) for one in ids[by_id[np.argsort(-row[by_id], kind="stable")]][: DEPTH + 1] if one != need.id]
        grades = {offer: grade for offer, grade in data.grades[need.id].items() if offer != need.id}
        found.append(ndcg_at(ranked[:DEPTH], grades, DEPTH))
    return found


def main(folder: Path) -> None:
    """Print the table."""
    thesaurus, params = load_thesaurus(), MatcherParams()
    print(f"nDCG@10; text signal of matcher {params.version}; Python {sys.version_info.major}.{sys.version_info.minor}")
    print(f"{'set':20s} {'needs':>6s} {'offers':>7s} {'as it comes':>12s} {'ours':>6s} {'95 %':>12s}")
    for one in sorted(path for path in folder.iterdir() if path.is_dir()):
        data = load(one)
        plain, own = gains(data, library(data)), gains(data, ours(data, params, thesaurus))
        low, high = interval(own)
        print(
            f"{data.name:20s} {len(data.needs):>6d} {len(data.offers):>7d} {np.mean(plain):>12.3f} "
            f"{np.mean(own):>6.3f} {f'{low:.3f}-{high:.3f}':>12s}"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
