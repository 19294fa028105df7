"""scipy."""

from benchmarks.speed.engines import Ranked
from benchmarks.speed.engines.product import Product, best
from benchmarks.speed.texts import Matrix


class Scipy(Product):
    """The sparse product with the index turned over, then numpy's `argpartition`."""

    def build(self) -> None:
        self.offers = self.vectors.T.tocsr()

    def ranked(self, needs: Matrix) -> Ranked:
        return best((needs @ self.offers).toarray())
