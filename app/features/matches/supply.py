"""The capabilities that may be recommended for a need: what every ranking of a need is made against."""

from dataclasses import dataclass
from datetime import date

from app.features.matches.adapter import need_document
from app.features.matches.live import Snapshot
from app.features.matches.schemas import RankingQuery
from app.features.needs.kind import NEED
from app.features.needs.schemas import NeedContent
from app.matching import Eligible, Need, Ranking, Standing


@dataclass(frozen=True, slots=True)
class Supply:
    """One snapshot, one day, and what one reader may be shown of it, so that two rankings can be compared.

    Args:
        snapshot: the index.
        today: from when delivery times are counted.
        eligible: the capabilities that may be recommended.
    """

    snapshot: Snapshot
    today: date
    eligible: Eligible

    def document(self, content: NeedContent, document_id: str) -> Need:
        """A content as the matcher reads it, without what must not feed it."""
        return need_document(NEED.matched(content), document_id=document_id, atlas=self.snapshot.atlas)

    def ranking(self, need: Need, query: RankingQuery) -> Ranking:
        """The best for a need, explained."""
        return self.snapshot.matcher.rank(
            need,
            k=query.limit,
            as_of=self.today,
            eligible=self.eligible,
            constraints=query.constraints,
            explain=query.explain,
        )

    def standing(self, need: Need) -> Standing:
        """Where all of them stand for a need."""
        return self.snapshot.matcher.standing(need, as_of=self.today, eligible=self.eligible)
