import inspect

from numba import typeof
from numba.core.dispatcher import Dispatcher

from app.matching import ceilings, figures, kernels, meaning, scan, warm
from app.matching.upper import Bounds
from tests.matching.folders import saved

# What only whole rankings by text use.
_BENCHED = {"best", "score"}


def test_every_loop_a_request_runs_is_compiled():
    warm(reads_meaning=True)
    loops = [
        loop
        for module in (ceilings, figures, kernels, meaning, scan)
        for name, loop in inspect.getmembers(module)
        # Those of a leading underscore are parts of others.
        if isinstance(loop, Dispatcher) and name not in _BENCHED and name[0] != "_"
    ]
    assert len(loops) > 10
    assert [loop.__name__ for loop in loops if not loop.signatures] == []


def test_warming_adds_no_form_of_a_loop_to_those_a_ranking_from_disk_needs(demo, matcher, as_of, tmp_path):
    mapped = saved(matcher, tmp_path / "index")
    mapped.rank(demo.needs[0], k=3, as_of=as_of)
    mapped.signs(demo.needs[0], considered=None)
    before = forms()
    warm()
    assert forms() == before


def forms():
    """The types of arguments each loop is compiled for."""
    return {
        loop: list(loop.signatures)
        for module in (ceilings, figures, kernels, scan)
        for _, loop in inspect.getmembers(module)
        if isinstance(loop, Dispatcher)
    }


def test_bounds_just_built_have_the_form_of_mapped_ones(matcher, tmp_path):
    mapped = saved(matcher, tmp_path / "index").index_.segments[0].bounds
    [table] = matcher.index_.in_order(1000)
    built = Bounds.build(table, matcher.model_.lexicon)
    for one, other in ((built.chinese, mapped.chinese), (built.english, mapped.english)):
        assert list(map(typeof, (one.rows, one.kinds, one.codes))) == [
            typeof(array) for array in (other.rows, other.kinds, other.codes)
        ]
