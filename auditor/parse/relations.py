"""By which relation a repository descends from each base model that it names, inferred as the Hub does where unsaid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from auditor.model import Statement

# The Hub's four relations, and the spellings that people use for them.
_SPELLINGS = {
    "finetune": "finetune",
    "finetuned": "finetune",
    "fine-tune": "finetune",
    "fine-tuned": "finetune",
    "adapter": "adapter",
    "lora": "adapter",
    "merge": "merge",
    "merged": "merge",
    "quantized": "quantized",
    "quantised": "quantized",
    "quantization": "quantized",
    "quantize": "quantized",
    "converted": "converted",
    "conversion": "converted",
    "pruned": "pruned",
    "copy": "copy",
}
_FORMATS = frozenset({"gguf", "ggml", "awq", "gptq", "exl2", "exl3", "mlx", "quantized"})


def known_relation(words: str | None) -> str | None:
    """The relation that the words name, None for unknown words."""
    return _SPELLINGS.get(words.strip().lower()) if words else None


def settle_relations(statements: Iterable[Statement], name: str, files: frozenset[str]) -> list[Statement]:
    """The statements with a relation on every base model: its own, else the card's, else the Hub's rule.

    The first that applies: an adapter's files or library; a quantized format in tags or name; a merge by tag or by
    several bases; else a fine-tune. `files` are the names of the repository's files.
    """
    said = _unite_names(list(statements))
    explicit = next((r for s in said if s.field == "relation" and (r := known_relation(s.value))), None)
    per_base: dict[str, str] = {}
    for s in said:
        if s.field == "base_model" and (relation := known_relation(s.relation)):
            per_base.setdefault(s.value, relation)
    otherwise = explicit or _infer(said, name, files)
    settled: dict[Statement, None] = {}
    for s in said:
        if s.field == "base_model":
            own = known_relation(s.relation)
            s = replace(s, relation=own or explicit or per_base.get(s.value) or otherwise)
        settled.setdefault(s)
    return list(settled)


def _infer(statements: list[Statement], name: str, files: frozenset[str]) -> str:
    tags = {str(s.value).lower() for s in statements if s.field == "tag"}
    libraries = {str(s.value).lower() for s in statements if s.field == "library"}
    if any(f.rpartition("/")[2] == "adapter_config.json" for f in files) or "peft" in libraries | tags:
        return "adapter"
    words = set(name.lower().replace("_", "-").replace("/", "-").replace(".", "-").split("-"))
    if _FORMATS & (words | tags | libraries):
        return "quantized"
    bases = {s.value for s in statements if s.field == "base_model" and s.how != "inferred"}
    merges = any(s.field == "base_model" and s.relation == "merge" for s in statements)
    return "merge" if merges or "merge" in tags or len(bases) > 1 else "finetune"


def _unite_names(statements: list[Statement]) -> list[Statement]:
    """One name for one base: `cardData` keeps what was typed, tags follow renames.

    Only where exactly one name stands on each side alone; with more, pairing them would be a guess.
    """
    typed: set[str] = set()
    current: set[str] = set()
    for s in statements:
        if s.field == "base_model" and s.span.file == "api:cardData.base_model":
            typed.add(s.value)
        elif s.field == "base_model" and s.span.file in ("api:tags", "api:baseModels"):
            current.add(s.value)
    old, new = typed - current, current - typed
    if len(old) != 1 or len(new) != 1:
        return statements
    before, after = old.pop(), new.pop()
    return [replace(s, value=after) if s.field == "base_model" and s.value == before else s for s in statements]
