"""Section numbers: nested lists, numbers that begin anew, annexes, references that look like marks."""

from __future__ import annotations

import pytest

from auditor.identify.sections import Sections


def at(text: str, words: str) -> str | None:
    return Sections(text).at(text.index(words))


def test_a_list_below_a_section_that_leads_into_it() -> None:
    text = "4. Passing on. You may pass on every copy, provided that:\n1. one\n2. two;\n3. three.\n5. Output\n6. Last"
    assert [at(text, w) for w in ("Passing", "one", "three", "Output", "Last")] == ["4", "4.1", "4.3", "5", "6"]


def test_where_both_lists_could_go_on_a_full_stop_ends_the_inner_one() -> None:
    text = "2. Duties of those who pass on copies are the following:\n1. keep;\n2. mark{}\n3. Next"
    assert at(text.format("."), "Next") == "3"
    assert at(text.format(";"), "Next") == "2.3"


def test_numbers_that_begin_anew_under_a_title_are_not_nested() -> None:
    text = "7. Law. The courts of Utopia decide.\n\nPolicy of use\nWe care. You will not use it to:\n1. harm\n2. lie"
    assert (at(text, "harm"), at(text, "lie")) == ("1", "2")
    assert at("3. Fees\nNone.\nDuties:\n1. keep", "keep") == "1"


def test_the_margin_tells_levels_apart() -> None:
    text = "1. Harm, such as\n    1. war\n    2. theft\n    3. arson\n2. Lies, such as\n    4. slander\n3. Last"
    assert [at(text, w) for w in ("war", "theft", "Lies", "slander", "Last")] == ["1.1", "1.2", "2", "2.4", "3"]


def test_parts_behind_the_license_are_named() -> None:
    text = "9. End\n\nATTACHMENT A\n\nUse restrictions\n1. no war\n\nExhibit B: Notice\n(a) text"
    assert [at(text, w) for w in ("End", "Use", "no war", "text")] == [
        "9",
        "Attachment A",
        "Attachment A.1",
        "Exhibit B.a",
    ]


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("Section 3 - Conditions.\n a. Attribution.\n  1. If You share:\n   A. here", "3.a.1.A"),
        ("Section 3: Terms\n\n3.1 Copies. here", "3.1"),
        ("SECTION I: WORDS\n1. Terms\n(a) here", "I.1.a"),
    ],
)
def test_titled_sections(text: str, section: str) -> None:
    assert at(text, "here") == section


def test_a_reference_at_the_beginning_of_a_line_is_no_mark() -> None:
    text = "5. Copies of works\n    b) You keep what was added under section\n    7.  This changes\n    c) All of it"
    assert at(text, "All") == "5.c"


def test_brackets_rank_below_numbers() -> None:
    assert at("(1) we claim it, and\n(2) we offer it.\n\n  0. Words.\n  1. Source", "Source") == "1"


def test_a_list_at_the_margin_of_the_one_before_begins_anew() -> None:
    text = "2. Use\n  You shall:\n    (a) keep\n    (b) mark, and know that it is so:\n    (a) other\n    (b) last"
    assert [at(text, w) for w in ("keep", "other", "last")] == ["2.a", "2.a", "2.b"]
