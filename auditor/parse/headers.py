"""Headers of weight files, GGUF and safetensors: what they say of license, base models and data, read defensively."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from auditor.model import Span, Statement
from auditor.parse.card import Said, read_base, read_dataset
from auditor.parse.ids import read_id

_MAX_PAIRS = 10_000
_MAX_KEY = 200  # bytes of a key
_MAX_VALUE = 2_000  # characters of a value
_MAX_PARENTS = 50
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "B", 10: "Q", 11: "q", 12: "d"}
_TEXT, _ARRAY = 8, 9  # types of a GGUF value
_DEEPEST = 3  # arrays within arrays
_Values = dict[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Head:
    """What the first bytes of a file say. `whole` where more are not worth reading; `fault` in words, or empty."""

    statements: tuple[Statement, ...] = ()
    whole: bool = True
    fault: str = ""


def read_head(blob: bytes, path: str, repo: str, revision: str | None) -> Head:
    """The statements in the header of the file at `path`, of which `blob` is the beginning. Never raises."""
    values: _Values = {}
    fault = ""
    try:
        whole = _gguf(blob, values) if path.lower().endswith(".gguf") else _safetensors(blob, values)
    except _CutError:
        whole, fault = False, "its header is longer than what was read of it"
    except (ValueError, RecursionError, OverflowError) as error:
        whole, fault = True, f"its header cannot be read: {error}"[:200]

    def at(key: str) -> Span:
        return Span(repo, path, quote=f"{key}: {values.get(key, '')}"[:160], revision=revision)

    said = Said()
    _bases(values, at, said, repo)
    _license(values, at, said)
    _data(values, at, said)
    found = tuple(replace(s, how="detected") for s in dict.fromkeys(said.statements))
    useful = any(s.field != "architecture" for s in found)
    return Head(found, whole or useful, "" if useful and not whole else fault)


class _CutError(Exception):
    """The bytes end before the header does."""


class _Bytes:
    """A cursor over bytes that raises _CutError at their end."""

    def __init__(self, blob: bytes, order: str, wide: bool) -> None:
        self._blob, self._at, self._order, self._wide = blob, 0, order, wide

    def take(self, length: int) -> bytes:
        if length > len(self._blob) - self._at:
            raise _CutError
        self._at += length
        return self._blob[self._at - length : self._at]

    def number(self, kind: str) -> int:
        size = struct.calcsize(f"{self._order}{kind}")
        return int(struct.unpack(f"{self._order}{kind}", self.take(size))[0])

    def count(self) -> int:
        """A length: 64 bits wide, in the first version of the format 32."""
        return self.number("Q" if self._wide else "I")

    def text(self, most: int) -> str:
        return self.take(self.count())[:most].decode("utf-8", "replace")

    def value(self, kind: int, depth: int = 0) -> str | list[str]:
        """A string, the strings of an array, or nothing for anything else, which is passed over."""
        if kind == _TEXT:
            return self.text(4 * _MAX_VALUE)[:_MAX_VALUE]
        if kind == _ARRAY and depth < _DEEPEST:
            inner, length = self.number("I"), self.count()
            if inner in _SCALARS:
                self.take(length * struct.calcsize(_SCALARS[inner]))
                return []
            kept: list[str] = []
            for _ in range(length):  # every turn takes bytes, so that these bound it
                item = self.value(inner, depth + 1)
                if isinstance(item, str) and len(kept) < _MAX_PARENTS:
                    kept.append(item)
            return kept
        if kind not in _SCALARS:
            raise ValueError(f"a value of the unknown type {kind}")
        self.take(struct.calcsize(_SCALARS[kind]))
        return []


def _gguf(blob: bytes, values: _Values) -> bool:
    """Fill `values` with the strings under `general.`; True once all were seen.

    Writers put these before the tokenizer, whose lists of words are most of a header.
    """
    if blob[:4] != b"GGUF"[: len(blob)]:
        raise ValueError("not a GGUF file")
    if len(blob) < 8:
        raise _CutError
    order = "<" if int.from_bytes(blob[4:6], "little") else ">"
    version = struct.unpack(f"{order}I", blob[4:8])[0]
    if version not in (1, 2, 3):
        raise ValueError(f"GGUF version {version} is not known")
    data = _Bytes(blob, order, version > 1)
    data.take(8)
    data.count()  # of tensors
    for _ in range(min(data.count(), _MAX_PAIRS)):
        key = data.text(_MAX_KEY)
        if key.startswith("tokenizer.") and values:
            return True
        value = data.value(data.number("I"))
        if key.startswith("general.") and value:
            values[key] = value
    return True


def _safetensors(blob: bytes, values: _Values) -> bool:
    """Fill `values` from `__metadata__`, which stands first or, in a short header, anywhere."""
    if len(blob) < 8:
        raise _CutError
    length = int.from_bytes(blob[:8], "little")
    text = blob[8 : 8 + length].decode("utf-8", "replace")
    if not text.startswith("{"):
        raise ValueError("not a safetensors file")
    if len(blob) - 8 >= length:
        header = json.loads(text)
    else:
        start = text[:100].find('"__metadata__"')
        if start == -1:
            raise _CutError
        try:
            header = {"__metadata__": json.JSONDecoder().raw_decode(text, text.index("{", start))[0]}
        except ValueError:
            raise _CutError from None
    metadata = header.get("__metadata__")
    for key, value in metadata.items() if isinstance(metadata, dict) else ():
        if isinstance(value, str) and len(key) <= _MAX_KEY:
            values[key] = value[:_MAX_VALUE]
    return True


def _license(values: _Values, at: Any, said: Said) -> None:
    for key, field in (
        ("general.license", "license"),
        ("general.license.name", "license_name"),
        ("general.license.link", "license_link"),
        ("modelspec.license", "license_name"),
    ):
        value = values.get(key)
        if isinstance(value, str) and value.strip():
            said.statements.append(Statement(field, value.strip(), at(key)))


def _bases(values: _Values, at: Any, said: Said, own: str) -> None:
    """Base models: what a GGUF file was converted from and that one's parents, and what an image model was tuned on."""
    for key in ("general.source.repo_url", "general.source.huggingface.repository", "general.source.url"):
        _base(key, values.get(key), "quantized", at, said, own, False)
    told = bool(said.statements)  # then its own record names its parents better than words here
    for number in range(_MAX_PARENTS):
        start = f"general.base_model.{number}."
        place = f"{start}repo_url" if f"{start}repo_url" in values else f"{start}name"
        words = values.get(place)
        if place.endswith(".name") and isinstance(organization := values.get(f"{start}organization"), str):
            words = f"{organization} {words}" if isinstance(words, str) else None
        _base(place, words, "finetune", at, said, own, not told)
    name = values.get("general.name")
    if isinstance(name, str) and "/" in name:  # the name of what was converted: a repository only if spelled as one
        _base("general.name", name, "quantized", at, said, own, False)
    tuned = "adapter" if "ss_network_module" in values else "finetune"
    for key in ("ss_sd_model_name", "ss_base_model"):
        _base(key, values.get(key), tuned, at, said, own, True)
    merged = values.get("modelspec.merged_from")
    for words in merged.split(",")[:_MAX_PARENTS] if isinstance(merged, str) else ():
        _base("modelspec.merged_from", words.strip(), "merge", at, said, own, True)


def _base(key: str, words: Any, relation: str, at: Any, said: Said, own: str, strict: bool) -> None:
    if not isinstance(words, str) or not words.strip():
        return
    words = words.strip()
    if read_id(words).id == own:
        return
    if "/" not in words and read_id(words).id:  # a title or a file here, no repository of the Hub's first days
        said.statements += [Statement("unfollowed_base", words[:160], at(key))] if strict else []
        return
    read_base(key, words, at(key), own, said, relation=relation, strict=strict)


def _data(values: _Values, at: Any, said: Said) -> None:
    listed = values.get("general.datasets")
    for words in listed if isinstance(listed, list) else ():
        read_dataset("general.datasets", words, at("general.datasets"), said)
    for key in _numbered(values, "general.dataset.", ".repo_url"):
        read_dataset(key, str(values[key]), at(key), said)
    architecture = values.get("general.architecture")
    if isinstance(architecture, str):
        said.statements.append(Statement("architecture", architecture[:200], at("general.architecture")))


def _numbered(values: Mapping[str, Any], start: str, end: str) -> Iterator[str]:
    return (key for key in values if key.startswith(start) and key.endswith(end))
