"""What an audit costs the Hub: two requests a repository on average, and none for what is known or will be refused."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from auditor.lineage.origins import parents_known
from auditor.lineage.walk import Walk, walk
from auditor.model import RepoId
from auditor.resources import data_dir, load_file
from auditor.sources.cached import HubCache
from auditor.sources.hub import HubSource
from auditor.sources.turns import Turns
from tests.support.hub_server import READER, LocalHub, Repo

TERMS = "The license of the lab, for everyone.\n"


def repo(*bases: str, data: str = "", gated: str | bool = False, **files: str) -> Repo:
    front = "".join(f"- {base}\n" for base in bases)
    told = f"datasets: [{data}]\n" if data else ""
    card = (
        f"---\nlicense: apache-2.0\n{'base_model:' if bases else ''}\n{front}{told}---\n# Card\nWith {list(files)}.\n"
    )
    listed = {"README.md": card, **{name.replace("__", "."): text for name, text in files.items()}}
    info = {"config": {"architectures": ["A"]}} if "config.json" in listed else {}
    return Repo(dict(listed), gated=gated, info=info)


REPOS = {
    "acme/merge": repo("acme/one", "acme/two", "acme/three", "acme/four", data="acme/talk"),
    "acme/one": repo("lab/gated", LICENSE=TERMS, config__json="{}"),
    "acme/two": repo("lab/shut", LICENSE=TERMS, config__json="{}"),
    "acme/three": repo("bigscience/bloom", LICENSE=TERMS, config__json="{}"),
    "acme/four": repo("lab/gone", config__json="{}"),
    "lab/gated": repo(gated="manual", LICENSE=TERMS, config__json="{}"),
    "lab/shut": repo(gated="auto", LICENSE=TERMS),
    "bigscience/bloom": repo(
        config__json='{"_name_or_path": "/scratch/bloom"}'
    ),  # known, and so is its absent data set
    "datasets/acme/talk": repo(),
}


@pytest.fixture
def hub() -> Iterator[LocalHub]:
    with LocalHub(REPOS, latency=0.02) as local:
        yield local


def walked(hub: LocalHub, folder: Path, name: str = "acme/merge") -> Walk:
    hub.seen.clear()
    source = HubSource(hub.url, token=False, cache=HubCache(hub.url, folder))
    return walk([(RepoId("model", name), None)], source)


def asked(hub: LocalHub) -> Counter[str]:
    """The requests by the file that they were for; the second hop of a download is not counted."""
    paths = [path.partition("?")[0] for path, _ in hub.seen if "/resolve-cache/" not in path]
    return Counter("metadata" if path.startswith("/api/") else path.rpartition("/")[2] for path in paths)


def test_two_requests_a_repository(hub: LocalHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.sources.hub.PUBLIC_HUB", hub.url)
    found = walked(hub, tmp_path)
    read = {name for name, content in found.contents.items() if content.status == "resolved"}
    assert read == set(REPOS) - {"lab/gated", "lab/shut"}
    requests = asked(hub)
    # Three repositories hold the same license at the same time, and it is fetched once.
    assert requests == {"metadata": len(found.contents), "README.md": len(read), "LICENSE": 1}
    assert requests.total() <= 2 * len(found.contents)


def test_a_second_run_asks_whether_anything_changed_and_nothing_else(
    hub: LocalHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auditor.sources.hub.PUBLIC_HUB", hub.url)
    first = walked(hub, tmp_path)
    hub.statuses.clear()
    again = walked(hub, tmp_path)
    assert again.contents == first.contents
    assert asked(hub) == {"metadata": len(first.contents)}
    assert Counter(hub.statuses) == {304: len(REPOS), 401: len(first.contents) - len(REPOS)}


def test_a_mirror_is_asked_once_whether_it_serves_gated_files(hub: LocalHub) -> None:
    source = HubSource(hub.url, token=False)
    statuses = [source.fetch(RepoId("model", name)).status for name in ("lab/gated", "lab/shut", "lab/gated")]
    assert statuses == ["gated"] * 3
    assert asked(hub) == {"metadata": 3, "README.md": 1}


def test_with_a_token_every_gated_repository_is_asked_for(hub: LocalHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.sources.hub.PUBLIC_HUB", hub.url)
    content = HubSource(hub.url, token=READER).fetch(RepoId("model", "lab/gated"))
    assert (content.status, len(content.documents)) == ("resolved", 3)


def test_an_ancestor_that_a_configuration_alone_names_is_found(hub: LocalHub, tmp_path: Path) -> None:
    hub.repos["lab/hidden"] = repo(config__json='{"_name_or_path": "acme/three"}')
    found = walked(hub, tmp_path, "lab/hidden")
    assert ("lab/hidden", "acme/three", "inferred") in {(e.child, e.parent, e.how) for e in found.edges}


def test_a_license_that_one_repository_refuses_is_asked_of_the_next(hub: LocalHub, tmp_path: Path) -> None:
    """Who waited for a fetch that failed fetches by itself."""
    from tests.support.hub_server import Fault

    hub.faults["acme/one/resolve/"] = [Fault(403)]
    found = walked(hub, tmp_path)
    assert found.contents["acme/one"].status == "unreachable"
    assert [d.text for d in found.contents["acme/two"].documents if d.path == "LICENSE"] == [TERMS]


def test_turns() -> None:
    turns, order = Turns(), []
    inside, go = threading.Event(), threading.Event()

    def first() -> None:
        with turns.of("a"):
            inside.set()
            go.wait(10)
            order.append("first")

    def second() -> None:
        with turns.of("a"):
            order.append("second")

    one, two = threading.Thread(target=first), threading.Thread(target=second)
    one.start()
    inside.wait(10)
    two.start()
    with turns.of("b"):
        order.append("other")
    go.set()
    one.join(10)
    two.join(10)
    assert order == ["other", "first", "second"]


def test_what_is_known_to_have_no_parents() -> None:
    rows = load_file(data_dir() / "pretrained.yaml")
    patterns = [pattern for row in rows for pattern in row["models"]]
    assert len(patterns) == len(set(patterns))
    assert all(len(row["source"]["quote"].split()) < 20 for row in rows)
    assert all(parents_known(RepoId("model", pattern.replace("*", "x"))) for pattern in patterns)
    # Models of the same houses that continue another one.
    others = ["01-ai/Yi-9B", "Qwen/Qwen2.5-Math-7B", "facebook/opt-iml-30b", "openai-community/gpt3", "acme/bloom"]
    assert not any(fnmatchcase(name.lower(), pattern.lower()) for name in others for pattern in patterns)
    assert not any(parents_known(RepoId("model", name)) for name in ("acme/bloom", "acme/gpt2"))
    assert parents_known(RepoId("model", "lmsys/vicuna-7b-v1.5"))  # its base is a curated fact
