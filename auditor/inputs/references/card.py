"""References in the front matter of a model card: what it descends from and was trained on."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.inputs.references.names import named
from auditor.inputs.references.reference import Confidence, Kind, Reference
from auditor.inputs.references.text import Lines
from auditor.inputs.references.tree import Tree
from auditor.parse.front_matter import read_front_matter

_KINDS: dict[str, Kind] = {"base_model": "model", "datasets": "dataset"}


def read_card(file: str, text: str, tree: Tree) -> Iterator[Reference]:
    """`base_model` and `datasets` of the front matter; prose and examples are no use."""
    if not text.lstrip("\ufeff \r\n").startswith(("---", "<!--")):
        return
    lines = Lines(text)
    for entry in read_front_matter(text, frozenset(_KINDS)).entries:
        for item in entry.items:
            found = named(item.text, _KINDS[entry.key], tree, file, bare=True)
            if found is None or item.start < 0:
                continue
            line, column = lines.at(item.start)
            sure: Confidence = "sure" if "/" in found.id or found.sure else "likely"
            yield Reference(
                found.id, found.kind, file, line, column, found.revision, f"card:{entry.key}", sure, item.text[:300]
            )
