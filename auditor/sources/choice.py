"""Which files of a repository are worth a request, and how much of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from auditor.identify import pdf
from auditor.model import Failure, RepoId
from auditor.parse.api import card_entries, read_info
from auditor.parse.legal import role_of

CARD_BYTES = 2_000_000
LEGAL_BYTES = 1_000_000
CONFIG_BYTES = 1_000_000
MOST_LEGAL_FILES = 24
DEEPEST = 1  # folders further down hold vendored code, whose licenses are not the model's

_CARD = "README.md"
_MERGES = ("mergekit_config.yml", "mergekit_config.yaml", "mergekit_moe_config.yml")
_ORIGINS = ("adapter_config.json", "config.json", "quantize_config.json")  # name the base, if the card does not
_GUESSES = ("config.json", "quantize_config.json")  # name it by the path from which the weights were loaded
_CONFIGS = (*_MERGES, *_ORIGINS)
_BY_LIBRARIES = frozenset({"config.json", "model_index.json", "adapter_config.json"})
_NO_TEXT = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".html", ".zip", ".gz", ".tar", ".arrow", ".bin", ".safetensors")
_UNREAD = (".doc", ".docx", ".rtf", ".odt")


def choose(
    paths: Iterable[str], info: Mapping[str, Any], parents_known: bool = False
) -> tuple[list[tuple[str, int]], list[Failure]]:
    """The files to read, each with its limit in bytes, and what is left out although terms may stand in it.

    A configuration is worth a request only where the Hub's metadata leaves open what it tells: the base model, or, of
    one with code beside it, that this code must be run. With `parents_known` from elsewhere nothing is to be guessed.
    """
    have = set(paths)
    configs: tuple[str, ...] = _MERGES if not have & set(_ORIGINS) or "base_model" in told(info) else _CONFIGS
    if parents_known:
        configs = tuple(name for name in configs if name not in _GUESSES)
    if not isinstance(info.get("config"), Mapping) and any(_is_code(path) for path in have):
        configs = (*configs, "config.json")
    chosen = [(p, CARD_BYTES if p == _CARD else CONFIG_BYTES) for p in sorted(have & {_CARD, *configs})]
    linked = _linked(info)
    legal = [path for path in have if _is_legal(path) or path in linked]
    legal.sort(key=lambda path: (path.count("/"), path))
    unread = {path: why for path in legal if (why := _unread(path))}
    failures = [Failure("malformed", why, path) for path, why in unread.items()]
    texts = [path for path in legal if path not in unread and path not in (_CARD, *_CONFIGS)]
    chosen += [(path, LEGAL_BYTES) for path in texts[:MOST_LEGAL_FILES]]
    failures += [
        Failure("malformed", f"not read: more than {MOST_LEGAL_FILES} legal files", p) for p in texts[MOST_LEGAL_FILES:]
    ]
    return chosen, failures


def choose_header(paths: Iterable[str], info: Mapping[str, Any]) -> str | None:
    """The weight file whose header may tell what the metadata leaves open: the base, or a GGUF file's license.

    The first GGUF file, or the first safetensors file where no configuration lies beside it: what libraries write
    carries nothing but a format, what people's own tools write names what they trained on.
    """
    have = sorted(paths, key=lambda path: ("mmproj" in path.lower(), path.count("/"), path))
    gguf = next((path for path in have if _suffix(path) == ".gguf"), None)
    if gguf:
        return None if told(info) >= {"base_model", "license"} else gguf
    if any(path.rpartition("/")[2] in _BY_LIBRARIES for path in have):
        return None
    plain = next((path for path in have if _suffix(path) == ".safetensors" and "/" not in path), None)
    return None if plain and "base_model" in told(info) else plain


def told(info: Mapping[str, Any]) -> frozenset[str]:
    """What the metadata alone settles: `base_model`, where it names one that can be followed, and `license`."""
    own = str(info.get("id", ""))
    said = read_info(RepoId("model", own), None, info, card_entries(info))
    return frozenset(s.field for s in said.statements if s.field == "license" or s.value != own)


def _is_code(path: str) -> bool:
    return "/" not in path and _suffix(path) == ".py"


def _is_legal(path: str) -> bool:
    return path.count("/") <= DEEPEST and _suffix(path) not in _NO_TEXT and role_of(path) is not None


def _unread(path: str) -> str:
    """Why a legal file is not fetched; empty for one that is."""
    suffix = _suffix(path)
    if suffix == ".pdf":
        return "" if pdf.can_read() else f"PDF, not read ({pdf.INSTALL})"
    return f"{suffix[1:].upper()}, not read" if suffix in _UNREAD else ""


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
