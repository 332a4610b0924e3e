"""The live source against a Hub that nobody here wrote: olah serves local git repositories to the real client.

Set AUDITOR_OLAH to the path of `olah-cli`, installed (0.5.4) into an environment of its own.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.model import RepoId
from auditor.sources.hub import HubSource

pytestmark = pytest.mark.olah

CARD = "---\nlicense: mit\nbase_model: lab/base\n---\n# Chat\n"
TALK = "---\nlicense: cc-by-4.0\n---\n# Talk\n"


def git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main"]
    return subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def repository(base: Path, kind: str, name: str, files: dict[str, str]) -> str:
    """A git repository below `mirrors`, and what olah needs to answer for its head; returns the commit."""
    folder = base / "mirrors" / kind / name
    folder.mkdir(parents=True)
    git(folder, "init")
    for path, text in files.items():
        (folder / path).write_text(text)
    git(folder, "add", ".")
    git(folder, "commit", "-m", "first")
    git(folder, "tag", "v1")
    commit = git(folder, "rev-parse", "HEAD")
    head = base / "repos" / "api" / kind / name / "revision" / commit / "meta_head.json"
    head.parent.mkdir(parents=True)
    head.write_text(json.dumps({"sha": commit, "lastModified": "2024-05-01T10:00:00.000Z"}))
    return commit


@pytest.fixture(scope="module")
def commits() -> dict[str, str]:
    return {}


@pytest.fixture(scope="module")
def olah(tmp_path_factory: pytest.TempPathFactory, commits: dict[str, str]) -> Iterator[HubSource]:
    program = os.environ.get("AUDITOR_OLAH")
    if not program:
        pytest.skip("set AUDITOR_OLAH to the path of olah-cli")
    base = tmp_path_factory.mktemp("olah")
    chat = {"README.md": CARD, "LICENSE": "Do as you like.\n", "config.json": "{}"}
    commits["model"] = repository(base, "models", "acme/chat", chat)
    commits["dataset"] = repository(base, "datasets", "acme/talk", {"README.md": TALK})
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (base / "olah.toml").write_text(
        f'[basic]\nhost = "127.0.0.1"\nport = {port}\nrepos-path = "{base}/repos"\n'
        f'mirrors-path = ["{base}/mirrors"]\n[accessibility]\noffline = true\n'
    )
    with (base / "out").open("wb") as out:
        server = subprocess.Popen(
            [program, "-c", str(base / "olah.toml"), "--log-path", str(base / "logs")], cwd=base, stdout=out, stderr=out
        )
    try:
        _await(port, server)
        yield HubSource(f"http://127.0.0.1:{port}", token=False, backoff=0.01)
    finally:
        server.terminate()
        server.wait(10)


def _await(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert server.poll() is None, "olah did not start"
            time.sleep(0.1)
    raise AssertionError("olah does not listen")


def test_a_model_is_read(olah: HubSource, commits: dict[str, str]) -> None:
    content = olah.fetch(RepoId("model", "acme/chat"))
    assert (content.status, content.revision, content.failures) == ("resolved", commits["model"], ())
    assert content.info["cardData"] == {"license": "mit", "base_model": "lab/base"}
    assert {d.path: d.text for d in content.documents}["README.md"] == CARD
    assert {d.path for d in content.documents} == {"README.md", "LICENSE"}


def test_revisions_are_read(olah: HubSource, commits: dict[str, str]) -> None:
    by_tag = olah.fetch(RepoId("model", "acme/chat"), "v1")
    by_commit = olah.fetch(RepoId("model", "acme/chat"), commits["model"])
    assert (by_tag.status, by_tag.pinned) == ("resolved", False)
    assert (by_commit.status, by_commit.pinned) == ("resolved", True)


def test_a_dataset_is_read(olah: HubSource, commits: dict[str, str]) -> None:
    content = olah.fetch(RepoId("dataset", "acme/talk"))
    assert (content.status, content.revision) == ("resolved", commits["dataset"])
    assert [d.text for d in content.documents] == [TALK]


def test_what_it_lacks_is_missing(olah: HubSource) -> None:
    assert olah.fetch(RepoId("model", "acme/none")).status == "missing"
    assert olah.fetch(RepoId("model", "acme/chat"), "v9").status == "missing"
