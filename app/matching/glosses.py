"""What a dictionary says a Chinese word means, as the index terms an English text would have for it."""

import re
from collections.abc import Iterable, Iterator

from app.matching.stopwords import ENGLISH
from app.matching.words import stem

# Longer explanations describe a word; nobody writes them in its place.
LONGEST = 3

# Notes on a word rather than meanings of it.
_NOTE = re.compile(
    r"CL:|surname |(?:old |erhua |Japanese )?variant of|see |also |Taiwan pr\.|abbr\. |used in|unofficial|bound form"
)
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_WORD = re.compile(r"[a-z0-9]+")


def glosses(definitions: Iterable[str]) -> tuple[str, ...]:
    """Turn the definitions of a Chinese word into translations.

    Args:
        definitions: As CC-CEDICT writes them: "to inspect; to test", "(bound form) flaw", "CL:個|个[ge4]".

    Returns:
        Different translations of one to three words, in their order; each as its stems with a blank between, without
        stop words ("machin vision").
    """
    return tuple(dict.fromkeys(_meanings(definitions)))


def _meanings(definitions: Iterable[str]) -> Iterator[str]:
    for definition in definitions:
        if _NOTE.match(definition):
            continue
        for part in re.split(r"[;,]", _ASIDE.sub(" ", definition)):
            stems = [stem(word) for word in _WORD.findall(part.lower()) if word not in ENGLISH]
            if 0 < len(stems) <= LONGEST:
                yield " ".join(stems)
