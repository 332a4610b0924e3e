"""What to change where an audit fails: another use, another model, another license, or a decision written down."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from auditor.identify import catalogue
from auditor.model import SEVERITIES, Finding, Report, Use
from auditor.policy.config import NO_REASON
from auditor.policy.use import PRESET_WORDS, PRESETS
from auditor.policy.verdict import decide

WAIVED_DAYS = 90  # a proposed waiver ends after so many days
_MECHANICAL = ("unpinned-revision", "lock-missing")  # their remedy is the change itself
_ON_THE_NAME = ("naming-requirement", "display-branding")


class Change(NamedTuple):
    """One thing to do, in words, and the lines to paste for it; `file` is where they go."""

    said: str
    lines: tuple[str, ...] = ()
    file: str = "auditor.toml"


def changes(name: str, report: Report, today: date) -> list[Change]:
    """What would let a target pass, the plainest first; nothing where it passes already."""
    grave = [f for f in report.findings if f.subject == name and _weighs(f, report)]
    failing = [f for f in grave if f.status == "new"]
    if not failing and (grave or report.decisions[name].verdict in ("allow", "conditions")):
        return []  # allowed, or accepted by people
    remedies = dict.fromkeys(f.remedy for f in failing if f.rule in _MECHANICAL)
    return [
        *map(Change, remedies),
        *_uses(name, report),
        *_relatives(name, report),
        *_duties(name, report),
        *_licensors(name, report),
        *_releases(name, report),
        *_waivers([f for f in failing if f.rule not in _MECHANICAL], today),
    ]


def waiver_lines(finding: Finding, today: date) -> tuple[str, ...]:
    """A waiver of the finding for the policy file, to be given a reason."""
    return (
        "[[waivers]]",
        f"rule = {json.dumps(finding.rule)}",
        f"subject = {json.dumps(finding.subject)}",
        f"reason = {json.dumps(NO_REASON)}",
        f"until = {(today + timedelta(days=WAIVED_DAYS)).isoformat()}",
    )


def _weighs(finding: Finding, report: Report) -> bool:
    return SEVERITIES.index(finding.severity) >= SEVERITIES.index(report.fail_on)


def _uses(name: str, report: Report) -> Iterator[Change]:
    """The presets that its terms leave room for, where the use asked about is denied or not declared."""
    if report.decisions[name].verdict != "deny" and report.use != Use():
        return
    closed = report.lineage.nodes[name].ref.kind == "closed"
    possible = {p: use for p, use in PRESETS.items() if not (closed and use.distribute == "weights")}
    free = [p for p, use in possible.items() if decide(name, report.lineage, use).verdict in ("allow", "conditions")]
    if free:
        said = f"If you do no more than this, say so: {PRESET_WORDS[free[-1]]} (--for {free[-1]})"
        yield Change(said, ("[use]", f'preset = "{free[-1]}"'))


def _relatives(name: str, report: Report) -> Iterator[Change]:
    if report.lineage.nodes[name].ref.kind != "model":
        return
    from auditor.policy.alternatives import open_relatives

    found, as_of = open_relatives(name, report.use)
    if found:
        yield Change(f"Use an open relative, against which nothing speaks by the facts of {as_of}: {', '.join(found)}")


def _duties(name: str, report: Report) -> Iterator[Change]:
    """What the name of a derivative and its pages must show."""
    named = [d.text for d in report.decisions[name].duties if d.clause in _ON_THE_NAME]
    yield from map(Change, dict.fromkeys(named))


def _licensors(name: str, report: Report) -> Iterator[Change]:
    """Whom to ask for rights that the license does not give, and where it can be read."""
    asked: dict[str, None] = {}
    for reason in report.decisions[name].because:
        node = report.lineage.nodes.get(reason.path[-1] if reason.path else name)
        if node is None or node.ref.kind == "closed":
            continue
        for entry in filter(None, map(catalogue.get, node.license.concluded)):
            if not entry.osi:
                link = f" (https://{entry.links[0]})" if entry.links else ""
                asked[f"Ask whoever published {node.ref.id} for other rights than those of {entry.name}{link}"] = None
    yield from map(Change, asked)


def _releases(name: str, report: Report) -> Iterator[Change]:
    """Licenses that a derivative could be released under."""
    from auditor.policy.release import suggest

    passes_on = report.use.distribute in (None, "weights")
    if report.use.release_license or not passes_on or report.lineage.nodes[name].ref.kind == "closed":
        return
    names = [entry.name for entry in filter(None, map(catalogue.get, suggest(name, report.lineage)))]
    if names:
        yield Change(f"Release what you derive from it under one of: {', '.join(names)}")


def _waivers(failing: Iterable[Finding], today: date) -> Iterator[Change]:
    """One for each rule: a waiver covers every finding of its rule on its subject."""
    for finding in {f.rule: f for f in failing}.values():
        yield Change(f"Accept {finding.rule} for a time, with a reason", waiver_lines(finding, today))
