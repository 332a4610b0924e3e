"""One request to the Hub: redirects, size limits, retries and rate limits, and what each kind of refusal means."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from auditor.model import Failure, Status

_AGAIN = frozenset({408, 429, 500, 502, 503, 504})
_MOST_HOPS = 5
TRIES = 3
_CHAIN_HEADERS = ("x-repo-commit", "x-linked-etag")  # sent on the first hop of a download only
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
NOT_THE_HUB = "what answered is not the Hub (a proxy, a login page or a wrong HF_ENDPOINT)"


@dataclass(frozen=True, slots=True)
class Answer:
    """A response read whole. `headers` have lower-case names and keep what earlier hops said of the file."""

    code: int
    headers: Mapping[str, str]
    body: bytes
    truncated: bool = False


class Patience:
    """The waiting that a whole run may spend, in seconds. Threads share it: they wait out the same limit together."""

    def __init__(self, budget: float, backoff: float) -> None:
        self.left = budget
        self.backoff = backoff
        self._until = 0.0
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


class Wire:
    """GET requests to one endpoint. `session` makes the HTTP client on first use; `timeout` is in seconds."""

    def __init__(
        self, endpoint: str, token: Callable[[], str | None], session: Callable[[], Any], timeout: float
    ) -> None:
        self.endpoint = endpoint
        self._token = token
        self._session = session
        self._timeout = timeout

    def get(self, url: str, limit: int, patience: Patience, method: str = "GET") -> Answer | Failure:
        """The answer at `url`, whatever its code, cut a byte over `limit`; a Failure once trying again is hopeless."""
        for number in range(1, TRIES + 1):
            try:
                answer = self._follow(method, url, limit)
            except Exception as error:
                # The HTTP library changes with the installed huggingface_hub, so its classes cannot be named here; and
                # whatever went wrong below, the repository could not be reached.
                if type(error).__name__ == "OfflineModeIsEnabled":
                    return Failure("unreachable", "offline: HF_HUB_OFFLINE is set")
                why, pause = f"no answer from {self._host(self.endpoint)}: {_plain(error)}", patience.before_try(number)
            else:
                if answer.code not in _AGAIN:
                    return answer
                asked = asked_to_wait(answer.headers) if answer.code in (429, 503) else None
                pause = patience.before_try(number) if asked is None else asked
                why = f"HTTP {answer.code} from {self._host(self.endpoint)}"
                if answer.code == 429:
                    why = (
                        f"rate-limited by the Hub, which asks to wait {pause:.0f} s"
                        if asked
                        else "rate-limited by the Hub"
                    )
            if number == TRIES or not patience.wait(pause):
                break
        return Failure("unreachable", why)

    def _follow(self, method: str, url: str, limit: int) -> Answer:
        chain: dict[str, str] = {}
        for _ in range(_MOST_HOPS):
            answer = self._once(method, url, limit)
            chain = {**{k: v for k, v in answer.headers.items() if k in _CHAIN_HEADERS}, **chain}
            target = answer.headers.get("location")
            if answer.code not in (301, 302, 303, 307, 308) or not target:
                return Answer(answer.code, {**answer.headers, **chain}, answer.body, answer.truncated)
            url = urljoin(url, target)
            if urlsplit(url).scheme not in ("https", urlsplit(self.endpoint).scheme):
                raise ConnectionError("a redirect leaves https")
        raise ConnectionError("too many redirects")

    def _once(self, method: str, url: str, limit: int) -> Answer:
        headers = {"accept-encoding": "identity", "user-agent": _user_agent()}
        if self._may_see_token(url) and (token := self._token()):
            headers["authorization"] = f"Bearer {token}"
        deadline = time.monotonic() + 6 * self._timeout  # the client's own timeout starts anew with every byte
        body, truncated = bytearray(), False
        with self._session().stream(
            method, url, headers=headers, timeout=self._timeout, follow_redirects=False
        ) as response:
            for chunk in response.iter_bytes():
                body += chunk
                truncated = len(body) > limit
                if truncated:
                    break
                if time.monotonic() > deadline:
                    raise TimeoutError("the answer came too slowly")
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, headers, bytes(body[: limit + 1]), truncated)

    def _may_see_token(self, url: str) -> bool:
        """Tokens go to the endpoint itself and never in the clear over a network."""
        here, there = urlsplit(self.endpoint), urlsplit(url)
        same = (here.scheme, here.netloc) == (there.scheme, there.netloc)
        return same and (there.scheme == "https" or there.hostname in _LOOPBACK)

    @staticmethod
    def _host(url: str) -> str:
        return urlsplit(url).hostname or url


def asked_to_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds that a refusal asks for: the Hub's RateLimit header, else Retry-After as seconds or a date."""
    limit: dict[str, str] = {}
    for part in headers.get("ratelimit", "").split(";"):
        name, _, value = part.strip().partition("=")
        limit[name] = value
    if limit.get("r") == "0" and limit.get("t", "").isdecimal():
        return float(limit["t"]) + 1
    after = headers.get("retry-after", "").strip()
    if after.isdecimal():
        return float(after)
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, parsedate_to_datetime(after).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def refusal(answer: Answer, with_token: bool) -> Failure | None:
    """What an answer's code means; None where it is a success.

    Only what the Hub itself says of a repository counts: an answer that it did not sign is an outage, not an absence.
    """
    if answer.code == 200:
        return None
    kind = answer.headers.get("x-error-code", "")
    said = answer.headers.get("x-error-message", "") or _error_of(answer.body)
    status, why = _meaning(answer.code, kind, said, with_token)
    return Failure(status, f"{why} (HTTP {answer.code})")


def _meaning(code: int, kind: str, said: str, with_token: bool) -> tuple[Status, str]:
    if kind == "GatedRepo":
        return "gated", "its owner must grant access" if code == 403 else "a token with access is needed"
    if kind == "RepoNotFound":
        return "missing", "the Hub knows no such repository, or it is private" if code == 401 else "no such repository"
    if kind == "RevisionNotFound":
        return "missing", "the repository has no such revision"
    if kind == "EntryNotFound":
        return "missing", "no such file"
    if "disabled" in said.lower() and code == 403:
        return "missing", "disabled by the Hub"
    if code == 401 and "credentials" in said.lower():
        return "unreachable", "the Hub does not accept this token"
    if code == 401 and said and not with_token:
        # Without a token the Hub says the same of what does not exist and of what is private.
        return "missing", "no such repository, or it is private"
    if code in (404, 410, 451) and said:
        return "missing", "withdrawn for legal reasons" if code == 451 else "not found"
    if code in (401, 403):
        return "unreachable", "access refused without a reason"
    return "unreachable", NOT_THE_HUB if code < 500 else "the Hub failed"


def _error_of(body: bytes) -> str:
    """The `error` of a JSON body, as the Hub sends it."""
    import json

    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    error = said.get("error") if isinstance(said, dict) else None
    return error if isinstance(error, str) else ""


def _plain(error: Exception) -> str:
    """An error in a few words on one line."""
    words = " ".join(str(error).split())[:200]
    return words or type(error).__name__


def _user_agent() -> str:
    from auditor import __version__

    return f"auditor/{__version__}"
