"""The closed vocabulary of clauses: what each means, when it binds, and what it asks for (data/clauses.yaml)."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from auditor.resources import data_dir, load_file


@dataclass(frozen=True, slots=True)
class ClauseInfo:
    """One clause of the vocabulary.

    `binds` says which declared uses it touches (empty: all of them), `effect` what it does there, `act` is what the
    adopter should do, with `{parameter}` places. `osd` are the Open Source Definition criteria that it fails.
    `implies` names clauses that say less than this one. `softer` holds the effect and act of the clause where its
    parameters are among `softer.where`.
    """

    id: str
    title: str
    meaning: str
    kind: Literal["restriction", "duty", "licensor-right", "grant", "notice"]
    tier: Literal["core", "secondary"]
    osd: tuple[int, ...]
    params: Mapping[str, str]
    binds: Mapping[str, Any]
    effect: Literal["deny", "duty", "note"]
    act: str
    implies: tuple[str, ...] = ()
    softer: Mapping[str, Any] = field(default_factory=dict)

    def in_effect(self, params: Mapping[str, Any]) -> tuple[Literal["deny", "duty", "note"], str]:
        """(effect, act) of a clause with these parameters: some make it ask for less, as `softer` says."""
        where = self.softer.get("where", {})
        if where and all(params.get(key) in values for key, values in where.items()):
            return self.softer["effect"], self.softer["act"]
        return self.effect, self.act


@functools.cache
def vocabulary() -> dict[str, ClauseInfo]:
    """Every clause by id, in the order of the file."""
    return {raw["id"]: _info(raw) for raw in load_file(data_dir() / "clauses.yaml")}


def _info(raw: Mapping[str, Any]) -> ClauseInfo:
    return ClauseInfo(
        id=raw["id"],
        title=raw["title"],
        meaning=raw["meaning"],
        kind=raw["kind"],
        tier=raw["tier"],
        osd=tuple(raw.get("osd", ())),
        params=raw.get("params", {}),
        binds=raw.get("binds", {}),
        effect=raw["effect"],
        act=raw.get("act", ""),
        implies=tuple(raw.get("implies", ())),
        softer=raw.get("softer", {}),
    )
