"""How the license tag of a repository changed from commit to commit, as far as the Hub tells."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from auditor.model import Failure, RepoId
from auditor.sources.hub import INFO_BYTES, HubSource
from auditor.sources.refusal import refusal
from auditor.sources.wire import Answer

MOST = 50  # commits looked at, newest first


@dataclass(frozen=True, slots=True)
class Step:
    """The license tags at one commit and after it, until the next step. `date` is as the Hub writes it."""

    commit: str
    date: str
    title: str
    licenses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class History:
    """Steps, oldest first, with the first commit seen and each that changed the tag. `doubts` say what was not read."""

    steps: tuple[Step, ...] = ()
    doubts: tuple[str, ...] = ()


def license_history(source: Any, ref: RepoId, revision: str | None = None, most: int = MOST) -> History:
    """The license tags over the last `most` commits. Never raises; a source that knows no commits says so."""
    if not isinstance(source, HubSource):
        return History(doubts=(f"the source {getattr(source, 'kind', '')} lists no commits",))
    commits = _read(source, f"/api/{ref.kind}s/{ref.name}/commits/{quote(revision or 'main', safe='')}")
    if isinstance(commits, Failure):
        return History(doubts=(f"the commits of {ref.id}: {commits.why}",))
    if not isinstance(commits, list):
        return History(doubts=(f"the commits of {ref.id}: an answer of another shape",))
    rows = [row for row in commits if isinstance(row, Mapping) and _is_commit(row.get("id"))]
    doubts = [f"only the last {most} commits were looked at"] if len(rows) > most else []
    steps: list[Step] = []
    for row in reversed(rows[:most]):
        told = _read(source, f"/api/{ref.kind}s/{ref.name}/revision/{row['id']}?expand=cardData")
        if isinstance(told, Failure):
            doubts.append(f"commit {row['id'][:12]}: {told.why}")
            continue
        licenses = _licenses(told)
        if not steps or steps[-1].licenses != licenses:
            steps.append(Step(row["id"], str(row.get("date", "")), str(row.get("title", "")), licenses))
    return History(tuple(steps), tuple(doubts))


def _read(source: HubSource, path: str) -> Any:
    """The JSON at a path of the Hub's interface, or the Failure to read it."""
    answer = source._wire.get(source.endpoint + path, INFO_BYTES)
    if isinstance(answer, Answer) and answer.code == 400 and "?" in path:  # a mirror that knows no such parameter
        answer = source._wire.get(source.endpoint + path.partition("?")[0], INFO_BYTES)
    if isinstance(answer, Failure):
        return answer
    refused = refusal(answer, True)
    if refused:
        return refused
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        return Failure("malformed", "the Hub's answer is not valid JSON")


def _is_commit(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 40 and set(value) <= set("0123456789abcdef")


def _licenses(info: Any) -> tuple[str, ...]:
    card = info.get("cardData") if isinstance(info, Mapping) else None
    value = card.get("license") if isinstance(card, Mapping) else None
    values = value if isinstance(value, list) else [value]
    return tuple(str(v)[:200] for v in values if isinstance(v, str) and v)
