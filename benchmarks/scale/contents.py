"""Full contents of postings by the hundred thousand, each after a real one of `seeds/demo`.

A content has the structure of its parent. Its texts are those `benchmarks.speed.corpus` composes, line by line put back
into the fields they stand in; its facts are, by chance, the parent's or those of another posting of the same topic.
Money, figures and dates vary with every content, so that few values are the same. A figure stays with the name it has
in the real posting. The invented product stands in the title.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from app.db.engine import Database
from app.db.migrate import Migrations
from app.features.capabilities.schemas import CapabilityContent
from app.features.capabilities.service import CAPABILITIES
from app.features.needs.schemas import NeedContent
from app.features.needs.service import NEEDS
from app.features.postings.bound import Postings
from app.features.postings.schemas import PostingContent
from app.features.seeding import service as seeding
from app.matching.fields import need_fields, offer_fields
from app.settings import ROOT
from benchmarks.demo_set import Demo
from benchmarks.speed.corpus import OWN, Composed, Composer
from benchmarks.speed.lines import Line, placed
from benchmarks.speed.texts import composers

ContentT = TypeVar("ContentT", bound=PostingContent)
Document = dict[str, Any]

_CAPABILITY_FACTS = (
    ("scenario_codes",), ("industry_codes",), ("region_codes",), ("cooperation_modes",), ("deployment_modes",),
    ("trl",), ("delivery_weeks",), ("price_min_cny", "price_max_cny"),
)  # fmt: skip
_NEED_FACTS = (
    ("scenario_code",), ("industry_code",), ("region_code",), ("cooperation_modes",), ("deployment",),
    ("min_trl",), ("complete_by",), ("budget_min_cny", "budget_max_cny"),
)  # fmt: skip
_FIGURE = frozenset({"operator", "value", "target", "before", "after", "unit"})
_AMOUNTS = frozenset({"price_min_cny", "price_max_cny", "budget_min_cny", "budget_max_cny", "delivery_weeks"})
_DAYS = 90


@dataclass(frozen=True, slots=True)
class Real:
    """The demonstration postings as the service keeps them, in the order of their files."""

    needs: tuple[NeedContent, ...]
    capabilities: tuple[CapabilityContent, ...]


def read_real(folder: Path) -> Real:
    """Load `seeds/` into a database of their own in a folder, and read the postings from it."""
    database = Database(f"sqlite:///{folder / 'real.db'}")
    Migrations(database, ROOT / "alembic.ini").upgrade()
    seeding.seed(database, ROOT / "seeds", dry_run=False, only=None, on_progress=None)
    real = Real(_in_order(NEEDS, database), _in_order(CAPABILITIES, database))
    database.close()
    return real


def _in_order(postings: Postings[Any, ContentT, Any], database: Database) -> tuple[ContentT, ...]:
    with database.read_session() as session:
        rows = [row for row, _ in postings.published(session=session)]
    return tuple(postings.kind.content_of(row) for row in sorted(rows, key=lambda row: str(row.reference)))


def compose(demo: Demo, real: Real) -> tuple[Iterator[NeedContent], Iterator[CapabilityContent]]:
    """Give needs and capabilities without end, no two of a side with the same title; always the same ones.

    Args:
        demo: The demonstration set as the matcher reads it.
        real: The same postings as the service keeps them.
    """
    offers, needs = composers(demo)
    return (
        _contents(needs, real.needs, [[*placed(need_fields(need))] for need in demo.needs], _NEED_FACTS),
        _contents(
            offers, real.capabilities, [[*placed(offer_fields(offer))] for offer in demo.offers], _CAPABILITY_FACTS
        ),
    )


def _contents(
    composer: Composer,
    real: Sequence[ContentT],
    lines: Sequence[Sequence[tuple[str, Line]]],
    facts: Sequence[Sequence[str]],
) -> Iterator[ContentT]:
    schema = type(real[0])
    parents = _Parents(composer, [content.model_dump(mode="json") for content in real], lines)
    titles: set[str] = set()
    for number, composed in enumerate(composer.compose()):
        draw = random.Random(f"{composer.seed} {number}")
        document = parents.written(composed, draw)
        if document["title"] not in titles:
            titles.add(document["title"])
            parents.give_facts(document, composed.parent, facts, draw)
            yield schema.model_validate(document)


class _Parents:
    """Real postings of one side: how they are built, which figures they state, and who shares a topic."""

    def __init__(
        self, composer: Composer, documents: Sequence[Document], lines: Sequence[Sequence[tuple[str, Line]]]
    ) -> None:
        self.topics = [source.topics for source in composer.sources]
        self.documents = documents
        self.places = [[name for name, _ in one] for one in lines]
        self.figures = _figures(documents, lines)
        self.by_topic: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, topics in enumerate(self.topics):
            for topic in topics:
                self.by_topic[topic].append(number)

    def written(self, composed: Composed, draw: random.Random) -> Document:
        """Give the parent's document with the composed texts in their places, and the figures that go with them."""
        document = deepcopy(self.documents[composed.parent])
        *said, name = composed.lines
        texts: dict[str, list[str]] = defaultdict(list)
        for place, line, drawn in zip(self.places[composed.parent], said, composed.drawn, strict=True):
            texts[place].append(line.text)
            if drawn in self.figures:
                _holder(document, place)[0].update(_varied(draw.choice(self.figures[drawn]), draw))
        texts["title"].append(name.text)
        for place, written in texts.items():
            holder, key = _holder(document, place)
            holder[key] = (" " if document["lang"] == "en" or place == "title" else "").join(written)
        document["keywords"] = [*dict.fromkeys(document["keywords"])]
        return document

    def give_facts(self, document: Document, parent: int, facts: Sequence[Sequence[str]], draw: random.Random) -> None:
        """Draw each group of facts from the parent or another posting of its topic."""
        for group in facts:
            donor = self._donor(parent, draw)
            document.update(_varied({name: donor[name] for name in group}, draw))
        for case in document.get("cases", ()):
            if cases := self._donor(parent, draw)["cases"]:
                other = draw.choice(cases)
                case.update(industry_code=other["industry_code"], scenario_code=other["scenario_code"])

    def _donor(self, parent: int, draw: random.Random) -> Document:
        if draw.random() < OWN:
            return self.documents[parent]
        return self.documents[draw.choice(self.by_topic[draw.choice(self.topics[parent])])]


def _figures(
    documents: Sequence[Document], lines: Sequence[Sequence[tuple[str, Line]]]
) -> Mapping[Line, Sequence[Document]]:
    """Give the figures real postings state by the lines that name them."""
    found: dict[Line, list[Document]] = defaultdict(list)
    for document, placed_lines in zip(documents, lines, strict=True):
        for place, line in placed_lines:
            if place.endswith(".metric"):
                item, _ = _holder(document, place)
                found[line].append({name: value for name, value in item.items() if name in _FIGURE})
    return dict(found)


def _varied(facts: Document, draw: random.Random) -> Document:
    """Vary amounts and figures by one factor, to three digits, so that a range stays in order; move dates by days."""
    factor = 2 ** draw.uniform(-1, 1)
    days = timedelta(draw.randint(-_DAYS, _DAYS))
    varied = dict(facts)
    for name, value in facts.items():
        if value is None:
            continue
        if name == "complete_by":
            varied[name] = str(date.fromisoformat(value) + days)
        elif name in _AMOUNTS:
            varied[name] = int(float(f"{value * factor:.3g}"))
        elif name in _FIGURE and not isinstance(value, str):
            varied[name] = float(f"{value * factor:.3g}")
    return varied


def _holder(document: Document, place: str) -> tuple[Any, Any]:
    """Give what holds a field (`cases.1.background`, `keywords.0`), and the field's name or number in it."""
    *path, last = (int(step) if step.isdigit() else step for step in place.split("."))
    held: Any = document
    for step in path:
        held = held[step]
    return held, last
