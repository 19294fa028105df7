from app.matching import Concept, Thesaurus
from app.matching.text import tokenise


def concepts(text, thesaurus):
    return [
        (token.term.removeprefix("concept:"), text[token.start : token.end])
        for token in tokenise(text, thesaurus)
        if token.term.startswith("concept:")
    ]


def test_both_languages_and_both_scripts_name_the_same_concept(small_thesaurus):
    assert concepts("用機器視覺找缺陷", small_thesaurus) == [("T1", "機器視覺"), ("T2", "缺陷")]
    assert concepts("Machine-vision finds defects", small_thesaurus) == [("T1", "Machine-vision"), ("T2", "defects")]


def test_the_longest_phrase_wins(small_thesaurus):
    assert concepts("机器视觉与视觉", small_thesaurus) == [("T1", "机器视觉"), ("T7", "视觉")]
    assert concepts("machine vision or vision", small_thesaurus) == [("T1", "machine vision"), ("T7", "vision")]


def test_short_forms_match_whole_words_only(small_thesaurus):
    assert concepts("CT scan", small_thesaurus) == [("T3", "CT")]
    assert concepts("用CT检查", small_thesaurus) == [("T3", "CT")]
    assert concepts("CTQ, act, visionary", small_thesaurus) == []


def test_a_blank_between_latin_letters_and_chinese_is_part_of_what_is_quoted():
    thesaurus = Thesaurus([Concept("T1", "ROBOT", (("zh", "AGV小车", "preferred"), ("zh", "3D 视觉", "preferred")))])
    assert concepts("用 3D视觉 与 AGV－小车", thesaurus) == [("T1", "3D视觉"), ("T1", "AGV－小车")]
    assert concepts("用 3D  视觉 与 AGV 小车", thesaurus) == [("T1", "3D  视觉"), ("T1", "AGV 小车")]


def test_a_phrase_that_ends_in_latin_letters_matches_whole_words_only():
    thesaurus = Thesaurus([Concept("T1", "MES", (("zh", "工业APP", "preferred"), ("zh", "3D视觉", "preferred")))])
    assert concepts("用工业APP", thesaurus) == [("T1", "工业APP")]
    assert concepts("工业apple，13D视觉", thesaurus) == []


def test_an_ambiguous_phrase_names_all_its_concepts(small_thesaurus):
    assert concepts("CNC", small_thesaurus) == [("T4", "CNC"), ("T5", "CNC")]


def test_generic_verbs_and_business_words_are_quiet(small_thesaurus):
    assert concepts("改善 improve", small_thesaurus) == []


def test_an_empty_thesaurus_finds_nothing():
    assert concepts("机器视觉 machine vision", Thesaurus()) == []
