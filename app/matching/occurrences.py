"""Where each term of a read document stands, so that explaining a pair visits the shared terms and nothing else."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from app.matching.fields import Field
from app.matching.normalise import normalise
from app.matching.text import Token

Place = tuple[int, int, int, str]
"""The number of a field, the first character in it, the one after the last, and the term that stands there.

They sort as the document is read.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Occurrences:
    """The places of a document's terms. Never changed once built, so threads may share it.

    Attributes:
        fields: The fields that have numbers.
        by_term: Places in the order of the document; terms that do not stand in it are left out.
    """

    fields: Sequence[Field]
    by_term: Mapping[str, Sequence[Place]]

    def of(self, terms: Iterable[str]) -> Sequence[Place]:
        """Give the places of some different terms, in the order of the document."""
        found = [places for term in terms if (places := self.by_term.get(term))]
        return found[0] if len(found) == 1 else sorted(chain.from_iterable(found))


def occurrences(fields: Iterable[tuple[Field, Sequence[Token]]]) -> Occurrences:
    """Gather the places of read fields."""
    read = tuple(fields)
    placed = ((i, token.start, token.end, token.term) for i, (_, tokens) in enumerate(read) for token in tokens)
    return Occurrences(tuple(field for field, _ in read), gathered(placed))


def characters(fields: Sequence[Field], wanted: Sequence[str]) -> Iterator[Place]:
    """Look for single Chinese characters in some fields."""
    if wanted:
        pattern = re.compile("|".join(wanted))
        for i, field in enumerate(fields):
            normal = normalise(field.text)
            for match in pattern.finditer(normal.text):
                yield (i, *normal.span(*match.span()), match[0])


def gathered(placed: Iterable[Place]) -> dict[str, list[Place]]:
    """Gather places by their terms."""
    by_term: dict[str, list[Place]] = {}
    for place in placed:
        by_term.setdefault(place[3], []).append(place)
    return by_term
