from datetime import date

import pytest

from app.matching import Concept, Matcher, MatcherParams, Reader, Thesaurus, cc_cedict
from benchmarks.demo_set import AS_OF, Demo, load_demo


@pytest.fixture(scope="session")
def demo() -> Demo:
    return load_demo()


@pytest.fixture(scope="session")
def matcher(demo: Demo) -> Matcher:
    return Matcher(MatcherParams(), Reader(demo.thesaurus, cc_cedict())).fit(demo.offers, demo.needs)


@pytest.fixture(scope="session")
def as_of() -> date:
    return AS_OF


@pytest.fixture(scope="session")
def small_thesaurus() -> Thesaurus:
    return Thesaurus(
        [
            Concept("T1", "VISION", (("zh", "机器视觉", "preferred"), ("en", "machine vision", "preferred"))),
            Concept("T2", "DEFECT", (("zh", "缺陷", "preferred"), ("en", "defect", "preferred"))),
            Concept("T3", "VISION", (("zh", "计算机断层", "preferred"), ("en", "CT", "abbr"))),
            Concept("T4", "MES", (("en", "CNC", "abbr"),)),
            Concept("T5", "EQUIP", (("en", "CNC", "abbr"),)),
            Concept("T6", "OPS", (("zh", "改善", "preferred"), ("en", "improve", "preferred"))),
            Concept("T7", "VISION", (("zh", "视觉", "preferred"), ("en", "vision", "preferred"))),
        ]
    )
