"""Text to index terms with their places: the one tokeniser of needs and offers."""

from collections.abc import Sequence
from typing import NamedTuple

from app.matching.negation import Voice, signs
from app.matching.normalise import Normalised, normalise
from app.matching.thesaurus import CONCEPT_PREFIX, Thesaurus
from app.matching.words import han_grams, words

__all__ = ["Normalised", "Token", "is_bridge", "normalise", "tokenise"]

FIRST_CHINESE = "\u2e80"


class Token(NamedTuple):
    """An index term and the range of characters of the original text it stands for; tokens sort by place.

    `sign` is 1 for what the text says, -1 for what it rules out and 0 for what speaks neither for nor against.
    """

    start: int
    end: int
    term: str
    sign: int = 1


def is_bridge(term: str) -> bool:
    """Say whether a term means the same in every language: concepts, Latin words and numbers do, Chinese does not."""
    return term.isascii() or (term[0] < FIRST_CHINESE and max(term) < FIRST_CHINESE)


def is_character(term: str) -> bool:
    """Say whether a term is a single Chinese character."""
    return len(term) == 1 and term >= FIRST_CHINESE


def tokenise(text: str, thesaurus: Thesaurus, voice: Voice | None = None) -> tuple[Token, ...]:
    """Turn a text into index terms.

    Args:
        text: The text as written, any mix of Chinese and English.
        thesaurus: Whose concepts are added beside the words that name them, as `concept:<id>`.
        voice: How the text speaks, which decides what in it is a denial; None if it denies nothing.

    Returns:
        Chinese characters and character pairs, stemmed Latin words, short forms, numbers with their units and
        concepts, sorted by place. `text[token.start:token.end]` is what the token was made of.
    """
    normal = normalise(text)
    pieces = words(normal, thesaurus.short_forms)
    named: list[tuple[str, int, int]] = []
    for piece in pieces:
        if piece.kind == "han":
            named += han_grams(normal.text, piece.start, piece.end)
        else:
            named.append((piece.term, piece.start, piece.end))
    named += [
        (CONCEPT_PREFIX + mention.concept_id, mention.start, mention.end)
        for mention in thesaurus.mentions(normal, pieces)
    ]
    marks = signs(normal.text, voice)
    starts, ends = normal.starts, normal.ends
    return tuple(
        sorted(
            Token(starts[start], ends[end - 1], term, 1 if marks is None else _common(marks[start:end]))
            for term, start, end in named
        )
    )


def _common(marks: Sequence[int]) -> int:
    """The sign of a term across the edge of a denial is 0."""
    return marks[0] if len(set(marks)) == 1 else 0
