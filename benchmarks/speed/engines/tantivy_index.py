"""tantivy."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray

from benchmarks.speed.engines import CORES, Engine, K, Ranked
from benchmarks.speed.texts import read_counts, repeated


class Tantivy(Engine):
    """tantivy in memory, one segment, frequencies without positions; a need is an OR of its terms with their counts."""

    ranks_by = "BM25"

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "tantivy"
        self.offers = read_counts(folder, "offers")
        self.needs = read_counts(folder, "needs")

    def build(self) -> None:
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("terms", tokenizer_name="terms", index_option="freq")
        self.schema = schema.build()
        self.folder.mkdir()
        self.index = tantivy.Index(self.schema, path=str(self.folder))
        self.index.register_tokenizer("terms", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
        writer = self.index.writer(heap_size=1_000_000_000, num_threads=1)
        for terms in repeated(self.offers):
            writer.add_document(tantivy.Document(terms=" ".join(map(str, terms))))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    @property
    def nbytes(self) -> int:
        return sum(path.stat().st_size for path in self.folder.iterdir())

    def one(self, number: int) -> NDArray[np.int64]:
        place = slice(self.needs.indptr[number], self.needs.indptr[number + 1])
        wanted = [
            (tantivy.Occur.Should, tantivy.Query.boost_query(self._term(term), float(count)))
            for term, count in zip(self.needs.indices[place], self.needs.counts[place], strict=True)
        ]
        found = self.searcher.search(tantivy.Query.boolean_query(wanted), limit=K, count=False)
        return np.array([address.doc for _, address in found.hits])

    def many(self, count: int) -> Ranked:
        with ThreadPoolExecutor(CORES) as pool:
            return list(pool.map(self.one, range(count)))

    def _term(self, term: int) -> tantivy.Query:
        return tantivy.Query.term_query(self.schema, "terms", str(term), index_option="freq")
