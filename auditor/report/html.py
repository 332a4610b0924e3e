"""The report as one HTML page that loads nothing: verdict and duties first, then findings, lineage and members.

Everything is readable without scripts; the script adds filters and the moving parts of the picture.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from auditor import __version__
from auditor.model import Lineage, Report, Use
from auditor.report import html_findings, html_lineage, html_verdict, wording
from auditor.report.folding import fold
from auditor.report.graphs import members
from auditor.report.safe import html, short
from auditor.report.tags import Markup, el, join, shown, spaced

_ASSETS = Path(__file__).parent / "assets"


def render(report: Report) -> str:
    """The whole report."""
    cited = wording.Citations(report.lineage)
    numbers = {name: number for number, name in enumerate(members(report.lineage))}
    groups = fold(report.findings, report.lineage.targets)
    title = ", ".join(short(name, 60) for name in report.lineage.targets[:3]) or "no target"
    return _page(
        f"License audit of {title}",
        el(
            "header",
            el("p", "License and provenance audit", class_="kicker"),
            el("h1", _heading(report.lineage)),
            _about(report),
        ),
        el(
            "main",
            *(html_verdict.section(report, name, cited, numbers) for name in report.lineage.targets),
            html_findings.section(groups, cited, numbers),
            _not_told(report),
            html_lineage.section(report.lineage),
        ),
        _foot(report),
    )


def render_lineage(lineage: Lineage) -> str:
    """The lineage alone: its picture and its members."""
    title = ", ".join(short(name, 60) for name in lineage.targets[:3])
    head = el("header", el("p", "Lineage", class_="kicker"), el("h1", _heading(lineage)))
    foot = el("footer", el("p", f"Made by auditor {__version__}. Triage, not legal advice."))
    return _page(f"Lineage of {title}", head, el("main", html_lineage.section(lineage)), foot)


def _heading(lineage: Lineage) -> str:
    """The targets where they are few, else how many there are."""
    return ", ".join(map(shown, lineage.targets)) if len(lineage.targets) < 4 else f"{len(lineage.targets)} targets"


def _page(title: str, *body: Markup) -> str:
    """A document whose policy allows its own style and script, by their hashes, and nothing else."""
    style = "".join((_ASSETS / name).read_text("utf-8") for name in ("picture.css", "report.css"))
    script = (_ASSETS / "report.js").read_text("utf-8")
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    head = (
        '<meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{html(policy)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">'
        f'<link rel="icon" href="data:,"><title>{html(title)}</title><style>{style}</style>'
    )
    inside = join(*body)
    return (
        f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>{inside}<script>{script}</script></body></html>\n'
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _about(report: Report) -> Markup:
    """What was asked, and from when the facts are."""
    use = wording.use_in_words(report.use) if report.use != Use() else "none declared, so every use counts"
    preset = f"{report.use.preset}: " if report.use.preset else ""
    dated = f", as of {report.as_of}" if report.as_of else ""
    rows = [
        ("Use", f"{preset}{use}"),
        ("Source of the data", f"{report.source_kind}{dated}"),
        *(("Note", note) for note in report.notes),
        ("What this is", "triage for people, not legal advice: read the quoted passages where they are linked"),
    ]
    return el("dl", *(join(el("dt", key), el("dd", value)) for key, value in rows), class_="facts")


def _not_told(report: Report) -> Markup:
    """What could not be read or decided: never mixed with the clean."""
    unread: dict[tuple[str, str], list[str]] = {}
    for name, state, why in (*report.incomplete, *((name, "left out", why) for name, why in report.lineage.cut)):
        unread.setdefault((state, why), []).append(name)
    open_: dict[tuple[str, str], list[str]] = {}
    for row in report.undetermined:
        why = row.why
        for name, _, said in report.incomplete:  # said above already
            why = why.replace(f"{name}: {said}", name)
        open_.setdefault((row.subject, why), []).append(row.name)
    if not (unread or open_):
        return Markup()
    rows = [
        el(
            "li",
            el("strong", *spaced(map(shown, names), ", ")),
            f" {'is' if len(names) == 1 else 'are'} {state}: {why}",
        )
        for (state, why), names in unread.items()
    ]
    rows += [
        el(
            "li",
            el("strong", shown(subject)),
            ", undecided: ",
            *spaced(dict.fromkeys(names), ", "),
            ". For want of: ",
            why,
        )
        for (subject, why), names in open_.items()
    ]
    return el("section", el("h2", "Could not tell"), el("ul", *rows), id="not-told")


def _foot(report: Report) -> Markup:
    counts = [
        wording.count(sum(f.status == "new" for f in report.findings), "finding"),
        f"{len(report.undetermined) + len(report.incomplete)} could not be told",
        wording.count(len(report.lineage.nodes), "member"),
        f"exit code {report.exit_code}",
    ]
    made = f"Made by auditor {__version__}. Triage, not legal advice."
    return el("footer", el("p", *spaced(counts, " · ")), el("p", made))
