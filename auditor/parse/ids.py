"""Repository ids as people write them: URLs, `hf://`, cache paths and quotes reduced to `org/name`, paths refused."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import unquote

MAX_PART = 96  # characters of an org or a name on the Hub
_ALLOWED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
HUB_HOSTS = ("huggingface.co", "hf.co", "hf-mirror.com")
_AFTER_ID = frozenset({"tree", "blob", "resolve", "raw", "commit", "commits", "discussions", "edit"})
_WEIGHT_FILES = (".safetensors", ".ckpt", ".bin", ".pt", ".pth", ".onnx", ".h5", ".gguf", ".ggml")


class Parsed(NamedTuple):
    """An id read from foreign words; `id` is None when there is none, and `why` says so.

    `kind` is `model`, `dataset`, or None where the words do not tell; `inferred` marks an id read off a cache path.
    """

    id: str | None
    revision: str | None = None
    kind: str | None = None
    why: str = ""
    inferred: bool = False


def is_id(text: str) -> bool:
    """Whether `text` has the form of a repository id: `org/name`, or a bare legacy name."""
    parts = text.split("/")
    return 1 <= len(parts) <= 2 and all(_is_part(p) for p in parts) and not _looks_like_file(parts)


def _is_part(part: str) -> bool:
    return 0 < len(part) <= MAX_PART and _ALLOWED.issuperset(part) and part.strip(".") != "" and part[0] != "-"


def _looks_like_file(parts: list[str]) -> bool:
    return parts[-1].lower().endswith(_WEIGHT_FILES)


def read_id(text: str, hosts: tuple[str, ...] = HUB_HOSTS) -> Parsed:
    """The repository that `text` names. Never raises.

    Accepts `org/name[@rev]`, an `hf://` address, a path into the Hub client's cache, and a URL at one of `hosts`.
    """
    words = text.strip().strip("\"'`<>").strip()
    if not words:
        return Parsed(None, why="is empty")
    if any(not c.isprintable() for c in words):
        return Parsed(None, why="holds control characters")
    cached = _from_cache(words)
    if cached:
        return cached
    if words.startswith("hf://"):
        return _from_segments(words[5:].split("/"), at_revision=True)
    if "://" in words or words.lower().startswith(tuple(f"{host}/" for host in hosts)):
        return _from_url(words, hosts)
    if _is_path(words):
        return Parsed(None, why="names a local path")
    return _from_segments(words.split("/"), at_revision=True, strict=True)


def _from_url(words: str, hosts: tuple[str, ...]) -> Parsed:
    scheme, found, rest = words.partition("://")
    if not found:
        rest = words
    elif scheme.lower() not in ("http", "https"):
        return Parsed(None, why="names an address outside the Hub")
    host, _, path = rest.partition("/")
    host = host.lower().rpartition("@")[2]
    if not any(host == known or host.endswith(f".{known}") for known in hosts):
        return Parsed(None, why="names an address outside the Hub")
    path = unquote(path.partition("?")[0].partition("#")[0])
    return _from_segments(path.strip("/").removeprefix("api/").split("/"), at_revision=False)


def _from_segments(segments: list[str], *, at_revision: bool, strict: bool = False) -> Parsed:
    """`[datasets/]org/name[/tree/rev/...]`. `strict` refuses more than two parts without a word like `tree`."""
    kind: str | None = None
    if len(segments) > 1 and segments[0] in ("datasets", "models", "spaces"):
        if segments[0] == "spaces":
            return Parsed(None, why="names a Space, which is neither a model nor a dataset")
        kind = "dataset" if segments[0] == "datasets" else "model"
        segments = segments[1:]
    revision: str | None = None
    if at_revision:
        joined = "/".join(segments)
        name, found, tail = joined.partition("@")
        if found:
            revision, segments = tail or None, name.split("/")
    legacy = len(segments) > 1 and segments[1] in _AFTER_ID
    head, rest = (segments[:1], segments[1:]) if legacy else (segments[:2], segments[2:])
    if rest and rest[0] in ("tree", "blob", "resolve", "raw", "commit") and len(rest) > 1:
        pull = rest[1] == "refs" and len(rest) >= 4
        revision = "/".join(rest[1:4]) if pull else rest[1]
    elif strict and [r for r in rest if r]:
        return Parsed(None, why="has more than two parts, so it is no repository id")
    name = "/".join(head)
    if not is_id(name):
        return Parsed(None, why="is no repository id")
    return Parsed(name, revision, kind)


def _from_cache(words: str) -> Parsed | None:
    """`.../models--org--name/snapshots/<commit>` is the Hub client's cache: the id can be read back from it."""
    parts = words.replace("\\", "/").split("/")
    for index, part in enumerate(parts):
        for prefix, kind in (("models--", "model"), ("datasets--", "dataset")):
            if part.startswith(prefix):
                name = part[len(prefix) :].replace("--", "/", 1)
                pinned = parts[index + 1 : index + 2] == ["snapshots"] and len(parts) > index + 2
                revision = parts[index + 2] if pinned else None
                return Parsed(name, revision, kind, inferred=True) if is_id(name) else None
    return None


def _is_path(words: str) -> bool:
    """Windows and POSIX paths, relative ones included; a lone file of weights counts as one."""
    drive = len(words) > 1 and words[0].isalpha() and words[1] == ":"
    rooted = words.startswith(("/", "./", "../", "~", "\\", "$", "%", "file:"))
    return drive or rooted or "\\" in words or words.endswith("/") or _looks_like_file([words])
