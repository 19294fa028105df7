import time
from concurrent.futures import ThreadPoolExecutor

from app.matching.once import once


def test_threads_that_ask_at_once_are_given_the_same_thing():
    made = []

    @once
    def load():
        time.sleep(0.05)
        made.append(object())
        return made[-1]

    with ThreadPoolExecutor(4) as pool:
        given = [one.result() for one in [pool.submit(load) for _ in range(4)]]
    assert len(made) == 1
    assert given == made * 4
