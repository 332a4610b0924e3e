"""Finds the line of a key in a YAML file that a person wrote; only ever called for a mistake."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def line_of(path: Path, keys: Sequence[str | int]) -> int | None:
    """The line (from 1) of the deepest part of `keys` that exists in the file; None for an unreadable file."""
    import yaml

    try:
        node = yaml.compose(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError):
        return None
    line = 1 if node is None else node.start_mark.line + 1
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            pairs = [(k, v) for k, v in node.value if k.value == str(key)]
            if not pairs:
                return line
            line, node = pairs[0][0].start_mark.line + 1, pairs[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
            line = node.start_mark.line + 1
        else:
            return line
    return line
