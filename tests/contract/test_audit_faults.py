"""Every fault of the Hub on every kind of call, through the whole audit: status, words, exit code, no wrong finding."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from auditor.model import RepoId, Report
from auditor.pipeline import audit
from auditor.policy.use import make_use
from auditor.sources.hub import HubSource
from auditor.sources.hub import _session as hub_session
from tests.support.hub_server import Fault, LocalHub, Repo, said
from tests.unit.test_sources_headers import gguf

TARGET, BASE = "acme/chat", "lab/base"
REPOS = {
    # Everything is known, so that whatever is open below is open because of the fault.
    TARGET: Repo({"README.md": f"---\nlicense: apache-2.0\nbase_model: {BASE}\n---\n# Chat\n"}),
    BASE: Repo(
        {
            "README.md": "---\nlicense: apache-2.0\n---\n# Base\n",
            "NOTICE": "Made by Lab.\n",
            "base.gguf": gguf({"general.architecture": "llama", "general.license": "apache-2.0"}),
        }
    ),
}
USE = make_use("product")


class Call(NamedTuple):
    """A kind of call: the part of its path, and what is in the words on it."""

    part: str
    path: str | None


CALLS = {
    "metadata": Call(f"/api/models/{BASE}", None),
    "card": Call(f"/{BASE}/resolve/", "README.md"),
    "file": Call("/NOTICE", "NOTICE"),
    "header": Call("/base.gguf", "base.gguf"),
}
OUTAGES = {
    "server error": (Fault(500), "HTTP 500"),
    "bad gateway": (Fault(502), "HTTP 502"),
    "unavailable": (Fault(503), "HTTP 503"),
    "unavailable for long": (Fault(503, headers={"Retry-After": "600"}), "HTTP 503"),
    "rate limit": (Fault(429), "rate-limited"),
    "rate limit, told": (Fault(429, headers={"RateLimit": '"api";r=0;t=290'}), "291 s"),
    "rate limit, until a date": (Fault(429, headers={"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"}), "asks to wait"),
    "login page": (Fault(body=b"<html>Sign in</html>", kind="text/html"), "not the Hub"),
    "a bare refusal": (Fault(403), "without a reason"),
    "a proxy's page": (Fault(404, b"<html>", kind="text/html"), "not the Hub"),
    "reset": (Fault(reset=True), "no answer"),
    "cut short": (Fault(body=b"x" * 100, after=10), "no answer"),
    "slow": (Fault(body=b"{}", delay=30), "no answer"),
    "drip": (Fault(body=b" " * 100_000, drip=0.001), "too slowly"),
    "a circle of redirects": (Fault(302, headers={"Location": "?again"}), "too many redirects"),
    "a redirect to another scheme": (Fault(302, headers={"Location": "ftp://elsewhere/"}), "leaves https"),
    "a bad token": (said(401, message="Invalid credentials in Authorization header"), "token"),
}


@pytest.fixture
def hub() -> Iterator[LocalHub]:
    with LocalHub({name: replace(repo) for name, repo in REPOS.items()}) as local:
        yield local


@pytest.fixture(scope="module")
def usual() -> set[str]:
    """The rules that fire without any fault."""
    with LocalHub(REPOS) as local:
        return {f.rule for f in audited(local).findings}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time in which a second passes with every look at the clock, so that no test waits for a deadline."""
    ticks = itertools.count()
    monkeypatch.setattr("auditor.sources.wire.time", SimpleNamespace(monotonic=lambda: float(next(ticks))))


class Hasty:
    """The client with hardly any patience for the faulty call, however busy the machine is that answers the others."""

    def __init__(self, part: str) -> None:
        self._part, self._client = part, hub_session()

    def stream(self, method: str, url: str, **options: Any) -> Any:
        """The client's own, with another timeout."""
        return self._client.stream(method, url, **options | ({"timeout": 0.05} if self._part in url else {}))


def audited(hub: LocalHub) -> Report:
    source = HubSource(hub.url, token=False, backoff=0.001, timeout=20, patience=0.2)
    slow = [part for part, (fault, *_) in hub.faults.items() if fault and fault.delay]
    if slow:
        source.wire.session = lambda: Hasty(slow[0])
        source.wire.patience.left = 0
    return audit([(RepoId("model", TARGET), None)], source, USE)


def test_without_a_fault_it_is_clean(hub: LocalHub) -> None:
    report = audited(hub)
    assert (report.exit_code, report.incomplete, report.undetermined) == (0, (), ())
    assert report.decisions[TARGET].verdict in ("allow", "conditions")


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("case", OUTAGES)
def test_an_outage_of_an_ancestor_is_could_not_tell(hub: LocalHub, usual: set[str], case: str, call: str) -> None:
    fault, words = OUTAGES[case]
    part, path = CALLS[call]
    hub.faults[part] = [fault]
    report = audited(hub)
    node = report.lineage.nodes[BASE]
    assert node.record.status == "unreachable"
    assert words in node.record.why
    assert path is None or path in node.record.why
    assert report.exit_code == 3
    assert report.decisions[TARGET].verdict == "undetermined"
    assert (BASE, "unreachable", node.record.why) in report.incomplete
    assert {f.rule for f in report.findings} <= usual
    assert report.undetermined


@pytest.mark.parametrize("call", ["metadata", "card"])
@pytest.mark.parametrize("case", OUTAGES)
def test_an_outage_of_the_target_is_no_license_of_it(hub: LocalHub, case: str, call: str) -> None:
    fault, words = OUTAGES[case]
    hub.faults[CALLS[call].part.replace(BASE, TARGET)] = [fault]
    report = audited(hub)
    node = report.lineage.nodes[TARGET]
    assert (node.record.status, report.exit_code) == ("unreachable", 3)
    assert words in node.record.why
    assert report.decisions[TARGET].verdict == "undetermined"
    assert not [f for f in report.findings if f.subject == TARGET and "license" in f.rule]


ABSENCES = {
    "gated": (said(401, "GatedRepo", "Access to model lab/base is restricted."), "gated"),
    "gated, not granted": (said(403, "GatedRepo", "Access to model lab/base is restricted."), "gated"),
    "missing or private": (said(401, message="Invalid username or password."), "missing"),
    "missing": (said(404, "RepoNotFound", "Repository not found"), "missing"),
    "disabled": (said(403, message="Access to this resource is disabled."), "missing"),
    "withdrawn": (said(451, message="Unavailable For Legal Reasons"), "missing"),
    "broken JSON": (Fault(body=b'{"id": "lab/base", '), "malformed"),
}


@pytest.mark.parametrize("case", ABSENCES)
def test_an_ancestor_that_is_not_there_is_could_not_tell_either(hub: LocalHub, usual: set[str], case: str) -> None:
    fault, status = ABSENCES[case]
    hub.faults[CALLS["metadata"].part] = [fault]
    report = audited(hub)
    assert report.lineage.nodes[BASE].record.status == status
    assert report.decisions[TARGET].verdict == "undetermined"
    assert not [f for f in report.findings if f.subject == TARGET and f.rule not in usual and f.severity == "high"]


@pytest.mark.parametrize("call", ["card", "file", "header"])
@pytest.mark.parametrize("case", [name for name in ABSENCES if name != "broken JSON"])
def test_a_file_that_is_refused_is_told(hub: LocalHub, usual: set[str], case: str, call: str) -> None:
    fault, status = ABSENCES[case]
    hub.faults[CALLS[call].part] = [fault]
    report = audited(hub)
    # A repository that was there for its metadata is not suddenly absent.
    assert report.lineage.nodes[BASE].record.status == ("gated" if status == "gated" else "unreachable")
    assert BASE in {name for name, _, _ in report.incomplete}
    assert {f.rule for f in report.findings} - usual <= {"gated-access", "gated-ancestor"}
    assert report.exit_code == (0 if status == "gated" else 3)  # the metadata of a gated one are read


@pytest.mark.parametrize("call", ["card", "file", "header"])
def test_a_file_that_is_listed_and_absent_is_told(hub: LocalHub, usual: set[str], call: str) -> None:
    hub.faults[CALLS[call].part] = [said(404, "EntryNotFound", "Entry not found")]
    report = audited(hub)
    assert {row[:2] for row in report.incomplete} == {(BASE, "missing")}
    assert all("no such file" in why for _, _, why in report.incomplete)
    assert {f.rule for f in report.findings} <= usual


@pytest.mark.parametrize("part", ["card", "file", "header"])
def test_bytes_that_the_hub_did_not_promise_are_not_read(hub: LocalHub, part: str) -> None:
    state = hub.repos[BASE].at(None)
    assert state is not None
    headers = {"X-Repo-Commit": state[0], "ETag": f'"{"0" * 40}"'}
    hub.faults[CALLS[part].part] = [Fault(body=b"---\nlicense: mit\n---\n", headers=headers)]
    report = audited(hub)
    assert report.lineage.nodes[BASE].record.status == "unreachable"
    assert report.exit_code == 3


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", [Fault(429), Fault(500), Fault(reset=True)], ids=["429", "500", "reset"])
def test_a_fault_that_passes_leaves_no_trace(hub: LocalHub, fault: Fault, call: str) -> None:
    hub.faults[CALLS[call].part] = [fault, None]
    report = audited(hub)
    assert (report.exit_code, report.incomplete) == (0, ())


def test_what_a_limit_cuts_is_named_and_no_clean_bill(hub: LocalHub) -> None:
    source = HubSource(hub.url, token=False, patience=0)
    for limits in ({"max_repos": 1}, {"max_depth": 0}):
        report = audit([(RepoId("model", TARGET), None)], source, USE, **limits)
        assert [name for name, _ in report.lineage.cut] == [BASE]
        assert "limit" in report.lineage.cut[0][1]
        assert report.decisions[TARGET].verdict == "undetermined"
        assert report.exit_code == 3
    assert hub.asked_for(BASE) == 0
