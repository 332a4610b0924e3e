"""Markdown: says what the report says, and stays the same document whatever a repository writes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from auditor.model import Decision, Release, Report
from auditor.report import render
from auditor.report.markup import escape
from tests.golden.sample import BASE, CHAT, COMMIT, sample
from tests.support.hostile import TEXTS, hostile, placed

FORMS = ("markdown", "model-card")
OWN_HTML = {"<br>", "<sub>", "</sub>", "<details>", "</details>", "<summary>", "</summary>"}


def _tokens(text: str) -> list[Token]:
    flat: list[Token] = []
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        flat += [token, *(token.children or ())]
    return flat


def _shape(report: Report, form: str) -> Counter[tuple[str, str]]:
    """How many of each element there are; links and text differ where names do."""
    found = Counter((token.type, token.tag) for token in _tokens(render(report, form)))
    for kind in ("text", "text_special", "entity", "link_open", "link_close", "html_inline"):
        for key in [key for key in found if key[0] == kind]:
            del found[key]
    return found


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_foreign_text_changes_nothing_but_text(form: str, text: str) -> None:
    report = placed(hostile(text))
    shown = render(report, form)
    assert _shape(report, form) == _shape(placed(), form)
    for token in _tokens(shown):
        if token.type == "link_open":
            assert str(token.attrs["href"]).startswith(("https://huggingface.co/", "https://example.com/"))
        if token.type in ("html_inline", "html_block"):
            assert set(re.findall(r"<[^>]*>", token.content)) <= OWN_HTML
        if token.type == "text":
            assert not re.search(r"@\w|#\d", token.content)  # would be a mention or a reference on GitHub
    words = re.sub(r"\]\(<[^>]*>\)", "]", shown.partition("```mermaid")[0])  # without the addresses of links
    assert not re.search(r"(?<!\\:)//evil|(?<!\\)www\.evil", words)
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_verdict_duties_and_findings_are_there() -> None:
    shown = render(placed(), "markdown")
    assert "❌ **NOT ALLOWED** for commercial use" in shown
    assert "- [ ] Ship a copy of the license. “hand over a copy of these terms”" in shown
    assert f"/{BASE}/blob/{COMMIT}/LICENSE#L14>" in shown
    assert "| high | **User-count cap**<br>user-count-cap |" in shown
    assert "Used at src/train.py:12, src/train.py:40, configs/run a,b.yaml:3." in shown
    assert "*waived*" in shown
    assert "```mermaid\nflowchart TD" in shown


@pytest.mark.parametrize("form", FORMS)
def test_what_could_not_be_told_is_told(form: str) -> None:
    shown = render(sample(), form)
    assert "### Could not tell" in shown
    assert "lab/base-7b is gated" in shown
    assert "lab/ancestor was left out" in shown
    assert "Could not tell whether dataset-non-commercial holds for acme/chat-7b: acme/talk is unclear" in shown


def test_a_section_for_a_card_has_the_whole_descent() -> None:
    shown = render(sample(), "model-card")
    assert shown.startswith("## License and lineage\n")
    assert len(re.findall(r"^\| .* \| .* \| .* \| .* \| .* \|$", shown, re.M)) == 1 + len(sample().lineage.edges)
    assert f"| {CHAT} | fine-tuned from | [{BASE}](<https://huggingface.co/{BASE}>) |" in shown
    assert "made of outputs of (inferred)" in shown


def test_the_license_of_a_release_is_answered() -> None:
    release = Release("MIT", "deny", suggestions=("Apache-2.0",))
    decided = replace(sample(), decisions={CHAT: Decision("deny", release=release)})
    shown = render(decided, "markdown")
    assert "**License of your release:** MIT License cannot be granted" in shown
    assert "Could be granted: Apache License 2.0." in shown


@pytest.mark.parametrize(
    "text",
    ["a_b*c", "1. x", "- x", "# x", "![i](u)", "a|b", "<b>", "www.x.org", "http://x.org", "&amp;"],
    ids=range(10),
)
def test_escaped_text_reads_as_it_was(text: str) -> None:
    inline = [
        token for token in _tokens(escape(text)) if token.type not in ("paragraph_open", "paragraph_close", "inline")
    ]
    assert {token.type for token in inline} <= {"text", "text_special"}
    assert "".join(token.content for token in inline).replace("\u2060", "") == text
