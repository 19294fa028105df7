"""SQL of what lies below a code in one of the two trees."""

from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased

from app.features.catalog.models import Industry, Region, RegionMember


def industries_within(code: str) -> Select[Any]:
    """The codes of an industry and all below it."""
    top = aliased(Industry)
    below = or_(Industry.path == top.path, Industry.path.like(top.path + "/%"))
    return select(Industry.code).join(top, below).where(top.code == code)


def regions_within(code: str) -> Select[Any]:
    """The codes of a region and all below it; for an area also its members and all below them."""
    top = aliased(Region)
    below = or_(Region.path == top.path, Region.path.like(top.path + "/%"))
    members = select(RegionMember.member_code).where(RegionMember.area_code == code)
    return select(Region.code).distinct().join(top, below).where(or_(top.code == code, top.code.in_(members)))
