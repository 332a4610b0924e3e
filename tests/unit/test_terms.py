"""Terms descend along relations as data/relations.yaml says, each on its surest and shortest path."""

from __future__ import annotations

import gc
import random

import pytest

from auditor.lineage.relations import relations
from auditor.lineage.terms import gaps_of, terms_of
from auditor.model import Clause, Edge, How, LicenseCall, RepoId, RepoRecord, Span, Statement, Term

NC = Clause("non-commercial")
CAP = Clause("user-count-cap", {"threshold": 5, "unit": "MAU"})
NO_TRAIN = Clause("no-train-other-models", {"scope": "both"})
NO_TRAIN_MODEL = Clause("no-train-other-models", {"scope": "model"})
DISTILL = Clause("distillation-is-derivative")


def licensed(*clauses: Clause) -> LicenseCall:
    return LicenseCall(known=True, stated=True, clauses=clauses)


def edge(child: str, parent: str, relation: str = "finetune", how: How = "declared") -> Edge:
    return Edge(child, parent, relation, how)


def terms(
    licenses: dict[str, LicenseCall], *edges: Edge, closed: frozenset[str] = frozenset()
) -> dict[str, list[Term]]:
    return {name: list(found) for name, found in terms_of(licenses, edges, closed).items()}


def test_everything_descends_along_derivations_with_its_path() -> None:
    found = terms(
        {"c": licensed(), "b": licensed(), "a": licensed(NC, CAP)}, edge("c", "b", "quantized"), edge("b", "a", "merge")
    )
    assert [(t.clause.id, t.path, t.via) for t in found["c"]] == [
        ("non-commercial", ("c", "b", "a"), ("quantized", "merge")),
        ("user-count-cap", ("c", "b", "a"), ("quantized", "merge")),
    ]
    assert all(t.origin == "a" and not t.contested for t in found["b"])


def test_a_node_keeps_its_own_clause_beside_the_inherited_one() -> None:
    found = terms({"b": licensed(NC), "a": licensed(NC)}, edge("b", "a"))
    assert sorted(t.path for t in found["b"]) == [("b",), ("b", "a")]


def test_the_same_clause_with_other_parameters_is_another_term() -> None:
    lower = Clause("user-count-cap", {"threshold": 3, "unit": "MAU"})
    found = terms({"m": licensed(), "a": licensed(CAP), "b": licensed(lower)}, edge("m", "a"), edge("m", "b"))
    assert {t.clause.params["threshold"] for t in found["m"]} == {3, 5}


def test_outputs_carry_only_clauses_whose_scope_covers_outputs() -> None:
    licenses = {"m": licensed(), "t": licensed(NC, NO_TRAIN), "u": licensed(NO_TRAIN_MODEL)}
    found = terms(licenses, edge("m", "t", "trained-on-outputs-of"), edge("m", "u", "trained-on-outputs-of"))
    assert [(t.clause.id, t.origin) for t in found["m"]] == [("no-train-other-models", "t")]


def test_distillation_as_derivative_makes_outputs_carry_everything() -> None:
    found = terms({"m": licensed(), "t": licensed(NC, DISTILL)}, edge("m", "t", "trained-on-outputs-of"))
    assert {t.clause.id for t in found["m"]} == {"non-commercial", "distillation-is-derivative"}


def test_a_datasets_terms_reach_a_model_as_contested_and_stay_so() -> None:
    found = terms(
        {"g": licensed(), "m": licensed(), "datasets/d": licensed(NC, CAP)},
        edge("g", "m", "quantized"),
        edge("m", "datasets/d", "trained-on"),
    )
    assert [(t.clause.id, t.contested, t.path) for t in found["g"]] == [
        ("non-commercial", True, ("g", "m", "datasets/d"))
    ]


def test_a_providers_terms_reach_a_model_through_a_dataset_as_contract() -> None:
    found = terms(
        {"m": licensed(), "datasets/d": licensed(), "chat": licensed(NO_TRAIN)},
        edge("m", "datasets/d", "trained-on"),
        edge("datasets/d", "chat", "generated-by"),
        closed=frozenset({"chat"}),
    )
    (term,) = found["m"]
    assert (term.contract, term.contested, term.path) == (True, False, ("m", "datasets/d", "chat"))


def test_an_undisputed_longer_path_wins_over_a_contested_shorter_one() -> None:
    found = terms(
        {"m": licensed(), "b": licensed(), "a": licensed(NC)},
        edge("m", "a", "trained-on"),
        edge("m", "b"),
        edge("b", "a"),
    )
    (term,) = found["m"]
    assert (term.path, term.contested) == (("m", "b", "a"), False)


def test_an_inferred_step_marks_the_term() -> None:
    found = terms({"m": licensed(), "a": licensed(NC)}, edge("m", "a", how="inferred"))
    assert found["m"][0].inferred


@pytest.mark.parametrize("relation", ["evaluated-on", "tokenizer-of", "code-of"])
def test_nothing_descends_along_inert_relations(relation: str) -> None:
    assert relations()[relation].inert
    assert terms({"m": licensed(), "a": licensed(NC, NO_TRAIN, DISTILL)}, edge("m", "a", relation))["m"] == []


def test_cycles_end_and_hand_on_both_ways() -> None:
    found = terms(
        {"a": licensed(NC), "b": licensed(CAP), "c": licensed()}, edge("a", "b"), edge("b", "c"), edge("c", "a")
    )
    assert {n: sorted((t.clause.id, t.origin) for t in ts) for n, ts in found.items()} == {
        n: [("non-commercial", "a"), ("user-count-cap", "b")] for n in "abc"
    }


def test_gaps_reach_every_descendant_with_the_way() -> None:
    def record(name: str, status: str = "resolved") -> RepoRecord:
        return RepoRecord(RepoId("model", name), status, why="gone" if status == "missing" else "")  # type: ignore[arg-type]

    records = {"c": record("c"), "b": record("b"), "a": record("a", "missing")}
    licenses = {"c": licensed(), "b": LicenseCall(), "a": LicenseCall()}
    gaps = gaps_of(records, licenses, [edge("c", "b"), edge("b", "a")])
    assert [(g.node, g.why, g.path) for g in gaps["c"]] == [("a", "gone", ("c", "b", "a"))]
    assert [g.path for g in gaps["a"]] == [("a",)]


def test_a_stated_license_that_could_not_be_told_is_a_gap_of_its_own() -> None:
    records = {"a": RepoRecord(RepoId("model", "a"), "resolved")}
    gaps = gaps_of(records, {"a": LicenseCall(stated=True, why="'strange' is no license that is known")}, [])
    assert [(g.node, g.why) for g in gaps["a"]] == [("a", "'strange' is no license that is known")]


def test_a_base_that_names_no_repository_is_a_gap_even_under_a_known_license() -> None:
    lost = Statement("unfollowed_base", "D:/models/base", Span("a"))
    records = {
        "a": RepoRecord(RepoId("model", "a"), "resolved", statements=(lost,)),
        "b": RepoRecord(RepoId("model", "b"), "resolved"),
    }
    gaps = gaps_of(records, {"a": licensed(), "b": licensed()}, [edge("b", "a")])
    assert [(g.node, g.path) for g in gaps["b"]] == [("a", ("b", "a"))]
    assert "D:/models/base" in gaps["a"][0].why


Way = tuple[tuple[bool, bool, int], tuple[str, ...], tuple[str, ...]]


def by_hand(origins: dict[str, LicenseCall], edges: list[Edge]) -> dict[str, Way]:
    """The best way of NC to each node, by trying every way that passes through no other origin."""
    best: dict[str, Way] = {}

    def go(path: tuple[str, ...], via: tuple[str, ...], contested: bool, inferred: bool) -> None:
        for step in edges:
            carried, doubted = relations()[step.relation].hands_on(NC, frozenset(["non-commercial"]))
            if step.parent != path[0] or step.child in path or not carried:
                continue
            cost = (contested or doubted, inferred or step.how == "inferred", len(path))
            way: Way = (cost, (step.child, *path), (step.relation, *via))
            if step.child not in best or cost < best[step.child][0]:
                best[step.child] = way
            if step.child not in origins:
                go(way[1], way[2], *cost[:2])

    for origin in origins:
        go((origin,), (), False, False)
    return best


def test_the_best_way_is_found_in_any_graph() -> None:
    chance = random.Random(5)
    kinds = ["finetune", "merge", "trained-on", "trained-on-outputs-of", "tokenizer-of"]
    for _ in range(150):
        names = [f"n{k}" for k in range(7)]
        pairs = [chance.sample(names, 2) for _ in range(chance.randint(3, 12))]
        hows: list[How] = ["declared", "declared", "inferred"]
        edges = [edge(a, b, chance.choice(kinds), chance.choice(hows)) for a, b in pairs]
        licenses = {name: licensed(NC) if chance.random() < 0.3 else licensed() for name in names}
        origins = {name: call for name, call in licenses.items() if call.clauses}
        found = {
            name: ((t.contested, t.inferred, len(t.path) - 1), t.path, t.via)
            for name, held in terms(licenses, *edges).items()
            for t in held
            if t.via
        }
        wanted = by_hand(origins, edges)
        # What comes back to an origin through its own descendants is its own.
        others = [name for name in names if name not in origins]
        assert [found[n][0] for n in others if n in found] == [wanted[n][0] for n in others if n in wanted]
        steps = {(e.child, e.parent, e.relation) for e in edges}
        for _, path, via in found.values():
            assert set(zip(path, path[1:], via, strict=False)) <= steps
            assert path[-1] in origins


def test_the_order_of_the_edges_does_not_matter() -> None:
    chance = random.Random(6)
    names = [f"n{k}" for k in range(12)]
    edges = [edge(a, b) for a, b in (chance.sample(names, 2) for _ in range(30))]
    licenses = {name: licensed(NC, CAP) if chance.random() < 0.3 else licensed() for name in names}
    first = terms(licenses, *edges)
    chance.shuffle(edges)
    assert terms(licenses, *edges) == first


def test_the_garbage_collector_is_left_as_it_was() -> None:
    assert gc.isenabled()
    with pytest.raises(KeyError):
        terms_of({"a": licensed(NC)}, [edge("a", "b", "no such relation")], frozenset())
    assert gc.isenabled()
    gc.disable()
    try:
        terms({"a": licensed(NC)})
        assert not gc.isenabled()
    finally:
        gc.enable()
