from app.matching import Dictionary, Need, Offer, Reader, Thesaurus
from app.matching.phrases import phrases

READER = Reader(Thesaurus(), Dictionary())


def grouped(need_text, offer_text):
    need = READER.need(Need("n", "zh", need_text, ""))
    offer = READER.offer(Offer("o", "zh", offer_text))
    shared = {t.term for read in need.fields for t in read.tokens} & {t.term for f in offer.fields for t in f.tokens}
    return {frozenset(group) for group in phrases(shared, need.occurrences, offer.occurrences)}


def test_overlapping_pairs_become_one_phrase():
    assert grouped("降低破损率", "破损率低") == {frozenset({"破", "损", "率", "破损", "损率"})}


def test_a_phrase_must_stand_in_both_texts():
    # Both pairs are shared, but 破损率 stands only in the need.
    assert frozenset({"破", "损", "率", "破损", "损率"}) not in grouped("破损率", "破损与损率")
    assert {pair for group in grouped("破损率", "破损与损率") for pair in group} >= {"破损", "损率"}


def test_a_gap_ends_a_phrase():
    assert grouped("漏检A误判", "漏检B误判") == {frozenset({"漏", "检", "漏检"}), frozenset({"误", "判", "误判"})}


def test_words_stay_single_and_stray_characters_are_left_out():
    assert grouped("AOI 检", "AOI 查检") == {frozenset({"aoi"})}
