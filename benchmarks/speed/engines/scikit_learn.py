"""scikit-learn."""

from sklearn.metrics.pairwise import linear_kernel

from benchmarks.speed.engines import Ranked
from benchmarks.speed.engines.product import Product, best
from benchmarks.speed.texts import Matrix


class ScikitLearn(Product):
    """`linear_kernel`, then numpy's `argpartition`."""

    def build(self) -> None:
        self.offers = self.vectors

    def ranked(self, needs: Matrix) -> Ranked:
        return best(linear_kernel(needs, self.offers))
