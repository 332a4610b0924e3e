"""The one interface behind which the outside world lies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from auditor.model import RepoContent, RepoId


@runtime_checkable
class Source(Protocol):
    """A door to repositories.

    `kind` names it in reports (hub, bundled, snapshot, folder, memory); `as_of` is the ISO date of its facts, None for
    now; `parallel` says how many fetches may run at once.
    """

    kind: str
    as_of: str | None
    parallel: int

    def fetch(self, ref: RepoId, revision: str | None = None) -> RepoContent:
        """Everything that the repository says.

        Never raises for the state of a repository or of the network: gated, missing, unreachable and malformed come
        back as the status of the content, with what was learnt before the fault.
        """
        ...


@runtime_checkable
class TellingSource(Source, Protocol):
    """A source that can tell what the metadata of a repository says before it has read the files."""

    def fetch_telling(self, ref: RepoId, revision: str | None, tell: Callable[[RepoContent], None]) -> RepoContent:
        """As `fetch`; `tell` is called at most once, in the same thread."""
        ...
