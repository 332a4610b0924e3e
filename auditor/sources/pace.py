"""Waiting: for a rate limit, between tries, and, before a quota is gone, a little with every request."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Mapping
from typing import NamedTuple

_PLENTY = 20  # requests left in the quota; above that there is no reason to slow down


class Quota(NamedTuple):
    """What the Hub's RateLimit header says: requests left, and seconds until they are counted anew."""

    left: int
    seconds: int


class Patience:
    """The waiting that a whole run may spend, in seconds. Threads share it: they wait out the same limit together."""

    def __init__(self, budget: float, backoff: float) -> None:
        self.budget = self.left = budget
        self.backoff = backoff
        self._until = 0.0
        self._quotas: dict[str, tuple[int, float]] = {}  # by kind of request: requests left, and when that ends
        self._lock = threading.Lock()

    def wait(self, seconds: float) -> bool:
        """Sleep, or say that the budget does not reach that far."""
        now = time.monotonic()
        with self._lock:
            until = max(now + seconds, self._until)
            cost = until - max(now, self._until)
            if cost > self.left:
                return False
            self.left -= cost
            self._until = until
        time.sleep(until - now)
        return True

    def before_try(self, number: int) -> float:
        """Seconds before the next try after `number` failed ones: doubling, with jitter."""
        return self.backoff * 2.0 ** (number - 1) * random.uniform(0.75, 1.25)

    def note(self, kind: str, headers: Mapping[str, str]) -> None:
        """Remember what an answer to a request of this kind says about the quota."""
        quota = read_quota(headers)
        if not quota:
            return
        with self._lock:
            now = time.monotonic()
            left, ends = self._quotas.get(kind, (0, 0.0))
            # Answers overtake each other: within one window the count only falls.
            fresh = now >= ends
            self._quotas[kind] = (quota.left, now + quota.seconds) if fresh else (min(left, quota.left), ends)

    def pace(self, kind: str) -> None:
        """Before a request: where few are left, spread them over the time until the quota is renewed.

        Only where the budget reaches that far; else waiting would spend it and still meet the limit.
        """
        with self._lock:
            left, ends = self._quotas.get(kind, (_PLENTY, 0.0))
            seconds = ends - time.monotonic()
            slow = left < _PLENTY and 0 < seconds <= self.left
            if slow:
                self._quotas[kind] = (max(left - 1, 0), ends)  # what other threads may still take
        if slow:
            self.wait(seconds / (left + 1))


def read_quota(headers: Mapping[str, str]) -> Quota | None:
    """The quota in a RateLimit header such as `"api";r=12;t=55`."""
    said: dict[str, str] = {}
    for part in headers.get("ratelimit", "").split(";"):
        name, _, value = part.strip().partition("=")
        said[name] = value
    left, seconds = said.get("r", ""), said.get("t", "")
    whole = left.isdecimal() and seconds.isdecimal() and len(left + seconds) < 18
    return Quota(int(left), int(seconds)) if whole else None


def asked_to_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds that a refusal asks for: the Hub's RateLimit header, else Retry-After as seconds or a date."""
    quota = read_quota(headers)
    if quota and quota.left == 0:
        return float(quota.seconds + 1)
    after = headers.get("retry-after", "").strip()
    if after.isdecimal():
        return float(after[:9])
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, parsedate_to_datetime(after).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return None
