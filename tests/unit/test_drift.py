"""The license at a revision against that of the default branch, and over the commits, as the Hub tells them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from auditor.engine.apply import apply_rules
from auditor.engine.load import find_rule, load_rules
from auditor.model import RepoId, Statement
from auditor.pipeline import trace_lineage
from auditor.report.schemas import SCHEMAS
from auditor.sources.history import license_history
from auditor.sources.hub import HubSource
from auditor.sources.memory import MemorySource
from tests.support.hub_server import Fault, LocalHub, Repo

CHAT = RepoId("model", "acme/chat")


def card(license: str, base: str = "") -> dict[str, str | bytes]:
    return {"README.md": f"---\nlicense: {license}\n{base}---\n# Chat\n"}


@pytest.fixture
def hub() -> Iterator[LocalHub]:
    repo = Repo(card("cc-by-nc-4.0"), revisions={"v1": card("apache-2.0"), "v2": card("cc-by-nc-4.0", "tags: [x]\n")})
    with LocalHub({"acme/chat": repo}) as server:
        yield server


def present(hub: LocalHub, revision: str | None) -> list[Statement]:
    lineage = trace_lineage([(CHAT, revision)], HubSource(hub.url, token=False, backoff=0))
    return [s for s in lineage.nodes["acme/chat"].record.statements if s.field == "present_license"]


def test_the_present_license_is_noted_at_another_revision(hub: LocalHub) -> None:
    assert [s.value for s in present(hub, "v1")] == ["CC-BY-NC-4.0"]


def test_the_rule_fires_where_it_differs(hub: LocalHub) -> None:
    rule = find_rule("license-drift-since", load_rules())
    for revision, fires in (("v1", True), ("v2", False), (None, False)):
        lineage = trace_lineage([(CHAT, revision)], HubSource(hub.url, token=False, backoff=0))
        findings, open_rules = apply_rules([rule], lineage, lineage.targets)
        assert (bool(findings), open_rules) == (fires, ())


def test_nothing_is_asked_of_the_default_branch_itself(hub: LocalHub) -> None:
    assert present(hub, None) == []
    assert present(hub, "main") == []


def test_an_outage_of_the_default_branch_is_no_answer(hub: LocalHub) -> None:
    hub.faults["/api/models/acme/chat?"] = [Fault(500)]
    (statement,) = present(hub, "v1")
    assert statement.value is None
    assert statement.span.quote


def test_other_sources_have_no_present() -> None:
    source = MemorySource({"acme/chat": {"license": "mit", "revision": "a" * 40}})
    lineage = trace_lineage([(CHAT, "a" * 40)], source)
    assert not [s for s in lineage.nodes["acme/chat"].record.statements if s.field == "present_license"]


def commits(hub: LocalHub, *names: str) -> list[dict[str, Any]]:
    states = [hub.repos["acme/chat"].at(name) for name in names]
    return [{"id": s[0], "title": n, "date": "2024-01-19"} for n, s in zip(names, states, strict=True) if s]


def test_the_tag_over_the_commits(hub: LocalHub) -> None:
    rows = commits(hub, "main", "v2", "v1")
    hub.faults["/commits/main"] = [Fault(body=json.dumps(rows).encode())]
    found = license_history(HubSource(hub.url, token=False, backoff=0), CHAT)
    assert [(s.title, s.licenses) for s in found.steps] == [("v1", ("apache-2.0",)), ("v2", ("cc-by-nc-4.0",))]
    assert found.doubts == ()


def test_a_long_history_says_where_it_was_cut(hub: LocalHub) -> None:
    hub.faults["/commits/main"] = [Fault(body=json.dumps(commits(hub, "main", "v2", "v1")).encode())]
    found = license_history(HubSource(hub.url, token=False, backoff=0), CHAT, most=1)
    assert [s.title for s in found.steps] == ["main"]
    assert "last 1" in found.doubts[0]


def paged(hub: LocalHub, *pages: list[dict[str, Any]]) -> None:
    """Each page of commits names the next one, at another host."""
    hub.faults = {}
    for number, rows in enumerate(pages):
        link = f'<https://hub.example/api/models/acme/chat/commits/main?p={number + 1}&limit=50>; rel="next"'
        headers = {"Link": link} if number + 1 < len(pages) else {}
        part = f"/commits/main?p={number}&" if number else "/commits/main"
        hub.faults = {part: [Fault(body=json.dumps(rows).encode(), headers=headers)], **hub.faults}


def test_commits_come_page_by_page_from_the_same_host(hub: LocalHub) -> None:
    main, v2, v1 = commits(hub, "main", "v2", "v1")
    paged(hub, [main], [v2], [v1])
    found = license_history(HubSource(hub.url, token=False, backoff=0), CHAT)
    assert [(s.title, s.licenses) for s in found.steps] == [("v1", ("apache-2.0",)), ("v2", ("cc-by-nc-4.0",))]
    assert (found.doubts, hub.asked_for("/commits/")) == ((), 3)
    cut = license_history(HubSource(hub.url, token=False, backoff=0), CHAT, most=2)
    assert [s.title for s in cut.steps] == ["v2"]
    assert cut.doubts == ("only the last 2 commits were looked at",)


def test_pages_that_fail_or_lead_in_a_circle(hub: LocalHub) -> None:
    main, v2 = commits(hub, "main", "v2")
    paged(hub, [main], [v2], [])
    hub.faults["/commits/main?p=1&"] = [Fault(500)]
    found = license_history(HubSource(hub.url, token=False, backoff=0), CHAT)
    assert [s.title for s in found.steps] == ["main"]
    assert "older commits" in found.doubts[0]
    assert "HTTP 500" in found.doubts[0]
    paged(hub, [main], [v2], [main], [])
    assert license_history(HubSource(hub.url, token=False, backoff=0), CHAT).doubts == ()


@pytest.mark.parametrize("body", [b"no json", b"{}", b"3", b'[{"id": "../../x"}, 3]'])
def test_odd_answers_do_no_harm(hub: LocalHub, body: bytes) -> None:
    hub.faults["/commits/main"] = [Fault(body=body)]
    assert license_history(HubSource(hub.url, token=False, backoff=0), CHAT).steps == ()


def test_commits_that_cannot_be_listed_are_told(hub: LocalHub) -> None:
    hub.faults["/commits/main"] = [Fault(503)]
    assert license_history(HubSource(hub.url, token=False, backoff=0), CHAT).doubts
    assert license_history(MemorySource({}), CHAT).doubts == ("the source memory lists no commits",)


def test_the_command_compares_a_revision_with_now(
    hub: LocalHub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from auditor.cli.app import run

    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    monkeypatch.setenv("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")

    def ask(*words: str) -> int:
        return run(("diff", *words))

    assert ask("acme/chat@v1") == 1
    assert "CC-BY-NC-4.0" in capsys.readouterr().out
    assert ask("acme/chat@v2", "acme/chat") == 0
    assert ask("acme/chat@v9") == 3
    hub.faults["/commits/main"] = [Fault(body=json.dumps(commits(hub, "main", "v1")).encode())]
    assert ask("acme/chat@v1", "--history", "--format", "json") == 1
    out = capsys.readouterr().out
    document = json.loads(out[out.index("{\n") :])
    jsonschema.validate(document, SCHEMAS["diff"]())
    assert [step["licenses"] for step in document["history"]["steps"]] == [["apache-2.0"], ["cc-by-nc-4.0"]]
