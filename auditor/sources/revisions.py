"""Several revisions of one repository in one audit: each but the first is a node of its own, `org/name@revision`."""

from __future__ import annotations

from dataclasses import replace

from auditor.model import RepoContent, RepoId
from auditor.sources.base import Source


class Revisions:
    """A source that answers for `org/name@revision`, too."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.kind, self.parallel, self.as_of = source.kind, source.parallel, source.as_of

    def fetch(self, ref: RepoId, revision: str | None = None) -> RepoContent:
        """What the source gives, under the name that was asked for. Never raises."""
        name, at, named = ref.name.partition("@")
        plain = RepoId(ref.kind, name) if at and ref.kind != "closed" else ref
        content = self._source.fetch(plain, revision)
        self.as_of = self._source.as_of  # a cache learns the age of what it holds as it reads
        if plain == ref:
            return content
        from auditor.lineage.knowledge import statements_for  # few repositories come at several revisions

        return replace(
            content,
            ref=at_revision(content.ref, named),
            statements=(*content.statements, *statements_for(content.ref)),  # else looked up by the node's own name
            redirected_from=tuple(f"{alias}@{named}" for alias in content.redirected_from),
        )


def at_revision(ref: RepoId, revision: str) -> RepoId:
    """The node of a repository at one of several revisions."""
    return RepoId(ref.kind, f"{ref.name}@{revision}")


def without_revision(name: str) -> str:
    """The id of the repository behind a node's."""
    return name.partition("@")[0]
