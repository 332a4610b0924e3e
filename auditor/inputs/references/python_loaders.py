"""The calls of `data/references.yaml`, ready to be asked, and what the text that they are given names."""

from __future__ import annotations

import ast
import functools
from dataclasses import dataclass

from auditor.inputs.references.names import Named, named, ollama, spacy_pipeline
from auditor.inputs.references.python_arguments import argument
from auditor.inputs.references.python_code import root_name
from auditor.inputs.references.python_value import Value
from auditor.inputs.references.reference import Kind
from auditor.inputs.references.tree import Tree
from auditor.inputs.references.vocabulary import Globs, globs, words


@dataclass(frozen=True, slots=True)
class Loader:
    """An entry of `calls`, ready to be asked."""

    names: Globs
    of: Globs | None
    modules: frozenset[str]
    at: int | None
    keywords: tuple[str, ...]
    also: tuple[str, ...]
    kind: Kind
    prefix: str
    flags: frozenset[str]


@functools.cache
def _loaders() -> tuple[Loader, ...]:
    return tuple(
        Loader(
            names=Globs(raw["names"]),
            of=Globs(raw["of"]) if "of" in raw else None,
            modules=frozenset(raw.get("modules", ())),
            at=raw["at"],
            keywords=tuple(raw["keywords"]),
            also=tuple(raw.get("also", ())),
            kind=raw["kind"],
            prefix=raw.get("prefix", ""),
            flags=frozenset(f for f in ("objects", "strict", "api", "ollama", "spacy", "schemes") if raw.get(f)),
        )
        for raw in words()["calls"]
    )


@functools.lru_cache(maxsize=8192)
def loaders_named(name: str) -> tuple[Loader, ...]:
    """The entries of `calls` that a function of this name may be."""
    if not _any_loader().fit(name):
        return ()
    return tuple(loader for loader in _loaders() if loader.names.fit(name))


@functools.cache
def _any_loader() -> Globs:
    return Globs(name for raw in words()["calls"] for name in raw["names"])


@functools.cache
def modules_of(name: str) -> frozenset[str]:
    """Where a plain name of a loader must come from."""
    return frozenset(m for loader in loaders_named(name) for m in loader.modules)


def understood(value: Value, loader: Loader, kind: Kind, call: ast.Call, tree: Tree) -> Named | None:
    """What the text that a loader is given names, or None."""
    text, flags = value.text, loader.flags
    near = value.code.file
    if "spacy" in flags:
        return spacy_pipeline(text)
    if "ollama" in flags:
        return ollama(text)
    if "schemes" in flags and not text.startswith(("hf-hub:", "hf_hub:", "hf-hub/")):
        return _timm(text, call)
    found = named(text, kind, tree, near, bare="strict" not in flags, api="api" in flags)
    if found is None and loader.prefix and globs("prefixed", loader.prefix).fit(text):
        return Named(f"{loader.prefix}/{text}", "model")
    if found and found.kind == "closed" and "api" not in flags and not loader.of and loader.at == 0:
        return found if any(c.isdigit() for c in text) else None
    return found


def nameable(text: str) -> bool:
    """Whether a text could be the name of a model."""
    return 0 < len(text) <= 96 and all(c.isalnum() or c in "-_.:/" for c in text)


def _timm(text: str, call: ast.Call) -> Named | None:
    """`timm.create_model("name.tag", pretrained=True)` loads that name from timm's own organization."""
    pretrained = argument(call, 1, ("pretrained",))
    loads = isinstance(pretrained, ast.Constant) and pretrained.value is True
    fits = root_name(call.func) == "timm" and loads and text.count(".") == 1 and nameable(text) and "/" not in text
    return Named(f"timm/{text}", "model", None, False) if fits else None
