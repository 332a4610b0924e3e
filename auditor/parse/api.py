"""The Hub's own metadata answer as statements: `cardData` first, then tags, base models, gate and configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.model import RepoId, Span, Statement
from auditor.parse.card import WANTED, Said, api_place, read_base, read_entries, read_tag
from auditor.parse.entries import Entry, from_json

_MAX_TAGS = 1000
_MAX_SIBLINGS = 50_000


def card_entries(info: Mapping[str, Any]) -> list[Entry]:
    """The entries of `cardData`, which the Hub shows even for gated repositories."""
    return from_json(info.get("cardData"), WANTED)


def read_info(ref: RepoId, revision: str | None, info: Mapping[str, Any], entries: list[Entry]) -> Said:
    """Statements of the whole answer; `entries` are those of `card_entries`. Odd shapes are passed over."""
    said = read_entries(entries, api_place(ref.id, revision, "cardData."), ref.name)
    card = info.get("cardData")
    if card is not None and not isinstance(card, dict):
        said.problem("cardData: is no mapping of keys to values", Span(ref.id, "api:cardData", revision=revision))

    def at(place: str, quote: str = "") -> Span:
        return Span(ref.id, f"api:{place}", quote=quote[:160], revision=revision)

    tags = [tag.strip()[:300] for tag in _strings(info.get("tags"))[:_MAX_TAGS]]
    for tag in tags:
        read_tag(tag, at("tags", tag), ref.name, said)
    if "custom_code" in tags:
        said.statements.append(Statement("custom_code", True, at("tags", "custom_code")))
    _read_bases(info, ref.name, at, said)
    gate = info.get("gated")
    if gate is True or (isinstance(gate, str) and gate):
        said.statements.append(Statement("gated", gate, at("gated", str(gate))))
    library = info.get("library_name")
    if isinstance(library, str) and library.strip():
        said.statements.append(Statement("library", library.strip(), at("library_name", library)))
    modified = info.get("lastModified")
    if isinstance(modified, str) and modified[:10].count("-") == 2:
        said.statements.append(Statement("last_modified", modified[:10], at("lastModified", modified)))
    _read_config(info, at, ref.name, said)
    return said


def file_names(info: Mapping[str, Any]) -> frozenset[str]:
    """Names of the files that the Hub lists."""
    siblings = info.get("siblings")
    if not isinstance(siblings, list):
        return frozenset()
    names = (s.get("rfilename") for s in siblings[:_MAX_SIBLINGS] if isinstance(s, dict))
    return frozenset(n for n in names if isinstance(n, str))


def _read_bases(info: Mapping[str, Any], own_id: str, at: Any, said: Said) -> None:
    bases = info.get("baseModels")
    if not isinstance(bases, dict):
        return
    relation = bases.get("relation")
    models = bases.get("models")
    for model in models[:_MAX_TAGS] if isinstance(models, list) else []:
        name = model.get("id") if isinstance(model, dict) else None
        if isinstance(name, str):
            kind = relation.lower() if isinstance(relation, str) else None
            read_base("baseModels", name, at("baseModels", name), own_id, said, relation=kind)


def _read_config(info: Mapping[str, Any], at: Any, own_id: str, said: Said) -> None:
    config = info.get("config")
    config = config if isinstance(config, dict) else {}
    names = _strings(config.get("architectures"))
    gguf = info.get("gguf")
    if isinstance(gguf, dict) and isinstance(gguf.get("architecture"), str):
        names.append(gguf["architecture"])
    said.statements.extend(Statement("architecture", n[:200], at("config.architectures", n)) for n in names[:20])
    if isinstance(config.get("auto_map"), dict):
        said.statements.append(Statement("custom_code", True, at("config.auto_map", "auto_map")))
    if isinstance(config.get("quantization_config"), dict):
        said.statements.append(Statement("tag", "quantized", at("config.quantization_config"), "detected"))
    peft = config.get("peft")
    base = peft.get("base_model_name_or_path") if isinstance(peft, dict) else None
    if isinstance(base, str) and base.strip():
        place = at("config.peft.base_model_name_or_path", base)
        read_base("base_model_name_or_path", base, place, own_id, said, relation="adapter")


def _strings(value: Any) -> list[str]:
    return [v for v in value if isinstance(v, str) and v.strip()] if isinstance(value, list) else []
