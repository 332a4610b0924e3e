"""Messages are filled with facts and nothing else."""

from __future__ import annotations

import pytest

from auditor.engine.words import fill
from auditor.facts.values import Unknown

VALUES = {
    "subject": "acme/chat",
    "term.params.threshold": 700_000_000,
    "term.params.contains": "MiniCPM",
    "list": ["a", "b"],
    "empty": [],
    "hidden": Unknown("deleted"),
    "evil": "{subject} {0} [bold]",
}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{subject}: {term.params.threshold:,}", "acme/chat: 700,000,000"),
        ("{list} / {empty}", "a, b / none"),
        ("{nothing} {hidden}", "not stated not stated"),
        ("{term.params.prefix|term.params.contains}", "MiniCPM"),
        ("{hidden|nothing|subject}", "acme/chat"),
        ("{hidden|nothing}", "not stated"),
        ("{subject:,}", "acme/chat"),  # a format that does not fit is left aside
        ("{evil}", "{subject} {0} [bold]"),  # what a repository says is never a template
        ("{subject.__class__}", "not stated"),
        ("{subject[0]}", "not stated"),
    ],
)
def test_fill(template: str, text: str) -> None:
    assert fill(template, VALUES) == text
