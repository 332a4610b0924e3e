"""Makes a condition weaker or stronger in every single place: each change must break some example of the rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.engine.rule import Condition, Junction, Leaf, Not, Predicate, Quantifier


def variants(condition: Condition) -> Iterator[tuple[str, Condition]]:
    """(what was changed, the changed condition), one for each part that could be left out, turned or widened."""
    if isinstance(condition, Junction):
        for i, part in enumerate(condition.parts):
            rest = condition.parts[:i] + condition.parts[i + 1 :]
            if rest:
                yield f"without {_label(part)}", replace(condition, parts=rest)
            for label, changed in variants(part):
                yield label, replace(condition, parts=(*condition.parts[:i], changed, *condition.parts[i + 1 :]))
    elif isinstance(condition, Not):
        yield f"without not {_label(condition.part)}", condition.part
        for label, changed in variants(condition.part):
            yield label, Not(changed)
    elif isinstance(condition, Quantifier):
        for i, relation in enumerate(condition.via or ()):
            fewer = (*(condition.via or ())[:i], *(condition.via or ())[i + 1 :])
            if fewer:
                yield f"{condition.name} without {relation}", replace(condition, via=fewer)
        if condition.depth is not None:
            yield f"{condition.name} at any depth", replace(condition, depth=None)
        for label, changed in variants(condition.where):
            yield f"{condition.name}: {label}", replace(condition, where=changed)
    elif isinstance(condition, Leaf) and isinstance(condition.value, list):
        for item in condition.value:
            fewer_values = [v for v in condition.value if v != item]
            if fewer_values:
                yield f"{condition.fact} without {item!r}", replace(condition, value=fewer_values)


def _label(condition: Condition) -> str:
    if isinstance(condition, Leaf):
        return f"{condition.fact} {condition.op} {condition.value!r}"
    if isinstance(condition, Predicate):
        return condition.name
    if isinstance(condition, Quantifier):
        return condition.kind
    return "not ..." if isinstance(condition, Not) else condition.kind
