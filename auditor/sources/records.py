"""A repository's content as JSON and back: what the cache and the snapshot keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, get_args

from auditor.model import Document, Failure, RepoContent, RepoId, Span, Statement, Status

_STATUSES = frozenset(get_args(Status))


def to_json(content: RepoContent) -> dict[str, Any]:
    """The content as plain values."""
    return asdict(content)


def from_json(kept: Mapping[str, Any]) -> RepoContent:
    """The content again. Raises ValueError, TypeError, KeyError or AttributeError where `kept` is not what
    `to_json` writes: a snapshot may come from anybody."""
    ref, info = kept["ref"], kept["info"]
    if ref["kind"] not in ("model", "dataset") or kept["status"] not in _STATUSES or not isinstance(info, dict):
        raise ValueError("not a repository's record")
    return RepoContent(
        ref=RepoId(ref["kind"], _text(ref["name"])),
        status=kept["status"],
        why=_text(kept["why"]),
        hub_id=_maybe(kept["hub_id"]),
        revision=_maybe(kept["revision"]),
        pinned=kept["pinned"] is True,
        info=info,
        documents=tuple(
            Document(_text(d["path"]), _text(d["text"]), d["truncated"] is True) for d in kept["documents"]
        ),
        statements=tuple(_statement(s) for s in kept["statements"]),
        failures=tuple(Failure(f["status"], _text(f["why"]), _maybe(f["path"])) for f in kept["failures"]),
        redirected_from=tuple(_text(name) for name in kept["redirected_from"]),
        as_of=_maybe(kept["as_of"]),
    )


def _statement(kept: Mapping[str, Any]) -> Statement:
    return Statement(_text(kept["field"]), kept["value"], Span(**kept["span"]), kept["how"], _maybe(kept["relation"]))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("text expected")
    return value


def _maybe(value: Any) -> str | None:
    return None if value is None else _text(value)
