"""Where each term of a read document stands, so that explaining a pair visits the shared terms and nothing else."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.matching.fields import Field
from app.matching.normalise import normalise
from app.matching.text import Token

Place = tuple[int, int, int]
"""The number of a field, the first character in it, and the one after the last. They sort as the document is read."""


@dataclass(frozen=True, slots=True)
class Occurrences:
    """The places of a document's terms. Never changed once built, so threads may share it.

    Attributes:
        fields: The fields that have numbers.
        by_term: Places in the order of the document; terms that do not stand in it are left out.
    """

    fields: Sequence[Field]
    by_term: Mapping[str, Sequence[Place]]

    def of(self, terms: Iterable[str]) -> list[tuple[Place, str]]:
        """Give the places of some different terms, in the order of the document."""
        return sorted((place, term) for term in terms for place in self.by_term.get(term, ()))


def occurrences(fields: Iterable[tuple[Field, Sequence[Token]]]) -> Occurrences:
    """Gather the places of read fields."""
    read = tuple(fields)
    placed = ((token.term, (i, token.start, token.end)) for i, (_, tokens) in enumerate(read) for token in tokens)
    return Occurrences(tuple(field for field, _ in read), gathered(placed))


def characters(fields: Sequence[Field], wanted: Sequence[str]) -> Iterator[tuple[str, Place]]:
    """Look for single Chinese characters in some fields."""
    if wanted:
        pattern = re.compile("|".join(wanted))
        for i, field in enumerate(fields):
            normal = normalise(field.text)
            for match in pattern.finditer(normal.text):
                yield match[0], (i, *normal.span(*match.span()))


def gathered(placed: Iterable[tuple[str, Place]]) -> dict[str, list[Place]]:
    """Gather places by their terms."""
    by_term: dict[str, list[Place]] = {}
    for term, place in placed:
        by_term.setdefault(term, []).append(place)
    return by_term
