"""What each kind of refusal by the Hub means: gated, missing, or an outage."""

from __future__ import annotations

import json

from auditor.model import Failure, Status
from auditor.sources.wire import NOT_THE_HUB, Answer


def refusal(answer: Answer, with_token: bool) -> Failure | None:
    """What an answer's code means; None where it is a success.

    Only what the Hub itself says of a repository counts: an answer that it did not sign is an outage, not an absence.
    """
    if answer.code in (200, 206):
        return None
    kind = answer.headers.get("x-error-code", "")
    said = answer.headers.get("x-error-message", "") or _error_of(answer.body)
    status, why = _meaning(answer.code, kind, said, with_token)
    return Failure(status, f"{why} (HTTP {answer.code})")


def _meaning(code: int, kind: str, said: str, with_token: bool) -> tuple[Status, str]:
    if kind == "GatedRepo":
        return "gated", "its owner must grant access" if code == 403 else "a token with access is needed"
    if kind == "RepoNotFound":
        return "missing", "the Hub knows no such repository, or it is private" if code == 401 else "no such repository"
    if kind == "RevisionNotFound":
        return "missing", "the repository has no such revision"
    if kind == "EntryNotFound":
        return "missing", "no such file"
    if "disabled" in said.lower() and code == 403:
        return "missing", "disabled by the Hub"
    if code == 401 and "credentials" in said.lower():
        return "unreachable", "the Hub does not accept this token"
    if code == 401 and said and not with_token:
        # Without a token the Hub says the same of what does not exist and of what is private.
        return "missing", "no such repository, or it is private"
    if code in (404, 410, 451) and said:
        return "missing", "withdrawn for legal reasons" if code == 451 else "not found"
    if code == 416:
        return "malformed", "an empty file"
    if code in (401, 403):
        return "unreachable", "access refused without a reason"
    return "unreachable", NOT_THE_HUB if code < 500 else "the Hub failed"


def _error_of(body: bytes) -> str:
    """The `error` of a JSON body, as the Hub sends it."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    error = said.get("error") if isinstance(said, dict) else None
    return error if isinstance(error, str) else ""
