"""How the license tag of a repository changed from commit to commit, as far as the Hub tells."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from auditor.model import Failure, RepoId
from auditor.sources.hub import INFO_BYTES, HubSource
from auditor.sources.refusal import refusal
from auditor.sources.wire import Answer

MOST = 300  # commits looked at, newest first; each costs a request


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
    rows, doubts = _commits(source, ref, revision, most)
    steps: list[Step] = []
    for row, told in zip(rows, _at_commits(source, ref, [row["id"] for row in rows]), strict=True):
        if isinstance(told, Failure):
            doubts.append(f"commit {row['id'][:12]}: {told.why}")
            continue
        licenses = _licenses(told)
        if not steps or steps[-1].licenses != licenses:
            steps.append(Step(row["id"], str(row.get("date", "")), str(row.get("title", "")), licenses))
    return History(tuple(steps), tuple(doubts))


def _commits(source: HubSource, ref: RepoId, revision: str | None, most: int) -> tuple[list[Any], list[str]]:
    """Up to `most` commits, oldest first, page after page; and what is missing of them."""
    path = f"/api/{ref.kind}s/{ref.name}/commits/{quote(revision or 'main', safe='')}"
    rows: dict[str, Any] = {}
    page = ""
    while True:
        found, page = _read(source, path, page)
        if isinstance(found, Failure) or not isinstance(found, list):
            why = found.why if isinstance(found, Failure) else "an answer of another shape"
            older = "the older commits of" if rows else "the commits of"
            return list(rows.values())[:most][::-1], [f"{older} {ref.id}: {why}"]
        known = len(rows)
        rows |= {row["id"]: row for row in found if isinstance(row, Mapping) and _is_commit(row.get("id"))}
        if len(rows) > most or not page or len(rows) == known:  # a page that brings nothing new leads nowhere
            cut = len(rows) > most or (page and len(rows) == most)
            doubts = [f"only the last {most} commits were looked at"] if cut else []
            return list(rows.values())[:most][::-1], doubts


def _at_commits(source: HubSource, ref: RepoId, commits: list[str]) -> Iterator[Any]:
    """The metadata at each commit, or the Failure to read it; a few at a time."""

    def ask(commit: str) -> Any:
        return _read(source, f"/api/{ref.kind}s/{ref.name}/revision/{commit}", "expand=cardData")[0]

    for start in range(0, len(commits), source.parallel):
        calls = [functools.partial(ask, commit) for commit in commits[start : start + source.parallel]]
        yield from source.wire.at_once(calls)


def _read(source: HubSource, path: str, query: str) -> tuple[Any, str]:
    """The JSON at a path of the Hub's interface, or the Failure to read it; and the query of the page after it."""
    answer = source.wire.get(source.endpoint + path + (f"?{query}" if query else ""), INFO_BYTES)
    if isinstance(answer, Answer) and answer.code == 400 and query:  # a mirror that knows no such parameter
        answer = source.wire.get(source.endpoint + path, INFO_BYTES)
    if isinstance(answer, Failure):
        return answer, ""
    refused = refusal(answer, True)
    if refused:
        return refused, ""
    try:
        return json.loads(answer.body), _next_page(answer.headers.get("link", ""))
    except (ValueError, RecursionError):
        return Failure("malformed", "the Hub's answer is not valid JSON"), ""


def _next_page(link: str) -> str:
    """The query of the link to the next page. Its host is left out: behind a mirror it names the public Hub."""
    for part in link.split(","):
        place, _, kind = part.partition(";")
        if kind.replace(" ", "") == 'rel="next"':
            return urlsplit(place.strip().strip("<>")).query
    return ""


def _is_commit(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 40 and set(value) <= set("0123456789abcdef")


def _licenses(info: Any) -> tuple[str, ...]:
    card = info.get("cardData") if isinstance(info, Mapping) else None
    value = card.get("license") if isinstance(card, Mapping) else None
    values = value if isinstance(value, list) else [value]
    return tuple(str(v)[:200] for v in values if isinstance(v, str) and v)
