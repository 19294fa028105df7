"""The best rows are those of the plain product, found by adding up every weight."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import sparse

from app.matching import kernels
from app.matching.postings import Postings

# Few different weights, so that scores are often equal.
WEIGHTS = st.sampled_from([0.0, 0.1, 0.25, 0.3, 1 / 3, 1.0]) | st.floats(0, 1e6)
QUERY_WEIGHTS = WEIGHTS | st.floats(-1e6, 1e6)


def index(rows, terms):
    """A matrix of rows given as {term: weight}."""
    indptr = np.cumsum([0, *(len(row) for row in rows)])
    indices = [term for row in rows for term in sorted(row)]
    data = [row[term] for row in rows for term in sorted(row)]
    return sparse.csr_matrix((np.array(data, float), np.array(indices, np.int32), indptr), shape=(len(rows), terms))


def plain(matrix, terms, weights):
    """The product, term after term in their order."""
    scores = np.zeros(matrix.shape[0])
    by_term = matrix.tocsc()
    for term, weight in sorted(zip(terms.tolist(), weights.tolist(), strict=True)):
        column = by_term[:, term].tocoo()
        scores[column.row] += weight * column.data
    return scores


def exhaustive(scores, k, eligible=None):
    rows = np.arange(len(scores)) if eligible is None else np.flatnonzero(eligible)
    return rows[np.lexsort((rows, -scores[rows]))[:k]]


def assert_same(found, scores, k, eligible=None):
    rows, values = found
    assert rows.tolist() == exhaustive(scores, k, eligible).tolist()
    assert values.tolist() == scores[rows].tolist()


@st.composite
def asked(draw):
    terms = draw(st.integers(1, 12))
    row = st.dictionaries(st.integers(0, terms - 1), WEIGHTS)
    # Rows of nothing make the terms of the others rare ones.
    rows = draw(st.lists(row, max_size=30)) + [{}] * draw(st.sampled_from([0, 100]))
    query = draw(st.dictionaries(st.integers(0, terms - 1), QUERY_WEIGHTS))
    chosen = draw(st.none() | st.sets(st.integers(0, max(len(rows) - 1, 0))))
    eligible = None if chosen is None else [row in chosen for row in range(len(rows))]
    k = draw(st.integers(1, 50))
    return index(rows, terms), query, k, eligible


def answers(given):
    matrix, query, k, eligible = given
    terms, weights = np.array(list(query), np.int32), np.array(list(query.values()), float)
    mask = None if eligible is None else np.array(eligible, bool)
    return Postings.build(matrix), plain(matrix, terms, weights), terms, weights, k, mask


@given(asked())
def test_the_best_are_those_of_the_plain_product_bit_for_bit(given):
    postings, scores, terms, weights, k, mask = answers(given)
    assert postings.scores(terms, weights).tolist() == scores.tolist()
    some = np.flatnonzero(scores)[::-2]
    assert postings.scores(terms, weights, some).tolist() == scores[some].tolist()
    assert_same(postings.top(terms, weights, k, mask), scores, k, mask)


# A first score far below 0, in a unit of which a score of 1 is more than a whole number can hold.
@example((index([{0: 1.0, 1: 1.0}, {0: 0.5}], 2), {0: 1e-150, 1: -1e6}, 1, None))
@settings(max_examples=50)
@given(asked())
def test_no_loop_leaves_its_arrays(given):
    """In plain Python every index is checked; compiled, none is."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("encode", "score", "best", "_whole", "_bound", "_keep", "_insert", "_score"):
            patch.setattr(kernels, name, getattr(kernels, name).py_func)
        for name in ("encode", "score", "best"):
            patch.setattr(f"app.matching.postings.{name}", getattr(kernels, name))
        postings, scores, terms, weights, k, mask = answers(given)
        assert_same(postings.top(terms, weights, k, mask), scores, k, mask)


@pytest.fixture(scope="module")
def large():
    """More than one segment of rows, common terms and rare ones."""
    draw = np.random.default_rng(7)
    count, terms = kernels.SEGMENT + 5000, 600
    drawn = terms * draw.random((count, 12)) ** 3
    indices = np.sort(drawn.astype(np.int32), axis=1).ravel()
    # Of the few values weights take, sums are often equal.
    data = draw.integers(0, 4, len(indices)) / 4
    matrix = sparse.csr_matrix((data, indices, np.arange(0, len(indices) + 1, 12)), shape=(count, terms))
    matrix.sum_duplicates()
    return matrix, Postings.build(matrix)


def queries(count, terms, seed):
    draw = np.random.default_rng(seed)
    rows = [{int(term): draw.integers(1, 5) / 4 for term in terms * draw.random(30) ** 2} for _ in range(count)]
    return index(rows, terms)


def test_of_many_rows_and_many_queries_too(large):
    matrix, postings = large
    asked = queries(20, matrix.shape[1], seed=1)
    eligible = np.random.default_rng(2).random(matrix.shape[0]) < 0.1
    for mask in (None, eligible):
        found = postings.top_many(asked, 30, mask)
        assert len(found) == 20
        for number, one in enumerate(found):
            row = asked[number]
            assert_same(one, plain(matrix, row.indices, row.data), 30, mask)
            assert one[0].tolist() == postings.top(row.indices, row.data, 30, mask)[0].tolist()


def test_few_rows_are_scored(large, monkeypatch):
    """What bounds are for: of many rows, hardly more than the best have to be scored."""
    matrix, _ = large
    part = matrix[:20_000]
    scored = []
    exact = kernels._score.py_func

    def counted(rows, row, query):
        scored.append(row)
        return exact(rows, row, query)

    data = part.data * np.random.default_rng(3).uniform(0.5, 1, part.nnz)  # hardly any two scores are equal
    distinct = sparse.csr_matrix((data, part.indices, part.indptr), shape=part.shape)
    postings = Postings.build(distinct)
    asked = queries(1, part.shape[1], seed=4)
    terms, weights = asked.indices, asked.data
    monkeypatch.setattr(kernels, "_score", counted)
    monkeypatch.setattr(kernels, "_keep", kernels._keep.py_func)
    monkeypatch.setattr("app.matching.postings.best", kernels.best.py_func)
    assert_same(postings.top(terms, weights, 20), plain(distinct, terms, weights), 20)
    assert 20 <= len(scored) <= 100


def test_the_product_is_that_of_the_library(large):
    matrix, postings = large
    asked = queries(1, matrix.shape[1], seed=5)
    np.testing.assert_allclose(
        postings.scores(asked.indices, asked.data), (matrix @ asked.T).toarray()[:, 0], rtol=1e-12, atol=0
    )


def test_an_empty_index_has_no_best():
    nothing = Postings.build(sparse.csr_matrix((0, 3)))
    assert [found.tolist() for found in nothing.top(np.array([1], np.int32), np.ones(1), 5)] == [[], []]
    assert nothing.top_many(sparse.csr_matrix(np.eye(3)), 5)[2][0].tolist() == []
    wordless = Postings.build(sparse.csr_matrix((4, 0)))
    assert wordless.top(np.zeros(0, np.int32), np.zeros(0), 2)[0].tolist() == [0, 1]


@pytest.mark.parametrize("weight", [-0.5, np.nan, np.inf])
def test_weights_below_nothing_and_without_end_are_refused(weight):
    with pytest.raises(ValueError, match="finite and not negative"):
        Postings.build(index([{0: weight}], 1))


def test_rows_out_of_order_are_refused():
    turned = sparse.csr_matrix((np.ones(2), np.array([1, 0]), np.array([0, 2])), shape=(1, 2))
    with pytest.raises(ValueError, match="in order"):
        Postings.build(turned)


def test_less_than_one_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        Postings.build(index([{0: 1.0}], 1)).top(np.zeros(1, np.int32), np.ones(1), 0)
