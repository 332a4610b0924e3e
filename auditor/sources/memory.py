"""Repositories written down as mappings: what the examples of rules and the tests run on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from auditor.model import Document, RepoContent, RepoId

_SPECIAL = ("status", "why", "files", "revision", "gated")
_QUANTIZED = ("gguf", "awq", "gptq", "exl2", "bitsandbytes")


class MemorySource:
    """A Hub of a handful of repositories.

    `repos` maps `org/name` or `datasets/org/name` to the keys of its card's front matter, besides which may stand
    `files` ({path: text}; the text of README.md is the prose below the front matter), `gated`, `revision`, and
    `status` with `why`. An id that is not listed is missing.
    """

    kind = "memory"
    as_of: str | None = None
    parallel = 1

    def __init__(self, repos: Mapping[str, Mapping[str, Any] | None]) -> None:
        self._repos = {name: dict(value or {}) for name, value in repos.items()}

    def fetch(self, ref: RepoId, revision: str | None = None) -> RepoContent:
        """The repository in the shape in which the Hub gives it. Never raises."""
        entry = self._repos.get(ref.id)
        if ref.kind not in ("model", "dataset") or entry is None:
            return RepoContent(ref, "missing", "not among the repositories given")
        status = entry.get("status", "resolved")
        commit = str(entry.get("revision") or hashlib.sha1(ref.id.encode(), usedforsecurity=False).hexdigest())
        if revision not in (None, "main", commit):
            return RepoContent(ref, "missing", f"the repository has no revision {revision}")
        if status not in ("resolved", "gated"):
            return RepoContent(ref, status, entry.get("why") or f"{status}, as the example says")
        documents = tuple(_documents(entry))
        return RepoContent(
            ref,
            status,
            entry.get("why") or ("its files are gated" if status == "gated" else ""),
            hub_id=hashlib.sha1(f"hub:{ref.id}".encode(), usedforsecurity=False).hexdigest()[:24],
            revision=commit,
            pinned=revision == commit,
            info=_info(ref, entry, commit, [d.path for d in documents]),
            documents=() if status == "gated" else documents,  # the Hub shows a gated card's metadata, not its files
        )


def _info(ref: RepoId, entry: Mapping[str, Any], commit: str, paths: list[str]) -> dict[str, Any]:
    """The Hub's metadata answer; `cardData` is absent, as there, where the card has no front matter."""
    card = _card(entry)
    gated = entry.get("gated", "auto" if entry.get("status") == "gated" else False)
    info: dict[str, Any] = {
        "id": ref.name,
        "author": ref.name.partition("/")[0],
        "sha": commit,
        "gated": gated,
        "disabled": False,
        "tags": _tags(card, paths),
        "siblings": [{"rfilename": path} for path in paths],
    }
    if "library_name" in card:
        info["library_name"] = card["library_name"]
    if card:
        info["cardData"] = card
    return info


def _card(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key not in _SPECIAL}


def _documents(entry: Mapping[str, Any]) -> Iterable[Document]:
    """The files; the card gets the front matter written above its prose, one key a line so that lines can be cited."""
    files = {str(path): str(text) for path, text in (entry.get("files") or {}).items()}
    prose, card = files.pop("README.md", None), _card(entry)
    if card and not (prose or "").startswith("---"):
        rows = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in card.items())
        prose = f"---\n{rows}---\n{prose or ''}"
    if prose is not None:
        yield Document("README.md", prose)
    for path, text in sorted(files.items()):
        yield Document(path, text)


def _tags(card: Mapping[str, Any], paths: list[str]) -> list[str]:
    """The tags that the Hub would derive from the card: its own, then library, licenses, base models, datasets."""
    own = _words(card.get("tags"))
    tags = [*own, *_words(card.get("library_name"))]
    tags += [f"license:{name.lower()}" for name in _words(card.get("license"))]
    bases = _words(card.get("base_model"))
    relation = card.get("base_model_relation") or _relation(own, bases, card, paths)
    tags += [f"base_model:{base}" for base in bases]
    tags += [f"base_model:{relation}:{base}" for base in bases]
    return tags + [f"dataset:{name}" for name in _words(card.get("datasets"))]


def _relation(own: list[str], bases: list[str], card: Mapping[str, Any], paths: list[str]) -> str:
    """The relation that the Hub infers where the card names none."""
    if "adapter_config.json" in paths or card.get("library_name") in ("peft", "adapter-transformers"):
        return "adapter"
    if any(tag.lower() in _QUANTIZED for tag in own) or any(path.endswith(".gguf") for path in paths):
        return "quantized"
    return "merge" if len(bases) > 1 or "merge" in own else "finetune"


def _words(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
