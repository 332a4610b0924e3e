"""A folder that holds repositories as they were on one day: written by `auditor snapshot`, read back without a network.

DIR/snapshot.json                         schema, date, where it came from, older names
DIR/{models,datasets}/<org>/<name>/       info.json, and files/ with what was read
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from auditor.errors import UsageError
from auditor.model import RepoContent, RepoId
from auditor.resources import write_atomically
from auditor.sources.names import disk_name, repo_folder
from auditor.sources.records import from_json, to_json

SCHEMA = "auditor.snapshot/1"
_MOST_BYTES = 64_000_000


def write_snapshot(
    contents: Iterable[RepoContent],
    folder: Path,
    *,
    origin: str = "",
    asked: Mapping[str, str | None] | None = None,
) -> int:
    """Write the contents below `folder`, new or empty, and return their number.

    Raises OSError, and UsageError where the folder holds something: repositories of another day must not mix in.

    `origin` says where they come from. `asked` maps node ids to the revision by which they were asked for (a tag, a
    branch), so that the same words find them again.
    """
    refuse_used(folder)
    contents = [c for c in contents if c.ref.kind in ("model", "dataset")]
    names: dict[str, str] = {}
    for content in contents:
        prefix = "datasets/" if content.ref.kind == "dataset" else ""
        names |= {f"{prefix}{old}": content.ref.name for old in content.redirected_from}
        _write(content, repo_folder(folder, content.ref), (asked or {}).get(content.ref.id))
    day = min((c.as_of or _today() for c in contents), default=_today())  # the oldest: a copy of a copy gets no younger
    head = {"schema": SCHEMA, "date": day, "origin": origin, "names": dict(sorted(names.items()))}
    write_atomically(folder / "snapshot.json", json.dumps(head, indent=1) + "\n")
    return len(contents)


def refuse_used(folder: Path) -> None:
    """Raise UsageError unless `folder` is new or empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not empty", remedy="Remove it, or name a new folder.")


def _write(content: RepoContent, folder: Path, asked: str | None) -> None:
    kept = to_json(content) | {"asked": asked}
    used: set[str] = set()
    for document in kept["documents"]:
        name = disk_name(document["path"])
        while name.lower() in used:  # LICENSE and license are one file on many disks
            name += "~"
        used.add(name.lower())
        write_atomically(folder / "files" / name, document.pop("text").encode("utf-8", "surrogatepass"))
        document["file"] = name
    write_atomically(folder / "info.json", json.dumps(kept, indent=1) + "\n")


class SnapshotSource:
    """The repositories of a snapshot. Raises UsageError where `folder` holds none."""

    kind = "snapshot"
    parallel = 1

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            head = json.loads((folder / "snapshot.json").read_bytes())
            if head["schema"] != SCHEMA:
                raise ValueError(f"schema {head['schema']}, expected {SCHEMA}")
            self.as_of: str | None = str(head["date"])
            self._names = {str(old): str(new) for old, new in head["names"].items()}
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise UsageError(
                f"{folder} is not a snapshot: {error}", remedy="write one with: auditor snapshot TARGET -o DIR"
            ) from error

    def fetch(self, ref: RepoId, revision: str | None = None) -> RepoContent:
        """The repository as it was recorded, found by older names too. Never raises."""
        if ref.kind not in ("model", "dataset"):
            return RepoContent(ref, "missing", "not a repository", as_of=self.as_of)
        found = replace(ref, name=self._names.get(ref.id, ref.name))
        folder = repo_folder(self.folder, found)
        if not (folder / "info.json").is_file():
            return RepoContent(ref, "missing", f"not in the snapshot of {self.as_of}", as_of=self.as_of)
        try:
            kept = json.loads(self._bytes(folder / "info.json"))
            for document in kept["documents"]:
                document["text"] = self._file(folder, document["file"])
            content = from_json(kept)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            return RepoContent(ref, "malformed", f"its record in the snapshot is damaged: {error}", as_of=self.as_of)
        if content.ref != found:
            return RepoContent(ref, "malformed", "its record in the snapshot is of another one", as_of=self.as_of)
        if revision not in (None, "main", content.revision, kept.get("asked")):
            return RepoContent(
                ref, "missing", f"the snapshot holds {content.revision}, not {revision}", as_of=self.as_of
            )
        pinned = revision is not None and revision == content.revision
        return replace(content, pinned=pinned, as_of=content.as_of or self.as_of)

    def _file(self, folder: Path, name: Any) -> str:
        if not isinstance(name, str) or set(name) & set("/\\\0:") or name in ("", ".", ".."):
            raise ValueError("a file name that is none")
        return self._bytes(folder / "files" / name).decode("utf-8", "surrogatepass")

    def _bytes(self, path: Path) -> bytes:
        """A regular file of the snapshot. A link that leads out of it is refused: the folder may come from anybody."""
        if not path.resolve().is_relative_to(self.folder.resolve()) or not path.is_file():
            raise ValueError(f"{path.name} is not a file of the snapshot")
        with path.open("rb") as file:
            return file.read(_MOST_BYTES)


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
