"""What other features ask about codes."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy.orm import Session

from app.features.catalog import places
from app.features.catalog.errors import CodesInvalid
from app.features.catalog.repository import LookupRepository, NameRepository
from app.features.catalog.types import MissingCodes, Names, ResolvedRegions, ThesaurusConcept

_Known = TypeVar("_Known")
_Given = Mapping[str, str | None]
_NOTHING: _Given = {}


def names(
    session: Session,
    *,
    industries: Collection[str] = (),
    scenarios: Collection[str] = (),
    regions: Collection[str] = (),
) -> Names:
    """What codes are called; unknown ones are left out."""
    repository = NameRepository(session)
    return Names(
        industries=repository.industries(industries),
        scenarios=repository.scenarios(scenarios),
        regions=repository.regions(regions),
    )


def missing_codes(
    session: Session,
    *,
    industries: Iterable[str] = (),
    scenarios: Iterable[str] = (),
    regions: Iterable[str] = (),
) -> MissingCodes:
    """The codes that do not exist: one query for each kind asked about."""
    repository = LookupRepository(session)
    wanted = MissingCodes(frozenset(industries), frozenset(scenarios), frozenset(regions))
    return MissingCodes(
        industries=wanted.industries - _found(repository.industry_paths, wanted.industries).keys(),
        scenarios=wanted.scenarios - _found(repository.stages, wanted.scenarios).keys(),
        regions=wanted.regions - _found(repository.selectable, wanted.regions).keys(),
    )


def require_codes(
    session: Session, *, industries: _Given = _NOTHING, scenarios: _Given = _NOTHING, regions: _Given = _NOTHING
) -> None:
    """Refuse codes that do not exist, and regions that are only counted and cannot be chosen.

    Args:
        session: reads.
        industries: the code at each JSON pointer of the request; None where none was given.
        scenarios: the same for scenarios.
        regions: the same for regions.

    Raises:
        CodesInvalid: with one field error for each such code.
    """
    repository = LookupRepository(session)
    selectable = _found(repository.selectable, _codes(regions))
    unknown = [
        *_outside(industries, _found(repository.industry_paths, _codes(industries))),
        *_outside(scenarios, _found(repository.stages, _codes(scenarios))),
        *_outside(regions, selectable),
    ]
    not_selectable = [pointer for pointer, code in regions.items() if code and not selectable.get(code, True)]
    if unknown or not_selectable:
        raise CodesInvalid(unknown=unknown, not_selectable=not_selectable)


def industry_paths(session: Session, codes: Collection[str] | None = None) -> dict[str, tuple[str, ...]]:
    """The codes from the section down to each industry, as `("C", "39", "392", "3922")`.

    Args:
        session: reads.
        codes: which industries, unknown ones are left out; None for all.
    """
    found = LookupRepository(session).industry_paths(codes)
    return {code: tuple(path.split("/")) for code, path in found.items()}


def scenario_stages(session: Session, codes: Collection[str] | None = None) -> dict[str, str]:
    """The stage of each scenario, by its code in the `scenario_stage` labels.

    Args:
        session: reads.
        codes: which scenarios, unknown ones are left out; None for all.
    """
    return {code: str(stage) for code, stage in LookupRepository(session).stages(codes).items()}


def containing_codes(session: Session, code: str) -> frozenset[str]:
    """A region and everything that contains it: the places above it, areas such as 长三角, the country, the world."""
    return containing_regions(session, [code]).get(code, frozenset())


def containing_regions(session: Session, codes: Collection[str] | None = None) -> Mapping[str, frozenset[str]]:
    """`containing_codes` of many regions in one query.

    Args:
        session: reads.
        codes: which regions, unknown ones are left out; None for all.
    """
    return LookupRepository(session).containing(codes)


def industries_within(session: Session, code: str) -> Sequence[str]:
    """An industry and all below it; nothing for an unknown code."""
    return LookupRepository(session).industries_within(code)


def regions_within(session: Session, code: str) -> Sequence[str]:
    """A region and all below it, for an area its members too; nothing for an unknown code."""
    return LookupRepository(session).regions_within(code)


def resolve_regions(session: Session, names: Iterable[str]) -> ResolvedRegions:
    """Which places names stand for: codes of three systems, names with or without their suffix, aliases."""
    repository = LookupRepository(session)
    return places.resolve(names, places=repository.place_names(), aliases=repository.region_aliases())


def thesaurus(session: Session) -> Sequence[ThesaurusConcept]:
    """All technology concepts with their terms."""
    return LookupRepository(session).thesaurus()


def _found(look_up: Callable[[Collection[str]], Mapping[str, _Known]], codes: Collection[str]) -> Mapping[str, _Known]:
    return look_up(codes) if codes else {}


def _codes(given: _Given) -> frozenset[str]:
    return frozenset(code for code in given.values() if code is not None)


def _outside(given: _Given, known: Mapping[str, object]) -> list[str]:
    return [pointer for pointer, code in given.items() if code is not None and code not in known]
