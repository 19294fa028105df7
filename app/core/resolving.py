"""Names resolved within a time: the system's resolver knows none, and waits for whoever answers for a name."""

import socket
import time
from concurrent.futures import Future
from threading import BoundedSemaphore, Thread


class Resolver:
    """Asks the system for the addresses of hosts, each time in a thread that may be left behind.

    Args:
        most: how many threads there are at once, those left behind included; who finds none free waits for one.
    """

    def __init__(self, *, most: int) -> None:
        self._free = BoundedSemaphore(most)

    def addresses(self, host: str, port: int, *, seconds: float) -> list[str]:
        """All addresses of a host, in the order in which they are to be tried.

        Raises:
            TimeoutError: there was no answer in time.
            OSError: there is no such host, or no thread to ask in.
            UnicodeError: it is no name at all.
        """
        end = time.monotonic() + seconds
        if not self._free.acquire(timeout=seconds):
            raise TimeoutError
        answer: Future[list[str]] = Future()
        # a daemon: a process that ends does not wait for it
        thread = Thread(target=self._ask, args=(host, port, answer), name="duijie-resolver", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:  # no more threads
            self._free.release()
            raise OSError from error
        return answer.result(max(0.0, end - time.monotonic()))

    def _ask(self, host: str, port: int, answer: Future[list[str]]) -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except Exception as error:  # noqa: BLE001 - whoever asked gets it
            answer.set_exception(error)
        else:
            # without the scope of a link-local address, which is refused anyway
            answer.set_result(list(dict.fromkeys(str(one[4][0]).partition("%")[0] for one in found)))
        finally:
            self._free.release()
