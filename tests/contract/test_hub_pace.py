"""Waiting: quotas are not overrun, refusals are waited out, and no server can hold a run for ever."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from auditor.lineage.walk import walk
from auditor.model import RepoId
from auditor.sources.hub import HubSource
from auditor.sources.pace import Patience, read_quota
from tests.support.hub_server import Fault, LocalHub, Quota, Repo

CARD = "---\nlicense: mit\n---\n"
CHAT = RepoId("model", "acme/chat")


def source(url: str, **options: Any) -> HubSource:
    return HubSource(url, **{"token": False, "timeout": 20, "patience": 5.0, "backoff": 0.001, **options})


def many(number: int) -> dict[str, Repo]:
    return {f"acme/m{n}": Repo({"README.md": CARD}) for n in range(number)}


def test_a_quota_is_not_overrun() -> None:
    quota = Quota(10, 1)
    with LocalHub(many(14), quota=quota) as hub:
        hubs = source(hub.url)
        statuses = {hubs.fetch(RepoId("model", name)).status for name in hub.repos}
    assert (statuses, quota.refused) == ({"resolved"}, 0)


def test_many_at_once_get_through_a_quota() -> None:
    with LocalHub(many(30), quota=Quota(20, 1)) as hub:
        found = walk([(RepoId("model", name), None) for name in hub.repos], source(hub.url))
    assert {c.status for c in found.contents.values()} == {"resolved"}


def test_a_quota_beyond_the_budget_is_used_up_and_then_said() -> None:
    with LocalHub(many(12), quota=Quota(10, 60)) as hub:
        hubs = source(hub.url, patience=1.0)
        statuses = [hubs.fetch(RepoId("model", name)).status for name in hub.repos]
    assert statuses == ["resolved"] * 10 + ["unreachable"] * 2


def test_few_left_are_spread_over_what_remains_of_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("auditor.sources.pace.time.sleep", slept.append)
    for left, least, most in ((500, None, None), (9, 3.5, 4.0), (0, 35, 40)):
        slept.clear()
        patience = Patience(100, 0)
        patience.note("api", {"ratelimit": f'"api";r={left};t=40'})
        patience.pace("api")
        patience.pace("file")  # counted apart
        assert (slept == []) if least is None else (len(slept) == 1 and least <= slept[0] <= most)


@pytest.mark.parametrize(
    ("header", "quota"),
    [
        ('"api";r=12;t=55', (12, 55)),
        ('"api"; r=0; t=0', (0, 0)),
        ("", None),
        ('"api";r=-1;t=5', None),
        ('"api";r=1', None),
        ('"api";r=1;t=' + "9" * 5000, None),
    ],
)
def test_quotas(header: str, quota: tuple[int, int] | None) -> None:
    assert read_quota({"ratelimit": header}) == quota


def test_waits_double_and_differ() -> None:
    patience = Patience(0, 1.0)
    first = {patience.before_try(1) for _ in range(20)}
    assert len(first) > 10
    assert all(0.75 <= pause <= 1.25 for pause in first)
    assert all(3 <= patience.before_try(3) <= 5 for _ in range(20))


def test_threads_wait_out_one_limit_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.sources.pace.time", SimpleNamespace(monotonic=lambda: 100.0, sleep=lambda _: None))
    patience = Patience(1.8, 0)
    assert all(patience.wait(1.0) for _ in range(6))  # one after another they would cost 6 s
    assert patience.left == pytest.approx(0.8)
    assert not patience.wait(2.0)


def test_a_limit_is_waited_out() -> None:
    with LocalHub(many(6)) as hub:
        hub.faults = {f"m{n}?": [Fault(429, headers={"Retry-After": "1"}), None] for n in range(6)}
        began = time.monotonic()
        found = walk([(RepoId("model", name), None) for name in hub.repos], source(hub.url, patience=30))
        took = time.monotonic() - began
    assert {c.status for c in found.contents.values()} == {"resolved"}
    assert took >= 1


@contextmanager
def trickle(piece: bytes, pause: float) -> Iterator[str]:
    """A server that says `piece` over and over, to everyone, for ever."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        stop = threading.Event()

        def answer(client: socket.socket) -> None:
            with client:
                try:
                    client.sendall(b"HTTP/1.1 200 OK\r\n")
                    while not stop.wait(pause):
                        client.sendall(piece)
                except OSError:
                    pass

        def serve() -> None:
            while True:
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=answer, args=(client,), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        stop.set()


@pytest.mark.parametrize("piece", [b"X-Slow: 1\r\n", b"X"], ids=["headers", "a header"])
def test_headers_that_never_end_are_given_up(piece: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte starts the client's own timeout anew; the deadline is ours."""
    monkeypatch.setattr("auditor.sources.wire._SLOWEST", 0.02)  # so that it ends long before that timeout
    with trickle(piece, 0.02) as url:
        content = source(url, timeout=20, patience=0).fetch(CHAT)
    assert content.status == "unreachable"
    assert "too slowly" in content.why
