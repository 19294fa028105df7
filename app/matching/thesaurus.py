"""The bilingual thesaurus: which concepts a text names, in whatever language it names them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.matching.normalise import Normalised, normalise
from app.matching.words import Word, words

CONCEPT_PREFIX = "concept:"

# Generic verbs and business words: they name no technology and would tie unrelated pairs together.
QUIET_CATEGORIES = frozenset({"OPS", "BIZ"})


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
    """Finds concepts, longest phrase first; a phrase that belongs to several concepts names them all."""

    def __init__(self, concepts: Iterable[Concept] = ()) -> None:
        self.concepts: tuple[Concept, ...] = tuple(sorted(concepts, key=lambda concept: concept.id))
        phrases: dict[str, set[str]] = {}
        latin: dict[tuple[str, ...], set[str]] = {}
        for concept in self.concepts:
            if concept.category in QUIET_CATEGORIES:
                continue
            for _, term, _ in concept.terms:
                text = normalise(term)
                pieces = words(text)
                if any(piece.kind == "han" for piece in pieces):
                    phrases.setdefault(text.text, set()).add(concept.id)
                elif pieces:
                    latin.setdefault(tuple(piece.term for piece in pieces), set()).add(concept.id)
        self._latin = {key: tuple(sorted(ids)) for key, ids in latin.items()}
        self._longest_latin = max((len(key) for key in latin), default=0)
        self._phrases = _by_first_character({key: tuple(sorted(ids)) for key, ids in phrases.items()})

    def mentions(self, text: Normalised, pieces: tuple[Word, ...]) -> tuple[Mention, ...]:
        """Find the concepts a text names.

        Args:
            text: The normalised text.
            pieces: Its words, from `words(text)`.

        Returns:
            Mentions in the order of the text. Chinese phrases are found anywhere in a run; Latin phrases only as
            whole words, compared by stem, so a short form such as CT never matches inside another word.
        """
        return tuple(sorted([*self._in_runs(text), *self._in_words(pieces)], key=lambda m: (m.start, m.concept_id)))

    def _in_runs(self, text: Normalised) -> list[Mention]:
        found: list[Mention] = []
        position, content = 0, text.text
        while position < len(content):
            for phrase, ids in self._phrases.get(content[position], ()):
                if content.startswith(phrase, position):
                    end = position + len(phrase)
                    found += [Mention(concept, position, end) for concept in ids]
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


def _by_first_character(
    phrases: Mapping[str, tuple[str, ...]],
) -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    grouped: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for phrase in sorted(phrases, key=lambda phrase: (-len(phrase), phrase)):
        grouped.setdefault(phrase[0], []).append((phrase, phrases[phrase]))
    return {first: tuple(entries) for first, entries in grouped.items()}
