"""The sheet: lines keep to their width, and no word is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from auditor.report.page import Branch, Page, cells

WORDS = st.text(alphabet="ab c模ö́ ", max_size=200).map(lambda text: " ".join(text.split()))


@given(WORDS, st.integers(40, 90), st.sampled_from(["", "  ", "  ☐ "]))
def test_lines_keep_to_the_width_and_lose_no_letter(words: str, width: int, first: str) -> None:
    page = Page(width)
    page.put(words, first=first)
    lines = page.text().splitlines()
    assert all(cells(line) <= width for line in lines)
    joined = "".join(lines).removeprefix(first.rstrip())
    assert joined.replace(" ", "") == words.replace(" ", "")


def test_words_break_at_spaces() -> None:
    page = Page(40)
    page.put("one two three four five six seven eight nine ten", first="- ")
    assert page.text() == "- one two three four five six seven\n  eight nine ten\n"


def test_styles_paint_runs_only_in_color() -> None:
    for color, shown in ((False, "a bold b\n"), (True, "a \x1b[1;31mbold\x1b[0m b\n")):
        page = Page(80, color)
        page.put("a ", ("bold", "bold red"), " b")
        assert page.text() == shown


def test_a_style_goes_on_across_a_break() -> None:
    page = Page(40, color=True)
    page.put(("word " * 12, "red"))
    first, second = page.text().splitlines()
    assert first.startswith("\x1b[31m")
    assert second.startswith("\x1b[31m")
    assert second.endswith("\x1b[0m")


def test_trees_draw_guides_for_every_line() -> None:
    leaf = Branch(("leaf",), "", [])
    page = Page(60)
    page.draw(Branch(("root",), "", [Branch(("first",), "a note", [leaf]), Branch(("last",), "", [leaf])]))
    assert page.text() == "root\n├── first\n│   a note\n│   └── leaf\n└── last\n    └── leaf\n"


def test_chinese_counts_two_columns() -> None:
    assert cells("许可 a") == 6
