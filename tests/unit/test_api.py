"""The Python API: what `audit` takes, what a report gives, and that the import stays cheap."""

from __future__ import annotations

import dataclasses
import doctest
import json
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import auditor
from auditor.model import Decision
from auditor.report import FORMATS, render
from auditor.report.notebook import render as notebook
from auditor.sources.memory import MemorySource
from tests.golden.sample import sample
from tests.support.hostile import TEXTS, hostile
from tests.support.lineages import report_of

ROOT = Path(__file__).parents[2]
HUB = MemorySource({"acme/chat": {"license": "mit", "base_model": "lab/base"}, "lab/base": {"license": "cc-by-nc-4.0"}})


def _audit(targets: Any = "acme/chat", **asked: Any) -> auditor.Report:
    return auditor.audit(targets, **{"source": HUB, **asked})


def test_the_page_of_examples_holds() -> None:
    assert doctest.testfile(str(ROOT / "docs" / "python.md"), module_relative=False) == (0, 23)


def test_the_typed_script_runs() -> None:
    done = subprocess.run([sys.executable, "tests/typing/script.py"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "non-commercial" in done.stdout.lower()


def test_importing_is_cheap_and_every_name_is_there() -> None:
    code = (
        "import sys; before = set(sys.modules); import auditor\n"
        "print(sorted(m for m in set(sys.modules) - before if m.startswith('auditor') or m == 'typing'))\n"
        "assert set(auditor.__all__) <= set(dir(auditor)), 'dir'\n"
        "assert all(getattr(auditor, name) for name in auditor.__all__), 'getattr'\n"
        "assert auditor.errors.UsageError is auditor.UsageError\n"
        "print([m for m in ('networkx', 'huggingface_hub', 'rich', 'typer', 'spdx_tools') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["['auditor']", "[]"]


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'adit'"):
        _ = auditor.adit  # type: ignore[attr-defined]


def test_the_dictionary_is_the_json_report() -> None:
    report = _audit(use={"preset": "product", "territories": ["EU"]})
    assert report.to_dict() == json.loads(render(report, "json"))
    assert report.to_dict()["use"]["territories"] == ["EU"]


def test_a_report_is_also_one_of_the_model() -> None:
    report = _audit()
    again = dataclasses.replace(report, notes=("seen",))
    assert isinstance(again, auditor.Report)
    assert again.to_markdown() != report.to_markdown()
    assert report.to_networkx().has_edge("acme/chat", "lab/base")
    assert hash(report.findings)


def test_every_format_can_be_asked_for() -> None:
    report = _audit()
    assert report.render() == render(report, "text")
    assert report.to_html().startswith("<!doctype html>")
    with pytest.raises(auditor.UsageError, match="did you mean 'markdown'"):
        report.render("markdwn")
    assert "markdown" in FORMATS


@pytest.mark.parametrize(
    "targets",
    [
        "acme/chat",
        ["acme/chat"],
        ("acme/chat@main",),
        auditor.RepoId("model", "acme/chat"),
        iter(["https://huggingface.co/acme/chat"]),
    ],
)
def test_targets_of_every_kind(targets: Any) -> None:
    assert list(_audit(targets).decisions) == ["acme/chat"]


def test_a_path_is_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "README.md").write_text("---\nlicense: mit\nbase_model: lab/base\n---\n")
    monkeypatch.chdir(tmp_path)
    assert _audit(Path("mine")).lineage.edges[0].parent == "lab/base"
    with pytest.raises(auditor.UsageError, match="no folder"):
        _audit(Path("yours"))


def test_a_snapshot_is_a_source(tmp_path: Path) -> None:
    from auditor.cli.app import run

    assert run(["snapshot", "gpt2", "--source", "bundled", "-o", str(tmp_path / "kept")]) == 0
    for source in (tmp_path / "kept", str(tmp_path / "kept")):
        assert auditor.audit("gpt2", source=source).source_kind == "snapshot"
    with pytest.raises(auditor.UsageError, match="there is no source"):
        auditor.audit("gpt2", source=tmp_path)


@pytest.mark.parametrize(
    "use", ["product", {"preset": "product"}, auditor.Use(preset="product"), {"preset": "product", "modify": True}]
)
def test_uses_of_every_kind(use: Any) -> None:
    report = _audit(use=use)
    assert (report.use.purpose, report.use.distribute, report.use.modify) == ("commercial", "product", True)
    assert report.verdict == "deny"


def test_answers_stand_over_the_preset() -> None:
    use = _audit(use={"preset": "product", "distribute": "none", "territories": ("EU",)}).use
    assert (use.purpose, use.distribute, use.territories) == ("commercial", "none", ("EU",))
    assert _audit(use=None).use == auditor.Use()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"use": "prodct"}, "did you mean 'product'"),
        ({"use": {"purpos": "research"}}, "unknown key 'purpos' .did you mean 'purpose'"),
        ({"use": {"monthly_active_users": "many", "modify": 1}}, "must be a whole number.*must be true or false"),
        ({"use": {"annual-revenue-usd": -1}}, "cannot be negative"),
        ({"use": auditor.Use(purpose="comercial")}, "did you mean 'commercial'"),  # type: ignore[arg-type]
        ({"use": {"release_license": "no-such-license"}}, "names no license"),
        ({"fail_on": "hihg"}, "is no severity"),
        ({"targets": []}, "no target"),
        ({"targets": "vicunna"}, "vicunna"),
        ({"targets": "pytorch"}, "software"),
        ({"source": "hbu"}, "there is no source"),
    ],
)
def test_mistakes_are_usage_errors_with_a_remedy(asked: dict[str, Any], words: str) -> None:
    with pytest.raises(auditor.UsageError, match=words) as caught:
        _audit(**asked)
    assert caught.value.remedy
    assert caught.value.exit_code == 2


def test_a_faulty_rule_is_said_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("id: own\nmatch: {all: [{kind: {is: modle}}]}\n")
    with pytest.raises(auditor.FileMistakes) as caught:
        _audit(rules=[tmp_path])
    assert caught.value.mistakes


def test_what_cannot_be_read_is_in_the_report() -> None:
    report = _audit("acme/gone")
    assert (report.verdict, report.exit_code) == ("undetermined", 3)


def test_the_gravest_verdict_stands_for_all() -> None:
    report = _audit(["acme/chat", "lab/base"], use="product")
    assert report.verdict == "deny"
    for verdicts, gravest in ((("allow", "conditions"), "conditions"), (("allow", "undetermined"), "undetermined")):
        several = {str(n): Decision(v) for n, v in enumerate(verdicts)}  # type: ignore[arg-type]
        assert dataclasses.replace(report, decisions=several).verdict == gravest
    assert dataclasses.replace(report, decisions={}).verdict == "undetermined"


def test_in_one_line() -> None:
    assert repr(_audit(use="product")).startswith("<auditor.Report: acme/chat: deny; ")
    assert repr(_audit("acme/gone")).endswith("1 thing could not be read; exit code 3>")
    assert len(_public(report_of(500)).__repr__()) < 300


def _public(report: Any) -> auditor.Report:
    return auditor.Report(**{f.name: getattr(report, f.name) for f in dataclasses.fields(report)})


class _Tags(HTMLParser):
    """Collects the tags, attributes and links of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]


_HARMLESS = {"div", "p", "strong", "em", "ul", "li", "span", "a", "details", "summary"}


@pytest.mark.parametrize("text", ["", *TEXTS], ids=range(len(TEXTS) + 1))
def test_in_a_notebook_nothing_but_text_and_links(text: str) -> None:
    report = _public(hostile(text))
    page = _Tags()
    shown = report._repr_html_()
    page.feed(shown)
    assert page.tags <= _HARMLESS
    assert page.attributes <= {"style", "href", "rel"}
    assert all(link.startswith(("https://", "http://")) for link in page.links)
    assert len(shown) < 30_000
    assert len(repr(report)) < 1000
    assert not set(shown + repr(report)) & set("\x1b\u202e\u200b\ud800\n\r")


def test_in_a_notebook_the_verdict_comes_first_with_its_quote() -> None:
    shown = notebook(sample())
    order = [
        shown.index(words) for words in ("NOT ALLOWED", "more than 700 million people", "Ship a copy", "could not be")
    ]
    assert order == sorted(order)
    assert "could not be read; that is not the same as clean." in shown
    assert len(notebook(report_of(500))) < 10_000
