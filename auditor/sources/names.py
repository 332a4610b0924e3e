"""Names of repositories and files that come from outside: which are sound, and how one becomes a name on disk."""

from __future__ import annotations

import hashlib
import string
from pathlib import Path
from urllib.parse import quote

from auditor.model import RepoId

_HUB_LETTERS = frozenset(string.ascii_letters + string.digits + "._-")
_LONGEST_ID = 200  # the Hub allows 96 today, older repositories are longer
_LONGEST_FILE = 150  # file systems stop at 255 bytes
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))]
)


def is_hub_name(name: str) -> bool:
    """Whether `name` can be a repository of the Hub: `org/name`, or the bare name of an old one."""
    parts = name.split("/")
    return (
        len(name) <= _LONGEST_ID
        and len(parts) <= 2
        and all(part and _HUB_LETTERS.issuperset(part) and part.strip(".") and ".." not in part for part in parts)
    )


def is_revision(text: str) -> bool:
    """Whether `text` can be a branch, tag, commit or `refs/pr/<n>`: git allows no empty name and no two dots."""
    return 0 < len(text) <= _LONGEST_ID and text.isprintable() and text.strip("./") != "" and ".." not in text


def disk_name(text: str) -> str:
    """A file name that stands for `text` on every file system and can never lead out of its folder."""
    safe = quote(text.encode("utf-8", "surrogatepass"), safe=" +()[],=@").rstrip(" ")
    start = len(safe) - len(safe.lstrip("."))
    end = len(safe) - len(safe.rstrip("."))
    if start:
        safe = "%2E" * start + safe[start:]
    if end and safe.endswith("."):
        safe = safe[:-end] + "%2E" * end
    if safe.partition(".")[0].lower() in _DEVICES:
        safe = f"%{ord(safe[0]):02X}{safe[1:]}"
    if len(safe) > _LONGEST_FILE or not safe:
        safe = f"{safe[:100]}~{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
    return safe


def repo_folder(base: Path, ref: RepoId) -> Path:
    """Where below `base` a repository is kept: `models/<org>/<name>` or `datasets/<org>/<name>`."""
    folder = base / f"{disk_name(ref.kind)}s"
    parts = ref.name.split("/")
    for part in parts if len(parts) <= 2 else [ref.name]:
        folder /= disk_name(part)
    return folder
