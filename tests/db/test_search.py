"""Search: the same words find the same rows on both databases."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from app.db.counters import Counter
from app.db.search import contains_words, folded

_TEXTS = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=24)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ＡＢＣ　机器　视觉", "abc 机器 视觉"),
        ("  Straße\tMES\n", "strasse mes"),
        ("㎡ ①", "m2 1"),
        ("", ""),
    ],
)
def test_folding(text, expected):
    assert folded(text) == expected


@given(text=_TEXTS)
def test_folding_twice_changes_nothing(text):
    assert folded(folded(text)) == folded(text)


@given(stored=_TEXTS, query=_TEXTS | st.sampled_from(["%", "_", "\\", "a%b", "100%", "50_"]))
def test_every_word_is_found_as_it_stands(shared_database, stored, query):
    assume(folded(query))
    text = folded(stored)[:64]
    with shared_database.write_session() as session:
        session.execute(insert(Counter).values(name=text, value=1))
        found = session.scalar(select(Counter.name).where(Counter.name == text, contains_words(Counter.name, query)))
        session.rollback()
    assert (found is not None) == all(word in text for word in folded(query).split())


@pytest.mark.parametrize("query", ["", "  ", "\u3000"])
def test_a_query_without_words_narrows_nothing(database, query):
    with database.write_session() as session:
        session.execute(insert(Counter).values(name="anything", value=1))
        assert session.scalar(select(Counter.name).where(contains_words(Counter.name, query))) == "anything"
