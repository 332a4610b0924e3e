"""Foreign text cannot act on a terminal, a page, a diagram or a workflow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.report import safe

ANY_TEXT = st.text(alphabet=st.characters(codec=None, exclude_categories=()))


@given(ANY_TEXT)
def test_plain_text_is_printable_whatever_comes_in(text: str) -> None:
    assert safe.plain(text).isprintable()


@given(ANY_TEXT)
def test_letters_and_digits_survive(text: str) -> None:
    words = "".join(c for c in text if c.isalnum())
    shown = iter(safe.plain(text))
    assert all(c in shown for c in words)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "\\x1b[31m"),
        ("a\u202eb", "a\\u202eb"),
        ("a\r\nb\tc", "a  b c"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("模型许可协议", "模型许可协议"),
        ("[red]not a style[/red]", "[red]not a style[/red]"),
    ],
)
def test_what_cannot_be_seen_is_spelled_out(text: str, shown: str) -> None:
    assert safe.plain(text) == shown


def test_short_text_says_that_it_was_cut() -> None:
    assert safe.short("one two\n three", 100) == "one two three"
    assert safe.short("word " * 50, 20) == "word word word word…"
    assert len(safe.short("x" * 10_000_000, 40)) == 40


@given(ANY_TEXT)
def test_html_holds_no_mark_of_its_own(text: str) -> None:
    assert not set("<>\"'") & set(safe.html(text))


@given(ANY_TEXT)
def test_mermaid_labels_hold_nothing_that_ends_a_label(text: str) -> None:
    assert not set('"<>[](){}|`\n\\') & set(safe.mermaid(text))


def test_mermaid_entities_are_code_points() -> None:
    assert safe.mermaid('a"b') == "a#34;b"


def test_workflow_commands_cannot_be_started_or_split() -> None:
    assert "\n" not in safe.workflow("x\n::error::y")
    assert safe.workflow("50% of\nit") == "50%25 of it"
    assert safe.workflow("a:b,c", in_property=True) == "a%3Ab%2Cc"
