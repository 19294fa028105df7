"""A need's words as groups: each word with everything that may stand for it in the other language."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from app.matching.dictionary import Dictionary
from app.matching.fields import Field
from app.matching.normalise import Normalised, normalise
from app.matching.stopwords import CHINESE
from app.matching.text import Token, is_bridge
from app.matching.thesaurus import CONCEPT_PREFIX
from app.matching.words import Word, words

PAIR = 2


@dataclass(frozen=True, slots=True)
class WordGroup:
    """One occurrence of a word and what may stand for it.

    Attributes:
        key: The same for every occurrence of the word.
        field: Where it stands.
        start: Its first character in the field as written.
        end: The one after its last.
        sign: 1, -1 if the need rules it out, 0 if it speaks neither for nor against it.
        alternatives: Each a row of index terms: ("machin", "vision"), ("缺陷",); an offer earns an equal part for each
            term it uses.
    """

    key: str
    field: Field
    start: int
    end: int
    sign: int
    alternatives: tuple[tuple[str, ...], ...]


def word_groups(
    fields: Iterable[tuple[Field, Sequence[Token]]], dictionary: Dictionary, *, chinese: bool
) -> tuple[WordGroup, ...]:
    """Translate the fields of a need, word by word.

    Args:
        fields: Fields with their tokens.
        dictionary: Gives the translations.
        chinese: Whether the need is in Chinese.

    Returns:
        A group for every word that has a translation, and for every term that means the same in both languages.
    """
    read = _from_chinese if chinese else _from_english
    return tuple(group for field, tokens in fields for group in read(field, tokens, dictionary))


def _from_chinese(field: Field, tokens: Sequence[Token], dictionary: Dictionary) -> Iterator[WordGroup]:
    yield from _unchanged(field, tokens)
    text = normalise(field.text)
    signs = {place: token.sign for token in tokens for place in range(token.start, token.end)}
    for piece in words(text):
        if piece.kind == "han":
            yield from _han(field, text, piece, signs, dictionary)


def _han(
    field: Field, text: Normalised, piece: Word, signs: Mapping[int, int], dictionary: Dictionary
) -> Iterator[WordGroup]:
    run = text.text[piece.start : piece.end]
    for first, last, translations in dictionary.chinese_words(run):
        if not CHINESE.issuperset(run[first:last]):
            start, end = text.span(piece.start + first, piece.start + last)
            yield WordGroup(run[first:last], field, start, end, signs.get(start, 1), _stems(translations))


def _from_english(field: Field, tokens: Sequence[Token], dictionary: Dictionary) -> Iterator[WordGroup]:
    yield from _unchanged(field, [token for token in tokens if token.term.startswith(CONCEPT_PREFIX)])
    plain = [token for token in tokens if not token.term.startswith(CONCEPT_PREFIX)]
    # A phrase does not reach across the edge of what is ruled out.
    for sign, alike in groupby(plain, key=lambda token: token.sign):
        run = list(alike)
        for first, last, translations in dictionary.english_words([token.term for token in run]):
            own = tuple(token.term for token in run[first:last])
            alternatives = (*(_pairs(word) for word in translations if word not in CHINESE), own)
            yield WordGroup(" ".join(own), field, run[first].start, run[last - 1].end, sign, alternatives)


@lru_cache(maxsize=16_384)
def _stems(translations: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(translation.split()) for translation in translations)


def _unchanged(field: Field, tokens: Iterable[Token]) -> Iterator[WordGroup]:
    """Concepts, Latin words and numbers stand for themselves."""
    return (
        WordGroup(token.term, field, token.start, token.end, token.sign, ((token.term,),))
        for token in tokens
        if is_bridge(token.term)
    )


def _pairs(word: str) -> tuple[str, ...]:
    """Give the index terms of a Chinese word: itself, or its character pairs if it is longer."""
    return (word,) if len(word) <= PAIR else tuple(word[i : i + PAIR] for i in range(len(word) - 1))
