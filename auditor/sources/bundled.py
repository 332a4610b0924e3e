"""The repositories that ship with the project: dated metadata of well-known models and datasets, for work offline."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from auditor.model import RepoContent, RepoId
from auditor.resources import data_dir

Line = dict[str, Any]


class BundledSource:
    """Answers from `data/hub`: what a repository's metadata said on the day of its record. It holds no files.

    `folder` holds `models.jsonl`, `datasets.jsonl`, `curated.jsonl` and `about.json`; None means the shipped one.
    """

    kind = "bundled"
    parallel = 1

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or data_dir() / "hub"
        about = json.loads((self.folder / "about.json").read_bytes())
        self.as_of: str | None = about["as_of"]

    def fetch(self, ref: RepoId, revision: str | None = None) -> RepoContent:
        """The record of `ref`, found without regard to case and by older names. Never raises for what is asked."""
        line, older = self._follow(ref)
        if line is None:
            return RepoContent(ref, "missing", why=self._not_here())
        if "gone" in line:
            return RepoContent(ref, "missing", why=line["gone"], as_of=line["as_of"])
        info = line.get("info", {})
        sha = info.get("sha")
        if revision not in (None, "main", sha):
            why = f"the bundled data knows only its state of {line['as_of']}, not revision {revision}; use --source hub"
            return RepoContent(ref, "missing", why=why, as_of=line["as_of"])
        found = RepoId(ref.kind, line["id"].removeprefix("datasets/"))
        gated = info.get("gated")
        return RepoContent(
            found,
            "gated" if gated else "resolved",
            why="access to its files must be requested on the Hub; its metadata is public" if gated else "",
            hub_id=info.get("_id"),
            revision=sha,
            pinned=revision is not None and revision == sha,
            info=info | {"id": found.name},
            redirected_from=older,
            as_of=line["as_of"],
        )

    @functools.cached_property
    def size(self) -> int:
        """How many repositories are known."""
        return len({name.casefold() for name in self.ids()})

    def ids(self) -> Iterator[str]:
        """Every id of the bundle, datasets with the prefix `datasets/`; for suggestions."""
        for file, prefix in (("models.jsonl", ""), ("datasets.jsonl", "datasets/"), ("curated.jsonl", "")):
            for line in _read(self.folder / file).splitlines():
                if line:
                    yield prefix + line[len(_HEAD) : line.index(b'"', len(_HEAD))].decode("utf-8")

    def _follow(self, ref: RepoId) -> tuple[Line | None, tuple[str, ...]]:
        """The record, and the other names under which it was asked for. A record that moved names its new id."""
        name, older, last = ref.name, list[str](), None
        for _ in range(5):  # renames of renames; a circle of them ends here too
            line = self._line(ref.kind, name)
            if line is None:  # the record under the older name is all there is
                return ({**last, "id": name}, tuple(older)) if last and "info" in last else (None, ())
            found = line["id"].removeprefix("datasets/")
            if found != name:
                older.append(name)
            if "moved_to" not in line:
                return line, tuple(older)
            older.append(found)
            name, last = line["moved_to"].removeprefix("datasets/"), line
        return None, ()

    def _line(self, kind: str, name: str) -> Line | None:
        """The line of a repository; a curated line wins field by field."""
        dataset = kind == "dataset"
        plain = _find(_read(self.folder / ("datasets.jsonl" if dataset else "models.jsonl")), name)
        curated = _find(_read(self.folder / "curated.jsonl"), f"datasets/{name}" if dataset else name)
        return _overlay(plain, curated) if plain and curated else curated or plain

    def _not_here(self) -> str:
        return (
            f"not among the {self.size:,} repositories of the bundled data (as of {self.as_of}); "
            "audit it live with --source hub"
        )


def ids() -> Iterator[str]:
    """Every id of the shipped bundle."""
    return BundledSource().ids()


_HEAD = b'{"id":"'


@functools.cache
def _read(path: Path) -> bytes:
    """A file of lines, opened by a line end so that every record follows one."""
    return b"\n" + path.read_bytes() if path.exists() else b"\n"


@functools.cache
def _lowered(text: bytes) -> bytes:
    return text.lower()


def _find(text: bytes, name: str) -> Line | None:
    """The line whose id is `name`. Searching the bytes is many times faster than parsing the file."""
    key = json.dumps(name, ensure_ascii=False)[1:-1].encode("utf-8", "replace")
    start = text.find(b"\n" + _HEAD + key + b'"')
    if start < 0:
        start = _lowered(text).find(b"\n" + _HEAD.lower() + key.lower() + b'"')
    if start < 0:
        return None
    end = text.find(b"\n", start + 1)
    line: Line = json.loads(text[start + 1 : end])
    return line


def _overlay(plain: Line, curated: Line) -> Line:
    """`plain` with the fields of `curated` over it, one level deep into `info` and its `cardData`."""
    old, new = plain.get("info", {}), curated.get("info", {})
    info = old | new
    if "cardData" in old and "cardData" in new:
        info["cardData"] = old["cardData"] | new["cardData"]
    return plain | curated | {"info": info}
