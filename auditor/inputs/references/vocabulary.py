"""The words of `data/references.yaml` in the form in which they are asked: sets, and globs as linear-time patterns."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

from auditor.resources import data_dir, load_file


@functools.cache
def words() -> dict[str, Any]:
    """The file as it is."""
    loaded: dict[str, Any] = load_file(data_dir() / "references.yaml")
    return loaded


@functools.cache
def word_set(section: str, name: str = "") -> frozenset[str]:
    """One of the plain lists, or one inside a section."""
    return frozenset(words()[section][name] if name else words()[section])


@functools.cache
def ollama_library() -> dict[str, str]:
    """Hub ids of the models of ollama's library, by name or `name:tag`."""
    library: dict[str, str] = load_file(data_dir() / "ollama.yaml")["library"]
    return library


class Globs:
    """A list of globs, asked whether one of them is a whole word."""

    def __init__(self, globs: Iterable[str]) -> None:
        import re2

        self._pattern = re2.compile("|".join(f"(?:{_as_pattern(g)})" for g in globs))

    def fit(self, word: str) -> bool:
        """Whether some glob covers all of `word`; never so for lone surrogates, which no name holds."""
        try:
            return self._pattern.fullmatch(word) is not None
        except UnicodeEncodeError:
            return False


def _as_pattern(glob: str) -> str:
    """A glob with `*` and `[...]` as a pattern."""
    out, at = "", 0
    while at < len(glob):
        one = glob[at]
        close = glob.find("]", at) if one == "[" else -1
        if close > 0:
            out += glob[at : close + 1]
            at = close
        else:
            out += ".*" if one == "*" else one if one.isalnum() or one == "_" else f"\\{one}"
        at += 1
    return out


@functools.cache
def globs(section: str, name: str = "") -> Globs:
    """The globs of a list, or of a list inside a section."""
    found = words()[section]
    return Globs(found[name] if name else found)


@functools.cache
def parents(name: str) -> Globs:
    """Keys below which plain keys name repositories."""
    return Globs(words()["keys"][name]["parents"])


@functools.cache
def key_kind(key: str) -> str | None:
    """`model`, `dataset`, or None: what the value of a key of this name names."""
    low = key.strip("-_ ").lower().replace("-", "_").replace(" ", "_")
    if not low or len(low) > 60:
        return None
    for kind in ("model", "dataset"):
        if low in words()["keys"][kind]:  # spelled out, so no refusal counts
            return kind
    if globs("keys", "not").fit(low):
        return None
    if globs("keys", "dataset").fit(low):
        return "dataset"
    return "model" if globs("keys", "model").fit(low) else None


@functools.cache
def takes_bare(key: str, kind: str) -> bool:
    """Whether a legacy bare name may stand under this key."""
    return globs("keys", f"plain_{kind}s").fit(key.strip("-_ ").lower().replace("-", "_"))
