"""Whether the parents of a model are known without a look at its configuration."""

from __future__ import annotations

import functools
from fnmatch import fnmatchcase

from auditor.lineage.knowledge import statements_for
from auditor.model import RepoId
from auditor.resources import data_dir, load_file


def parents_known(ref: RepoId) -> bool:
    """True where curated facts name the base of a model, or say that it has none (data/pretrained.yaml).

    Its configuration could then add a guess alone: the path from which weights were loaded last.
    """
    if any(s.field == "base_model" for s in statements_for(ref)):
        return True
    name = ref.name.casefold()
    return ref.kind == "model" and any(fnmatchcase(name, pattern) for pattern in _pretrained())


@functools.cache
def _pretrained() -> tuple[str, ...]:
    rows = load_file(data_dir() / "pretrained.yaml")
    return tuple(pattern.casefold() for row in rows for pattern in row["models"])
