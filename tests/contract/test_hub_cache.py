"""The cache of the live source: what it spares, what it never hides, and that crashes and neighbours do not harm it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.app import run
from auditor.model import RepoContent, RepoId
from auditor.sources.cached import CachedSource, HubCache, prune
from auditor.sources.hub import HubSource
from tests.support.hub_server import READER, Fault, LocalHub, Repo

CHAIN = 12  # repositories, each the base of the one before
TERMS = "Do as you like, and say who made it.\n"


def name(number: int) -> str:
    return f"lab/m{number}"


def chain() -> dict[str, Repo]:
    repos = {}
    for number in range(CHAIN):
        base = f"base_model: {name(number + 1)}\n" if number < CHAIN - 1 else ""
        files: dict[str, str | bytes] = {"README.md": f"---\nlicense: mit\n{base}---\n", "LICENSE": TERMS}
        repos[name(number)] = Repo(files)
    return repos


@pytest.fixture
def hub() -> Iterator[LocalHub]:
    with LocalHub(chain()) as local:
        yield local


def source(hub: LocalHub, folder: Path, token: Any = False, **options: Any) -> HubSource:
    return HubSource(hub.url, token=token, patience=0, backoff=0.001, cache=HubCache(hub.url, folder, **options))


def read(source: HubSource, number: int = 0) -> RepoContent:
    return source.fetch(RepoId("model", name(number)))


def test_what_has_not_changed_costs_one_small_answer(hub: LocalHub, tmp_path: Path) -> None:
    first = read(source(hub, tmp_path))
    hub.seen.clear()
    hub.statuses.clear()
    again = read(source(hub, tmp_path))
    assert again == first
    assert again.as_of is None  # the Hub itself has just said that it is so
    assert (len(hub.seen), hub.statuses) == (1, [304])


def test_metadata_that_changed_without_a_commit_is_seen(hub: LocalHub, tmp_path: Path) -> None:
    read(source(hub, tmp_path))
    hub.repos[name(0)].gated = "manual"
    hub.seen.clear()
    content = read(source(hub, tmp_path))
    assert content.info["gated"] == "manual"
    assert len(hub.seen) == 1


def test_a_repository_that_is_gone_is_gone(hub: LocalHub, tmp_path: Path) -> None:
    read(source(hub, tmp_path))
    del hub.repos[name(0)]
    assert read(source(hub, tmp_path)).status == "missing"


def test_the_same_file_is_fetched_once_for_all_repositories(hub: LocalHub, tmp_path: Path) -> None:
    for number in range(4):
        content = read(source(hub, tmp_path), number)
        assert [d.text for d in content.documents if d.path == "LICENSE"] == [TERMS]
    assert hub.asked_for("/LICENSE") == 1


def test_a_new_commit_brings_only_what_is_new(hub: LocalHub, tmp_path: Path) -> None:
    read(source(hub, tmp_path))
    hub.repos[name(0)].files["README.md"] = "---\nlicense: apache-2.0\nbase_model: lab/m1\n---\n"
    hub.seen.clear()
    content = read(source(hub, tmp_path))
    assert content.info["cardData"]["license"] == "apache-2.0"
    assert (hub.asked_for("/README"), hub.asked_for("/LICENSE")) == (2, 0)  # the card takes two hops


def test_refresh_reads_everything_anew_and_keeps_it(hub: LocalHub, tmp_path: Path) -> None:
    read(source(hub, tmp_path))
    hub.seen.clear()
    hub.statuses.clear()
    assert read(source(hub, tmp_path, refresh=True)).status == "resolved"
    assert (hub.asked_for("/README"), hub.asked_for("/LICENSE")) == (2, 1)
    assert 304 not in hub.statuses
    hub.seen.clear()
    read(source(hub, tmp_path))
    assert len(hub.seen) == 1


def test_access_that_was_granted_since_is_used(hub: LocalHub, tmp_path: Path) -> None:
    hub.repos[name(0)].gated = "auto"
    assert read(source(hub, tmp_path)).status == "gated"
    assert read(source(hub, tmp_path, token=READER)).status == "resolved"


def test_a_gated_repository_is_asked_for_one_file_only(hub: LocalHub, tmp_path: Path) -> None:
    hub.repos[name(0)].gated = "auto"
    read(source(hub, tmp_path))
    assert len(hub.seen) == 2


@pytest.mark.parametrize(
    "harm", [lambda b: b[:-1], lambda b: b.replace(b"mit", b"bsd"), lambda b: b"", lambda b: b"\0"]
)
def test_a_damaged_file_is_no_answer(hub: LocalHub, tmp_path: Path, harm: Any) -> None:
    first = read(source(hub, tmp_path))
    for path in tmp_path.rglob("*"):
        if path.is_file():
            path.write_bytes(harm(path.read_bytes()))
    assert CachedSource(HubCache(hub.url, tmp_path)).fetch(RepoId("model", name(0))).status == "unreachable"
    assert read(source(hub, tmp_path)) == first


def test_a_swapped_file_is_noticed(hub: LocalHub, tmp_path: Path) -> None:
    read(source(hub, tmp_path))
    (kept,) = [p for p in tmp_path.rglob("*") if p.is_file() and p.read_bytes() == TERMS.encode()]
    kept.write_bytes(b"Do anything.\n")
    content = read(source(hub, tmp_path), 1)
    assert [d.text for d in content.documents if d.path == "LICENSE"] == [TERMS]


def test_the_oldest_give_way(hub: LocalHub, tmp_path: Path) -> None:
    read(source(hub, tmp_path))
    for path in tmp_path.rglob("*"):
        os.utime(path, (1, 1))
    read(source(hub, tmp_path), 5)
    sizes = sum(p.stat().st_size for p in tmp_path.rglob("*") if p.is_file())
    prune(tmp_path, sizes // 2)
    cache = HubCache(hub.url, tmp_path)
    assert cache.get(RepoId("model", name(0)), None) is None
    assert cache.get(RepoId("model", name(5)), None) is not None
    assert sum(p.stat().st_size for p in tmp_path.rglob("*") if p.is_file()) <= sizes // 2


def test_a_run_keeps_the_cache_within_its_bound(hub: LocalHub, tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"\0" * 100_000)
    os.utime(tmp_path / "old", (1, 1))
    (tmp_path / ".half").write_bytes(b"\0")
    os.utime(tmp_path / ".half", (1, 1))
    read(source(hub, tmp_path, most_bytes=50_000))
    assert not (tmp_path / "old").exists()
    assert not (tmp_path / ".half").exists()
    assert HubCache(hub.url, tmp_path).get(RepoId("model", name(0)), None) is not None


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(hub: LocalHub, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert read(source(hub, tmp_path / "file")).status == "resolved"


def test_the_command_line_uses_the_cache_unless_told_otherwise(
    hub: LocalHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    monkeypatch.setattr("auditor.sources.cached.cache_dir", lambda: tmp_path)
    assert run(["lineage", name(CHAIN - 3)]) == 0
    for options, least in (([], 3), (["--refresh"], 9), (["--offline"], 0)):
        hub.seen.clear()
        assert run(["lineage", name(CHAIN - 3), *options]) == 0
        assert (len(hub.seen) == least) if least < 9 else (len(hub.seen) >= least)
    assert run(["lineage", name(0), "--refresh", "--offline"]) == 2
    assert run(["lineage", name(0), "--refresh", "--source", "bundled"]) == 2


# Other processes

RUN = """
import sys
from pathlib import Path
from auditor.lineage.walk import walk
from auditor.model import RepoId
from auditor.sources.cached import HubCache
from auditor.sources.hub import HubSource
url, folder, bound = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
for _ in range(int(sys.argv[4])):
    source = HubSource(url, token=False, backoff=0.01, cache=HubCache(url, folder, most_bytes=bound))
    found = walk([(RepoId("model", "lab/m0"), None)], source)
    wrong = [c for c in found.contents.values() if c.status != "resolved" or len(c.documents) != 2]
    assert not wrong and len(found.contents) == 12, (wrong, len(found.contents))
"""


def started(hub: LocalHub, folder: Path, bound: int = 10**9, times: int = 1) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-c", RUN, hub.url, str(folder), str(bound), str(times)]
    return subprocess.Popen(words, cwd=Path(__file__).parents[2], stderr=subprocess.PIPE)


def test_a_killed_run_is_taken_up_where_it_stopped(hub: LocalHub, tmp_path: Path) -> None:
    done = CHAIN // 2
    hub.faults[f"{name(done)}?"] = [Fault(delay=60)]
    with started(hub, tmp_path) as process:
        kept = HubCache(hub.url, tmp_path)
        while not all(kept.get(RepoId("model", name(n)), None) for n in range(done)) and process.poll() is None:
            time.sleep(0.01)
        process.kill()
        process.wait(10)
    assert hub.asked_for("/api/models/lab") == done + 1
    hub.faults.clear()
    hub.seen.clear()
    hub.statuses.clear()
    with started(hub, tmp_path) as process:
        assert process.wait(60) == 0, process.stderr and process.stderr.read().decode()
    assert hub.asked_for("/api/models/lab") == CHAIN
    assert hub.statuses.count(304) == done
    assert (hub.asked_for("/README"), hub.asked_for("/LICENSE")) == (2 * (CHAIN - done), 0)  # the card takes two hops


def test_two_runs_and_a_tight_bound_do_not_harm_each_other(hub: LocalHub, tmp_path: Path) -> None:
    """Both prune what the other writes: files vanish at any moment, and every answer is still whole."""
    with started(hub, tmp_path, 3000, 6) as one, started(hub, tmp_path, 3000, 6) as other:
        for process in (one, other):
            assert process.wait(60) == 0, process.stderr and process.stderr.read().decode()
