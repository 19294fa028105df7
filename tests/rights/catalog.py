"""The vocabulary: one code of each."""

from tests.rights.world import Ask, Plan

PLANS = {
    "get_industry": Plan(lambda *_: Ask({"code": "3922"})),
    "get_region": Plan(lambda *_: Ask({"code": "320506"})),
    "get_scenario": Plan(lambda *_: Ask({"code": "S24"})),
    "get_technology": Plan(lambda *_: Ask({"concept_id": "T0001"})),
}
