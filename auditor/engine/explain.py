"""Why a rule fired, stayed quiet or could not be decided on one node."""

from __future__ import annotations

from auditor.engine.match import Context, Trace, evaluate
from auditor.engine.rule import Rule
from auditor.model import Lineage

__all__ = ["Trace", "why"]


def why(node_id: str, rule: Rule, lineage: Lineage) -> Trace:
    """The whole tree of conditions with their outcomes."""
    return evaluate(rule.match, node_id, Context(lineage))
