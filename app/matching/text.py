"""Text to index terms with their places: the one tokeniser of needs and offers."""

from dataclasses import dataclass

from app.matching.normalise import Normalised, normalise
from app.matching.thesaurus import CONCEPT_PREFIX, Thesaurus
from app.matching.words import han_grams, words

__all__ = ["Normalised", "Token", "is_bridge", "normalise", "tokenise"]

FIRST_CHINESE = "\u2e80"


@dataclass(frozen=True, slots=True)
class Token:
    """An index term and the range of characters of the original text it stands for."""

    term: str
    start: int
    end: int


def is_bridge(term: str) -> bool:
    """Say whether a term means the same in every language: concepts, Latin words and numbers do, Chinese does not."""
    return max(term) < FIRST_CHINESE


def tokenise(text: str, thesaurus: Thesaurus) -> tuple[Token, ...]:
    """Turn a text into index terms.

    Args:
        text: The text as written, any mix of Chinese and English.
        thesaurus: Whose concepts are added beside the words that name them, as `concept:<id>`.

    Returns:
        Chinese characters and character pairs, stemmed Latin words, whole short forms, numbers with their units and
        concepts, sorted by place. `text[token.start:token.end]` is what the token was made of.
    """
    normal = normalise(text)
    pieces = words(normal)
    tokens: list[Token] = []
    for piece in pieces:
        if piece.kind == "han":
            for term, start, end in han_grams(normal.text[piece.start : piece.end]):
                tokens.append(Token(term, *normal.span(piece.start + start, piece.start + end)))
        else:
            tokens.append(Token(piece.term, *normal.span(piece.start, piece.end)))
    tokens += [
        Token(CONCEPT_PREFIX + mention.concept_id, *normal.span(mention.start, mention.end))
        for mention in thesaurus.mentions(normal, pieces)
    ]
    tokens.sort(key=lambda token: (token.start, token.end, token.term))
    return tuple(tokens)
