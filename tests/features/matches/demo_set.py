"""The demonstration set as its files name it: keys, the references that line numbers make, judgements."""

import json
from functools import cache
from pathlib import Path
from typing import Any

DEMO = Path(__file__).resolve().parents[3] / "seeds" / "demo"
UNMET = (
    "need-tank-cleaning",
    "need-reactor-control",
    "need-catheter-insilico",
    "need-nickel-supply-risk",
    "need-pfas-online",
    "need-tea-picking",
)
"""Needs for which the judges found no provider."""

_PREFIX = {"needs": "XQ", "capabilities": "NL"}


@cache
def records(kind: str) -> dict[str, dict[str, Any]]:
    """The records of `needs` or `capabilities` by key, each with its `reference`."""
    lines = (DEMO / f"{kind}.jsonl").read_text("utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    return {
        record["key"]: record | {"reference": f"{_PREFIX[kind]}-2026-{number:06d}"}
        for number, record in enumerate(found, start=1)
    }


@cache
def need(key: str) -> str:
    """The reference of a need."""
    return records("needs")[key]["reference"]


@cache
def capability(key: str) -> str:
    """The reference of a capability."""
    return records("capabilities")[key]["reference"]


@cache
def grades() -> dict[tuple[str, str], int]:
    """The judged pairs by their references."""
    lines = [line.split("\t") for line in (DEMO / "qrels.tsv").read_text("utf-8").splitlines()]
    known = records("needs")
    return {(need(first), capability(second)): int(grade) for first, second, grade in lines if first in known}
