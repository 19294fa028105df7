"""Rankings by several servers on one database, each a process of its own, as an installation runs them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass, field
from threading import Event

import pytest

from tests.features.matches.asking import Caller, others
from tests.features.matches.publishing import Desk

_WRITERS = 4  # two at each of two servers
_POSTINGS_EACH = 5


@pytest.fixture
def start(serve, people) -> Iterator:
    """`desk, caller = start()`: one more server on this test's database, to write to and to ask as an operator."""
    with ExitStack() as servers:

        def started() -> tuple[Desk, Caller]:
            client = servers.enter_context(servers.enter_context(serve()).client())
            return Desk(client, people), Caller(client, people["operator"].headers)

        yield started


def test_what_one_process_publishes_or_takes_down_the_other_knows_on_its_next_request(start):
    (here, _), (_, there) = start(), start()
    need = here.publish("needs", "enterprise")
    assert others(there.for_need(need["id"])) == [], "from now on it holds an index of its own"

    offer = here.publish("capabilities", "provider")
    assert others(there.for_need(need["id"])) == [offer["reference"]]
    assert others(there.for_capability(offer["id"]), "need") == [need["reference"]]

    here.act("capabilities", offer["id"], "pause", "provider")
    assert others(there.for_need(need["id"])) == []
    here.act("capabilities", offer["id"], "resume", "provider")
    assert others(there.for_need(need["id"])) == [offer["reference"]]
    here.act("needs", need["id"], "close", "enterprise", reason="withdrawn")
    assert others(there.for_capability(offer["id"]), "need") == []


@dataclass
class Ledger:
    """What the writers have been told, by the references of capabilities; a reader may look at any moment."""

    published: set[str] = field(default_factory=set)
    leaving: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)


def _write(desk: Desk, writer: int, ledger: Ledger) -> None:
    """Publish capabilities, and take every other one down again."""
    for number in range(_POSTINGS_EACH):
        made = desk.publish("capabilities", "provider", title=f"焊缝检测方案 {writer}-{number}")
        ledger.published.add(made["reference"])
        if number % 2:
            ledger.leaving.add(made["reference"])
            desk.act("capabilities", made["id"], "close", "provider", reason="withdrawn")
            ledger.gone.add(made["reference"])


def _read(there: Caller, need: str, ledger: Ledger, over: Event) -> int:
    """Rank until it is over; each answer knows all that was acknowledged before it was asked for."""
    revision = answers = 0
    while not over.is_set():
        published, gone = ledger.published.copy(), ledger.gone.copy()
        ranking = there.for_need(need, limit=200, explain=False)
        found = set(others(ranking))
        assert published - ledger.leaving <= found
        assert not gone & found
        assert ranking["revision"] >= revision
        revision = ranking["revision"]
        answers += 1
    return answers


def test_a_process_that_ranked_all_the_while_others_wrote_ranks_like_one_that_starts_now(start):
    desks = [start()[0] for _ in range(2)]
    _, there = start()
    need = desks[0].publish("needs", "enterprise")["id"]
    ledger, over = Ledger(), Event()
    with ThreadPoolExecutor(_WRITERS + 1) as pool:
        reader = pool.submit(_read, there, need, ledger, over)
        writers = [pool.submit(_write, desks[writer % 2], writer, ledger) for writer in range(_WRITERS)]
        try:
            for done in as_completed(writers):
                done.result()
        finally:
            over.set()
        assert reader.result() > 0
    assert len(ledger.published) == _WRITERS * _POSTINGS_EACH

    _, late = start()
    ranking = there.for_need(need, limit=200)
    assert set(others(ranking)) == ledger.published - ledger.gone
    assert ranking == late.for_need(need, limit=200)
    backward = ranking["matches"][0]["capability"]["id"]
    assert there.for_capability(backward) == late.for_capability(backward)
