"""The report as SPDX 3.0.1 in JSON-LD: AI packages, dataset packages and how one came from the other.

It uses the classes of the AI and Dataset profiles but does not claim to conform to those: they demand release dates,
which nobody states. Needs `spdx-python-model`, the extra `bom`.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from auditor import __version__
from auditor.errors import UsageError
from auditor.lineage.relations import relations
from auditor.model import Edge, Report
from auditor.report.bom import NOASSERTION, NONE, Bill, Member, bill, edge_words, expression, key_of
from auditor.report.json_ import dumps
from auditor.report.safe import plain

_KINDS = {  # relation: relationship from child to parent; `generates` runs from parent to child
    "trained-on": "trainedOn",
    "trained-on-outputs-of": "trainedOn",
    "evaluated-on": "testedOn",
    "generated-by": "generates",
}


def render(report: Report) -> str:
    """One JSON-LD document, laid out by the bindings of the SPDX project. Raises UsageError where they are missing."""
    try:
        from spdx_python_model import v3_0_1 as spdx  # 1 s
    except ImportError:
        raise UsageError(
            "the format spdx3 needs the package spdx-python-model",
            remedy="Install it with the extra `bom` of this package.",
        ) from None
    found = _Document(spdx, bill(report)).elements()
    out = io.BytesIO()
    spdx.JSONLDSerializer().write(spdx.SHACLObjectSet(found), out)
    return dumps(json.loads(out.getvalue()), indent=1) + "\n"


class _Document:
    """Makes elements, all with one creation and ids below one namespace. A class because every element needs both."""

    def __init__(self, spdx: Any, audit: Bill) -> None:
        self._spdx, self._bill = spdx, audit
        self._base = f"https://spdx.org/spdxdocs/auditor-{audit.seal}/"
        agent = spdx.SoftwareAgent(spdxId=self._id("agent"), name="auditor")
        tool = spdx.Tool(spdxId=self._id("tool"), name=f"auditor {__version__}")
        self._creation = spdx.CreationInfo(
            _id="_:creation", specVersion="3.0.1", created=audit.created, createdBy=[agent], createdUsing=[tool]
        )
        agent.creationInfo = tool.creationInfo = self._creation
        self._made: list[Any] = [agent, tool]
        self._expressions: dict[str, Any] = {}

    def elements(self) -> list[Any]:
        """Everything, the document itself last."""
        audit = self._bill
        agents = {name: self._make("Agent", f"account-{key_of(name)}", name=name) for name in self._accounts()}
        packages = {name: self._package(member, agents) for name, member in audit.members.items()}
        texts = {text.id: self._text(text.id, text.name, text.text, text.links) for text in audit.texts}
        for name, member in audit.members.items():
            for kind, ids in (("hasDeclaredLicense", member.declared), ("hasConcludedLicense", member.concluded)):
                license_ = self._license(expression(ids, member.read), texts)
                self._relate(f"{kind}-{member.key}", packages[name], kind, [license_])
        for number, edge in enumerate(audit.edges):
            self._edge(number, edge, packages)
        for number, (name, words) in enumerate(audit.notes):
            subject = packages.get(name)
            self._annotate(number, subject, words if subject else f"{plain(name)}: {words}")
        whole = self._document([packages[name] for name in audit.targets])
        return [*self._made, whole]

    def _accounts(self) -> list[str]:
        return list(dict.fromkeys(m.account for m in self._bill.members.values() if m.account))

    def _id(self, name: str) -> str:
        return self._base + name

    def _make(self, kind: str, tail: str, **values: Any) -> Any:
        made = getattr(self._spdx, kind)(spdxId=self._id(tail), creationInfo=self._creation, **values)
        self._made.append(made)
        return made

    def _package(self, member: Member, agents: Mapping[str, Any]) -> Any:
        from auditor.report.address import purl

        kinds = {"model": "ai_AIPackage", "closed": "ai_AIPackage", "dataset": "dataset_DatasetPackage"}
        purpose = self._spdx.software_SoftwarePurpose
        values: dict[str, Any] = {
            "name": plain(member.id),
            "comment": member.comment or None,
            "suppliedBy": agents.get(member.account),
            "software_packageVersion": member.revision or None,
            "software_downloadLocation": member.page or None,
            "software_homePage": member.page or None,
            "software_packageUrl": (purl(member.node) if member.node else "") or None,
            "software_primaryPurpose": purpose.data if member.kind == "dataset" else purpose.model,
            "software_copyrightText": NOASSERTION,
        }
        if member.kind == "dataset":
            values["dataset_datasetType"] = [self._spdx.dataset_DatasetType.noAssertion]
        if member.kind == "unknown":
            del values["software_primaryPurpose"]
        given = {key: value for key, value in values.items() if value is not None}
        return self._make(kinds.get(member.kind, "software_Package"), f"package-{member.key}", **given)

    def _text(self, ref: str, name: str, text: str, links: Iterable[str]) -> Any:
        comment = f"See {', '.join(links)}" if links else name
        return self._make(
            "simplelicensing_SimpleLicensingText",
            f"text-{ref}",
            name=name,
            comment=comment,
            simplelicensing_licenseText=text,
        )

    def _license(self, words: str, texts: Mapping[str, Any]) -> Any:
        """The element of an expression, made once; the spec's own individuals for NONE and NOASSERTION."""
        individuals = self._spdx.expandedlicensing_IndividualLicensingInfo
        if words in (NONE, NOASSERTION):
            return individuals.NoneLicense if words == NONE else individuals.NoAssertionLicense
        if words in self._expressions:
            return self._expressions[words]
        entries = [
            self._spdx.DictionaryEntry(key=ref, value=texts[ref].spdxId) for ref in words.split(" AND ") if ref in texts
        ]
        self._expressions[words] = self._make(
            "simplelicensing_LicenseExpression",
            f"license-{key_of(words)}",
            simplelicensing_licenseExpression=words,
            simplelicensing_customIdToUri=entries,
        )
        return self._expressions[words]

    def _edge(self, number: int, edge: Edge, packages: Mapping[str, Any]) -> None:
        known = relations().get(edge.relation)
        kind = _KINDS.get(edge.relation) or ("descendantOf" if known and known.derivative else "other")
        child, parent = packages[edge.child], packages[edge.parent]
        ends = (parent, child) if kind == "generates" else (child, parent)
        self._relate(f"edge-{number}", ends[0], kind, [ends[1]], comment=edge_words(edge))

    def _relate(self, name: str, start: Any, kind: str, ends: list[Any], **more: Any) -> None:
        type_ = getattr(self._spdx.RelationshipType, kind)
        self._make("Relationship", name, from_=start, relationshipType=type_, to=ends, **more)

    def _annotate(self, number: int, subject: Any, words: str) -> None:
        self._make(
            "Annotation",
            f"note-{number}",
            subject=subject if subject is not None else self._id("document"),
            annotationType=self._spdx.AnnotationType.other,
            contentType="text/plain",
            statement=words,
        )

    def _document(self, roots: list[Any]) -> Any:
        profiles = self._spdx.ProfileIdentifierType
        made = list(self._made)
        sbom = self._make(
            "software_Sbom",
            "sbom",
            rootElement=roots,
            element=made,
            software_sbomType=[self._spdx.software_SbomType.analyzed],
            profileConformance=[profiles.core, profiles.software, profiles.simpleLicensing],
        )
        names = ", ".join(map(plain, self._bill.targets)) or "nothing"
        return self._spdx.SpdxDocument(
            spdxId=self._id("document"),
            creationInfo=self._creation,
            name=f"License and lineage of {names}",
            comment="Triage, not legal advice.",
            rootElement=[sbom],
            element=[*made, sbom],
            profileConformance=[profiles.core, profiles.software, profiles.simpleLicensing],
        )
