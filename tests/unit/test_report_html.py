"""The HTML report and the SVG picture as text: nothing foreign becomes markup, nothing is lost, nothing is loaded."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from typer.testing import CliRunner

from auditor.cli.app import app
from auditor.model import LicenseCall, Lineage, Node, RepoId, RepoRecord, Report
from auditor.report import html, render, svg
from auditor.report.graphs import members
from auditor.report.layout import HEIGHT, ROW, WIDTH, Drawing, layout
from tests.golden.sample import BASE, BOT, CHAT, COMMIT, TALK, sample
from tests.support.hostile import TEXTS, hostile
from tests.support.lineages import report_of

_VOID = {"meta", "link", "input"}


class _Reader(HTMLParser):
    """Collects elements, and the text of each kind of element."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: dict[str, str] = {}
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        inside = self._open[-1] if self._open else ""
        self.text[inside] = self.text.get(inside, "") + data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def _read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert reader._open == []
    return reader


def _data(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_the_policy_names_style_and_script_by_their_hashes_and_nothing_else() -> None:
    page = render(sample(), "html")
    policy = next(str(m["content"]) for m in _read(page).named("meta") if m.get("http-equiv"))
    for tag in ("script", "style"):
        text = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert len(text) == 1
        digest = base64.b64encode(hashlib.sha256(text[0].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_nothing_is_loaded() -> None:
    reader = _read(render(sample(), "html"))
    assert {tag for tag, _ in reader.tags} & {"img", "iframe", "object", "embed", "audio", "video", "base"} == set()
    assert [a for _, a in reader.tags if a.get("src") or a.get("srcset") or a.get("style")] == []
    assert [a["href"] for a in reader.named("link")] == ["data:,"]


def test_verdict_and_duties_come_before_findings_and_picture() -> None:
    page = render(sample(), "html")
    marks = ["NOT ALLOWED", "Ship a copy of the license.", ">Findings<", ">Could not tell<", ">Lineage<"]
    places = [page.index(mark) for mark in marks]
    assert places == sorted(places)
    assert "bundled, as of 2026-01-01" in page


def test_the_first_screen_says_what_else_there_is() -> None:
    page = render(sample(), "html")
    reader = _read(page)
    glance = page[page.index('class="glance"') : page.index("What decides it")]
    for words in ("1 duty", "2 findings (1 high, 1 medium)", "2 members of the lineage not read whole"):
        assert words in re.sub(r"<[^>]+>", "", glance)
    ids = {a["id"] for _, a in reader.tags if "id" in a}
    assert {str(a["href"])[1:] for a in reader.named("a") if str(a["href"]).startswith("#")} <= ids
    assert "not legal advice" in page[: page.index("NOT ALLOWED")]


def test_each_target_counts_its_own_ancestry_alone() -> None:
    report = sample()
    alone = replace(report.lineage, targets=(CHAT, BASE))
    decisions = {**report.decisions, BASE: report.decisions[CHAT]}
    page = render(replace(report, lineage=alone, decisions=decisions), "html")
    assert "lineage of 4 members" in page
    assert "lineage of 1 member<" in page
    assert page.count('<p class="verdict">') == 2


def test_a_claim_links_to_its_evidence_at_a_commit() -> None:
    links = [a["href"] for a in _read(render(sample(), "html")).named("a")]
    assert f"https://huggingface.co/{BASE}/blob/{COMMIT}/LICENSE#L14" in links


def test_no_finding_and_no_doubt_is_left_out() -> None:
    report = report_of(30)
    page = render(report, "html")
    assert page.count('class="cause"') == len(report.findings)
    page = render(sample(), "html")
    for words in (
        "503 three times",
        "lab/ancestor",
        "acme/talk is unclear",
        "waived",
        "The same holds for lab/base-7b",
    ):
        assert words in page


def test_what_could_not_be_told_is_never_drawn_as_open() -> None:
    lineage = sample().lineage
    assert svg.look(BOT, lineage) == "closed"
    assert svg.look(TALK, lineage) == "unknown"
    assert svg.look(BASE, lineage) == "restricted"
    assert svg.look(CHAT, lineage) == "restricted"  # MIT by its own word, yet a cap reaches it
    assert svg.look("never/heard-of", lineage) == "unread"
    own = LicenseCall(concluded=("MIT",), known=True, stated=True, osi=True)
    alone = replace(lineage.nodes[CHAT], terms=(), license=own)
    assert svg.look(CHAT, replace(lineage, nodes={CHAT: alone})) == "open"
    contested = replace(lineage.nodes[CHAT].terms[0], contested=True)
    disputed = replace(alone, terms=(contested,))
    assert svg.look(CHAT, replace(lineage, nodes={CHAT: disputed})) == "unknown"


def test_the_data_of_a_member_holds_its_clauses_with_quotes_and_links() -> None:
    data = _data(render(sample(), "html"))
    base = data["members"][members(sample().lineage).index(BASE)]
    clause = data["clauses"][base["clauses"][0]]
    place = data["places"][clause["at"][0]]
    assert (clause["title"], clause["section"]) == ("User-count cap", "2")
    assert place["quote"] == "more than 700 million people a month"
    assert place["href"].endswith("/LICENSE#L14")
    chat = data["members"][0]
    assert [way["path"] for way in chat["inherited"]] == [[0, 1], [0, 2, 3]]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_hostile_text_changes_nothing_but_text(text: str) -> None:
    def skeleton(page: str) -> list[tuple[str, tuple[str, ...]]]:
        kept = [row for row in _read(page).tags if row[0] not in ("a", "span", "li", "ul", "title", "q")]
        return [(tag, tuple(attributes)) for tag, attributes in kept]

    page = render(hostile(text), "html")
    assert skeleton(page) == skeleton(render(hostile("x"), "html"))
    reader = _read(page)
    own = {"#findings", "#not-told", "#lineage"}
    links = {str(a["href"]) for a in reader.named("a")} - own
    assert [link for link in links if not link.startswith(("https://", "http://"))] == []
    assert not any(name.startswith("on") for _, attributes in reader.tags for name in attributes)
    assert all(c.isprintable() or c in "\n " for c in page)
    assert len(page) < 400_000
    for place in _data(page)["places"]:
        assert place["href"] == "" or place["href"].startswith(("https://", "http://"))
    ET.fromstring(svg.render(hostile(text).lineage))


def test_an_address_that_is_not_of_the_web_is_no_link() -> None:
    report = sample()
    assert report.findings[0].evidence
    bad = replace(report.findings[0].evidence[0], url="javascript:alert(1)")
    page = render(replace(report, findings=(replace(report.findings[0], evidence=(bad,)),)), "html")
    assert "javascript:" not in page


def test_the_same_report_gives_the_same_bytes() -> None:
    assert render(report_of(60), "html") == render(report_of(60), "html")


def test_a_report_without_targets_is_a_page() -> None:
    report = replace(sample(), lineage=Lineage((), {}, ()), findings=(), undetermined=(), decisions={})
    assert "No rule fired" in render(report, "html")
    ET.fromstring(svg.render(report.lineage))


@pytest.mark.parametrize("size", [1, 30, 500])
def test_the_picture_holds_every_member_and_every_edge(size: int) -> None:
    lineage = report_of(size).lineage
    picture = ET.fromstring(svg.render(lineage))
    space = "{http://www.w3.org/2000/svg}"
    nodes = [g for g in picture.iter(f"{space}g") if "data-node" in g.attrib]
    edges = [
        (p.attrib["data-child"], p.attrib["data-parent"])
        for p in picture.iter(f"{space}path")
        if "data-child" in p.attrib
    ]
    names = list(lineage.nodes)
    assert len(nodes) == size
    assert edges == [(str(names.index(e.child)), str(names.index(e.parent))) for e in lineage.edges]
    assert not list(picture.iter(f"{space}script"))


def test_a_gated_member_has_a_second_rim_and_says_so() -> None:
    ref = RepoId("model", "lab/asked-for")
    node = Node(ref, RepoRecord(ref, "gated"), LicenseCall())
    picture = svg.render(Lineage((ref.id,), {ref.id: node}, ()))
    assert 'class="inner"' in picture
    assert ">gated<" in picture


def _graph(report: Report) -> tuple[int, list[tuple[int, int]]]:
    names = members(report.lineage)
    return len(names), [(names.index(e.child), names.index(e.parent)) for e in report.lineage.edges]


def _overlaps(drawing: Drawing) -> int:
    cells = sorted(drawing.boxes)
    close = itertools.combinations(cells, 2)
    return sum(abs(a[0] - b[0]) < WIDTH and abs(a[1] - b[1]) < HEIGHT + ROW / 2 for a, b in close)


@pytest.mark.parametrize("size", [1, 2, 30, 60, 500])
def test_boxes_do_not_overlap_and_ancestors_stand_to_the_right(size: int) -> None:
    count, edges = _graph(report_of(size))
    drawing = layout(count, edges)
    assert _overlaps(drawing) == 0
    assert all(drawing.boxes[child][0] + WIDTH < drawing.boxes[parent][0] for child, parent in edges)
    assert all(
        x >= 0 and x + WIDTH <= drawing.width and y >= 0 and y + HEIGHT <= drawing.height for x, y in drawing.boxes
    )


def test_a_long_edge_goes_around_the_boxes_between() -> None:
    drawing = layout(5, [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4)])
    for x, y in drawing.routes[-1][1:-1]:
        assert not any(bx <= x <= bx + WIDTH and by < y < by + HEIGHT for bx, by in drawing.boxes)


@pytest.mark.parametrize(
    ("count", "edges"),
    [
        (0, []),
        (2, [(0, 0), (0, 1), (0, 1)]),
        (3, [(0, 1), (1, 2), (2, 0)]),
        (40, [(a, b) for a in range(40) for b in range(40)]),
        (3000, [(n, n + 1) for n in range(2999)] + [(0, 2999)]),
    ],
    ids=["empty", "loop", "cycle", "every edge", "very deep"],
)
def test_any_graph_has_a_layout(count: int, edges: list[tuple[int, int]]) -> None:
    drawing = layout(count, edges)
    assert len(drawing.boxes) == count
    assert len(drawing.routes) == len(edges)
    assert len(set(drawing.boxes)) == count


@pytest.mark.parametrize(("form", "start"), [("html", "<!doctype html>"), ("svg", "<svg ")])
def test_the_command_draws_a_lineage(form: str, start: str) -> None:
    done = CliRunner().invoke(app, ["lineage", "lmsys/vicuna-7b-v1.5", "--source", "bundled", "--format", form])
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(start)
    assert "Llama-2-7b-hf" in done.stdout


def test_the_page_of_a_lineage_alone_has_picture_table_and_data() -> None:
    page = html.render_lineage(report_of(30).lineage)
    assert len(_data(page)["members"]) == 30
    assert _read(page).text["caption"] == "Every member of the lineage"
