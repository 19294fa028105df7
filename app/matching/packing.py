"""Documents as JSON and back: a format that cannot run code. Parts are rows of values, in the order of their fields."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any

import orjson

from app.matching.documents import Case, CaseResult, Need, Offer, Requirement, Scenario, Spec

Part = Need | Offer | Requirement | Spec | Case | CaseResult | Scenario


def pack(document: Need | Offer) -> bytes:
    """Write a document."""
    return orjson.dumps(document, default=_plain, option=orjson.OPT_PASSTHROUGH_DATACLASS)


def unpack_need(written: bytes) -> Need:
    """Read a need that `pack` wrote."""
    values = _named(Need, orjson.loads(written))
    scenario, day = values["scenario"], values["complete_by"]
    return Need(
        **values
        | {
            "keywords": tuple(values["keywords"]),
            "requirements": tuple(Requirement(*requirement) for requirement in values["requirements"]),
            "scenario": scenario and Scenario(*scenario),
            "industry_path": tuple(values["industry_path"]),
            "cooperation_modes": frozenset(values["cooperation_modes"]),
            "complete_by": day and date.fromisoformat(day),
            "region_codes": frozenset(values["region_codes"]),
        }
    )


def unpack_offer(written: bytes) -> Offer:
    """Read an offer that `pack` wrote."""
    values = _named(Offer, orjson.loads(written))
    for name in ("region_codes", "cooperation_modes", "deployment_modes"):
        values[name] = frozenset(values[name])
    return Offer(
        **values
        | {
            "keywords": tuple(values["keywords"]),
            "specs": tuple(Spec(*spec) for spec in values["specs"]),
            "cases": tuple(_case(case) for case in values["cases"]),
            "scenarios": tuple(Scenario(*scenario) for scenario in values["scenarios"]),
            "industry_paths": tuple(map(tuple, values["industry_paths"])),
        }
    )


def _case(row: Sequence[Any]) -> Case:
    values = _named(Case, row)
    results = tuple(CaseResult(*result) for result in values["results"])
    return Case(**values | {"industry_path": tuple(values["industry_path"]), "results": results})


def _named(kind: type[Part], row: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(kind.__match_args__, row, strict=True))


def _plain(value: Part | frozenset[str]) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    return [getattr(value, field.name) for field in fields(value)]
