"""The sentences of an explanation, in both languages."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.core.text import Bilingual
from app.features.matches.types import AdviceReason, Constraint, MatchOutcome
from app.features.needs.types import NeedField
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


def simulation_text(
    *,
    stated: Sequence[NeedField],
    changed: Sequence[NeedField],
    withdrawn: Sequence[NeedField],
    newly_suitable: int,
    no_longer_suitable: int,
    moved: int,
) -> Bilingual:
    """What a change of a need would bring: the fields that differ, then what moves."""
    done = [
        Bilingual(f"{zh}{_zh(fields)}", f"{en}: {_en(fields)}.")
        for zh, en, fields in (
            ("补充", "Stated", stated),
            ("修改", "Changed", changed),
            ("去掉", "Withdrawn", withdrawn),
        )
        if fields
    ]
    moves = _moves(newly_suitable, no_longer_suitable, moved)
    if not done:
        return Bilingual(f"内容没有改动，{moves.zh}", f"Nothing is changed. {moves.en}")
    return Bilingual(f"{'、'.join(one.zh for one in done)}后，{moves.zh}", " ".join(one.en for one in (*done, moves)))


def _moves(newly_suitable: int, no_longer_suitable: int, moved: int) -> Bilingual:
    if moved == 0:
        return Bilingual("名次不变。", "The ranking stays as it is.")
    zh, en = [], []
    if newly_suitable:
        zh.append(f"新增 {newly_suitable} 项合适的能力")
        en.append(f"{_counted(newly_suitable, 'more capability is', 'more capabilities are')} suitable")
    if no_longer_suitable:
        zh.append(f"{no_longer_suitable} 项不再合适")
        en.append(f"{_counted(no_longer_suitable, 'is', 'are')} no longer suitable")
    zh.append(f"共 {moved} 项改变名次或是否合适。")
    en.append(f"{_counted(moved, 'changes', 'change')} place or suitability in all.")
    return Bilingual("，".join(zh), ", ".join(en))


def advice_text(field: NeedField, reason: AdviceReason, *, effect: float | None, limit: int) -> Bilingual:
    """Why a field is pointed out, and what stating it would change on average."""
    zh, en = f"{field.label.zh}：{reason.label.zh}。", f"{field.label.en}: {reason.label.en.lower()}."
    if effect is None:
        return Bilingual(f"{zh}没有可供试填的值，作用无法预先算出。", f"{en} There is no value to try it with.")
    if effect == 0:
        return Bilingual(
            f"{zh}试填后前 {limit} 名没有变化。", f"{en} The values tried leave the first {limit} as they are."
        )
    return Bilingual(
        f"{zh}按前 {limit} 名的取值试填，平均有 {effect:.1f} 项能力改变名次或是否合适。",
        f"{en} Values of the first {limit} change the place or suitability of {effect:.1f} capabilities on average.",
    )


def coaching_text(fields: Sequence[NeedField]) -> Bilingual:
    """Which fields are worth a second look, the first ones first."""
    if not fields:
        return Bilingual("没有发现缺漏。", "Nothing is found to be missing or vague.")
    return Bilingual(f"建议依次完善：{_zh(fields)}。", f"Worth another look, in this order: {_en(fields)}.")


def _zh(fields: Sequence[NeedField]) -> str:
    return "、".join(field.label.zh for field in fields)


def _en(fields: Sequence[NeedField]) -> str:
    return ", ".join(field.label.en.lower() if field.label.en[1:2].islower() else field.label.en for field in fields)


def _counted(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"
