"""The audit for Python programs and notebooks: `audit` gives a `Report`; mistakes are exceptions."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor import model
from auditor.errors import UsageError
from auditor.model import SEVERITIES, RepoId, Severity, Use, Verdict
from auditor.sources.base import Source

if TYPE_CHECKING:
    import networkx as nx

Target = str | os.PathLike[str] | RepoId
_GRAVEST: tuple[Verdict, ...] = ("deny", "undetermined", "conditions", "allow")


@dataclass(frozen=True, slots=True, repr=False)
class Report(model.Report):
    """What an audit learnt, with the ways to show it and to compute on it. Notebooks show it as a short summary.

    `decisions` maps each target to its verdict, reasons and duties; `findings` are what rules found, `undetermined`
    what they could not decide, `incomplete` what could not be read; `lineage` holds nodes and edges.
    """

    @property
    def verdict(self) -> Verdict:
        """The verdict on the target; on several, the gravest: deny, undetermined, conditions, allow."""
        found = {decision.verdict for decision in self.decisions.values()}
        return next((verdict for verdict in _GRAVEST if verdict in found), "undetermined")

    def to_dict(self) -> dict[str, Any]:
        """The JSON report, `auditor.report/1`, as plain dictionaries, lists, strings and numbers."""
        import json

        document: dict[str, Any] = json.loads(self.render("json"))
        return document

    def to_networkx(self) -> nx.MultiDiGraph[Any]:
        """The lineage as a graph whose edges point from child to parent, see `auditor.lineage.graph.to_networkx`."""
        from auditor.lineage.graph import to_networkx

        return to_networkx(self.lineage)

    def to_html(self) -> str:
        """The whole report as one HTML page that loads nothing."""
        return self.render("html")

    def to_markdown(self) -> str:
        """The report in Markdown."""
        return self.render("markdown")

    def to_svg(self) -> str:
        """The picture of the lineage."""
        return self.render("svg")

    def to_png(self) -> bytes:
        """The same picture in pixels. Raises UsageError where the extra `png` is not installed."""
        from auditor.report.png import render

        return render(self.lineage)

    def render(self, form: str = "text") -> str:
        """The report in any text format of `auditor check --format`. Raises UsageError for one that does not exist."""
        from auditor.policy.shape import near
        from auditor.report import FORMATS, render

        if form not in FORMATS:
            raise UsageError(
                f"there is no format {form!r}{near(form, FORMATS)}", remedy=f"One of {', '.join(FORMATS)}."
            )
        return render(self, form)

    def _repr_html_(self) -> str:
        from auditor.report.notebook import render

        return render(self)

    def __repr__(self) -> str:
        from auditor.report.wording import summary

        return f"<auditor.Report: {summary(self)}>"


def audit(
    targets: Target | Iterable[Target],
    *,
    use: str | Mapping[str, Any] | Use | None = None,
    source: str | os.PathLike[str] | Source = "hub",
    offline: bool = False,
    fail_on: Severity = "high",
    rules: Sequence[str | os.PathLike[str]] = (),
    max_repos: int | None = None,
    max_depth: int | None = None,
) -> Report:
    """Audit one target or several, with their ancestry, for a use.

    A target is a string as on the command line (`org/name`, `org/name@revision`, `datasets/org/name`, an address of
    the Hub, a closed model, a plain name), the path of a model's folder, or a `RepoId`. `use` is a preset, a mapping of
    answers as in the policy file (`{"preset": "product", "monthly_active_users": 50_000}`), or a `Use`; None asks
    whether every use is free. `source` is `hub`, `bundled`, a folder that `auditor snapshot` wrote, or a `Source`.
    `rules` are folders of further rules; `max_repos` and `max_depth` (steps up the ancestry) limit what is read.

    Raises UsageError for arguments that mean nothing, and FileMistakes for faulty rule files. What cannot be read is
    no exception: it stands in `incomplete`, and the exit code is 3.
    """
    from auditor import pipeline
    from auditor.inputs.request import request

    if fail_on not in SEVERITIES:
        raise UsageError(f"{fail_on!r} is no severity", remedy=f"One of {', '.join(SEVERITIES)}.")
    declared = _use(use)
    words = [targets] if isinstance(targets, (str, os.PathLike, RepoId)) else list(targets)
    asked = request(
        [Path(word) if isinstance(word, os.PathLike) else word for word in words],
        _opened(source, offline),
    )
    if not asked.targets:
        raise UsageError("\n".join(asked.notes) or "there is no target", remedy="Name a model or a dataset.")
    found = pipeline.audit(
        asked.targets,
        asked.source,
        declared,
        rules_dirs=[Path(folder) for folder in rules],
        fail_on=fail_on,
        max_repos=max_repos,
        max_depth=max_depth,
        notes=asked.notes,
    )
    return Report(**{field.name: getattr(found, field.name) for field in dataclasses.fields(found)})


def _opened(source: str | os.PathLike[str] | Source, offline: bool) -> Source:
    if not isinstance(source, (str, os.PathLike)):
        return source
    from auditor.pipeline import open_source

    return open_source(os.fspath(source), offline)


def _use(given: str | Mapping[str, Any] | Use | None) -> Use:
    """The declared use, checked as that of a policy file is. Raises UsageError that names every mistake."""
    from auditor.policy import shape
    from auditor.policy.use import make_use

    if isinstance(given, Use):
        given = {key: value for key, value in dataclasses.asdict(given).items() if value not in (None, ())}
    raw: dict[str, Any] = {"preset": given} if isinstance(given, str) else dict(given or {})
    answers: dict[str, Any] = {
        str(key).replace("-", "_"): list(v) if isinstance(v, tuple) else v for key, v in raw.items()
    }
    wrong = [words for _, words in shape.faults(shape.folded(answers), shape.POLICY["properties"]["use"], ("use",))]
    if wrong:
        raise UsageError("; ".join(wrong), remedy="The answers are the fields of auditor.Use.")
    if "release_license" in answers:
        from auditor.policy.release import chosen

        chosen(answers["release_license"])
    places = tuple(answers.pop("territories", ()))
    return make_use(answers.pop("preset", None), territories=places, **answers)
