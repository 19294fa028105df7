"""Postings by the hundred thousand, recombined from the real ones of `seeds/demo`.

A generated posting follows a real one, its *parent*, line by line. Each line is, by chance, the parent's own (`OWN`),
one of the same role from another posting of the same topic (`TOPIC`), or one of the same role and language from
anywhere; it is never the line itself but one of its variants (see `lines`). A line of its own, the name and type of an
invented product, is added. Two choices follow Zipf's law, chance 1 / rank, as words themselves do: which posting is
the parent (in an order drawn once), and which variant of a line is taken. So topics cluster, as a scenario's postings
share their words. Frequencies follow Zipf's law as closely as those of the real postings do down to rank 10,000 or so;
below are only invented names and numbers, where real texts would have rare words.

Lines are fields of their own, so that no phrase runs from one into the next: a posting's terms are the terms of its
lines, and each variant is tokenised once by the matcher's own tokeniser. A term in the title counts as often as the
matcher counts it there.
"""

import random
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from app.matching import Thesaurus
from app.matching.params import FIELD_WEIGHTS
from app.matching.text import tokenise
from benchmarks.speed.lines import Line, Source, Varied

OWN, TOPIC = 0.35, 0.5
VARIANTS = 24

_ZIPF = tuple(accumulate(1 / rank for rank in range(1, VARIANTS + 1)))
_FIRST_HAN, _LAST_HAN = "\u4e00", "\u9fff"
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


class Vocabulary:
    """Numbers terms in the order they are first met."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms in the order of their numbers."""
        return tuple(self._numbers)

    def numbers(self, terms: Sequence[str]) -> NDArray[np.int32]:
        """Give the numbers of terms, new ones to those not met before."""
        return np.array([self._numbers.setdefault(term, len(self._numbers)) for term in terms], dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Composed:
    """A generated posting.

    Attributes:
        parent: Number of the posting it follows.
        lines: What it says.
        drawn: The real lines it says that after, one for each of `lines` but the last.
        terms: Numbers of its terms, as often as they count; shape (tokens,).
    """

    parent: int
    lines: tuple[Line, ...]
    drawn: tuple[Line, ...]
    terms: NDArray[np.int32]


class Composer:
    """Composes postings of one side (offers or needs) without end; the same seed gives the same postings."""

    def __init__(self, sources: Sequence[Source], thesaurus: Thesaurus, vocabulary: Vocabulary, *, seed: int) -> None:
        self.sources = tuple(sources)
        self.thesaurus = thesaurus
        self.vocabulary = vocabulary
        self.seed = seed
        self._varied = Varied(thesaurus)
        self._variants: dict[Line, tuple[Line, ...]] = {}
        self._terms: dict[Line, NDArray[np.int32]] = {}
        self._by_topic = _pool(sources, lambda source: source.topics)
        self._by_language = _pool(sources, lambda source: (source.language,))
        written = {one for source in sources for line in source.lines for one in line.text}
        self._characters = sorted(one for one in written if _FIRST_HAN <= one <= _LAST_HAN)

    def compose(self) -> Iterator[Composed]:
        """Give posting after posting."""
        draw = random.Random(self.seed)
        order = draw.sample(range(len(self.sources)), len(self.sources))
        chances = tuple(accumulate(1 / rank for rank in range(1, len(order) + 1)))
        while True:
            parent = draw.choices(order, cum_weights=chances)[0]
            source = self.sources[parent]
            topic = draw.choice(source.topics)
            drawn: list[Line] = []
            lines: list[Line] = []
            for line in source.lines:
                drawn.append(self._drawn(line, source, topic, draw))
                lines.append(self._variant(drawn[-1], draw))
            named = Line("name", self._name(source.language, draw))
            terms = np.concatenate([*(self._read(line) for line in lines), self._tokenised(named)])
            yield Composed(parent, (*lines, named), tuple(drawn), terms)

    def as_they_are(self) -> Iterator[Composed]:
        """Give the real postings."""
        for number, source in enumerate(self.sources):
            terms = np.concatenate([self._read(line) for line in source.lines])
            yield Composed(number, source.lines, source.lines, terms)

    def _drawn(self, line: Line, source: Source, topic: tuple[str, str], draw: random.Random) -> Line:
        chance = draw.random()
        if chance < OWN:
            return line
        pool = self._by_topic[topic] if chance < OWN + TOPIC else self._by_language[source.language]
        return draw.choice(pool[line.role])

    def _variant(self, line: Line, draw: random.Random) -> Line:
        variants = self._variants.get(line)
        if variants is None:
            own = random.Random(f"{self.seed} {line.role} {line.text}")
            variants = tuple(Line(line.role, text) for text in self._varied.variants(line.text, VARIANTS, own))
            self._variants[line] = variants
        return draw.choices(variants, cum_weights=_ZIPF)[0]

    def _read(self, line: Line) -> NDArray[np.int32]:
        terms = self._terms.get(line)
        if terms is None:
            terms = self._terms[line] = self._tokenised(line)
        return terms

    def _tokenised(self, line: Line) -> NDArray[np.int32]:
        numbers = self.vocabulary.numbers([token.term for token in tokenise(line.text, self.thesaurus)])
        return np.repeat(numbers, int(FIELD_WEIGHTS.get(line.role, 1)))

    def _name(self, language: str, draw: random.Random) -> str:
        number = f"{''.join(draw.choices(_LETTERS, k=2))}-{draw.randint(100, 9999)}"
        if language == "en":
            return number
        return f"“{''.join(draw.choices(self._characters, k=2))}” {number}"


@dataclass(frozen=True, slots=True)
class Counts:
    """How often terms count in postings, as the rows of a sparse matrix with its columns in order.

    Attributes:
        indptr: Where each row begins in the others; shape (rows + 1,).
        indices: Numbers of terms; shape (n,).
        counts: How often each counts; shape (n,).
    """

    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]
    counts: NDArray[np.uint8]


def count(postings: Iterable[Composed]) -> Counts:
    """Count the terms of postings as they come, holding a few bytes for each term of each posting."""
    rows = [_counted(posting.terms) for posting in postings]
    return Counts(
        np.concatenate([[0], np.cumsum([len(terms) for terms, _ in rows])]),
        np.concatenate([terms for terms, _ in rows]),
        np.concatenate([counts for _, counts in rows]),
    )


def _counted(terms: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    found, counts = np.unique(terms, return_counts=True)
    return found, counts.astype(np.uint8)


def _pool(
    sources: Iterable[Source], keys: Callable[[Source], Iterable[Hashable]]
) -> Mapping[Hashable, Mapping[str, Sequence[Line]]]:
    found: dict[Hashable, dict[str, list[Line]]] = {}
    for source in sources:
        for key in keys(source):
            for line in source.lines:
                found.setdefault(key, {}).setdefault(line.role, []).append(line)
    return found
