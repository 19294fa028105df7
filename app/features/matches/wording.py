"""The sentences of an explanation, in both languages."""

from collections.abc import Mapping
from typing import Any

from app.core.text import Bilingual
from app.features.matches.types import Constraint, MatchOutcome
from app.features.postings.types import Comparison
from app.matching import in_full


def coverage_text(*, met: int, partial: int, unmet: int, not_stated: int) -> Bilingual:
    """How many requirements are met: the sentence an explanation leads with."""
    total = met + partial + unmet + not_stated
    if total == 0:
        return Bilingual("需求未列出技术指标", "The need lists no requirements")
    zh, en = [f"满足 {met}/{total} 项"], [f"{met} of {total} met"]
    for count, zh_word, en_word in (
        (partial, "部分满足", "partly met"),
        (unmet, "未满足", "not met"),
        (not_stated, "未说明", "not stated"),
    ):
        if count:
            zh.append(f"{zh_word} {count} 项")
            en.append(f"{count} {en_word}")
    return Bilingual("，".join(zh), ", ".join(en))


def outcome_text(outcome: MatchOutcome, *, suitable: int, shown: int) -> Bilingual:
    """What a ranking comes to; `suitable` of the `shown` candidates may be recommended."""
    if outcome == MatchOutcome.NO_SUITABLE_OFFER:
        return Bilingual(
            "目前没有合适的对象：最好的候选也低于可推荐的分数。",
            "There is no suitable candidate yet: even the best one is below the score at which we recommend.",
        )
    if suitable == 0:
        return Bilingual(
            "有相近的对象，但都不满足某项硬性条件。", "There are close candidates, but each breaks a hard constraint."
        )
    return Bilingual(f"前 {shown} 名中有 {suitable} 个合适的对象。", f"{suitable} of the first {shown} are suitable.")


def violation_text(kind: Constraint, detail: Mapping[str, Any]) -> Bilingual:
    """Which constraint is broken, and by how much."""
    if kind == Constraint.TRL:
        return Bilingual(
            f"成熟度 TRL{detail['stated']}，要求不低于 TRL{detail['needed']}",
            f"Maturity is TRL {detail['stated']}; at least TRL {detail['needed']} is asked",
        )
    if kind == Constraint.BUDGET:
        return Bilingual(
            f"报价 {detail['price_min']:,} 元起，预算不超过 {detail['budget_max']:,} 元",
            f"Priced from CNY {detail['price_min']:,}; the budget ends at CNY {detail['budget_max']:,}",
        )
    if kind == Constraint.REQUIREMENT:
        stated = f"{in_full(detail['stated'])} {detail['stated_unit']}".rstrip()
        asked = f"{Comparison(detail['operator']).sign} {in_full(detail['target'])} {detail['unit']}".rstrip()
        return Bilingual(
            f"{detail['metric']}：对方给出 {stated}，要求 {asked}",
            f"{detail['metric']}: stated {stated}, asked {asked}",
        )
    return kind.label
