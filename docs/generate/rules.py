"""The pages of the rules: a table of all, and one page for each folder of `rules/`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import indent
from typing import Any

import yaml

from auditor.engine.load import load_rules
from auditor.engine.rule import Example, Rule
from auditor.model import SEVERITIES
from auditor.policy.findings import rules as policy_rules
from auditor.report.explain import with_gaps
from auditor.resources import load_yaml
from docs.generate.markdown import address, code, escape, fenced, link, page, table, toctree

_INTRO = """
Every finding is a rule that fired. A rule is a file of `rules/`: a condition over facts, words, and examples that the
tests run. `auditor explain RULE` shows the same as these pages, and `auditor why TARGET RULE` how each of its
conditions came out on a model. [Facts](facts.md) lists what a condition may ask about.
"""
_GROUPS = {
    "terms": "What the licenses in force on a model ask for or forbid, wherever in the ancestry they come from.",
    "lineage": "What goes wrong between a model and its ancestors.",
    "data": "What it was trained on, closed models whose outputs went into it included.",
    "metadata": "What its own metadata and license files say, leave out, or say twice.",
    "reproducibility": "Whether what was audited is what will be loaded, and what has changed since.",
    "policy": "What the gate itself finds: a policy broken, a waiver or a lock out of date.",
}
_OUTCOMES = {"fires": "It fires", "quiet": "It stays quiet", "undetermined": "It cannot be decided"}
_BY_WEIGHT = {severity: -number for number, severity in enumerate(SEVERITIES)}


def files() -> dict[str, str]:
    """`docs/reference/rules.md` and a page for each group."""
    groups: dict[str, list[Rule]] = {group: [] for group in _GROUPS}
    for rule in sorted((*load_rules(), *policy_rules()), key=lambda rule: (_BY_WEIGHT[rule.severity], rule.id)):
        groups[rule.group].append(rule)  # KeyError: a new folder of rules wants its line in _GROUPS
    pages = {f"docs/reference/rules/{group}.md": _group(group, rules) for group, rules in groups.items()}
    return {"docs/reference/rules.md": _index(groups), **pages}


def _index(groups: dict[str, list[Rule]]) -> str:
    parts = [_INTRO]
    for group, rules in groups.items():
        rows = [
            (link(code(rule.id), f"rules/{group}.md#{rule.id}"), rule.severity, escape(rule.title)) for rule in rules
        ]
        parts += [f"## {group.capitalize()}", _GROUPS[group], table(("Rule", "Severity", "Title"), rows)]
    return page("Rules", *parts, toctree(f"{group} <rules/{group}>" for group in groups))


def _group(group: str, rules: list[Rule]) -> str:
    parts = [_GROUPS[group]]
    for rule in rules:
        parts += _rule(rule)
    return page(f"Rules: {group}", *parts)


def _rule(rule: Rule) -> Iterator[str]:
    family = f", reported as {code(rule.name)}" if rule.name != rule.id else ""
    yield f"## {rule.id}"
    yield f"**{escape(rule.title)}** · {rule.severity}{family}"
    yield f"> {escape(with_gaps(rule.message))}"
    yield escape(rule.rationale)
    yield f"**What to do:** {escape(with_gaps(rule.remedy))}"
    if rule.examples:
        yield f"**What it asks:**\n\n{fenced(_yaml(load_yaml(Path(rule.file))['match']), 'yaml')}"
    for kind, title in _OUTCOMES.items():
        shown = [example for example in rule.examples if example.kind == kind]
        if shown:
            yield f"**{title}:**\n\n" + "\n".join(map(_example, shown))
    if rule.references:
        yield f"**References:** {', '.join(map(address, rule.references))}"


def _example(example: Example) -> str:
    """Why, and the model cards."""
    cards = dict(example.repos) | ({"known": dict(example.known)} if example.known else {})
    return f"- {escape(example.why)}\n\n{indent(fenced(_yaml(cards), 'yaml'), '  ')}\n"


def _yaml(value: Any) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100, default_flow_style=None)
