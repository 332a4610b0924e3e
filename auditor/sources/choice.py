"""Which files of a repository are worth reading, and how much of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from auditor.model import Failure
from auditor.parse.legal import role_of

CARD_BYTES = 2_000_000
LEGAL_BYTES = 1_000_000
CONFIG_BYTES = 1_000_000
MOST_LEGAL_FILES = 24
DEEPEST = 1  # folders further down hold vendored code, whose licenses are not the model's

_CARD = "README.md"
_CONFIGS = (
    "adapter_config.json",
    "config.json",
    "mergekit_config.yml",
    "mergekit_config.yaml",
    "mergekit_moe_config.yml",
    "quantize_config.json",
)
_NO_TEXT = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".html", ".zip", ".gz", ".tar", ".arrow", ".bin", ".safetensors")
_UNREAD = (".pdf", ".doc", ".docx", ".rtf", ".odt")


def is_essential(path: str) -> bool:
    """Whether terms may stand in the file: without it, the license has not been read."""
    return path == _CARD or path not in _CONFIGS


def choose(paths: Iterable[str], info: Mapping[str, Any]) -> tuple[list[tuple[str, int]], list[Failure]]:
    """The files to read, each with its limit in bytes, and what is left out although terms may stand in it."""
    have = sorted(set(paths))
    chosen = [(path, CARD_BYTES if path == _CARD else CONFIG_BYTES) for path in have if path in (_CARD, *_CONFIGS)]
    linked = _linked(info)
    legal = [path for path in have if _is_legal(path) or path in linked]
    legal.sort(key=lambda path: (path.count("/"), path))
    failures = [Failure("malformed", f"{_suffix(p)[1:].upper()}, not read", p) for p in legal if _suffix(p) in _UNREAD]
    texts = [path for path in legal if _suffix(path) not in _UNREAD and path not in (_CARD, *_CONFIGS)]
    chosen += [(path, LEGAL_BYTES) for path in texts[:MOST_LEGAL_FILES]]
    failures += [
        Failure("malformed", f"not read: more than {MOST_LEGAL_FILES} legal files", p) for p in texts[MOST_LEGAL_FILES:]
    ]
    return chosen, failures


def _is_legal(path: str) -> bool:
    return path.count("/") <= DEEPEST and _suffix(path) not in _NO_TEXT and role_of(path) is not None


def _linked(info: Mapping[str, Any]) -> set[str]:
    """Files of the repository to which the card's `license_link` may point: a path, or a URL of the Hub."""
    card = info.get("cardData")
    link = card.get("license_link") if isinstance(card, Mapping) else None
    if not isinstance(link, str):
        return set()
    if "://" not in link:
        return {link.removeprefix("./")}
    own = f"/{info.get('id')}/"
    for verb in ("blob/", "resolve/", "raw/"):
        _, found, rest = link.partition(own + verb)
        if found:
            return {rest.partition("/")[2].partition("?")[0]}
    return set()


def _suffix(path: str) -> str:
    return PurePosixPath(path).suffix.lower()
