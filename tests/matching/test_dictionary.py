import pytest

from app.matching import Dictionary, Need, Reader, Thesaurus
from app.matching.dictionary import cc_cedict
from app.matching.glosses import glosses


@pytest.fixture
def dictionary() -> Dictionary:
    return Dictionary(
        [("机器", ("machin",)), ("机器人", ("robot",)), ("视觉", ("vision", "sight")), ("焊", ("weld",)),
         ("机器视觉", ("machin vision",)), ("的", ("of",))]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("definitions", "expected"),
    [
        (["to inspect; to test", "inspection"], ("inspect", "test")),
        (["(bound form) flaw", "defect (in goods)"], ("flaw", "defect")),
        (["CL:個|个[ge4]", "surname Li", "variant of 缺[que1]", "see 瑕疵[xia2 ci1]", "abbr. for 机器"], ()),
        (["machine vision, computer vision"], ("machin vision", "comput vision")),
        (["a person who looks after the machines of a mill"], ()),
        (["the", ""], ()),
    ],
)
def test_definitions_become_stems(definitions, expected):
    assert glosses(definitions) == expected


def test_the_longest_chinese_word_wins(dictionary):
    assert dictionary.chinese_words("用机器人焊") == [(1, 4, ("robot",)), (4, 5, ("weld",))]
    assert dictionary.chinese_words("机器视觉") == [(0, 4, ("machin vision",))]
    assert Dictionary().chinese_words("机器") == []


def test_the_longest_english_phrase_wins_and_no_stem_is_lost(dictionary):
    assert dictionary.english_words(["machin", "vision", "sight", "xyz"]) == [
        (0, 2, ("机器视觉",)), (2, 3, ("视觉",)), (3, 4, ()),
    ]  # fmt: skip
    assert dictionary.english_words([]) == []


def _groups(need: Need, dictionary: Dictionary) -> dict[str, tuple[tuple[str, ...], ...]]:
    return {group.key: group.alternatives for group in Reader(Thesaurus(), dictionary).need(need).groups}


def test_a_chinese_need_is_looked_for_in_english(dictionary):
    need = Need("n", "zh-Hant", "機器視覺的AGV", "")
    assert _groups(need, dictionary) == {"agv": (("agv",),), "机器视觉": (("machin", "vision"),)}


def test_an_english_need_is_looked_for_in_chinese(dictionary):
    found = _groups(Need("n", "en", "Machine vision welding robots 5mm", ""), dictionary)
    assert found == {
        "machin vision": (("机器", "器视", "视觉"), ("machin", "vision")),
        "weld": (("焊",), ("weld",)),
        "robot": (("机器", "器人"), ("robot",)),
        "5mm": (("5mm",),),
    }


def test_groups_stand_where_the_words_stand(dictionary):
    need = Need("n", "zh-Hant", "用機器人焊", "機器視覺")
    for group in Reader(Thesaurus(), dictionary).need(need).groups:
        assert group.field.text[group.start : group.end] in {"機器人", "焊", "機器視覺"}
        assert group.field.text == getattr(need, group.field.name)


def test_cc_cedict_is_read_both_ways():
    assert ("defect", "flaw") in [found for _, _, found in cc_cedict().chinese_words("缺陷")]
    [(_, _, chinese)] = cc_cedict().english_words(["defect"])
    assert {"缺陷", "瑕疵"} <= set(chinese)
    assert cc_cedict() is cc_cedict()


def test_words_of_refusal_are_not_looked_for_and_phrases_end_where_a_refusal_begins(dictionary):
    extended = Dictionary([("不要", ("refus",)), ("焊", ("weld",)), ("机器视觉", ("machin vision",))])
    zh = Reader(Thesaurus(), extended).need(Need("n", "zh", "不要焊", "")).groups
    assert [(group.key, group.sign) for group in zh] == [("焊", -1)]
    en = Reader(Thesaurus(), dictionary).need(Need("n", "en", "", "", goal="machine, no vision")).groups
    assert [(group.key, group.sign) for group in en] == [("machin", 1), ("vision", -1)]
