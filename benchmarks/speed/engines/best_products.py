"""sparse_dot_topn."""

from sparse_dot_topn import sp_matmul_topn

from benchmarks.speed.engines import CORES, K, Ranked
from benchmarks.speed.engines.product import Product
from benchmarks.speed.texts import Matrix


class SparseDotTopn(Product):
    """The sparse product that keeps the best of each row, in both threads."""

    def build(self) -> None:
        self.offers = self.vectors.T.tocsr()

    def ranked(self, needs: Matrix) -> Ranked:
        found = sp_matmul_topn(needs, self.offers, top_n=K, sort=True, n_threads=CORES if needs.shape[0] > 1 else 1)
        return [found.indices[a:b] for a, b in zip(found.indptr, found.indptr[1:], strict=False)]
