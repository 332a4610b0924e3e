"""The page of providers, their closed models, and their dated terms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.report.wording import license_name
from auditor.resources import data_dir, load_folder
from docs.generate.licenses import home
from docs.generate.markdown import code, escape, link, page, table

_INTRO = """
A closed model is one whose weights nobody outside has. Its provider's terms bind the account holder who makes outputs
with it: of a model trained on such outputs they are told as a risk, not as its license. All terms count that held
when outputs may have been made. Names below are recognized in cards and code; the names of models that the same
provider has released openly are not closed. To correct or add one: `data/providers/`.
"""


def files() -> dict[str, str]:
    """`docs/reference/providers.md`."""
    parts = [_INTRO]
    for raw in load_folder(data_dir() / "providers").values():
        parts += _provider(raw)
    return {"docs/reference/providers.md": page("Providers and closed models", *parts)}


def _provider(raw: dict[str, Any]) -> Iterator[str]:
    yield f"## {escape(raw['name'])}"
    yield table(
        ("Closed model", "Released", "Also called"),
        (
            (
                f"{code(system['id'])} {escape(system['name'])}",
                str(system.get("released", "")),
                ", ".join(map(code, (*system.get("aliases", ()), *system.get("patterns", ())))),
            )
            for system in raw.get("systems", ())
        ),
    )
    yield table(
        ("Terms", "From", "To", "Of"),
        (
            (
                _terms(terms),
                str(terms.get("from", "")),
                str(terms.get("to", "")),
                ", ".join(map(code, terms.get("systems", ("all",)))),
            )
            for terms in raw.get("terms", ())
        ),
    )
    if raw.get("open"):
        yield f"Open models of the same house: {', '.join(map(code, raw['open']))}."


def _terms(terms: dict[str, Any]) -> str:
    words, place = escape(license_name(terms["license"])), home(terms["license"])
    known = link(words, f"licenses/{place}") if place else words
    return f"{known} ({link('source', terms['url'])})" if terms.get("url") else known
