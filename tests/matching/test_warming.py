import inspect

from numba.core.dispatcher import Dispatcher

from app.matching import figures, kernels, meaning, scan, upper, warm

# What only whole rankings by text use.
_BENCHED = {"best", "score"}


def test_every_loop_a_request_runs_is_compiled():
    warm(reads_meaning=True)
    loops = [
        loop
        for module in (figures, kernels, meaning, scan, upper)
        for name, loop in inspect.getmembers(module)
        # Those of a leading underscore are parts of others, but for those of `upper`.
        if isinstance(loop, Dispatcher) and name not in _BENCHED and (module is upper or name[0] != "_")
    ]
    assert len(loops) > 10
    assert [loop.__name__ for loop in loops if not loop.signatures] == []


def test_warming_adds_no_form_of_a_loop_to_those_a_ranking_needs(demo, matcher, as_of):
    matcher.rank(demo.needs[0], k=3, as_of=as_of)
    before = {name: loop.signatures for name, loop in inspect.getmembers(scan) if isinstance(loop, Dispatcher)}
    warm()
    assert before == {name: loop.signatures for name, loop in inspect.getmembers(scan) if isinstance(loop, Dispatcher)}
