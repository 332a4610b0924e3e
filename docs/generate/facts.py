"""The page of the facts that a rule may ask about, for those who write rules."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.facts import vocabulary
from docs.generate.markdown import code, escape, page, table

_INTRO = """
The condition of a rule asks about facts of a member of the lineage and, inside `any_term`, about facts of a term in
force on it. A fact is text, a flag, a number or a list, or unknown: then the rule cannot be decided unless its other
conditions settle it.
"""


def files() -> dict[str, str]:
    """`docs/reference/facts.md`."""
    node, term = _table(vocabulary.NODE_FACTS), _table(vocabulary.TERM_FACTS)
    return {"docs/reference/facts.md": page("Facts", _INTRO, "## Of a member", node, "## Of a term", term)}


def _table(facts: Mapping[str, tuple[str, str]]) -> str:
    rows = ((code(name), kind, escape(said)) for name, (kind, said) in facts.items())
    return table(("Fact", "Type", "Meaning"), rows)
