"""The files of a tree: what git would track, or else a walk; links, heavy files and binaries are not read."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from auditor.inputs.references.reference import Skipped
from auditor.inputs.references.vocabulary import Globs

MAX_BYTES = 2_000_000
MAX_FILES = 500_000
NEVER = frozenset(
    {".git", ".hg", ".svn", "venv", ".venv", "node_modules", "__pycache__", "build", "dist", ".tox", ".nox", ".eggs"}
    | {"site-packages", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".ipynb_checkpoints", ".idea", ".cache"}
)


class Tree:
    """The paths below a root, relative with slashes, and what can be asked of them."""

    def __init__(self, root: Path, exclude: Iterable[str] = ()) -> None:
        self.root = root
        unwanted = [f"{e.rstrip('/')}{tail}" for e in exclude for tail in ("", "/*")]
        left_out = Globs(e.replace("**/", "*").replace("**", "*") for e in unwanted) if unwanted else None
        listed = _from_git(root) or _walk(root)
        self.files = sorted(f for f in listed if not _never(f) and not (left_out and left_out.fit(f)))
        self._known: frozenset[str] | None = None
        self._real = os.path.realpath(root)
        self._folders: dict[str, str] = {}

    def has(self, path: str, near: str = "") -> bool:
        """Whether a file or a folder of this path stands in the tree, seen from the root or from a file."""
        if self._known is None:
            folders = {str(p) for f in self.files for p in PurePosixPath(f).parents}
            self._known = frozenset(self.files) | folders
        beside = near.rpartition("/")[0]
        return path in self._known or (bool(beside) and f"{beside}/{path}" in self._known)

    def _folder(self, folder: str) -> str:
        """Where a folder of the tree really is; empty where a link stands in between."""
        if folder not in self._folders:
            wanted = os.path.join(self._real, *folder.split("/")) if folder else self._real
            self._folders[folder] = wanted if os.path.realpath(wanted) == wanted else ""
        return self._folders[folder]

    def read(self, path: str, limit: int = MAX_BYTES) -> bytes | Skipped | None:
        """The bytes of a file; why it was skipped; None where there is nothing to read (a link, a binary)."""
        folder, _, name = path.rpartition("/")
        full = f"{self._folder(folder)}/{name}"
        if not self._folder(folder):
            return None  # reached through a link
        try:
            if stat.S_ISLNK(os.lstat(full).st_mode):
                return None  # what it points at, if it is in the tree, has a name of its own
            handle = os.open(full, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        except (OSError, ValueError) as error:
            gone = isinstance(error, FileNotFoundError)
            return None if gone else Skipped(path, f"cannot be read: {getattr(error, 'strerror', None) or error}")
        with os.fdopen(handle, "rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                return None
            if about.st_size > limit:
                return Skipped(path, f"has {about.st_size:,} bytes, more than the {limit:,} that are read")
            data = file.read(limit + 1)[:limit]
        return None if b"\0" in data[:8000] else data


def _never(path: str) -> bool:
    return not NEVER.isdisjoint(path.split("/")[:-1])


def _from_git(root: Path) -> list[str]:
    """Tracked files and new ones that .gitignore does not hide; none outside a repository or where git fails."""
    if not any((folder / ".git").exists() for folder in (root, *root.parents)):
        return []
    # A repository's own settings may name programs to run: the ones that listing would obey are switched off.
    command = ["git", "-c", "core.fsmonitor=false", "-c", "core.untrackedCache=false", "-C", str(root)]
    command += ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(command, capture_output=True, timeout=60, check=True, env=environment)
    except (OSError, subprocess.SubprocessError):
        return []
    names = done.stdout.split(b"\0")[:MAX_FILES]
    return list({os.fsdecode(n): None for n in names if n})


def _walk(root: Path) -> Iterator[str]:
    """Every file below the root, without following links."""
    count, waiting = 0, [("", root)]
    while waiting:
        prefix, folder = waiting.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError:
            continue
        if prefix and any(e.name == "pyvenv.cfg" for e in entries):
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in NEVER:
                    waiting.append((f"{prefix}{entry.name}/", Path(entry.path)))
            elif count < MAX_FILES:
                count += 1
                yield prefix + entry.name
