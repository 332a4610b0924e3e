"""Finds `rules/` and `data/` and reads their YAML, through a cache of parsed files so that start-up stays short."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from auditor.errors import FileMistakes, Mistake

_HERE = Path(__file__).resolve().parent


@functools.cache
def root() -> Path:
    """The folder that holds `rules/` and `data/`: inside the wheel, or the checkout."""
    shipped = _HERE / "_shipped"
    return shipped if shipped.is_dir() else _HERE.parent


def rules_dir() -> Path:
    """The shipped rules."""
    return root() / "rules"


def data_dir() -> Path:
    """The shipped license and provenance knowledge."""
    return root() / "data"


def cache_dir() -> Path:
    """Where caches live; `AUDITOR_CACHE` overrides the platform's place."""
    chosen = os.environ.get("AUDITOR_CACHE")
    if chosen:
        return Path(chosen)
    if sys.platform.startswith("linux"):  # the same place as platformdirs gives, without its import
        home = os.environ.get("XDG_CACHE_HOME", "").strip()
        return Path(home if os.path.isabs(home) else os.path.expanduser("~/.cache")) / "auditor"
    import platformdirs

    return Path(platformdirs.user_cache_dir("auditor", appauthor=False))


def write_atomically(path: Path, text: str | bytes) -> None:
    """Write a whole file or nothing: a reader never sees half of it. Raises OSError."""
    blob = text.encode("utf-8") if isinstance(text, str) else text
    name = path.parent / f".{path.name[:100]}.{os.urandom(8).hex()}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(name, flags, 0o666)  # less the umask
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(name, flags, 0o666)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(blob)
        os.replace(name, path)
    except BaseException:
        name.unlink(missing_ok=True)
        raise


def load_yaml(path: Path) -> Any:
    """One YAML file. Raises FileMistakes with the line of a syntax error."""
    import yaml

    try:
        return yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        problem = getattr(error, "problem", None) or str(error)
        raise FileMistakes([Mistake(str(path), line, f"not valid YAML: {problem}")]) from error
    except OSError as error:
        raise FileMistakes([Mistake(str(path), None, f"cannot be read: {error.strerror}")]) from error


def load_folder(folder: Path, skip: tuple[str, ...] = ()) -> dict[str, Any]:
    """Every `*.yaml` below `folder`, by path relative to it (POSIX form), sorted; without the subfolders in `skip`.

    Parsing a few hundred small files costs more than the rest of start-up, so the parsed result is kept as JSON in the
    user's cache, keyed by the names, sizes and times of the files: an edited file is read again at once.
    """
    return _cached(folder, sorted(_yaml_files(str(folder), "", skip)))


def load_file(path: Path) -> Any:
    """One shipped YAML file, through the same cache as `load_folder`."""
    stat = path.stat()
    return _cached(path, [(path.name, str(path), f"{stat.st_size} {stat.st_mtime_ns}")])[path.name]


def seal(folder: Path) -> str:
    """A hash that changes with the name, size or time of any `*.yaml` below `folder`."""
    return _sealed(folder, sorted(_yaml_files(str(folder), "", ())))


def _sealed(place: Path, files: list[tuple[str, str, str]]) -> str:
    whole = hashlib.sha256(str(place).encode())
    for name, _, state in files:
        whole.update(f"{name}\0{state}\0".encode())
    return whole.hexdigest()[:32]


def _cached(place: Path, files: list[tuple[str, str, str]]) -> dict[str, Any]:
    """`files` are (name, path, state): what they parse to is good for as long as no state changes."""
    cached = cache_dir() / "parsed" / f"{place.name}-{_sealed(place, files)}.json"
    try:
        kept: dict[str, Any] = json.loads(cached.read_bytes())
        return kept
    except (OSError, ValueError):
        pass
    parsed = {name: _plain(load_yaml(Path(path))) for name, path, _ in files}
    with contextlib.suppress(OSError):  # a read-only home costs time, never an answer
        write_atomically(cached, json.dumps(parsed, ensure_ascii=False))
    return parsed


def _yaml_files(folder: str, below: str, skip: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".yaml"):
                stat = entry.stat()
                yield below + entry.name, entry.path, f"{stat.st_size} {stat.st_mtime_ns}"
            elif entry.is_dir(follow_symlinks=False) and f"{below}{entry.name}/" not in skip:
                yield from _yaml_files(entry.path, f"{below}{entry.name}/", skip)


def _plain(value: Any) -> Any:
    """YAML dates as ISO strings and keys as strings, so that the cached and the fresh result are the same."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
