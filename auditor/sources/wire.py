"""One request to the Hub: redirects, size limits, a deadline, retries and rate limits."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

from auditor.model import Failure
from auditor.sources.pace import Patience, asked_to_wait

_AGAIN = frozenset({408, 429, 500, 502, 503, 504})
_MOST_HOPS = 5
TRIES = 3
_SLOWEST = 6  # timeouts that one answer may take in all
_CHAIN_HEADERS = ("x-repo-commit", "x-linked-etag")  # sent on the first hop of a download only
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_TOO_SLOW = "the answer came too slowly"
NOT_THE_HUB = "what answered is not the Hub (a proxy, a login page or a wrong HF_ENDPOINT)"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """A response read whole. `headers` have lower-case names and keep what earlier hops said of the file."""

    code: int
    headers: Mapping[str, str]
    body: bytes
    truncated: bool = False


class Wire:
    """Requests to one endpoint. `session` makes the HTTP client on first use; `timeout` is in seconds."""

    def __init__(
        self,
        endpoint: str,
        token: Callable[[], str | None],
        session: Callable[[], Any],
        timeout: float,
        patience: Patience,
    ) -> None:
        self.endpoint = endpoint
        self.token = token
        self.session = session
        self._timeout = timeout
        self.patience = patience

    def get(self, url: str, limit: int, method: str = "GET", **asking: str) -> Answer | Failure:
        """The answer at `url`, whatever its code, cut a byte over `limit`; a Failure once trying again is hopeless.

        `asking` are further headers, with `_` for `-`.
        """
        kind = "api" if "/api/" in url else "file"  # the Hub counts them apart
        wanted = {name.replace("_", "-"): value for name, value in asking.items()}
        for number in range(1, TRIES + 1):
            self.patience.pace(kind)
            try:
                answer = self._follow(method, url, limit, wanted)
            except Exception as error:
                # The HTTP library changes with the installed huggingface_hub, so its classes cannot be named here; and
                # whatever went wrong below, the repository could not be reached.
                if type(error).__name__ == "OfflineModeIsEnabled":
                    return Failure("unreachable", "offline: HF_HUB_OFFLINE is set")
                why, pause = f"no answer from {self._host()}: {_plain(error)}", self.patience.before_try(number)
            else:
                self.patience.note(kind, answer.headers)
                if answer.code not in _AGAIN:
                    return answer
                why, pause = self._refused(answer, number)
            if number == TRIES or not self.patience.wait(pause):
                break
        return Failure("unreachable", why)

    def at_once(self, calls: Sequence[Callable[[], T]]) -> list[T | Failure]:
        """What the calls return, all begun now; a Failure for each that does not end.

        Nothing else bounds headers that trickle in byte by byte. Such a call is left behind in a daemon thread, since
        the HTTP client cannot be interrupted from outside.
        """
        ends = time.monotonic() + TRIES * _SLOWEST * self._timeout + self.patience.budget
        results = [_result(box, ends) for box in list(map(_begun, calls))]
        return [Failure("unreachable", _TOO_SLOW) if result is None else result for result in results]

    def _refused(self, answer: Answer, number: int) -> tuple[str, float]:
        """Why another try is due, and how many seconds from now."""
        asked = asked_to_wait(answer.headers) if answer.code in (429, 503) else None
        pause = self.patience.before_try(number) if asked is None else asked
        if answer.code != 429:
            return f"HTTP {answer.code} from {self._host()}", pause
        return "rate-limited by the Hub" + (f", which asks to wait {pause:.0f} s" if asked else ""), pause

    def _follow(self, method: str, url: str, limit: int, wanted: Mapping[str, str]) -> Answer:
        chain: dict[str, str] = {}
        for _ in range(_MOST_HOPS):
            answer = self._once(method, url, limit, wanted)
            chain = {**{k: v for k, v in answer.headers.items() if k in _CHAIN_HEADERS}, **chain}
            target = answer.headers.get("location")
            if answer.code not in (301, 302, 303, 307, 308) or not target:
                return Answer(answer.code, {**answer.headers, **chain}, answer.body, answer.truncated)
            url = urljoin(url, target)
            if urlsplit(url).scheme not in ("https", urlsplit(self.endpoint).scheme):
                raise ConnectionError("a redirect leaves https")
        raise ConnectionError("too many redirects")

    def _once(self, method: str, url: str, limit: int, wanted: Mapping[str, str]) -> Answer:
        headers = {"accept-encoding": "identity", "user-agent": _user_agent(), **wanted}
        if self._may_see_token(url) and (token := self.token()):
            headers["authorization"] = f"Bearer {token}"
        deadline = time.monotonic() + _SLOWEST * self._timeout  # the client's own timeout starts anew with every byte
        body, truncated = bytearray(), False
        with self.session().stream(
            method, url, headers=headers, timeout=self._timeout, follow_redirects=False
        ) as response:
            for chunk in response.iter_bytes():
                body += chunk
                truncated = len(body) > limit
                if truncated:
                    break
                if time.monotonic() > deadline:
                    raise TimeoutError(_TOO_SLOW)
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, headers, bytes(body[: limit + 1]), truncated)

    def _may_see_token(self, url: str) -> bool:
        """Tokens go to the endpoint itself and never in the clear over a network."""
        here, there = urlsplit(self.endpoint), urlsplit(url)
        same = (here.scheme, here.netloc) == (there.scheme, there.netloc)
        return same and (there.scheme == "https" or there.hostname in _LOOPBACK)

    def _host(self) -> str:
        return urlsplit(self.endpoint).hostname or self.endpoint


def _begun(call: Callable[[], T]) -> queue.SimpleQueue[T | Exception]:
    box: queue.SimpleQueue[T | Exception] = queue.SimpleQueue()

    def run() -> None:
        try:
            box.put(call())
        except Exception as error:
            box.put(error)

    threading.Thread(target=run, daemon=True).start()
    return box


def _result(box: queue.SimpleQueue[T | Exception], ends: float) -> T | None:
    try:
        result = box.get(timeout=max(ends - time.monotonic(), 0.001))
    except queue.Empty:
        return None
    if isinstance(result, Exception):
        raise result
    return result


def _plain(error: Exception) -> str:
    """An error in a few words on one line."""
    words = " ".join(str(error).split())[:200]
    return words or type(error).__name__


def _user_agent() -> str:
    from auditor import __version__

    return f"auditor/{__version__}"
