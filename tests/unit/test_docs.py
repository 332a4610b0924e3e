"""The reference is whole and follows its sources; pages are sound: links, anchors, order of headings."""

from __future__ import annotations

import functools
import html
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from auditor.cli.app import COMMANDS, load_command
from auditor.engine.load import load_rules
from auditor.identify import catalogue
from auditor.identify.vocabulary import vocabulary
from auditor.lineage.relations import relations
from auditor.policy.findings import rules as policy_rules
from auditor.policy.use import PRESET_WORDS
from auditor.report import FORMATS
from auditor.report.schemas import SCHEMAS
from auditor.resources import data_dir, load_file, load_folder
from docs.generate import __main__ as generate
from docs.generate.markdown import anchor, code, escape, table
from tests.support.pages import ROOT, blocks, pages

_LINK = re.compile(r"(?<!`)\[[^\]\[]*\]\(<?([^)>\s]+)>?\)")
_MOST = 1_500_000  # characters of all generated pages: more would be a burden to everyone who clones


@functools.cache
def made() -> dict[str, str]:
    """The generated files by path, made once."""
    return generate.files()


@functools.cache
def text_of(page: str) -> str:
    """A page as it will be: generated ones from their sources, others from the disk, fenced blocks left out."""
    if page in made():
        lines, inside = [], False
        for line in made()[page].splitlines():
            if line.strip().startswith("```"):
                inside = not inside
            elif not inside:
                lines.append(line)
        return "\n".join(lines)
    lines = (ROOT / page).read_text("utf-8").splitlines()
    fenced = {b.line + i for b in blocks(page) for i in range(b.text.count("\n") + 2)}
    return "\n".join("" if number in fenced else line for number, line in enumerate(lines, 1))


@functools.cache
def anchors(page: str) -> Counter[str]:
    """The anchors of a page's headings, with how often each is there."""
    titles = re.findall(r"^#{1,6} (.+)$", text_of(page), re.MULTILINE)
    return Counter(anchor(re.sub(r"\\(.)|`", r"\1", title)) for title in titles)


REFERENCE = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs/reference").rglob("*.md"))
ALL = [*pages(), *REFERENCE]


def test_every_rule_clause_license_and_relation_has_its_entry() -> None:
    reference = "docs/reference"
    for rule in (*load_rules(), *policy_rules()):
        assert rule.id in anchors(f"{reference}/rules/{rule.group}.md")
    assert not [clause for clause in vocabulary() if clause not in anchors(f"{reference}/clauses.md")]
    for name in catalogue.all_ids():
        entry = catalogue.get(name)
        assert entry is not None
        assert f"`{name}`" in text_of(f"{reference}/licenses/{entry.category}.md")
    assert not [name for name in relations() if f"`{name}`" not in text_of(f"{reference}/relations.md")]
    assert not [name for name in SCHEMAS if f"schemas/{name}.json" not in made()]


def test_every_option_of_every_command_is_told() -> None:
    page = text_of("docs/reference/commands.md")
    for name in COMMANDS:
        command = load_command(name)
        for one in getattr(command, "commands", {"": command}).values():
            options = [o for p in one.params for o in (*p.opts, *p.secondary_opts) if o.startswith("-")]
            assert not [option for option in options if option != "--help" and f"`{option}" not in page]


def test_every_format_is_told() -> None:
    told = text_of("docs/formats.md")
    assert not [name for name in FORMATS if f"`{name}`" not in told]


@pytest.mark.parametrize("page", ALL)
def test_links_lead_somewhere(page: str) -> None:
    wrong = []
    for target in _LINK.findall(text_of(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, part = target.partition("#")
        place = (ROOT / page).parent / path if path else ROOT / page
        name = place.resolve().relative_to(ROOT).as_posix()
        there = name in made() or place.exists()
        if not there or (part and name.endswith(".md") and part not in anchors(name)):
            wrong.append(target)
    assert wrong == []


@pytest.mark.parametrize("page", ALL)
def test_headings_are_in_order_and_pictures_have_words(page: str) -> None:
    levels = [len(marks) for marks in re.findall(r"^(#{1,6}) ", text_of(page), re.MULTILINE)]
    if "{include}" not in (ROOT / page).read_text("utf-8"):
        assert levels[:1] == [1]
    assert levels.count(1) <= 1
    assert all(below <= above + 1 for above, below in pairwise(levels))
    assert not re.findall(r"!\[\s*\]\(|<img(?![^>]*\balt=)", text_of(page))


@pytest.mark.parametrize("page", REFERENCE)
def test_no_heading_is_there_twice(page: str) -> None:
    assert [name for name, times in anchors(page).items() if times > 1] == []


def test_the_reference_stays_small() -> None:
    assert sum(len(text) for text in made().values()) < _MOST


def test_a_stale_file_is_told_with_its_difference_and_written_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate.main([], tmp_path) == 0
    assert generate.main(["--check"], tmp_path) == 0
    facts = tmp_path / "docs/reference/facts.md"
    facts.write_text(facts.read_text("utf-8").replace("| flag |", "| banner |", 1), "utf-8")
    (tmp_path / "docs/reference/relations.md").unlink()
    (tmp_path / "docs/reference/rules/gone.md").write_text("# A rule that was deleted\n", "utf-8")
    capsys.readouterr()

    assert generate.main(["--check"], tmp_path) == 1
    said = capsys.readouterr().out
    assert "docs/reference/facts.md is stale" in said
    assert "| banner |" in said
    assert "docs/reference/relations.md is stale" in said
    assert "docs/reference/rules/gone.md is stale" in said
    assert said.endswith("3 stale\n")

    assert generate.main([], tmp_path) == 0
    assert generate.stale(made(), tmp_path) == {}
    assert not (tmp_path / "docs/reference/rules/gone.md").exists()


def test_an_unknown_argument_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["--chekc"], tmp_path) == 2
    assert "--check" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "word", ["*bold*", "_under_", "<b>", "[a](b)", "a|b", "`code`", "# title", "\\*", "&amp;", "two\nlines"]
)
def test_words_of_data_files_are_no_markup(word: str) -> None:
    shown = html.escape(" ".join(word.split()), quote=False)
    assert MarkdownIt("gfm-like", {"linkify": False}).render(escape(word)) == f"<p>{shown}</p>\n"


def test_a_table_keeps_its_cells() -> None:
    assert table(("A", "B"), [(escape("x|y"), code("p|q"))]).splitlines()[2] == r"| x\|y | `pq` |"
    assert table(("A",), []) == ""


def test_every_key_of_the_data_files_is_told() -> None:
    told = "".join(block.text for block in blocks("ARCHITECTURE.md"))
    systems, datasets, providers = (load_folder(data_dir() / n).values() for n in ("systems", "datasets", "providers"))
    repos = [repo for raw in (*systems, *datasets) for repo in raw.get("repos", {}).values()]
    entries = [*catalogue.raw_entries().values(), *load_file(data_dir() / "clauses.yaml"), *systems, *datasets, *repos]
    entries += [part for raw in providers for part in (raw, *raw["systems"], *raw["terms"])]
    entries += [fact for repo in repos for fact in repo["facts"]]
    used = {key for entry in entries for key in entry}
    assert not [key for key in sorted(used) if not re.search(rf"\b{key}\b", told)]


def test_the_presets_are_told_in_their_own_words() -> None:
    told = text_of("docs/adopt.md")
    assert not [name for name, words in PRESET_WORDS.items() if f"| `{name}` | {words} |" not in told]
