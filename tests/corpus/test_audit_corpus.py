"""Every real card of the corpus, served by a local Hub over HTTP, audits to the end with a defined outcome."""

from __future__ import annotations

import collections
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.engine.apply import apply_rules
from auditor.engine.load import load_rules
from auditor.lineage.build import build
from auditor.lineage.walk import walk
from auditor.model import RepoId, Status, Use, Verdict
from auditor.policy.verdict import decide
from auditor.sources.hub import HubSource
from auditor.sources.names import is_hub_name
from tests.support.hub_server import LocalHub, repos_from_cards

CORPUS = Path(__file__).parents[2] / ".." / "shared" / "corpus"
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real cards is not beside the project"),
]
STATUSES = set(typing.get_args(Status))
VERDICTS = set(typing.get_args(Verdict))
AT_ONCE = 60  # targets in one walk, so that shared ancestors are fetched once


@pytest.fixture(scope="module")
def hub() -> Iterator[LocalHub]:
    repos = repos_from_cards(CORPUS / "model_cards")
    for folder in ("dataset_cards_2022", "dataset_cards"):
        repos |= repos_from_cards(CORPUS / folder, "dataset")
    with LocalHub(repos) as server:
        yield server


@pytest.mark.parametrize("part", range(4))
def test_every_card_audits_with_a_defined_outcome(hub: LocalHub, part: int) -> None:
    source = HubSource(endpoint=hub.url, token=False, timeout=60)
    rules = load_rules()
    names = sorted(hub.repos)[part::4]
    assert len(names) > 700
    outcomes: collections.Counter[str] = collections.Counter()
    for start in range(0, len(names), AT_ONCE):
        targets = [_ref(name) for name in names[start : start + AT_ONCE]]
        found = walk([(ref, None) for ref in targets], source)
        lineage = build(targets, found)
        apply_rules(rules, lineage, lineage.targets)
        assert {n.record.status for n in lineage.nodes.values()} <= STATUSES
        for ref in targets:
            node = found.names[ref.id]
            record = found.records[node]
            if not is_hub_name(ref.name):  # a few names of 2020 are none that the Hub allows today
                assert record.status == "missing"
                continue
            assert record.status == "resolved", record.why
            verdict = decide(node, lineage, Use()).verdict
            assert verdict in VERDICTS
            if not lineage.nodes[node].license.known:
                assert verdict in ("undetermined", "deny"), node
            outcomes[verdict] += 1
    assert len(outcomes) > 1, outcomes


def _ref(name: str) -> RepoId:
    if name.startswith("datasets/"):
        return RepoId("dataset", name.removeprefix("datasets/"))
    return RepoId("model", name)
