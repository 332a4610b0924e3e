"""Reads the `match` of a rule into a tree, checking every fact, operator, relation and predicate that it names."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from auditor.engine.predicates import PREDICATES
from auditor.engine.rule import Condition, Junction, Leaf, Not, Predicate, Quantifier
from auditor.facts.vocabulary import NODE_FACTS, TERM_FACTS
from auditor.lineage.relations import relations

OPERATORS: dict[str, str] = {
    "is": "the value equals",
    "is_not": "the value differs from",
    "in": "the value is one of",
    "has": "the list holds",
    "has_any": "the list holds one of",
    "has_all": "the list holds all of",
    "lacks": "the list does not hold",
    "gt": "the number is greater than",
    "lt": "the number is less than",
    "matches": "the text matches the expression",
    "exists": "there is a value",
}
_TAKES_LIST = ("in", "has_any", "has_all")
QUANTIFIERS = ("any_ancestor", "every_parent", "any_term")
_Keys = tuple[str | int, ...]


class Reader:
    """Turns parsed YAML into conditions; `wrong(message, *keys)` is called for each mistake with its place."""

    def __init__(self, wrong: Callable[..., None]) -> None:
        self._wrong = wrong

    def read(self, raw: Any, at: _Keys, facts: Mapping[str, Any] = NODE_FACTS) -> Condition:
        """The condition at `at`. A mapping of several keys means all of them."""
        if not isinstance(raw, Mapping) or not raw:
            self._wrong("a condition is a mapping, such as `kind: {is: model}`", *at)
            return Junction("all", ())
        parts = [self._part(str(key), value, (*at, key), facts) for key, value in raw.items()]
        return parts[0] if len(parts) == 1 else Junction("all", tuple(parts))

    def _part(self, key: str, value: Any, at: _Keys, facts: Mapping[str, Any]) -> Condition:
        if key in ("all", "any"):
            if not isinstance(value, list) or not value:
                self._wrong(f"'{key}' takes a list of conditions", *at)
                return Junction("all", ())
            parts = tuple(self.read(item, (*at, i), facts) for i, item in enumerate(value))
            return Junction("all" if key == "all" else "any", parts)
        if key == "not":
            return Not(self.read(value, at, facts))
        if key == "predicate":
            if value not in PREDICATES:
                self._wrong(f"unknown predicate '{value}'{_near(value, PREDICATES)}", *at)
            return Predicate(str(value))
        if key in QUANTIFIERS:
            return self._quantifier(key, value, at)
        return self._leaves(key, value, at, facts)

    def _leaves(self, fact: str, value: Any, at: _Keys, facts: Mapping[str, Any]) -> Condition:
        if fact not in facts and not (fact.startswith("params.") and "params" in facts):
            self._wrong(f"unknown fact '{fact}'{_near(fact, (*facts, 'all', 'any', 'not', *QUANTIFIERS))}", *at)
        if not isinstance(value, Mapping) or not value:
            self._wrong(f"say how to compare '{fact}', such as `{fact}: {{is: ...}}`", *at)
            return Junction("all", ())
        leaves = []
        for op, wanted in value.items():
            if op not in OPERATORS:
                self._wrong(f"unknown comparison '{op}'{_near(op, OPERATORS)}", *at, op)
            elif op in _TAKES_LIST and not isinstance(wanted, list):
                self._wrong(f"'{op}' takes a list", *at, op)
            elif op == "matches" and (fault := _bad_expression(wanted)):
                self._wrong(f"not a regular expression that RE2 takes: {fault}", *at, op)
            leaves.append(Leaf(fact, str(op), wanted))
        return leaves[0] if len(leaves) == 1 else Junction("all", tuple(leaves))

    def _quantifier(self, kind: str, raw: Any, at: _Keys) -> Condition:
        if not isinstance(raw, Mapping) or "where" not in raw:
            self._wrong(f"'{kind}' takes a mapping with 'where'", *at)
            return Junction("all", ())
        for key in raw:
            if key not in ("as", "via", "where", "depth"):
                self._wrong(f"unknown key '{key}'{_near(key, ('as', 'via', 'where', 'depth'))}", *at, key)
        via = raw.get("via")
        for relation in via or ():
            if relation not in (*relations(), "derivative"):
                self._wrong(f"unknown relation '{relation}'{_near(relation, relations())}", *at, "via")
        where = self.read(raw["where"], (*at, "where"), TERM_FACTS if kind == "any_term" else NODE_FACTS)
        name = str(raw.get("as", "term" if kind == "any_term" else "ancestor"))
        return Quantifier(kind, name, tuple(via) if via else None, raw.get("depth"), where)  # type: ignore[arg-type]


def _near(word: Any, among: Iterable[str]) -> str:
    near = difflib.get_close_matches(str(word), list(among), n=1)
    return f" (did you mean '{near[0]}'?)" if near else ""


def _bad_expression(pattern: Any) -> str:
    import re2

    try:
        re2.compile(str(pattern))
    except re2.error as error:
        return str(error)
    return ""
