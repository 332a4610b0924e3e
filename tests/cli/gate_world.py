"""A small repository of code and a snapshot of the models that it uses, for the tests of the gate."""

from __future__ import annotations

import functools
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from auditor.model import RepoId
from auditor.report.schemas import SCHEMAS
from auditor.sources.memory import MemorySource
from auditor.sources.snapshot import write_snapshot

OPEN, CLOSED_OFF, CHAT = "lab/open-7b", "lab/research-7b", "acme/chat-7b"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
DATA = {"datasets": ["lab/talk"]}
REPOS: Mapping[str, Mapping[str, Any]] = {
    OPEN: {"license": "apache-2.0", "revision": COMMIT, **DATA},
    CLOSED_OFF: {"license": "cc-by-nc-4.0", **DATA},
    CHAT: {"license": "cc-by-nc-4.0", "base_model": CLOSED_OFF, **DATA},
    "datasets/lab/talk": {"license": "cc0-1.0"},
}


class World:
    """A folder `repo` with code in it and a folder `hub` with a snapshot."""

    def __init__(self, base: Path) -> None:
        self.repo, self.hub = base / "repo", base / "hub"
        self.repo.mkdir()
        self.publish()

    def publish(self, **changed: Mapping[str, Any] | None) -> None:
        """Make the snapshot anew; `changed` replaces repositories by id, None deletes one."""
        repos = {name: entry for name, entry in {**REPOS, **changed}.items() if entry is not None}
        shutil.rmtree(self.hub, ignore_errors=True)
        source = MemorySource(repos)
        write_snapshot([source.fetch(_ref(name)) for name in repos], self.hub, origin="test", asked={OPEN: "v1"})

    def write(self, file: str, text: str) -> None:
        """A file of the repository."""
        path = self.repo / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def load(self, *names: str, file: str = "train.py", after: str = "") -> None:
        """A program that loads the models, one a line from line 3 on."""
        calls = "".join(f'AutoModel.from_pretrained("{name}"){after}\n' for name in names)
        self.write(file, f"from transformers import AutoModel\n\n{calls}")

    def policy(self, text: str) -> None:
        """The policy of the repository."""
        self.write("auditor.toml", text)


def _ref(name: str) -> RepoId:
    dataset = name.startswith("datasets/")
    return RepoId("dataset" if dataset else "model", name.removeprefix("datasets/"))


def report(gate: Any, *more: str) -> dict[str, Any]:
    """The gate's answer in JSON, which meets its schema."""
    found: dict[str, Any] = json.loads(gate("--format", "json", *more).out)
    _report_schema().validate(found)
    return found


@functools.cache
def _report_schema() -> Any:
    import jsonschema  # takes seconds, which most tests can do without

    return jsonschema.Draft202012Validator(SCHEMAS["report"]())


def of(found: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """The findings of one rule or family."""
    return [f for f in found["findings"] if f["name"] == name]
