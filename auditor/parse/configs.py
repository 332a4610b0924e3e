"""Configuration files that tools write beside the weights: adapters, merges, quantization, custom code."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from auditor.model import Document, Statement
from auditor.parse.card import Lines, Said, read_base
from auditor.parse.entries import Entry
from auditor.parse.front_matter import flat
from auditor.parse.ids import read_id
from auditor.parse.yaml_entries import read_yaml

_MERGE_KEYS = frozenset({"model", "base_model", "source_model", "path", "positive_prompts_model"})
_MAX_PARENTS = 500


def read_config(document: Document, own_id: str, revision: str | None, repo: str) -> Said | None:
    """What a configuration file says, or None when `document` is no such file. Never raises."""
    name = document.path.rpartition("/")[2].lower()
    reader = _READERS.get(name)
    if reader is None or (name == "config.json" and "/" in document.path):
        return None
    said = Said()
    reader(document, Lines(repo, document.path, revision, flat(document.text)), own_id, said)
    return said


def _object(document: Document, lines: Lines, said: Said) -> dict[str, Any]:
    try:
        data = json.loads(document.text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        why = "is cut off" if document.truncated else f"is not valid JSON ({type(error).__name__})"
        said.problem(f"{document.path}: {why}", lines.span(0))
        return {}
    if not isinstance(data, dict):
        said.problem(f"{document.path}: holds no JSON object", lines.span(0))
        return {}
    return data


def _span(lines: Lines, key: str) -> Any:
    """The place of a JSON key: the first time that it is spelled out."""
    return lines.span(max(lines.text.find(f'"{key}"'), 0))


def _adapter(document: Document, lines: Lines, own_id: str, said: Said) -> None:
    data = _object(document, lines, said)
    base = data.get("base_model_name_or_path")
    if isinstance(base, str) and base.strip():
        place = _span(lines, "base_model_name_or_path")
        read_base("base_model_name_or_path", base, place, own_id, said, relation="adapter")
    elif data:
        said.problem("base_model_name_or_path: the adapter does not name the model that it adapts", lines.span(0))


def _config(document: Document, lines: Lines, own_id: str, said: Said) -> None:
    data = _object(document, lines, said)
    if isinstance(data.get("auto_map"), dict):
        said.statements.append(Statement("custom_code", True, _span(lines, "auto_map"), "detected"))
    architectures = data.get("architectures")
    for name in architectures[:20] if isinstance(architectures, list) else []:
        if isinstance(name, str):
            said.statements.append(Statement("architecture", name[:200], _span(lines, "architectures"), "detected"))
    if isinstance(data.get("quantization_config"), dict):
        said.statements.append(Statement("tag", "quantized", _span(lines, "quantization_config"), "detected"))
    # The folder or repository that the weights were loaded from last: often a path on someone's disk, often itself.
    origin = data.get("_name_or_path")
    parsed = read_id(origin) if isinstance(origin, str) else None
    if parsed and parsed.id and "/" in parsed.id and parsed.id.lower() != own_id.lower():
        said.statements.append(Statement("base_model", parsed.id, _span(lines, "_name_or_path"), "inferred"))


def _quantized(document: Document, lines: Lines, own_id: str, said: Said) -> None:
    data = _object(document, lines, said)
    if not data:
        return
    said.statements.append(Statement("tag", "quantized", lines.span(0), "detected"))
    origin = data.get("model_name_or_path")
    parsed = read_id(origin) if isinstance(origin, str) else None
    if parsed and parsed.id and "/" in parsed.id and parsed.id.lower() != own_id.lower():
        place = _span(lines, "model_name_or_path")
        said.statements.append(Statement("base_model", parsed.id, place, "inferred", "quantized"))


def _mergekit(document: Document, lines: Lines, own_id: str, said: Said) -> None:
    """Every model that takes part, at whatever depth; mergekit writes `model+lora` for an adapter put on first."""
    entries, fault = read_yaml(lines.text.removeprefix("\ufeff")[:200_000], None)
    if fault:
        said.problem(f"{document.path}: {fault[1]}", lines.span(fault[0]))
    seen: set[str] = set()
    for entry in entries:
        for item in entry.items:
            key = item.key or entry.key
            names = [n.strip() for n in item.text.split("+")] if key in _MERGE_KEYS else []
            for name in names:
                if name and name not in seen and len(seen) < _MAX_PARENTS:
                    seen.add(name)
                    read_base(_path(entry, key), name, lines.place(entry, item), own_id, said, relation="merge")


def _path(entry: Entry, key: str) -> str:
    return key if key == entry.key else f"{entry.key}.{key}"


_READERS: dict[str, Callable[[Document, Lines, str, Said], None]] = {
    "adapter_config.json": _adapter,
    "config.json": _config,
    "quantize_config.json": _quantized,
    "quant_config.json": _quantized,
    "mergekit_config.yml": _mergekit,
    "mergekit_config.yaml": _mergekit,
    "mergekit_moe_config.yml": _mergekit,
}
