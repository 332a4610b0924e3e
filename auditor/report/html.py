"""The report as one HTML page that loads nothing: verdict and duties first, then findings, lineage and members.

Everything is readable without scripts; the script adds filters and the moving parts of the picture.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path

from auditor import __version__
from auditor.model import Decision, Lineage, Reason, Report, Use
from auditor.report import html_findings, html_lineage, wording
from auditor.report.folding import fold
from auditor.report.graphs import members
from auditor.report.html_findings import evidence_of, path_of
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
            *(_target(report, name, cited, numbers) for name in report.lineage.targets),
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
    dated = f", as of {report.as_of}" if report.as_of else ""
    rows = [("Use", use), ("Source of the data", f"{report.source_kind}{dated}")]
    facts = [join(el("dt", key), el("dd", value)) for key, value in rows]
    notes = [el("p", note, class_="note") for note in report.notes]
    return join(el("dl", *facts, class_="facts"), *notes)


def _target(report: Report, name: str, cited: wording.Citations, numbers: dict[str, int]) -> Markup:
    """The verdict on one target, what decides it, the duties and the open questions."""
    decision, node = report.decisions.get(name), report.lineage.nodes.get(name)
    if decision is None:
        return Markup()
    every = "some uses" if decision.verdict == "deny" else "every use"
    use = wording.use_in_short(report.use) if report.use != Use() else every
    verdict = el(
        "p",
        el("span", wording.MARKS[decision.verdict], class_="mark", aria_hidden="true"),
        el("strong", wording.VERDICTS[decision.verdict]),
        f" for {use}",
        class_="verdict",
    )
    return el(
        "section",
        el("h2", shown(name)),
        el("p", *spaced(wording.state_of(node), " · "), class_="about") if node else Markup(),
        verdict,
        _reasons("What decides it", decision.because, "✗", cited, numbers),
        _reasons(wording.duties_title(decision), decision.duties, "☐", cited, numbers),
        _release(decision),
        _listed("What would settle it", decision.open_questions),
        class_=f"target {decision.verdict}",
    )


def _release(decision: Decision) -> Markup:
    release = decision.release
    if release is None:
        return Markup()
    said = f"{wording.license_name(release.license)} {wording.GRANTS[release.verdict]}"
    others = ", ".join(map(wording.license_name, release.suggestions))
    return join(
        el("h3", "License of your release"), el("p", said), el("p", f"Could be granted: {others}.") if others else ""
    )


def _listed(title: str, rows: Sequence[str]) -> Markup:
    return join(el("h3", title), el("ul", *(el("li", row) for row in rows))) if rows else Markup()


def _reasons(
    title: str, reasons: Sequence[Reason], mark: str, cited: wording.Citations, numbers: dict[str, int]
) -> Markup:
    """Reasons or duties, each with its quote and place."""
    if not reasons:
        return Markup()
    rows = [
        el(
            "li",
            el("span", mark, class_="mark", aria_hidden="true"),
            el(
                "div",
                el("p", reason.text),
                path_of(reason.path, (), numbers),
                evidence_of(reason.evidence[:1], reason.clause, cited),
            ),
        )
        for reason in reasons
    ]
    return join(el("h3", title), el("ul", *rows, class_="reasons"))


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
