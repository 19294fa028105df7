"""Offers as a table of numbers: all that scoring and explaining them needs, so that no offer is read twice.

Columns of an offer, and of what it owns:

    id, chinese, secret, length             `length` in weighted terms
    terms      term, count                  in the order of the numbers; sixteenths, negative for what is ruled out,
                                            0 for what is said neither way
    text       byte                         the document as JSON, compressed
    tokens     place, step, length          of its terms, the one in that place; steps are characters of its texts put
                                            one after the other; single Chinese characters are left out, as any of them
                                            is found in the text itself
    passages   field, start, end, limited, negated, each with
        terms  step                         places among its terms, each once, as `steps`
    figures    source, field, start, end, operator, value, unit, dimension, comparable, before, firm, relative,
               each with
        terms  term, count                  of its name
    cases, industry ...   part              one for each structured signal
    meaning    value                        the vector of what it means; none if only words are read
"""

import zlib
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.matching.documents import Need, Offer
from app.matching.evidence import Figure, evidence_of
from app.matching.fields import Field, offer_fields
from app.matching.figures import OPERATORS, SOURCES
from app.matching.numbering import Numbering
from app.matching.occurrences import Occurrences, gathered
from app.matching.packing import pack, unpack_need, unpack_offer
from app.matching.passages import Passage
from app.matching.prepared import ReadField, ReadOffer, is_chinese
from app.matching.scan import FAR, PER_COUNT, stand
from app.matching.signals import STRUCTURED
from app.matching.steps import stepped
from app.matching.table import Owned, Table, concatenate, starts_of
from app.matching.terms import Counter, KnownTerms, Terms
from app.matching.text import is_character

_CHUNK = 500
# So many of an offer's different terms, in the order of their numbers, have places that explanations can show.
_ROOM = 1 << 16
_MOST = int(np.iinfo(np.int16).max)

# The place of a term, by its number, among those of its offer; a word that is left out has None for a number, no place.
Among = Mapping[int | None, int]


@dataclass(frozen=True, slots=True)
class Numberings:
    """What the numbers of a table stand for; only whoever fits adds to them."""

    terms: Terms = field(default_factory=Terms)
    units: Numbering[str] = field(default_factory=Numbering)
    dimensions: Numbering[str] = field(default_factory=Numbering)
    parts: Mapping[str, Numbering[Hashable]] = field(default_factory=lambda: {name: Numbering() for name in STRUCTURED})

    def for_one(self, frequency: NDArray[np.int64]) -> "Numberings":
        """Give numbers for reading an offer that is not fitted: they hold no word no fitted document uses.

        What it adds beside words, such as a price range, stays its own.
        """
        return Numberings(
            KnownTerms(self.terms, frequency),
            Numbering(self.units.values),
            Numbering(self.dimensions.values),
            {name: Numbering(parts.values) for name, parts in self.parts.items()},
        )


def offer_table(offers: Iterable[ReadOffer], numbers: Numberings, counter: Counter) -> Table:
    """Turn offers into a table, in the order given.

    Args:
        offers: Any number of them, of which only a few are held at a time.
        numbers: What numbers stand for; new values are added.
        counter: Counts terms.
    """
    rest = iter(offers)
    chunks = iter(lambda: tuple(islice(rest, _CHUNK)), ())
    return concatenate([_chunk((), numbers, counter), *(_chunk(chunk, numbers, counter) for chunk in chunks)])


def offer_at(table: Table, row: int) -> Offer:
    """Give the document of a row."""
    return unpack_offer(bytes_at(table, row))


def need_at(table: Table, row: int) -> Need:
    """Give the document of a row of a table of needs."""
    return unpack_need(bytes_at(table, row))


def occurrences_at(
    table: Table, row: int, fields: Sequence[Field], slots: NDArray[np.int32], names: Mapping[int, str]
) -> Occurrences:
    """Say where some terms of an offer stand, single Chinese characters apart.

    Args:
        table: Holds the offer.
        row: Its row.
        fields: Its fields.
        slots: At least 0 for every wanted term; shape (terms,).
        names: The wanted terms the offer has, by number.
    """
    terms, owned = table.children["terms"], table.children["tokens"]
    its, where = terms["term"][terms.of(row)], owned.of(row)
    edges = np.array([0, *accumulate(len(field.text) for field in fields)])
    found = stand(owned["place"][where], owned["step"][where], owned["length"][where], slots[its] >= 0, edges)
    placed = zip(*found[1:].tolist(), map(names.get, its[found[0]].tolist()), strict=True)
    return Occurrences(fields, gathered(place for place in placed if place[3] is not None))


def bytes_at(table: Table, row: int) -> bytes:
    """Give the document of a row as it was packed.

    Raises:
        ValueError: It is damaged.
    """
    text = table.children["text"]
    try:
        return zlib.decompress(text["byte"][text.of(row)].tobytes())
    except zlib.error as error:
        raise ValueError("a document of the index is damaged") from error


def fields_of(offer: Offer) -> tuple[Field, ...]:
    """Give the fields of an offer in the order of their numbers."""
    return tuple(offer_fields(offer))


def _chunk(offers: Sequence[ReadOffer], numbers: Numberings, counter: Counter) -> Table:
    counted = [counter.of(offer.fields) for offer in offers]
    evidence = [evidence_of(offer) for offer in offers]
    places = [{read.field.name: i for i, read in enumerate(offer.fields)} for offer in offers]
    among: list[Among] = [{term: place for place, term in enumerate(counts)} for counts in counted]
    passages = [
        (place[passage.field], passage, limited, negated, own)
        for one, place, own in zip(evidence, places, among, strict=True)
        for passage, limited, negated in zip(one.passages, one.limited, one.negated, strict=True)
    ]
    figures = [
        (place[figure.field], figure) for one, place in zip(evidence, places, strict=True) for figure in one.figures
    ]
    said = document_table([offer.document for offer in offers], counted)
    return Table(
        said.rows,
        said.columns,
        {
            **said.children,
            "tokens": _tokens([offer.fields for offer in offers], among, numbers),
            "passages": Owned(starts_of(len(one.passages) for one in evidence), _passages(passages, numbers)),
            "figures": Owned(starts_of(len(one.figures) for one in evidence), _figures(figures, numbers, counter)),
            "meaning": _owned(
                [len(offer.meaning) for offer in offers],
                value=(np.concatenate([np.zeros(0, dtype=np.int8), *(offer.meaning for offer in offers)]), np.int8),
            ),
            **{
                name: _parts([signal.parts(offer.document) for offer in offers], numbers.parts[name])
                for name, signal in STRUCTURED.items()
            },
        },
    )


def document_table(documents: Sequence[Need] | Sequence[Offer], counted: Sequence[Mapping[int, float]]) -> Table:
    """Turn documents of either side and their counted terms into a table of what both sides have."""
    return Table(
        len(documents),
        {
            "id": ids_of(document.id for document in documents),
            "chinese": np.array([is_chinese(document) for document in documents], dtype=np.bool_),
            "secret": np.array([document.secret for document in documents], dtype=np.bool_),
            "length": np.array([sum(map(abs, counts.values())) for counts in counted], dtype=np.float64),
        },
        {"terms": _counts(counted), "text": _bytes([zlib.compress(pack(document)) for document in documents])},
    )


def ids_of(ids: Iterable[str]) -> NDArray[np.bytes_]:
    """Write ids as a column; their order is that of the strings."""
    written = [one.encode() for one in ids]
    return np.array(written, dtype=np.bytes_) if written else np.zeros(0, dtype="S1")


def sizes_of(table: Table) -> dict[str, int]:
    """Give the number of different terms of each document by its id."""
    owned = table.children["terms"]
    said = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(owned["count"] != 0)])
    ids, sizes = np.char.decode(table["id"]), np.diff(said[owned.starts])
    return dict(zip(ids.tolist(), sizes.tolist(), strict=True))


def _counts(counted: Sequence[Mapping[int, float]]) -> Owned:
    return _owned(
        [len(counts) for counts in counted],
        term=([number for counts in counted for number in counts], np.int32),
        count=([_whole(count) for counts in counted for count in counts.values()], np.int16),
    )


def _whole(count: float) -> int:
    # More of the same makes no difference by then.
    return max(-_MOST, min(_MOST, round(count * PER_COUNT)))


def _bytes(texts: Sequence[bytes]) -> Owned:
    return Owned(
        starts_of(map(len, texts)),
        Table(sum(map(len, texts)), {"byte": np.frombuffer(b"".join(texts), dtype=np.uint8)}),
    )


def _tokens(documents: Sequence[Sequence[ReadField]], among: Sequence[Among], numbers: Numberings) -> Owned:
    rows = [
        [
            (place, begin + token.start, token.end - token.start)
            for read, begin in zip(fields, starts_of(len(read.field.text) for read in fields).tolist(), strict=False)
            for token in read.tokens
            if not is_character(token.term) and (place := own.get(numbers.terms.get(token.term), _ROOM)) < _ROOM
        ]
        for fields, own in zip(documents, among, strict=True)
    ]
    tokens = np.array([token for row in rows for token in row], dtype=np.int64).reshape(-1, 3)
    place, start, length = np.ascontiguousarray(tokens.T)
    steps, starts = stepped(start, starts_of(map(len, rows)))
    real = steps != FAR
    places, lengths = np.zeros(len(steps), dtype=np.uint16), np.zeros_like(steps)
    places[real], lengths[real] = place, np.minimum(length, np.iinfo(np.uint8).max)
    return Owned(starts, Table(len(steps), {"place": places, "step": steps, "length": lengths}))


def _passages(passages: Sequence[tuple[int, Passage, bool, bool, Among]], numbers: Numberings) -> Table:
    found = ({own.get(numbers.terms.get(token.term)) for token in one.read.tokens} for _, one, *_, own in passages)
    terms = [sorted(place for place in one if place is not None) for one in found]
    places = np.array([place for one in terms for place in one], dtype=np.int64)
    steps, starts = stepped(places, starts_of(map(len, terms)))
    return Table(
        len(passages),
        {
            "field": np.array([place for place, *_ in passages], dtype=np.uint16),
            "start": np.array([passage.start for _, passage, *_ in passages], dtype=np.int32),
            "end": np.array([passage.end for _, passage, *_ in passages], dtype=np.int32),
            "limited": np.array([limited for _, _, limited, *_ in passages], dtype=np.bool_),
            "negated": np.array([negated for _, _, _, negated, _ in passages], dtype=np.bool_),
        },
        {"terms": Owned(starts, Table(len(steps), {"step": steps}))},
    )


def _figures(figures: Sequence[tuple[int, Figure]], numbers: Numberings, counter: Counter) -> Table:
    stated = [figure for _, figure in figures]
    before = [np.nan if figure.before is None else figure.before for figure in stated]
    columns: dict[str, tuple[list[Any], Any]] = {
        "source": ([SOURCES.index(figure.source) for figure in stated], np.uint8),
        "field": ([place for place, _ in figures], np.uint16),
        "start": ([figure.start for figure in stated], np.int32),
        "end": ([figure.end for figure in stated], np.int32),
        "operator": ([OPERATORS.index(figure.operator) for figure in stated], np.uint8),
        "value": ([figure.value for figure in stated], np.float64),
        "unit": ([numbers.units.number(figure.unit) for figure in stated], np.int32),
        "dimension": ([numbers.dimensions.number(figure.dimension) for figure in stated], np.int32),
        "comparable": ([figure.comparable for figure in stated], np.float64),
        "before": (before, np.float64),
        "firm": ([figure.firm for figure in stated], np.bool_),
        "relative": ([figure.relative for figure in stated], np.bool_),
    }
    return Table(
        len(stated),
        {name: np.array(values, dtype=kind) for name, (values, kind) in columns.items()},
        {"terms": _counts([_said(counter.of((figure.read,))) for figure in stated])},
    )


def _said(counts: Mapping[int, float]) -> dict[int, float]:
    return {term: count for term, count in counts.items() if count}


def _parts(parts: Sequence[Iterable[Hashable]], numbers: Numbering[Hashable]) -> Owned:
    numbered = [[numbers.number(part) for part in one] for one in parts]
    return _owned(list(map(len, numbered)), part=([number for one in numbered for number in one], np.int32))


def _owned(counts: Sequence[int], **columns: tuple[Sequence[Any] | NDArray[Any], Any]) -> Owned:
    return Owned(
        starts_of(counts),
        Table(sum(counts), {name: np.array(values, dtype=kind) for name, (values, kind) in columns.items()}),
    )
