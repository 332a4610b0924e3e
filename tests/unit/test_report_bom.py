"""Bills of materials: valid by outside validators, the same bytes twice, and the lineage of the JSON report."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import jsonschema._format
import pytest
from rfc3986_validator import validate_rfc3986

from auditor.errors import UsageError
from auditor.inputs.targets import parse_target
from auditor.model import (
    DetectedText,
    Difference,
    Edge,
    LegalText,
    LicenseCall,
    Lineage,
    Node,
    RepoId,
    RepoRecord,
    Report,
    Statement,
    TextMatch,
    Use,
)
from auditor.pipeline import audit, open_source
from auditor.report import FORMATS, render
from auditor.report.bom import bill
from auditor.resources import data_dir, load_folder
from tests.golden.sample import BASE, BOT, CHAT, TALK, sample
from tests.support.boms import SPDX, Edges, edges, faults
from tests.support.hostile import TEXTS, hostile

FORMS = (*SPDX, "spdx3", "cyclonedx", "cyclonedx-1.7")
SYSTEMS = sorted(raw["target"] for raw in load_folder(data_dir() / "systems").values() if raw.get("target"))
ROOT = Path(__file__).parents[2]
LLAMA = "LicenseRef-scancode-llama-2-license-2023"


@pytest.fixture(autouse=True)
def _fast_addresses(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The validator of IRIs takes 50 ms an address; ours are ASCII, for which the rules of URIs are the stricter."""
    if "slow_addresses" not in request.keywords:

        def valid(_: str, address: str) -> bool:
            return address.isascii() and bool(validate_rfc3986(address, rule="URI_reference"))

        monkeypatch.setattr(jsonschema._format, "_rfc3987_is_valid_syntax", valid)


def _audited(target: str) -> Report:
    ref = parse_target(target).ref
    assert ref
    return audit([(ref, None)], open_source("bundled"), Use())


def _json_edges(report: Report) -> Edges:
    return [(e["child"], e["parent"], e["relation"]) for e in json.loads(render(report, "json"))["edges"]]


def _check(form: str, report: Report) -> None:
    text = render(report, form)
    assert faults(form, text) == []
    assert sorted(edges(form, text)) == sorted(_json_edges(report))
    assert render(report, form) == text


@pytest.mark.parametrize("target", SYSTEMS[::5])
def test_systems_validate_with_the_lineage_of_the_json(target: str) -> None:
    report = _audited(target)
    for form in ("spdx", "spdx3", "cyclonedx", "cyclonedx-1.7"):  # the other forms of SPDX hold the same document
        _check(form, report)


@pytest.mark.every_system
@pytest.mark.parametrize("target", SYSTEMS)
def test_every_system_validates_with_the_lineage_of_the_json(target: str) -> None:
    report = _audited(target)
    for form in FORMS:
        _check(form, report)


@pytest.mark.slow_addresses
@pytest.mark.parametrize("form", FORMS)
def test_the_sample_validates(form: str) -> None:
    _check(form, sample())


def _wide(size: int) -> Report:
    """A chain of merges: every model has two parents."""
    names = [f"lab/model-{n}" for n in range(size)]
    mit = replace(sample().lineage.nodes[CHAT].license, clauses=())
    nodes = {n: Node(RepoId("model", n), RepoRecord(RepoId("model", n), "resolved"), mit) for n in names}
    pairs = [(n, m) for n in range(size) for m in (n + 1, n + 2) if m < size]
    edges = tuple(Edge(names[n], names[m], "merge", "declared") for n, m in pairs)
    return replace(sample(), lineage=Lineage((names[0],), nodes, edges), findings=(), decisions={}, undetermined=())


@pytest.mark.parametrize("form", FORMS)
def test_a_long_lineage_keeps_all_its_edges(form: str) -> None:
    report = _wide(200)
    assert sorted(edges(form, render(report, form))) == sorted(_json_edges(report))


@pytest.mark.every_system
@pytest.mark.parametrize("form", FORMS)
def test_a_long_lineage_validates(form: str) -> None:
    report = _wide(500)
    text = render(report, form)
    assert faults(form, text) == []
    assert sorted(edges(form, text)) == sorted(_json_edges(report))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_hostile_names_leave_the_document_valid(form: str, text: str) -> None:
    shown = render(hostile(text), form)
    assert faults(form, shown) == []
    assert len(edges(form, shown)) == len(sample().lineage.edges)
    decoded = json.dumps(json.loads(shown), ensure_ascii=False) if shown.startswith("{") else shown
    assert not set(decoded) & set("\x1b\u202e\u200b\ud800")


@pytest.mark.parametrize("form", FORMS)
def test_a_parent_that_was_never_read_is_there_without_a_license(form: str) -> None:
    lineage = sample().lineage
    bare = replace(lineage, nodes={n: node for n, node in lineage.nodes.items() if n != BASE})
    report = replace(sample(), lineage=bare)
    _check(form, report)
    assert "NoneLicense" not in render(report, form)


@pytest.mark.parametrize("form", FORMS)
def test_an_audit_of_nothing_is_a_document_too(form: str) -> None:
    nothing = replace(sample(), lineage=Lineage((), {}, ()), findings=(), undetermined=(), decisions={})
    _check(form, nothing)


@pytest.mark.parametrize("form", FORMS)
def test_dates_come_from_the_facts_or_from_outside(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "2026-01-01T00:00:00Z" in render(sample(), form)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert "1970-01-02T00:00:00Z" in render(sample(), form)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH"):
        render(sample(), form)


@pytest.mark.parametrize("form", FORMS)
def test_findings_verdicts_and_doubts_are_annotations(form: str) -> None:
    text = render(sample(), form)
    for words in (
        "verdict for commercial use",
        "finding user-count-cap (high)",
        "lab/base-7b is gated",
        "left out of the",
    ):
        assert words in text
    assert "finding unpinned-revision (info, waived)" in text


def _texted(match: TextMatch, text: str, concluded: tuple[str, ...], tag: str) -> Report:
    """The sample, whose target has a license file."""
    node = sample().lineage.nodes[CHAT]
    file = DetectedText(LegalText("LICENSE", text, "license"), (match,), ())
    declared = (Statement("license", tag, node.license.declared[0].span),)
    call = LicenseCall(declared, (file,), concluded, known=bool(concluded), stated=True)
    nodes = {**sample().lineage.nodes, CHAT: replace(node, license=call)}
    return replace(sample(), lineage=replace(sample().lineage, nodes=nodes))


def test_a_text_of_the_repository_goes_with_its_id() -> None:
    report = _texted(TextMatch(LLAMA, "exact", 1.0), "Own words in place\n\tof a license.", (LLAMA,), "llama2")
    audited = bill(report)
    assert audited.members[CHAT].concluded == audited.members[CHAT].declared == (LLAMA,)
    assert [(t.id, t.text, t.found) for t in audited.texts] == [(LLAMA, "Own words in place\n of a license.", True)]
    assert all(faults(form, render(report, form)) == [] for form in FORMS)


def test_without_its_text_an_id_has_a_note() -> None:
    (text,) = bill(_texted(TextMatch(None, "none"), "", (LLAMA,), "llama2")).texts
    assert (text.id, text.found) == (LLAMA, False)
    assert "was not among the files" in text.text


def test_an_altered_text_does_not_pass_as_the_standard_one() -> None:
    altered = TextMatch("MIT", "modified", 0.97, differences=(Difference(0, 9, "Not on Monday"),))
    report = _texted(altered, "Free of charge, but not on Monday.", ("MIT",), "mit")
    member = bill(report).members[CHAT]
    assert member.declared == ("MIT",)
    assert [ref.startswith("LicenseRef-auditor-text-") for ref in member.concluded] == [True]
    assert bill(report).texts[0].name.startswith("Altered text of MIT License")
    assert all(faults(form, render(report, form)) == [] for form in FORMS)


def test_a_strange_text_is_declared_and_nothing_is_concluded() -> None:
    member = bill(_texted(TextMatch(None, "none"), "Be kind.", (), "other")).members[CHAT]
    assert member.concluded == ()
    assert member.declared[0].startswith("LicenseRef-auditor-text-")
    assert not member.read


def test_no_license_is_not_an_outage() -> None:
    node = sample().lineage.nodes[CHAT]
    for status, said in (("resolved", "NONE"), ("unreachable", "NOASSERTION"), ("gated", "NOASSERTION")):
        record = replace(node.record, status=status, why="busy")  # type: ignore[arg-type]
        nodes = {**sample().lineage.nodes, CHAT: replace(node, record=record, license=LicenseCall())}
        report = replace(sample(), lineage=replace(sample().lineage, nodes=nodes))
        package = next(p for p in json.loads(render(report, "spdx"))["packages"] if p["name"] == CHAT)
        assert (package["licenseDeclared"], package["licenseConcluded"]) == (said, said)


def test_relations_in_the_words_of_each_format() -> None:
    spdx = json.loads(render(sample(), "spdx"))["relationships"]
    assert [r["relationshipType"] for r in spdx] == ["DESCRIBES", "DESCENDANT_OF", "GENERATED_FROM", "GENERATED_FROM"]
    spdx3 = [e["relationshipType"] for e in json.loads(render(sample(), "spdx3"))["@graph"] if "relationshipType" in e]
    assert sorted(t for t in spdx3 if "License" not in t) == ["descendantOf", "generates", "trainedOn"]
    subject = json.loads(render(sample(), "cyclonedx"))["metadata"]["component"]
    ancestors = [a["name"] for a in subject["pedigree"]["ancestors"]]
    refs = [d["ref"] for d in subject["modelCard"]["modelParameters"]["datasets"]]
    assert (ancestors, refs) == (["base-7b"], [bill(sample()).members[TALK].key])


def test_closed_models_have_no_address() -> None:
    packages = {p["name"]: p for p in json.loads(render(sample(), "spdx"))["packages"]}
    assert packages[BOT]["downloadLocation"] == "NOASSERTION"
    assert packages[BASE]["externalRefs"][0]["referenceLocator"].startswith(f"pkg:huggingface/{BASE}@")


def test_licenses_of_cyclonedx_say_who_says_so() -> None:
    report = _texted(TextMatch(LLAMA, "exact", 1.0), "Own words.", (LLAMA,), "llama2")
    old, new = (json.loads(render(report, form))["metadata"]["component"]["licenses"] for form in FORMS[-2:])
    assert [(entry["license"]["name"], entry["license"]["acknowledgement"]) for entry in old] == [
        (LLAMA, "declared"),
        (LLAMA, "concluded"),
    ]
    assert [(entry["expression"], entry["acknowledgement"]) for entry in new] == [
        (LLAMA, "declared"),
        (LLAMA, "concluded"),
    ]
    assert new[0]["expressionDetails"][0]["licenseIdentifier"] == LLAMA


def test_no_library_is_loaded_for_a_format_that_does_not_need_it() -> None:
    code = (
        "import sys; from tests.golden.sample import sample; from auditor.report import render\n"
        "for form in ('text', 'json', 'csv', 'sarif', 'github', 'junit', 'gitlab', 'markdown', 'cyclonedx'):\n"
        "    render(sample(), form)\n"
        "print([m for m in ('spdx_tools', 'spdx_python_model', 'networkx', 'cyclonedx', 'license_expression')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_example_reads_the_lineage_back() -> None:
    script = ROOT / "examples" / "bill_of_materials.py"
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.startswith(f"vicuna-7b-v1.5: {LLAMA}\n  finetune meta-llama-Llama-2-7b-hf-")


def test_every_format_is_documented() -> None:
    page = (ROOT / "docs" / "formats.md").read_text("utf-8")
    assert [form for form in (*FORMATS, "dot", "graphml") if f"`{form}`" not in page] == []
