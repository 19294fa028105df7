"""The bilingual thesaurus: which concepts a text names, in whatever language it names them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.matching.normalise import Normalised, normalise, taiwanese
from app.matching.words import Word, words

CONCEPT_PREFIX = "concept:"

# Generic verbs and business words: they name no technology and would tie unrelated pairs together.
QUIET_CATEGORIES = frozenset({"OPS", "BIZ"})

# Between Latin letters and Chinese some set a blank or a hyphen and others nothing: 3D 视觉, AI-视觉, 5G + 互联网.
_HAN, _LATIN = r"[\u3400-\u9fff]", "[a-z0-9+]"
_GAP = re.compile(
    rf"[ -](?:(?<={_HAN}.)[ -]*(?={_LATIN})|(?<={_LATIN}.)[ -]*(?={_HAN})"
    rf"|(?<=\+.) *(?={_LATIN})|(?<={_LATIN}.) *(?=\+))"
)


@dataclass(frozen=True, slots=True)
class Concept:
    """One concept; `terms` are (language, term, kind) with kind preferred, synonym or abbr."""

    id: str
    category: str
    terms: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept named by a range of normalised text."""

    concept_id: str
    start: int
    end: int


class Thesaurus:
    """Finds concepts, longest phrase first; a phrase that belongs to several concepts names them all.

    Attributes:
        concepts: All of them, by id.
        short_forms: Its Latin words in capitals (APS, MEMS), in small letters: they are not stemmed.
    """

    def __init__(self, concepts: Iterable[Concept] = ()) -> None:
        self.concepts: tuple[Concept, ...] = tuple(sorted(concepts, key=lambda concept: concept.id))
        self.short_forms = frozenset(
            term.lower()
            for concept in self.concepts
            for _, term, _ in concept.terms
            if term.isascii() and term.isalpha() and term.isupper()
        )
        phrases: dict[str, set[str]] = {}
        latin: dict[tuple[str, ...], set[str]] = {}
        for concept in self.concepts:
            if concept.category in QUIET_CATEGORIES:
                continue
            for _, term, _ in concept.terms:
                text = normalise(term)
                pieces = words(text, self.short_forms)
                if any(piece.kind == "han" for piece in pieces):
                    for name in (text.text, normalise(taiwanese(term)).text):
                        phrases.setdefault(_joined(name)[0], set()).add(concept.id)
                elif pieces:
                    latin.setdefault(tuple(piece.term for piece in pieces), set()).add(concept.id)
        self._latin = {key: tuple(sorted(ids)) for key, ids in latin.items()}
        self._longest_latin = max((len(key) for key in latin), default=0)
        self._phrases = {key: tuple(sorted(ids)) for key, ids in phrases.items()}
        self._lengths = _lengths(phrases)

    def mentions(self, text: Normalised, pieces: tuple[Word, ...]) -> tuple[Mention, ...]:
        """Find the concepts a text names.

        Args:
            text: The normalised text.
            pieces: Its words, from `words(text)`.

        Returns:
            Mentions in the order of the text. Chinese phrases are found anywhere in a run; Latin phrases only as
            whole words, compared by stem, so a short form such as CT never matches inside another word. A phrase of
            both is found with or without a blank between them.
        """
        return tuple(sorted([*self._in_runs(text), *self._in_words(pieces)], key=lambda m: (m.start, m.concept_id)))

    def _in_runs(self, text: Normalised) -> list[Mention]:
        found: list[Mention] = []
        content, places = _joined(text.text)
        position = 0
        while position < len(content):
            for length in self._lengths.get(content[position], ()):
                phrase = content[position : position + length]
                ids, end = self._phrases.get(phrase), position + len(phrase)
                if ids and _is_whole(content, position, end):
                    found += [Mention(concept, places[position], places[end - 1] + 1) for concept in ids]
                    position = end
                    break
            else:
                position += 1
        return found

    def _in_words(self, pieces: tuple[Word, ...]) -> list[Mention]:
        found: list[Mention] = []
        position = 0
        while position < len(pieces):
            for length in range(min(self._longest_latin, len(pieces) - position), 0, -1):
                window = pieces[position : position + length]
                ids = self._latin.get(tuple(piece.term for piece in window))
                if ids:
                    found += [Mention(concept, window[0].start, window[-1].end) for concept in ids]
                    position += length
                    break
            else:
                position += 1
        return found


def _lengths(phrases: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Give the lengths of the phrases that begin with each character, longest first."""
    found: dict[str, set[int]] = {}
    for phrase in phrases:
        found.setdefault(phrase[0], set()).add(len(phrase))
    return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in found.items()}


def _joined(text: str) -> tuple[str, Sequence[int]]:
    """Leave out the gaps between Latin letters and Chinese; gives what is left and where each character stood."""
    gaps = set() if text.isascii() else {place for gap in _GAP.finditer(text) for place in range(*gap.span())}
    if not gaps:
        return text, range(len(text))
    places = [place for place in range(len(text)) if place not in gaps]
    return "".join(text[place] for place in places), places


def _is_whole(text: str, start: int, end: int) -> bool:
    """Say whether a phrase that begins or ends with Latin letters does so where a Latin word does."""
    cut_before = start > 0 and _is_latin(text[start]) and _is_latin(text[start - 1])
    cut_after = end < len(text) and _is_latin(text[end - 1]) and _is_latin(text[end])
    return not (cut_before or cut_after)


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
