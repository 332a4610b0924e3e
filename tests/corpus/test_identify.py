"""Real license texts: each is itself in every dress, and never exactly itself once words are added."""

from __future__ import annotations

import functools
import html
import json
import random
import textwrap
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from auditor.identify import choose, fit
from auditor.identify.decode import decode
from auditor.identify.match import identify
from auditor.model import TextMatch

CORPUS = Path(__file__).parents[2] / "../shared/corpus/licenses"
PARAGRAPH = (
    "The recipient moreover sends the publisher a yearly account of every place where the model runs, and the "
    "publisher may end this grant whenever such an account is late by more than a week."
)
FILLER = ("river", "stone", "commercial", "engine", "purple", "garden", "license", "model", "under", "seven", "table")

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real license texts is not beside the checkout"),
]


@functools.cache
def texts() -> dict[str, tuple[str, str]]:
    """Slug to (expected id, text)."""
    out: dict[str, tuple[str, str]] = {}
    first: dict[str, str] = {}
    for line in (CORPUS / "manifest.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        text = decode((CORPUS / "texts" / f"{row['slug']}.txt").read_bytes()).text
        own = f"LicenseRef-auditor-{row['slug'].replace('+', '-plus')}"
        expected = own if row["slug"] == "internlm-apache-plus" else row["spdx_id"] or own
        expected = first.setdefault(" ".join(text.split()), expected)
        out[row["slug"]] = (expected, text)
    return out


def paragraphs(text: str) -> list[str]:
    return text.replace("\r\n", "\n").split("\n\n")


def wrapped(text: str) -> str:
    def fill(part: str) -> str:
        return textwrap.fill(" ".join(part.split()), 80, break_long_words=False, break_on_hyphens=False)

    return "\n\n".join(map(fill, paragraphs(text)))


def untitled(text: str) -> str:
    first, _, rest = text.lstrip("\ufeff\n ").partition("\n")
    words = first.split()
    title = len(first) <= 80 and not first.rstrip().endswith((".", ",")) and not first[:1].isdigit()
    return rest if title and 2 * sum(w[0].isupper() for w in words) >= len(words) else text


def other_holder(text: str) -> str:
    def swap(line: str) -> str:
        bare = line.strip()
        holds = bare.lower().startswith("copyright") and any(c.isdecimal() for c in bare) and len(bare) < 100
        sentence = "license" in bare.lower() or " 30 days" in bare
        return "Copyright (c) 2031 Example Robotics GmbH" if holds and not sentence else line

    return "Copyright (c) 2030 A. Person <a@person.test>\n\n" + "\n".join(map(swap, text.split("\n")))


def markdown(text: str) -> str:
    def dress(part: str) -> str:
        return f"## {part}" if len(part) < 60 and "\n" not in part.strip() else f"> {part}".replace("*", "\\*")

    return "\n\n".join(map(dress, paragraphs(text)))


def page(text: str) -> str:
    body = "\n".join(f'<p class="text">{html.escape(part)}</p>' for part in paragraphs(text))
    return f"<!DOCTYPE html>\n<html><head></head><body>{body}</body></html>"


def differing(dress: Callable[[str], str], skip: Callable[[str], bool] = lambda _: False) -> list[str]:
    """The slugs that are not exactly themselves in a dress."""
    wrong = []
    for slug, (expected, text) in texts().items():
        if skip(text):
            continue
        found = identify(dress(text))
        if [(m.id, m.match) for m in found] != [(expected, "exact")]:
            wrong.append(f"{slug}: {[(m.id, m.match) for m in found]}")
    return wrong


@pytest.mark.parametrize("dress", [str, wrapped, untitled, other_holder, markdown], ids=lambda f: f.__name__)
def test_a_text_is_itself(dress: Callable[[str], str]) -> None:
    assert differing(dress) == []


def test_a_text_is_itself_as_a_page() -> None:
    """A text that already holds markup is left out: escaped, its marks become words."""
    assert differing(page, skip=lambda text: "</" in text or "](" in text) == []


def with_words(text: str, draw: random.Random) -> str:
    words = text.split(" ")
    for _ in range(75):
        words.insert(draw.randrange(len(words) + 1), draw.choice(FILLER))
    return " ".join(words)


def with_paragraph(text: str, draw: random.Random) -> str:
    parts = paragraphs(text)
    parts.insert(draw.randrange(len(parts) + 1), PARAGRAPH)
    return "\n\n".join(parts)


def sneaked(text: str, draw: random.Random) -> str:
    words = text.split(" ")
    words.insert(draw.randrange(len(words) + 1), "for non-commercial purposes only")
    return " ".join(words)


def on_copyright_lines(text: str, draw: random.Random) -> str:
    tail = " for non-commercial purposes only"
    lines = [line + tail if line.strip().lower().startswith("copyright") else line for line in text.split("\n")]
    return "\n".join([*lines, f"Copyright (c) {draw.randrange(2000, 2031)} A. Person{tail}"])


@pytest.mark.parametrize("change", [with_words, with_paragraph, sneaked, on_copyright_lines], ids=lambda f: f.__name__)
def test_added_words_are_never_exact(change: Callable[[str, random.Random], str]) -> None:
    draw = random.Random(20311)
    some = draw.sample(sorted(texts().items()), 50)
    clean = [s for s, (_, text) in some if all(m.match == "exact" for m in identify(change(text, draw)))]
    assert clean == []


def held_out(slug: str) -> TextMatch:
    expected, text = texts()[slug]
    (match,) = identify(text, exclude={slug, expected})
    return match


@pytest.mark.parametrize("slug", ["kimi-k2", "kimi-k2.5", "minimax-m2"])
def test_mit_with_a_threshold_is_modified_mit(slug: str) -> None:
    match = held_out(slug)
    assert (match.id, match.match, match.missing) == ("MIT", "modified", 0)
    assert any("monthly active users" in d.quote for d in match.differences)


@pytest.mark.parametrize(
    ("slug", "nearest"),
    [
        ("llama-3", "LicenseRef-scancode-llama-3"),
        ("qwen-research-2024", "LicenseRef-"),
        ("sdxl-0.9-research", "LicenseRef-"),
        ("deepfloyd-if-research", "LicenseRef-"),
        ("opt-175b", "LicenseRef-scancode-llama-license-2023"),
        ("qwen-vl-2023", "LicenseRef-scancode-tongyi-qianwen-2023"),
        ("gemma-terms-2024", "LicenseRef-"),
        ("hunyuan3d-2.1", "LicenseRef-scancode-tencent-hunyuan-3d-2.0-cla"),
        ("cc-by-nc-4.0", "CC-BY-"),
    ],
)
def test_a_near_relative_is_unknown_with_its_nearest(slug: str, nearest: str) -> None:
    match = held_out(slug)
    assert (match.id, match.match) == (None, "none")
    assert match.candidates[0][0].startswith(nearest)


def test_a_standard_text_that_gained_words_is_shown_as_such() -> None:
    match = held_out("internlm-apache-plus")
    assert (match.id, match.match, match.missing) == ("Apache-2.0", "modified", 0)
    assert match.differences[0].quote.startswith("THIS SOFTWARE IS PROVIDED")


def test_optional_parts_and_filled_blanks_of_spdx_texts_are_the_same_license() -> None:
    _, apache = texts()["apache-2.0"]
    _, bsd = texts()["bsd-3-clause"]
    (short,) = identify(apache[: apache.index("APPENDIX")])
    assert (short.id, short.match) == ("Apache-2.0", "exact")
    (filled,) = identify(
        bsd.replace("the ORGANIZATION", "Example Robotics").replace("ORGANIZATION", "Example Robotics")
    )
    assert (filled.id, filled.match) == ("BSD-3-Clause", "exact")


@pytest.mark.parametrize(
    ("slug", "beginning", "missing"),
    [("unlicense", "Anyone is free to copy", 11), ("bigscience-bloom-rail-1.0", "This is a license", 4)],
)
def test_a_text_that_begins_later_is_modified(slug: str, beginning: str, missing: int) -> None:
    expected, text = texts()[slug]
    (match,) = identify(text[text.index(beginning) :])
    assert (match.id, match.match, match.missing, match.differences) == (expected, "modified", missing, ())


@pytest.mark.parametrize("slug", ["apache-2.0", "cc-by-nc-4.0", "openrail++", "gpl-3.0"])
def test_texts_that_are_not_laid_and_templates_that_are_not_asked_change_nothing(
    slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = sneaked(texts()[slug][1], random.Random(slug))
    with monkeypatch.context() as asked:
        asked.setattr(fit, "template_spans", lambda _: pytest.fail("the templates have nothing to tell here"))
        (quick,) = identify(text)
    monkeypatch.setattr(choose, "_SHORT", len(text))
    (thorough,) = identify(text)
    assert quick.candidates[0] == thorough.candidates[0]
    assert replace(quick, candidates=()) == replace(thorough, candidates=())


def test_two_licenses_in_one_file_are_two() -> None:
    found = identify(texts()["llama-2"][1] + "\n\n" + texts()["apache-2.0"][1])
    assert {(m.id, m.match) for m in found} == {
        ("LicenseRef-scancode-llama-2-license-2023", "exact"),
        ("Apache-2.0", "exact"),
    }


def test_a_tag_is_no_text() -> None:
    (match,) = identify("SPDX-License-Identifier: MIT\n\n" + texts()["llama-2"][1])
    assert (match.id, match.match) == ("LicenseRef-scancode-llama-2-license-2023", "modified")
