"""How many requests an audit costs the Hub: for each repository of the lineages of well-known systems, by kind.

    python benchmarks/calls.py

The Hub on the loopback holds what the project knows of the repositories, with real cards where the corpus lies beside
the project; the lists of files are what such repositories usually hold. Exits with 1 where the average is over the
bound. For comparison follow real lists of files and thousands of real cards, each read by itself.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).parents[1]))

from auditor.lineage.knowledge import systems
from auditor.lineage.walk import walk
from auditor.model import RepoId
from auditor.resources import data_dir
from auditor.sources import hub as door
from auditor.sources.cached import HubCache
from auditor.sources.hub import HubSource
from auditor.sources.names import is_hub_name
from tests.support.hub_server import LocalHub, Repo, repos_from_cards

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
MOST = 2.0  # requests a repository, redirects apart
OWN_LICENSE = frozenset(("other", "llama2", "llama3", "llama3.1", "llama3.2", "llama3.3"))  # comes with a file


def lineages() -> bool:
    """Audit each named system by itself, and all together. False where the bound is broken."""
    repos = cards("dataset", "dataset_cards", "dataset_cards_2022") | cards("model", "model_cards") | known()
    targets = sorted({_ref(s.target) for s in systems() if s.target and s.kind in ("model", "dataset")}, key=str)
    print(f"lineages of {len(targets)} well-known systems (requests a repository, redirects apart)")
    sound = True
    with LocalHub(repos) as hub:
        for title, public in (("as on the public Hub", True), ("as on a mirror", False)):
            door.PUBLIC_HUB = hub.url if public else "https://huggingface.co"
            for how, groups in (("one by one", [[t] for t in targets]), ("in one audit", [targets])):
                average = _audited(hub, f"{how}, {title}", groups)
                sound &= average <= MOST or not public
    return sound


def _audited(hub: LocalHub, title: str, groups: Sequence[Sequence[RepoId]]) -> float:
    asked: Counter[str] = Counter()
    number = 0
    for group in groups:
        hub.seen.clear()
        with tempfile.TemporaryDirectory() as folder:
            source = HubSource(hub.url, token=False, cache=HubCache(hub.url, Path(folder)))
            found = walk([(ref, None) for ref in group], source)
        number += sum(content.ref.kind in ("model", "dataset") for content in found.contents.values())
        asked.update(_kind(path, hub.repos) for path, _ in hub.seen)
    del asked["redirect"]
    average = asked.total() / number
    parts = ", ".join(f"{kind} {count / number:.2f}" for kind, count in asked.most_common())
    print(f"  {title:<34} {number:5} repositories  {average:5.2f}  ({parts})")
    return average


def _kind(path: str, repos: Mapping[str, Repo]) -> str:
    asked = repos.get(path.partition("?")[0].removeprefix("/api/").removeprefix("models/"))
    if "/resolve-cache/" in path or path.startswith("/cdn/") or (asked and asked.moved_to):
        return "redirect"
    name = path.rpartition("/")[2]
    if path.startswith("/api/"):
        return "metadata"
    return {"README.md": "card", "LICENSE": "license"}.get(name, "config" if name.endswith(".json") else "header")


def known() -> dict[str, Repo]:
    """The repositories that ship with the project, with the files that their likes usually hold."""
    lines: dict[str, dict[str, Any]] = {}
    for name in ("models", "datasets", "curated"):
        for text in (data_dir() / "hub" / f"{name}.jsonl").read_text("utf-8").splitlines():
            line = json.loads(text)
            kind = "datasets/" if name == "datasets" and not line["id"].startswith("datasets/") else ""
            lines[kind + line["id"]] = lines.get(kind + line["id"], {}) | line
    real = cards("model", "model_cards") | cards("dataset", "dataset_cards", "dataset_cards_2022")
    repos = {}
    for name, line in lines.items():
        if "moved_to" in line:
            repos[name] = Repo(moved_to=line["moved_to"].removeprefix("datasets/"))
        elif "info" in line:
            repos[name] = _usual(name, line["info"], real.get(name))
    return repos


def _usual(name: str, info: dict[str, Any], real: Repo | None) -> Repo:
    card = info.get("cardData") or {}
    front = f"---\n{yaml.safe_dump(card)}---\n" if card else ""
    files: dict[str, str | bytes] = {"README.md": real.files["README.md"] if real else f"{front}# {name}\n"}
    told = {key: value for key, value in info.items() if key != "cardData"}
    if not name.startswith("datasets/"):
        if "gguf" in name.lower():
            files["model.Q4_K_M.gguf"] = b"GGUF"
        elif info.get("library_name", card.get("library_name")) == "peft":
            files["adapter_config.json"] = "{}"
        elif info.get("library_name", card.get("library_name")) == "diffusers" or "diffusion" in name:
            files["model_index.json"] = "{}"
        else:
            files["config.json"] = json.dumps({"_name_or_path": f"/home/{name}"})
            told.setdefault("config", {"architectures": ["A"]})
        if str(card.get("license")) in OWN_LICENSE or "LICENSE" in str(card.get("license_link")):
            files["LICENSE"] = f"The license of {name.partition('/')[0]}.\n"
    return Repo(files, info=told, gated=info.get("gated") or False)


def _ref(name: str) -> RepoId:
    dataset = name.startswith("datasets/")
    return RepoId("dataset" if dataset else "model", name.removeprefix("datasets/"))


def requests(title: str, repos: Mapping[str, Repo]) -> None:
    """Print the requests that each repository of a set costs, redirects apart."""
    with LocalHub(repos) as hub:
        source = HubSource(hub.url, token=False)
        for name in repos:
            source.fetch(_ref(name))
        metadata = sum(path.startswith(("/api/models/", "/api/datasets/")) for path, _ in hub.seen)
        files, number = hub.asked_for("/resolve/"), len(repos)
        hops = len(hub.seen) - metadata - files
        print(f"  {title:<58} {number:5} {metadata / number:9.2f} {files / number:6.2f} ", end="")
        print(f"{(metadata + files) / number:6.2f} {hops / number:10.2f}")


def recorded() -> dict[str, Repo]:
    """The repositories whose real list of files was recorded."""
    repos: dict[str, Repo] = {}
    for path in sorted((CORPUS / "hub_api").glob("GET_200_*.json")):
        body = json.loads(path.read_text("utf-8")).get("response", {}).get("body")
        body = json.loads(body["string"]) if isinstance(body, dict) and "string" in body else body
        if not isinstance(body, dict) or not isinstance(body.get("siblings"), list):
            continue
        files: dict[str, str | bytes] = {
            row["rfilename"]: f"{row['rfilename']} of {body['id']}\n" for row in body["siblings"]
        }
        told: dict[str, Any] = {k: v for k, v in body.items() if k not in ("siblings", "sha", "_id")}
        repos[body["id"]] = Repo(files, info=told, gated=body.get("gated") or False)
    return repos


def cards(kind: str, *folders: str) -> dict[str, Repo]:
    """Real cards; those of models with a config.json beside them, as nearly all have."""
    repos: dict[str, Repo] = {}
    for folder in folders if CORPUS.is_dir() else ():
        repos |= repos_from_cards(CORPUS / folder, kind)
    if kind == "model":
        for repo in repos.values():
            repo.files["config.json"] = "{}"
            repo.info = {"config": {"architectures": ["A"]}}
    return {name: repo for name, repo in repos.items() if is_hub_name(name.removeprefix("datasets/"))}


def main() -> int:
    """Print both tables; return 1 when the bound is broken."""
    sound = lineages()
    if CORPUS.is_dir():
        print(f"\neach repository by itself{'':<32} repos  metadata  files    sum  redirects")
        real = recorded()
        requests("real lists of files (most are roots that name no base)", real)
        based = {n: r for n, r in real.items() if any(t.startswith("base_model:") for t in r.info.get("tags", []))}
        requests("  those of them that name their base", based)
        models = cards("model", "model_cards")
        requests("real model cards, each with a config.json (the worst case)", models)
        requests(
            "  those of them that name their base",
            {n: r for n, r in models.items() if b"base_model" in r.files["README.md"]},
        )
        requests("real dataset cards", cards("dataset", "dataset_cards", "dataset_cards_2022"))
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
