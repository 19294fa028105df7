import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching import Dictionary, Matcher, MatcherParams, Need, Offer, Reader, Thesaurus
from app.matching.negation import limits, negates, signs
from app.matching.normalise import normalise
from app.matching.text import tokenise
from benchmarks.demo_set import AS_OF, load_thesaurus

THESAURUS = load_thesaurus()
# A term with a comma is more than one clause.
TERMS = sorted(
    {
        (language, term)
        for concept in THESAURUS.concepts
        for language, term, _ in concept.terms
        if len(term) > 1 and "," not in term
    }
)


def marked(text, voice):
    """Give the pieces of a text that are ruled out, and whether it has any that speak neither way."""
    normal = normalise(text).text
    marks = signs(normal, voice) or [1] * len(normal)
    shown = "".join(character if mark == -1 else "|" for character, mark in zip(normal, marks, strict=True))
    return [piece.strip() for piece in shown.split("|") if piece.strip()]


@pytest.mark.parametrize(
    ("text", "voice", "ruled_out"),
    [
        ("不需要机械臂, 只要软件", "need", ["机械臂"]),
        ("不需要機械臂，只要軟件", "need", ["机械臂"]),
        ("不需要机械臂只要软件", "need", ["机械臂"]),
        ("不要机械臂、传送带，要软件", "need", ["机械臂、传送带"]),
        ("机械臂不考虑，软件可以谈", "wish", ["机械臂"]),
        ("不接受云端部署但可以用专网", "need", ["云端部署"]),
        ("不再採用人工智慧平台", "need", ["人工智慧平台"]),
        ("云端平台就不用了", "wish", ["云端平台就"]),
        ("请排除机械臂方案", "need", ["机械臂方案"]),
        ("We do not accept cloud hosting", "need", ["cloud hosting"]),
        ("不含土建；包括设备", "need", ["土建"]),
        ("要软件而非设备", "title", ["设备"]),
        ("焊接除外，其余都要", "need", ["焊接"]),
        ("除焊接外，其余工序都要", "need", ["焊接"]),
        ("不是机械臂，而是软件", "need", ["机械臂"]),
        ("无需机械臂", "wish", ["机械臂"]),
        ("不要无损检测，不要人工智能", "wish", ["无损检测", "人工智能"]),
        ("不做云端", "wish", ["云端"]),
        ("no more colorimeters", "need", ["colorimeters"]),
        ("We do not need a robot arm, only software", "need", ["a robot arm"]),
        ("We don't want to buy cameras but rent them", "need", ["cameras"]),
        ("Fabric inspection, not for woven cloth", "need", ["woven cloth"]),
        ("Robots are not wanted. Software is.", "need", ["robots"]),
        ("not robots but software", "need", ["robots"]),
        ("all lines excluding welding", "need", ["welding"]),
        ("a service instead of a platform", "title", ["a platform"]),
        ("No tags on pallets", "wish", ["tags"]),
        ("works without a sound booth in the hall", "wish", ["a sound booth"]),
        ("不适用于表面湿滑物品。部署快", "offer", ["表面湿滑物品"]),
        ("对湿制程不适用", "offer", ["对湿制程"]),
        ("暫不支援雲端，可本地部署", "offer", ["云端"]),
        ("暂不支持云端，可本地部署", "offer", ["云端"]),
        ("不提供光学与整机", "offer", ["光学与整机"]),
        ("Not suitable for wire geometry. Fast.", "offer", ["wire geometry"]),
        ("It does not support cloud hosting", "offer", ["cloud hosting"]),
        ("Welds and coatings are not covered yet", "offer", ["welds and coatings"]),
    ],
)
def test_what_is_ruled_out_is_the_clause_of_a_refusal(text, voice, ruled_out):
    assert marked(text, voice) == ruled_out


@pytest.mark.parametrize("voice", ["need", "wish", "offer"])
@pytest.mark.parametrize(
    "text",
    [
        "没有追溯", "缺少视觉检测", "無法識別批號", "无数据", "不良率高", "不锈钢管", "无人机巡检", "无纺布检测",
        "非标设备", "未来工厂", "检出率不低于99%", "不超过 8 秒", "要不要改自动", "用不用换线都行", "需不需要改造",
        "不要求联网", "不含糊",
        "除焊接外还要分拣", "排除不了的故障，误判多",
        "cannot recognise lots", "no more than 8 s", "not only cameras",
        "exception-based release", "no later than May", "not less than 99 %",
    ],
)  # fmt: skip
def test_a_lack_a_bound_or_a_word_with_such_a_character_rules_nothing_out(text, voice):
    assert marked(text, voice) == []


@pytest.mark.parametrize(
    "text",
    [
        "No traceability today",
        "Runs without force sensors",
        "现在不做检测",
        "排产不考虑模具",
        "客户不接受色差",
        "The plan does not consider tool wear",
        "Customers do not accept scratches",
        "They guess instead of measuring",
    ],
)
def test_a_need_that_describes_a_lack_wants_it_filled(text):
    assert marked(text, "need") == []


@pytest.mark.parametrize(
    "text", ["不要漏检", "不用编程", "不用换料", "不用人", "No rework", "no false alarms", "without coding"]
)
def test_burdens_and_harms_stay_what_a_need_is_about(text):
    assert signs(normalise(text).text, "wish") is None


@pytest.mark.parametrize(
    ("text", "term", "sign"),
    [
        ("无需静音房", "静音", 0),
        ("无需停机换型", "停机", 1),
        ("Flies without GPS", "gps", 0),
        ("无需算法即可检测", "检测", 1),
    ],
)
def test_what_an_offer_does_without_speaks_neither_way(text, term, sign):
    assert {token.sign for token in tokenise(text, Thesaurus(), "offer") if token.term == term} == {sign}


def test_words_of_refusal_and_pairs_across_their_edge_say_nothing():
    found = {token.term: token.sign for token in tokenise("不需要机械臂只要软件", Thesaurus(), "need")}
    assert (found["需要"], found["要机"], found["机械"], found["臂只"], found["软件"]) == (0, 0, -1, 0, 1)


def test_without_a_voice_nothing_is_denied():
    assert {token.sign for token in tokenise("不需要机械臂", Thesaurus())} == {1}


@pytest.mark.parametrize(
    "text", ["不锈钢", "无人机", "非标", "响应不超过 5 秒", "no more than 5 s", "shall not exceed 5 s"]
)
def test_neither_a_limit_nor_a_denial(text):
    assert not limits(normalise(text).text)
    assert not negates(normalise(text).text)


@pytest.mark.parametrize(
    "text",
    [
        "不承担现场清理",
        "不用于装配过程",
        "焊接除外",
        "需定制治具",
        "暫不支援雲端",
        "Welds are excluded, except spots",
        "no GPS",
    ],
)
def test_what_an_offer_rules_out_or_lacks_is_a_limit(text):
    assert limits(normalise(text).text)


def pair_scores(before, after, offer):
    matcher = Matcher(MatcherParams(), Reader(THESAURUS, Dictionary())).fit(
        [offer, Offer("p", "zh", "数据平台")], [before, after]
    )
    return [matcher.pair(need, offer, as_of=AS_OF).score for need in (before, after)]


REFUSALS = {"zh": "不需要{}。", "zh-Hant": "我們不需要{}。", "en": "We do not need {}."}


@given(st.sampled_from(TERMS), st.sampled_from(sorted(REFUSALS)), st.sampled_from(["problem", "goal"]), st.booleans())
def test_ruling_a_thing_out_never_raises_the_score_of_an_offer_of_it(term, refusal, field, mentioned):
    """Whatever it is, in whichever language it is refused, and whether or not the need names it elsewhere."""
    language, word = term
    texts = {"problem": "漏检多，换线慢，" + word * mentioned + "。", "goal": "少用人手。"}
    before = Need("n", "zh", "外观检测靠人眼", **texts)
    texts[field] += REFUSALS[refusal].format(word)
    after = Need("m", "zh", "外观检测靠人眼", **texts)
    plain, refused = pair_scores(before, after, Offer("o", "en" if language == "en" else "zh", word, word))
    assert refused <= plain + 1e-12


@pytest.mark.parametrize(
    ("asked", "silent", "agreeing", "contrary"),
    [
        ("不需要机械臂，只要排产软件", "排产软件", "排产软件；不提供机械臂", "机械臂"),
        ("We do not need robot arms, only planning software", "planning software",
         "planning software, excluding robot arms", "robot arms"),
    ],
)  # fmt: skip
def test_both_sides_denying_the_same_agree(asked, silent, agreeing, contrary):
    need = Need("n", "en" if asked.isascii() else "zh", "x", asked)
    texts = {"silent": silent, "agreeing": agreeing, "contrary": contrary}
    offers = [Offer(key, need.lang, "x", text) for key, text in texts.items()]
    matcher = Matcher(MatcherParams(), Reader(Thesaurus(), Dictionary())).fit(offers, [need])
    matches = matcher.rank(need, k=3, as_of=AS_OF).matches
    assert [match.offer_id for match in matches] == ["agreeing", "silent", "contrary"]
    denied = {term.term: term.share for term in matches[0].terms}
    assert denied["robot" if asked.isascii() else "机械臂"] > 0
