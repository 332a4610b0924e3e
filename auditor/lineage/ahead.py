"""Runs ahead of the walk: what its turn will come to is read in threads as soon as somebody names it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

K = TypeVar("K")
T = TypeVar("T")


class Ahead(Generic[K, T]):
    """Calls `read` once for each key that was begun, in up to `threads` threads; with one, when its result is wanted.

    `read` gets a key, and a function by which it may begin others. The threads are daemons: an interrupted run does not
    wait for an answer that is under way.
    """

    def __init__(self, read: Callable[[K, Callable[[K], None]], T], threads: int) -> None:
        self._read = read
        self._threads = threads
        self._begun: dict[K, Future[T]] = {}
        self._todo: queue.SimpleQueue[K | None] = queue.SimpleQueue()
        self._running = 0
        self._lock = threading.Lock()

    def begin(self, key: K) -> None:
        """See to it that `key` is read, unless that was begun before."""
        if self._threads <= 1:
            return
        with self._lock:
            if key in self._begun:
                return
            self._begun[key] = Future()
            start = self._running < self._threads
            self._running += start
        self._todo.put(key)
        if start:
            threading.Thread(target=self._work, daemon=True).start()

    def result(self, key: K) -> T:
        """What `read` gave, or raised, for the key."""
        if self._threads <= 1:
            return self._read(key, self.begin)
        self.begin(key)
        return self._begun[key].result()

    def close(self) -> None:
        """Let the threads end."""
        for _ in range(self._running):
            self._todo.put(None)

    def _work(self) -> None:
        while (key := self._todo.get()) is not None:
            try:
                self._begun[key].set_result(self._read(key, self.begin))
            except BaseException as error:
                self._begun[key].set_exception(error)
