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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from app.matching import Matcher, MatcherParams, Need, Offer, Reader, cc_cedict
from app.matching.documents import Language
from app.matching.evaluation import ndcg_at
from benchmarks.demo_set import load_thesaurus
from benchmarks.intervals import interval
from benchmarks.rankers import DEPTH

COLUMNS = ("plain", "2-3", "cosine", "BM25", "both")
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


def peers(data: Retrieval, reader: Reader) -> dict[str, list[NDArray[np.float64]]]:
    """Score by what libraries give; by name, shape (offers,) for each need.

    `plain` is scikit-learn's TfidfVectorizer as it comes, `2-3` the same over runs of two and three characters (only
    where both sides have Chinese). `cosine` (sublinear) and `BM25` read our tokens; `both` adds the two, each over its
    greatest value.
    """
    texts = [f"{offer.title}\n{offer.description}" for offer in data.offers]
    asked = [f"{need.title}\n{need.problem}" for need in data.needs]
    offers = [[token.term for field in reader.offer(offer).fields for token in field.tokens] for offer in data.offers]
    needs = [[token.term for field in reader.need(need).fields for token in field.tokens] for need in data.needs]
    retriever = bm25s.BM25(k1=1.2, b=0.75)
    retriever.index(offers, show_progress=False)
    found = {
        "plain": _cosine(TfidfVectorizer(), texts, asked),
        "cosine": _cosine(TfidfVectorizer(analyzer=list, sublinear_tf=True), offers, needs),
        "BM25": [retriever.get_scores(tokens).astype(np.float64) for tokens in needs],
    }
    found["both"] = [_over_top(one) + _over_top(two) for one, two in zip(found["cosine"], found["BM25"], strict=True)]
    if "zh" in {need.lang for need in data.needs} & {offer.lang for offer in data.offers}:
        found["2-3"] = _cosine(TfidfVectorizer(analyzer="char", ngram_range=(2, 3)), texts, asked)
    return found


def _cosine(vectorizer: TfidfVectorizer, offers: Sequence[Any], needs: Sequence[Any]) -> list[NDArray[np.float64]]:
    rows = vectorizer.fit_transform(offers).T.tocsr()
    asked = vectorizer.transform(needs)
    return [(asked[row] @ rows).toarray()[0] for row in range(len(needs))]


def _over_top(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    top: float = scores.max()
    return scores / top if top > 0 else scores


def ours(data: Retrieval, params: MatcherParams, reader: Reader) -> list[NDArray[np.float64]]:
    """Score by the matcher's text signal; shape (offers,) for each need, offers in the order of the set."""
    matcher = Matcher(params, reader).fit(data.offers, data.needs)
    place = {offer_id.decode(): row for row, offer_id in enumerate(matcher.offer_ids.tolist())}
    order = [place[offer.id] for offer in data.offers]
    return [matcher.text_scores(need)[order] for need in data.needs]


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
    heads = " ".join(f"{name:>6s}" for name in (*COLUMNS, "ours"))
    print(f"{'set':16s} {'needs':>6s} {'offers':>7s} {heads} {'95 %':>12s}")
    for one in sorted(path for path in folder.iterdir() if path.is_dir()):
        data = load(one)
        reader = Reader(thesaurus, cc_cedict())
        own = gains(data, ours(data, params, reader))
        others = {name: float(np.mean(gains(data, scores))) for name, scores in peers(data, reader).items()}
        cells = [f"{others[name]:6.3f}" if name in others else f"{'–':>6s}" for name in COLUMNS]
        low, high = interval(own)
        print(
            f"{data.name:16s} {len(data.needs):>6d} {len(data.offers):>7d} {' '.join(cells)} "
            f"{np.mean(own):>6.3f} {f'{low:.3f}-{high:.3f}':>12s}"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
