"""A Hub of three repositories, one of them to be broken in every way, and a source with hardly any patience."""

from __future__ import annotations

from typing import Any

from auditor.model import RepoContent, RepoId
from auditor.sources.hub import HubSource
from tests.support.hub_server import Fault, LocalHub, Repo

CHAT = RepoId("model", "acme/chat")
CARD = "---\nlicense: mit\n---\n# Chat\n"
FILES: dict[str, str | bytes] = {"README.md": CARD, "LICENSE": "Do as you like.\n", "config.json": "{}"}
API, README, LICENSE, CONFIG = "/api/models/acme/chat", "README.md", "/LICENSE", "/config.json"
HTML = Fault(body=b"<!DOCTYPE html><title>Sign in</title>", kind="text/html")


def chat_repos() -> dict[str, Repo]:
    """The repositories, anew for each test."""
    return {
        "acme/chat": Repo(dict(FILES), revisions={"v1": {"README.md": "---\nlicense: apache-2.0\n---\n"}}),
        "lab/gated": Repo({"README.md": CARD, "LICENSE": "Ask.\n"}, gated="auto"),
        "lab/large": Repo({"README.md": CARD, "LICENSE": "Kept elsewhere.\n"}, lfs=frozenset(["LICENSE"])),
    }


def source(hub: LocalHub, **options: Any) -> HubSource:
    """A source with no patience to speak of, so that tests are quick."""
    return HubSource(hub.url, **{"token": False, "timeout": 20, "patience": 1.0, "backoff": 0.001, **options})


def with_fault(hub: LocalHub, part: str, *answers: Fault | None, **options: Any) -> RepoContent:
    """acme/chat, read while requests with `part` in their path get these answers, one after the other."""
    hub.faults[part] = list(answers)
    return source(hub, **options).fetch(CHAT)
