"""Identification against a tiny index, built from texts that were written for these tests."""

from __future__ import annotations

import hashlib
import html
import json
import textwrap
from pathlib import Path

import pytest

from auditor.identify import fingerprints
from auditor.identify.build_index import build
from auditor.identify.match import MAX_CHARS, identify
from auditor.model import TextMatch

PEBBLE = """Pebble Public License

Version 2, June 2031

Copyright (c) 2031 Pebble Cooperative

Whoever receives the Pebble weights may run them, study them and hand them to a neighbour, for money or for free, as
long as each of the following points is kept in mind.

A recipient keeps this text together with the weights and tells the next recipient where the weights came from.

Nothing here promises that the weights do anything well; whoever relies on them carries the risk of doing so, and the
authors answer for no harm that follows from their use, however it comes about and whoever suffers it.
"""

PEBBLE_3 = PEBBLE.replace("Version 2, June 2031", "Version 3, May 2033").replace("Pebble weights", "Pebble 3 weights")

HARBOR = """Harbor Data Terms

The tables of the Harbor collection are offered to anybody who wishes to count ships, tides and cargo, in school, in
print or in a program, and they may be joined with other tables of the same kind without asking anyone.

A chart drawn from the tables says beneath it that the Harbor collection was its source and in which year it was read.

The keepers of the collection correct mistakes when they learn of them and promise no more than that to any reader.
"""

PARAGRAPH = "Whoever serves the weights to more than nine hundred customers a month pays the authors one coin for each."


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> fingerprints.Index:
    """Three texts, two of them versions of one license."""
    folder = tmp_path_factory.mktemp("texts")
    (folder / "texts").mkdir()
    rows = []
    for slug, name, text in (
        ("pebble-2", "Pebble Public License 2", PEBBLE),
        ("pebble-3", "Pebble Public License 3", PEBBLE_3),
        ("harbor++", "Harbor Data Terms", HARBOR),
    ):
        (folder / "texts" / f"{slug}.txt").write_text(text, "utf-8")
        digest = hashlib.sha256(text.encode()).hexdigest()
        rows.append({"slug": slug, "title": name, "spdx_id": None, "sha256": digest, "source": {"type": "own"}})
    (folder / "manifest.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    assert build([folder], folder / "out") == []
    return fingerprints.load(folder / "out")


def only(matches: tuple[TextMatch, ...]) -> TextMatch:
    assert len(matches) == 1
    return matches[0]


@pytest.mark.parametrize("text", [PEBBLE, PEBBLE_3, HARBOR, f"\n\n  {PEBBLE.upper()}\n"])
def test_a_whole_text_is_told_as_if_it_had_been_compared(index: fingerprints.Index, text: str) -> None:
    compared = index._replace(standards=[standard._replace(near=None) for standard in index.standards])
    assert all(standard.near is not None for standard in index.standards)
    assert identify(text, index=index) == identify(text, index=compared)
    assert only(identify(text, index=index)).match == "exact"


def test_a_whole_text_that_is_to_be_forgotten_is_another(index: fingerprints.Index) -> None:
    known = only(identify(PEBBLE, index=index)).id
    assert known
    assert all(match.id != known for match in identify(PEBBLE, index=index, exclude={known}))


@pytest.mark.parametrize(
    "text",
    [
        PEBBLE,
        PEBBLE.partition("\n")[2],
        "\ufeff" + PEBBLE.replace("\n", "\r\n"),
        "\n\n".join(textwrap.fill(part, 50) for part in PEBBLE.split("\n\n")),
        PEBBLE.replace("2031 Pebble Cooperative", "2029-2035 Quarry Works <hello@quarry.test>"),
        PEBBLE.replace("Copyright (c)", "© 2030 A. Mason\nCopyright (c)"),
        "# " + PEBBLE.replace("recipient", "**recipient**").replace("this text", "[this text](https://pebble.test/2)"),
        "<html><body>" + "".join(f"<p class='x'>{html.escape(p)}</p>" for p in PEBBLE.split("\n\n")) + "</body></html>",
        "\n".join("# " + line for line in PEBBLE.splitlines()),
        "The Marble Project License\n\n" + PEBBLE,
        PEBBLE + "\nAll rights reserved.\n",
    ],
    ids=["as is", "no title", "BOM", "wrapped", "holder", "holders", "markdown", "html", "comment", "title", "phrase"],
)
def test_what_does_not_matter_leaves_it_exact(index: fingerprints.Index, text: str) -> None:
    match = only(identify(text, index=index))
    assert (match.id, match.match, match.missing, match.differences) == ("LicenseRef-auditor-pebble-2", "exact", 0, ())
    assert match.score == 1.0


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        (PEBBLE + "\n" + PARAGRAPH, PARAGRAPH.rstrip(".")),
        (PEBBLE.replace("A recipient keeps", PARAGRAPH + "\n\nA recipient keeps"), "nine hundred customers"),
        (PEBBLE.replace("for money or for free", "for free only"), "only"),
        (PEBBLE.replace("hand them", "for non-commercial purposes only hand them"), "non-commercial purposes"),
        (PEBBLE.replace("Pebble Cooperative", "Pebble Cooperative, for non-commercial use only"), "non-commercial"),
        (PEBBLE.replace("Pebble Cooperative", "Pebble nur für die Forschung und Lehre"), "Forschung"),
        (PEBBLE.replace("Pebble Cooperative", "Pebble " + "Long " * 40), "Long"),
        ("For research use only\n\n" + PEBBLE, "research use only"),
        (PEBBLE + '<p class="not for commercial use">', "not for commercial use"),
        (PEBBLE + "<!-- research use only -->", "research use only"),
        (PEBBLE + "".join(f"&#{ord(c)};" for c in "never sell"), "&#101;"),
        (PEBBLE + "[more](not-for-commercial-use)", "not-for-commercial-use"),
        ("SPDX-License-Identifier: LicenseRef-harbor\n\n" + PEBBLE, "harbor"),
    ],
    ids=range(13),
)
def test_what_matters_is_quoted_and_never_exact(index: fingerprints.Index, text: str, passage: str) -> None:
    match = only(identify(text, index=index))
    assert (match.id, match.match) == ("LicenseRef-auditor-pebble-2", "modified")
    assert any(passage in d.quote for d in match.differences)
    assert all(text[d.start : d.end].startswith(d.quote.rstrip("…")) for d in match.differences)
    assert match.score < 1


def test_words_that_are_gone_are_counted(index: fingerprints.Index) -> None:
    match = only(identify(PEBBLE.replace("study them and ", ""), index=index))
    assert (match.match, match.missing, match.differences) == ("modified", 3, ())


def test_another_version_is_not_this_one(index: fingerprints.Index) -> None:
    assert only(identify(PEBBLE_3, index=index)).id == "LicenseRef-auditor-pebble-3"
    held_out = only(identify(PEBBLE_3, index=index, exclude={"pebble-3"}))
    assert (held_out.id, held_out.match) == (None, "none")
    assert held_out.candidates[0][0] == "LicenseRef-auditor-pebble-2"
    assert held_out.score == held_out.candidates[0][1] > 0.9


def test_a_text_that_begins_later_is_modified(index: fingerprints.Index) -> None:
    text = PEBBLE.partition("Whoever receives the Pebble weights ")[2]
    match = only(identify(text, index=index))
    assert (match.id, match.match) == ("LicenseRef-auditor-pebble-2", "modified")
    assert (match.missing, match.differences) == (5, ())


@pytest.mark.parametrize("opening", ["All people near some Granite coast ", "Granite Public License 4\n\nEverybody "])
def test_another_opening_is_not_a_later_beginning(index: fingerprints.Index, opening: str) -> None:
    match = only(identify(opening + PEBBLE.partition("Whoever receives the Pebble weights ")[2], index=index))
    assert (match.id, match.match) == (None, "none")
    assert match.candidates[0][0].startswith("LicenseRef-auditor-pebble")


def test_a_later_beginning_is_no_name_where_a_relative_fits_better(index: fingerprints.Index) -> None:
    """The third version lacks three words at its beginning, the second these and a figure inside."""
    text = PEBBLE_3.replace("study them", "study the 3 weights").partition("Whoever receives the ")[2]
    match = only(identify(text, index=index))
    assert match.match != "exact"
    assert match.id in {None, "LicenseRef-auditor-pebble-3"}


def test_half_a_text_is_unknown_with_its_nearest(index: fingerprints.Index) -> None:
    match = only(identify(HARBOR[: len(HARBOR) // 2], index=index))
    assert (match.id, match.match) == (None, "none")
    assert match.candidates[0][0] == "LicenseRef-auditor-harbor-plus-plus"


def test_two_licenses_in_one_file(index: fingerprints.Index) -> None:
    both = identify(f"{HARBOR}\n---\n\n{PEBBLE}", index=index)
    assert [(m.id, m.match) for m in both] == [
        ("LicenseRef-auditor-pebble-2", "exact"),
        ("LicenseRef-auditor-harbor-plus-plus", "exact"),
    ]
    assert both[1].end <= both[0].start


def test_words_between_two_licenses_belong_to_one_of_them(index: fingerprints.Index) -> None:
    found = identify(f"{HARBOR}\n{PARAGRAPH}\n\n{PEBBLE}", index=index)
    assert sorted(m.match for m in found) == ["exact", "modified"]


def test_prose_around_a_license_is_a_difference(index: fingerprints.Index) -> None:
    match = only(identify(f"Stones is a small program that sorts stones by weight.\n\n{PEBBLE}", index=index))
    assert match.match == "modified"
    assert match.differences[0].quote.startswith("Stones is a small program")
    assert match.start > match.differences[0].start


def test_what_is_not_read_is_a_difference(index: fingerprints.Index) -> None:
    match = only(identify(PEBBLE + " " * MAX_CHARS + "never sell", index=index))
    assert match.match == "modified"
    assert match.differences[-1].end == len(PEBBLE) + MAX_CHARS + len("never sell")


def test_figures_alone_are_kept(index: fingerprints.Index, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp()
    written = b"".join(p.read_bytes() for p in folder.glob("texts*/out/*"))
    assert written
    assert b"neighbour" not in written


@pytest.mark.parametrize("text", ["", "   \n", "MIT", "Released under terms of our own.", "中文" * 30])
def test_nothing_known_is_none(index: fingerprints.Index, text: str) -> None:
    match = only(identify(text, index=index))
    assert (match.id, match.match, match.candidates) == (None, "none", ())


def test_a_folder_that_does_not_fit_together_is_refused(tmp_path: Path, index: fingerprints.Index) -> None:
    (tmp_path / "texts.json").write_text(json.dumps({"words": 1, "runs": 0, "length": 0, "texts": []}))
    for name in ("words.bin", "runs.bin", "sequences.bin"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(ValueError, match="build it again"):
        fingerprints.load(tmp_path)
