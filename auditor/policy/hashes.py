"""Hashes of legal texts: what a waiver, a clarification and the lock hold on to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from auditor.model import RepoContent, RepoRecord, Statement
from auditor.parse.legal import role_of

_ROLES = ("license", "model-license", "code-license", "use-policy", "notice")


def sha256(text: str) -> str:
    """The hash of a text as UTF-8, in hexadecimal digits; that of the file where the file is plain UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def of_record(record: RepoRecord) -> dict[str, str]:
    """The legal files that were read, by path; where none were, those that a lock remembers."""
    read = {t.path: sha256(t.text) for t in record.legal if t.role in _ROLES and not t.offset}
    return read or remembered(record.statements)


def of_content(content: RepoContent) -> dict[str, str]:
    """The same before parsing: every file that was read, so that a card can be cited too."""
    read = {d.path: sha256(d.text) for d in content.documents}
    return read or remembered(content.statements)


def legal_files(content: RepoContent) -> dict[str, str]:
    """The legal files among them."""
    return {path: digest for path, digest in of_content(content).items() if role_of(path)}


def remembered(statements: Iterable[Statement]) -> dict[str, str]:
    """The hashes that a lock keeps."""
    for statement in statements:
        if statement.field == "locked" and isinstance(statement.value, Mapping):
            texts: Any = statement.value.get("texts")
            return {str(k): str(v) for k, v in texts.items()} if isinstance(texts, Mapping) else {}
    return {}
