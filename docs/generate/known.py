"""The pages of what is known whatever a repository says: named systems, and datasets made of models' outputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.resources import data_dir, load_folder
from docs.generate.markdown import code, escape, link, listing, page

_INTRO = """
{what} Each fact has a source and holds for every `--source`; how it is known stands beside it. To correct or add one:
`data/{folder}/`.
"""
_WHAT = {
    "systems": "Plain names that people use for models, datasets and other things, and facts that their cards hide.",
    "datasets": "Datasets made of models' outputs, under every name found in cards.",
}


def files() -> dict[str, str]:
    """`docs/reference/systems.md` and `datasets.md`."""
    return {f"docs/reference/{folder}.md": _page(folder) for folder in _WHAT}


def _page(folder: str) -> str:
    entries = load_folder(data_dir() / folder).values()
    intro = _INTRO.format(what=_WHAT[folder], folder=folder)
    return page(f"Known {folder}", intro, *(part for raw in entries for part in _entry(raw)))


def _entry(raw: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {escape(raw['id'])}"
    names = ", ".join(map(code, raw.get("names", ())))
    target = code(raw["target"]) if raw.get("target") else f"{raw['kind']}, nothing to audit"
    yield f"{names} → {target}"
    yield escape(raw.get("summary", ""))
    facts = [_fact(fact) for repo in raw.get("repos", {}).values() for fact in repo["facts"]]
    yield listing(dict.fromkeys(facts))


def _fact(fact: Mapping[str, Any]) -> str:
    """`base model: lab/base (declared, source)`; of a clause its id."""
    value = fact.get("value", "by repository")
    said = ", ".join(str(one["id"] if isinstance(one, dict) else one) for one in _listed(value))
    source = fact["source"]
    address = source.get("url") or _address(source)
    words = f"{escape(fact['field'].replace('_', ' '))}: {escape(said)}"
    return f"{words} ({fact.get('how', 'declared')}{', ' + link('source', f'<{address}>') if address else ''})"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _address(source: Mapping[str, Any]) -> str | None:
    if not source.get("repo") or not source.get("file"):
        return None
    return f"https://github.com/{source['repo']}/blob/{source.get('commit', 'HEAD')}/{source['file']}"
