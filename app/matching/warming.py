"""What a process does once before its first ranking, so that no request waits for it."""

from datetime import date

import numpy as np

from app.matching.dictionary import Dictionary, cc_cedict
from app.matching.documents import Need, Offer, Requirement, Spec
from app.matching.index import opened
from app.matching.matcher import Matcher
from app.matching.meaning import sentence_encoder
from app.matching.params import WITH_MEANING, MatcherParams
from app.matching.prepared import Reader
from app.matching.thesaurus import Thesaurus
from app.matching.upper import Bounds


def warm(*, reads_meaning: bool = False) -> None:
    """Load the dictionary, the encoder if wanted, and every loop; some seconds on a machine that has yet to compile."""
    requirement = Requirement("cycle time", metric="cycle time", operator="<=", target=8.0, unit="s")
    need = Need("n", "en", "Weld inspection", "Slow inspection", requirements=(requirement,))
    offer = Offer("o", "en", "Weld inspection", "In line.", specs=(Spec("cycle time", "<=", 7.0, "s"),))
    reader = Reader(Thesaurus(), Dictionary(), sentence_encoder() if reads_meaning else None)
    matcher = Matcher(WITH_MEANING if reads_meaning else MatcherParams(), reader).fit([offer], [need])
    [table] = matcher.index_.in_order(1)
    index = opened(table, Bounds.build(table, matcher.model_.lexicon))
    numbers = matcher.model_.numbers
    matcher.fit_tables(index, matcher.need_table([need], numbers), numbers, matcher.statistics_)
    matcher.rank(need, k=1, as_of=date.min)
    matcher.signs(need, considered=np.ones(1, dtype=np.bool_))
    cc_cedict()
