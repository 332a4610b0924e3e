"""The lineage as a tree, a flowchart and JSON."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace

from auditor.model import Edge, LicenseCall, Lineage, Node, RepoId, RepoRecord
from auditor.report import json_, mermaid, tree
from tests.golden.sample import BASE, CHAT, sample


def _bare(*names: str, edges: tuple[tuple[str, str], ...]) -> Lineage:
    nodes = {n: Node(RepoId("model", n), RepoRecord(RepoId("model", n), "resolved"), LicenseCall()) for n in names}
    return Lineage((names[0],), nodes, tuple(Edge(c, p, "finetune", "declared") for c, p in edges))


def test_tree_names_relations_marks_and_states() -> None:
    shown = tree.render(sample().lineage)
    assert "fine-tuned from lab/base-7b" in shown
    assert "gated" in shown
    assert "closed" in shown
    assert "✗ user-count cap" in shown
    assert "made of outputs of (inferred) gpt-4" in shown
    assert "left out: lab/ancestor" in shown


def test_a_shared_ancestor_is_drawn_in_full_once() -> None:
    diamond = _bare("a/m", "b/l", "c/r", "d/top", "e/root", edges=(
        ("a/m", "b/l"), ("a/m", "c/r"), ("b/l", "d/top"), ("c/r", "d/top"), ("d/top", "e/root")
    ))  # fmt: skip
    shown = tree.render(diamond)
    assert shown.count("d/top") == 2
    assert shown.count("e/root") == 1
    assert "d/top ↑" in shown


def test_circles_and_depth_end() -> None:
    names = [f"o/m{n}" for n in range(3000)]
    chain = _bare(*names, edges=(*itertools.pairwise(names), (names[-1], names[0])))
    shown = tree.render(chain)
    assert "o/m20" in shown
    assert "…" in shown


def test_flowchart_points_from_parent_to_child_and_quotes_all_foreign_text() -> None:
    shown = mermaid.render(sample().lineage)
    assert shown.startswith("flowchart TD\n")
    assert 'n1 -->|"finetune"| n0' in shown
    assert "class n1 restricted" in shown
    assert "\x1b" not in shown
    assert "[bold]" not in shown


def test_json_has_the_nodes_and_edges_of_the_report() -> None:
    graph = json.loads(json_.render_lineage(sample().lineage))
    assert graph["schema"] == "auditor.lineage/1"
    assert graph["targets"] == [CHAT]
    assert {node["id"] for node in graph["nodes"]} == set(sample().lineage.nodes)
    assert graph["edges"][0]["parent"] == BASE
    assert graph["cut"][0]["id"] == "lab/ancestor"


def test_a_parent_that_was_never_read_is_said_so() -> None:
    lineage = sample().lineage
    nodes = {name: node for name, node in lineage.nodes.items() if name != BASE}
    assert f"{BASE}  ? not read" in tree.render(replace(lineage, nodes=nodes))


def test_parents_that_say_nothing_new_share_a_line_and_all_are_named() -> None:
    parents = [f"lab/m{n}" for n in range(12)]
    edges = [("acme/merge", parent) for parent in parents]
    edges += [(parent, "lab/root") for parent in parents[:10]] + [(parents[10], "lab/other")]
    shown = tree.render(_bare("acme/merge", *parents, "lab/root", "lab/other", edges=tuple(edges)))
    assert shown.count("fine-tuned from lab/root") == 1
    assert "10 more like it: lab/m1, lab/m2" in shown
    assert "fine-tuned from lab/m10" in shown  # it alone leads to lab/other
    assert "fine-tuned from lab/other" in shown
    assert all(f"{name} " in " ".join(shown.replace(",", " ").split()) for name in parents)
    few = tree.render(_bare("acme/merge", *parents[:7], edges=tuple(("acme/merge", p) for p in parents[:7])))
    assert "like it" not in few


def test_what_differs_is_not_folded() -> None:
    parents = [f"lab/m{n}" for n in range(9)]
    lineage = _bare("acme/merge", *parents, edges=tuple(("acme/merge", parent) for parent in parents))
    mit = LicenseCall(concluded=("MIT",), known=True, stated=True)
    gone = RepoRecord(RepoId("model", "lab/m5"), "missing", why="no such repository")
    nodes = dict(lineage.nodes)
    nodes["lab/m4"] = replace(nodes["lab/m4"], license=mit)
    nodes["lab/m5"] = replace(nodes["lab/m5"], record=gone)
    shown = tree.render(replace(lineage, nodes=nodes))
    assert "fine-tuned from lab/m4  MIT" in shown
    assert "fine-tuned from lab/m5  ? missing" in shown
    assert "no such repository" in shown
    assert "6 more like it" in shown
    assert "10 members   ? 1 not read" in shown


def test_a_deep_tree_keeps_to_the_width() -> None:
    names = [f"lab/a-model-with-some-name-{n}" for n in range(20)]
    lineage = _bare(*names, edges=tuple(itertools.pairwise(names)))
    for width in (60, 80, 120):
        lines = tree.render(lineage, width).splitlines()
        assert max(map(len, lines)) <= width
        assert sum("lab/a-model" in line for line in lines) == 20


def test_what_was_left_out_is_named_once_and_not_called_unreachable() -> None:
    lineage = replace(
        _bare("a/m", "b/l", "c/r", edges=(("a/m", "b/l"), ("a/m", "c/r"))), cut=(("b/l", "x"), ("c/r", "x"))
    )
    shown = tree.render(lineage)
    assert "fine-tuned from b/l  … left out" in shown
    assert "left out: b/l, c/r; x" in shown
    assert "1 member   2 left out" in shown
