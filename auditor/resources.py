"""Finds `rules/` and `data/` and reads their YAML, through a cache of parsed files so that start-up stays short."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import tempfile
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
    import platformdirs

    return Path(platformdirs.user_cache_dir("auditor", appauthor=False))


def write_atomically(path: Path, text: str | bytes) -> None:
    """Write a whole file or nothing: a reader never sees half of it. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    blob = text.encode("utf-8") if isinstance(text, str) else text
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(blob)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
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


def load_folder(folder: Path) -> dict[str, Any]:
    """Every `*.yaml` below `folder`, by path relative to it (POSIX form), sorted.

    Parsing a few hundred small files costs more than the rest of start-up, so the parsed result is kept as JSON in the
    user's cache, keyed by the names, sizes and times of the files: an edited file is read again at once.
    """
    return _cached(folder, sorted(_yaml_files(folder)))


def load_file(path: Path) -> Any:
    """One shipped YAML file, through the same cache as `load_folder`."""
    return _cached(path, [(path.name, path)])[path.name]


def _cached(place: Path, files: list[tuple[str, Path]]) -> dict[str, Any]:
    seal = hashlib.sha256(str(place).encode())
    for name, path in files:
        stat = path.stat()
        seal.update(f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}\0".encode())
    cached = cache_dir() / "parsed" / f"{place.name}-{seal.hexdigest()[:32]}.json"
    try:
        kept: dict[str, Any] = json.loads(cached.read_bytes())
        return kept
    except (OSError, ValueError):
        pass
    parsed = {name: _plain(load_yaml(path)) for name, path in files}
    with contextlib.suppress(OSError):  # a read-only home costs time, never an answer
        write_atomically(cached, json.dumps(parsed, ensure_ascii=False))
    return parsed


def _yaml_files(folder: Path) -> Iterator[tuple[str, Path]]:
    for base, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".yaml"):
                path = Path(base) / name
                yield path.relative_to(folder).as_posix(), path


def _plain(value: Any) -> Any:
    """YAML dates as ISO strings and keys as strings, so that the cached and the fresh result are the same."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
