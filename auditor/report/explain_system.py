"""What a named system, a closed model or a provider is, on a page."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.lineage.knowledge import ClosedSystem, System
from auditor.report import wording
from auditor.report.page import Page
from auditor.report.safe import plain


def system_page(page: Page, system: System) -> None:
    """What people mean by the name, and what to check."""
    page.put((plain(system.names[0]), "bold"), f"  system · {system.kind}")
    page.gap()
    page.put(plain(system.summary), first="  ")
    if system.license:
        page.put(f"License: {wording.license_name(system.license)}", first="  ")
    if system.target:
        page.put(f"`auditor check {plain(system.target)}` audits it.", first="  → ", style="green")
    if len(system.names) > 1:
        page.put(f"Also called {', '.join(map(plain, system.names[1:]))}.", first="  ", style="dim")


def closed_page(page: Page, system: ClosedSystem) -> None:
    """A model whose weights nobody outside has, and the terms that its outputs came under."""
    released = f" · released {system.released}" if system.released else ""
    page.put((plain(system.name), "bold"), f"  closed model of {plain(system.provider_name)}{released}")
    page.gap()
    if system.note:
        page.put(plain(system.note), first="  ")
    page.put("Its terms bind the account holder who makes the outputs.", first="  ")
    page.heading("Terms, newest first")
    for terms in system.terms:
        period = f"{terms.start or 'unknown'} to {terms.end or 'today'}"
        page.put((wording.license_name(terms.license), "bold"), f"  {period}", first="  ")
        page.put(f"`auditor explain {plain(terms.license)}`", first="    ", style="dim")
        if terms.url:
            page.whole(plain(terms.url), indent=4, style="dim")


def provider_page(page: Page, name: str, systems: Sequence[ClosedSystem]) -> None:
    """A provider's closed models."""
    page.put((plain(name), "bold"), "  provider of closed models")
    page.gap()
    page.rows([(plain(system.id), plain(system.name)) for system in systems])
    page.gap()
    page.put("`auditor explain` and a model's name shows its terms.", first="  ", style="dim")
