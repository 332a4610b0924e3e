"""What the adopter means to do: presets, single answers, and whether a clause touches it."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from typing import Any, Literal

from auditor.errors import UsageError
from auditor.model import Clause, Use
from auditor.resources import data_dir, load_file

Binding = Literal["yes", "maybe", "no"]

PRESETS: dict[str, Use] = {
    "research": Use(
        preset="research",
        purpose="research",
        distribute="none",
        monthly_active_users=0,
        annual_revenue_usd=0,
        train_other_models=False,
        modify=True,
    ),
    "internal": Use(preset="internal", purpose="commercial", distribute="none", train_other_models=False, modify=True),
    "product": Use(preset="product", purpose="commercial", distribute="product", train_other_models=False, modify=True),
    "redistribute": Use(
        preset="redistribute", purpose="commercial", distribute="weights", train_other_models=False, modify=True
    ),
    "distill": Use(preset="distill", purpose="commercial", distribute="weights", train_other_models=True, modify=True),
}

PRESET_WORDS: dict[str, str] = {
    "research": "research, kept to yourself, no users, no training of other models",
    "internal": "commercial use inside your organization, nothing passed on",
    "product": "a commercial product that contains or calls the model",
    "redistribute": "passing on the weights or a derivative, commercially",
    "distill": "training other models on it or on its outputs, and passing them on",
}


def make_use(preset: str | None = None, **overrides: Any) -> Use:
    """A preset with single answers put over it; answers that are None leave the preset's. Raises UsageError.

    Whoever names a license for a release means to change the weights and pass them on, unless another way is given.
    """
    if preset is not None and preset not in PRESETS:
        raise UsageError(f"there is no preset {preset!r}", remedy=f"The presets are {', '.join(PRESETS)}.")
    base = PRESETS[preset] if preset else Use()
    given = {k: v for k, v in overrides.items() if v is not None and v != ()}
    for key in ("monthly_active_users", "annual_revenue_usd"):
        if given.get(key, 0) < 0:
            raise UsageError(f"{key} cannot be negative", remedy="Give a whole number.")
    use = dataclasses.replace(base, **given)
    if use.release_license is None:
        return use
    return dataclasses.replace(
        use, distribute=use.distribute or "weights", modify=True if use.modify is None else use.modify
    )


def is_declared(use: Use) -> bool:
    """Has anything been said about the use? If not, the question is whether it is free for every use."""
    return use != Use()


def binding(clause: Clause, binds: Mapping[str, Any], use: Use) -> Binding:
    """Does the clause touch the use? An answer left open counts as maybe; without any answer everything counts."""
    if not is_declared(use):
        return "yes"
    answers = [_touches(key, wanted, clause.params, use) for key, wanted in binds.items()]
    return "no" if "no" in answers else "maybe" if "maybe" in answers else "yes"


def _touches(key: str, wanted: Any, params: Mapping[str, Any], use: Use) -> Binding:
    if key == "territories":
        return _territories(params.get(wanted["overlap"]), use.territories)
    stated = getattr(use, key)
    if stated is None:
        return "maybe"
    if isinstance(wanted, Mapping):
        limit = params.get(wanted["over"])
        if not isinstance(limit, (int, float)) or params.get("currency", "USD") != "USD":
            return "no" if stated == 0 else "maybe"
        return "yes" if stated > limit else "no"
    if isinstance(wanted, list):
        return "yes" if stated in wanted else "no"
    return "yes" if stated == wanted else "no"


def _territories(excluded: Any, declared: tuple[str, ...]) -> Binding:
    if not isinstance(excluded, (list, tuple)) or not declared:
        return "maybe"
    closed = _spelled_out(excluded)
    return "yes" if closed & _spelled_out(declared) else "no"


def _spelled_out(territories: Any) -> set[str]:
    """The territories with everything that they include; names are compared without case."""
    groups = _groups()
    todo, seen = [str(t).upper() for t in territories], set[str]()
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo.extend(groups.get(name, ()))
    return seen


@functools.cache
def _groups() -> dict[str, list[str]]:
    raw: dict[str, list[str]] = load_file(data_dir() / "territories.yaml")
    return raw
