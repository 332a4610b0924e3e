"""The page under the clause reader: marks of items, order of marks, places in bytes and in characters, long lines."""

from __future__ import annotations

import pytest

from auditor.identify import lists
from auditor.identify.marks import follows, mark_of
from auditor.identify.plain import MAX_SENTENCE, plain
from auditor.identify.sentences import Page

ENGLISH = "Terms – “Acme”\n\nYou may not:\n(a) sell it; or\n(b) café it.\n\nYou must keep “this”.\n"
CHINESE = "条款\n\n您不得：\n（一）出售本模型；\n（二）转让本模型。\n\nYou may not:\n- sell it\n- rent it\n"


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("1. Grant", "1."),
        ("(A) Grant", "(a)"),
        ("iv) grant", "iv)"),
        ("XII. Grant", "xii."),
        ("3.1.2 Grant", "3.1.2"),
        ("- grant", "-"),
        ("•grant", "•"),
        ("* grant", "*"),
        ("（二）授权", "(二)"),
        ("一、授权", "一,"),
        ("1)", "1)"),
        ("*grant", ""),
        ("*", ""),
        ("grant", ""),
        ("2024, by Acme", ""),
        ("1.5 million", ""),
        ("(grant) of", ""),
        ("a grant.", ""),
        ("第二条 授权", ""),
    ],
)
def test_marks(line: str, mark: str) -> None:
    assert mark_of(line) == mark


@pytest.mark.parametrize(
    ("before", "mark", "parted", "goes_on"),
    [
        ("(a)", "(b)", True, True),
        ("(a)", "(c)", False, False),
        ("(a)", "b)", False, False),
        ("(i)", "(ii)", True, True),
        ("(h)", "(i)", True, True),
        ("9.", "10.", True, True),
        ("一,", "二,", True, True),
        ("3.1.1", "3.1.2", False, True),
        ("3.1.1", "3.1.2", True, False),
        ("-", "-", False, True),
        ("-", "-", True, False),
        ("-", "•", False, False),
    ],
)
def test_the_order_of_marks(before: str, mark: str, parted: bool, goes_on: bool) -> None:
    assert follows(before, mark, parted) is goes_on


@pytest.mark.parametrize("text", [ENGLISH, CHINESE, "\ud800" + CHINESE, "plain words.\nand more"])
def test_places_in_bytes_and_in_characters(text: str) -> None:
    page = Page(text)
    form = page.blob.decode("utf-8")
    assert form.startswith(page.plain.replace("\ud800", "?"))
    places = [page.offset(len(form[:at].encode())) for at in range(len(page.plain) + 1)]
    assert places == list(range(len(page.plain) + 1))
    for place in range(len(page.plain) + 1, len(form) + 1):  # lines of items lead back to the text
        assert 0 <= page.offset(len(form[:place].encode())) <= len(text)


def test_items_stand_below_the_text_with_the_words_before_them() -> None:
    page = Page(ENGLISH)
    below = page.blob.decode()[len(page.plain) :]
    assert [" ".join(line.split()) for line in below.split("\n")] == ["", "you may not café it."]


@pytest.mark.parametrize(("text", "han"), [(CHINESE, True), (ENGLISH, False), ("words", False), ("ひらがな", False)])
def test_whether_there_is_chinese(text: str, han: bool) -> None:
    assert Page(text).han is han


@pytest.mark.parametrize("length", [MAX_SENTENCE - 1, MAX_SENTENCE, MAX_SENTENCE + 1, 3 * MAX_SENTENCE])
@pytest.mark.parametrize("around", ["{}", "short\n\n{}", "{}\n\nShort", "one\n\n{}\n\n" + "x " * 1500])
def test_no_line_is_too_long(length: int, around: str) -> None:
    form = plain(around.format("x" * length))
    assert max(map(len, form.split("\n"))) <= MAX_SENTENCE
    assert ("x" * length in form) is (length <= MAX_SENTENCE)


@pytest.mark.parametrize("lines", ["(a) you must not:\n", "1. sell\na. rent\n", "(i) not:\n\n- no\n\n"])
def test_lists_in_lists_without_end_are_looked_through_once(lines: str, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0

    def counting(*marks: object) -> bool:
        nonlocal compared
        compared += 1
        return False

    monkeypatch.setattr(lists, "follows", counting)
    text = "You must not:\n" + lines * 500
    lists.listed_items(text, plain(text))
    assert 0 < compared <= 25 * text.count("\n")
