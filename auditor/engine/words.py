"""Fills a rule's message with facts: `{subject}`, `{license}`, `{term.params.threshold:,}`, `{ancestor.id}`.

`{term.params.prefix|term.params.contains}` takes the first of them that there is.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any

from auditor.facts.values import Unknown


class _Filler(string.Formatter):
    """Looks up whole dotted names; no attribute or index access, so a message can reach nothing but facts."""

    def get_field(self, field_name: str, args: Any, kwargs: Mapping[str, Any]) -> tuple[Any, str]:
        values = (kwargs.get(name.strip()) for name in field_name.split("|"))
        return next((v for v in values if v is not None and not isinstance(v, Unknown)), None), field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        if value is None:
            return "not stated"
        if isinstance(value, (list, tuple)):
            return ", ".join(dict.fromkeys(map(str, value))) or "none"
        try:
            return format(value, format_spec)
        except (TypeError, ValueError):
            return str(value)


def fill(template: str, values: Mapping[str, Any]) -> str:
    """The template with its places filled; what is not known reads 'not stated'."""
    return _Filler().vformat(template, (), dict(values))
