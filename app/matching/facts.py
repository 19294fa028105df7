"""What the facts of offers are worth to a need: each part that offers state is asked once, however many state it."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from app.matching.documents import Need
from app.matching.offer_table import Numberings
from app.matching.scan import best_part, new_parts
from app.matching.signals import STRUCTURED
from app.matching.table import Owned, Table


class Facts:
    """A need on a day, asked for the worth of parts. It remembers the answers: not for several threads."""

    def __init__(self, need: Need, numbers: Numberings, as_of: date) -> None:
        """Make one for a need and the parts that have numbers; `as_of` is when work could begin."""
        self._need = need
        self._numbers = numbers
        self._as_of = as_of
        self._worth: dict[str, NDArray[np.float64]] = {}
        self._seen: dict[str, NDArray[np.bool_]] = {}

    def values(self, name: str, table: Table, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Give the best a signal finds among the parts of some offers (row numbers), nan for nothing; shape (rows,)."""
        owned = table.children[name]
        return best_part(rows, owned.starts, owned["part"], self._asked_of(name, owned, rows))

    def _asked_of(self, name: str, owned: Owned, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Ask for the parts of some offers that were not asked for before; give what is known, shape (parts,)."""
        parts = self._numbers.parts[name].values
        if name not in self._worth:
            self._worth[name] = np.full(len(parts), np.nan)
            self._seen[name] = np.zeros(len(parts), dtype=np.bool_)
        worth = self._worth[name]
        for part in new_parts(rows, owned.starts, owned["part"], self._seen[name]).tolist():
            value = STRUCTURED[name].value(self._need, parts[part], self._as_of)
            if value is not None:
                worth[part] = value
        return worth
