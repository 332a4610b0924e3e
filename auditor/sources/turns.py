"""One at a time for the same thing: threads that want the same bytes wait for the first that fetches them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """Who is at work on what. `longest` bounds the wait for another, in seconds."""

    def __init__(self, longest: float = 30) -> None:
        self._longest = longest
        self._at_work: dict[str, threading.Event] = {}
        self._lock = threading.Lock()

    @contextmanager
    def of(self, key: str) -> Iterator[None]:
        """Work on `key`, after the first who does is done. Those who waited go on together: it may have failed."""
        with self._lock:
            other = self._at_work.get(key)
            done = None if other else self._at_work.setdefault(key, threading.Event())
        if other:
            other.wait(self._longest)
        try:
            yield
        finally:
            if done:
                with self._lock:
                    del self._at_work[key]
                done.set()
