"""Where each term of a read document stands, so that explaining a pair visits the shared terms and nothing else."""

from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain

from app.matching.fields import Field
from app.matching.text import Token


class Occurrences:
    """The tokens of a document by term. Never changed once built, so threads may share it."""

    def __init__(self, fields: Iterable[tuple[Field, Sequence[Token]]]) -> None:
        read = tuple(fields)
        self._fields = tuple(field for field, _ in read)
        self._ends = tuple(accumulate(len(tokens) for _, tokens in read))
        self._tokens = tuple(chain.from_iterable(tokens for _, tokens in read))
        by_term: dict[str, list[int]] = {}
        for i, token in enumerate(self._tokens):
            by_term.setdefault(token.term, []).append(i)
        self._by_term = {term: tuple(found) for term, found in by_term.items()}

    def of(self, terms: Iterable[str]) -> Iterator[tuple[Field, Token]]:
        """Give the tokens that are one of some different terms, with their fields, in the order of the document."""
        for i in sorted(chain.from_iterable(self._by_term.get(term, ()) for term in terms)):
            yield self._fields[bisect(self._ends, i)], self._tokens[i]
