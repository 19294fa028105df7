"""SQL of the vocabulary."""

from app.features.catalog.repository.industries import IndustryRepository
from app.features.catalog.repository.loading import LoadingRepository
from app.features.catalog.repository.lookups import LookupRepository
from app.features.catalog.repository.names import NameRepository
from app.features.catalog.repository.regions import RegionRepository
from app.features.catalog.repository.scenarios import ScenarioRepository
from app.features.catalog.repository.technologies import TechnologyRepository

__all__ = [
    "IndustryRepository",
    "LoadingRepository",
    "LookupRepository",
    "NameRepository",
    "RegionRepository",
    "ScenarioRepository",
    "TechnologyRepository",
]
