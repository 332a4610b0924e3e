"""What a person pointed at: an id, a URL, a folder, a closed model, or a system's plain name."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from auditor.errors import UsageError
from auditor.model import RepoId
from auditor.parse.ids import HUB_HOSTS, is_id, read_id

if TYPE_CHECKING:
    from auditor.lineage.knowledge import System

_MAX_WORDS = 500
_FORMS = "Write org/name, datasets/org/name, a Hub URL, a folder (./path), or the name of a known system."


@dataclass(frozen=True, slots=True)
class Target:
    """What to audit. One of `ref`, `folder` and `answer` is set.

    `note` says how a plain name was understood; `answer` is all there is to say of something that is no repository.
    """

    ref: RepoId | None = None
    revision: str | None = None
    folder: Path | None = None
    note: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """The plain names that are known; every member is asked only when needed.

    `closed` gives the id of a closed model, `system` a named system, `dataset` the id of a dataset by its plain name;
    `plain` lists all of those names, `ids` every id that ships with the project.
    """

    closed: Callable[[str], str | None]
    system: Callable[[str], System | None]
    dataset: Callable[[str], str | None]
    plain: Callable[[], Iterable[str]]
    ids: Callable[[], Iterable[str]]


def shipped_names() -> Names:
    """The names of `data/`."""
    from auditor.lineage import knowledge
    from auditor.sources import bundled

    def closed(name: str) -> str | None:
        found = knowledge.closed_service(name)
        return found.id if found else None

    def plain() -> list[str]:
        closed_names = [n for c in knowledge.closed_systems() for n in (c.id, *c.aliases)]
        return closed_names + [n for s in knowledge.systems() for n in (s.id, *s.names)]

    return Names(closed, knowledge.system_by_name, knowledge.dataset_alias, plain, bundled.ids)


def parse_target(text: str, known: Names | None = None) -> Target:
    """The target that `text` names; `known` of None means the names that ship.

    Raises UsageError, with suggestions where there are any, for words that name nothing.
    """
    words = text.strip()
    if not words or len(words) > _MAX_WORDS or not words.isprintable():
        what = "is empty" if not words else "is too long" if len(words) > _MAX_WORDS else "holds control characters"
        raise UsageError(f"the target {what}", remedy=_FORMS)
    folder = _folder(words)
    if folder is not None:
        return folder
    if "://" in words or words.lower().startswith(tuple(f"{h}/" for h in _hosts())):
        return _repository(words)
    known = known or shipped_names()
    name, _, revision = words.partition("@")
    if revision and not _is_revision(revision):
        raise UsageError(f"{revision} is no revision", remedy="Give a commit, a branch, a tag, or refs/pr/<number>.")
    named = _named(name.strip(), revision or None, known)
    if named is not None:
        return named
    if "/" in words:
        return _repository(words)
    return _bare(name.strip(), revision or None, known)


def _folder(words: str) -> Target | None:
    """A folder by its form, or any word that is one on this disk."""
    explicit = words in (".", "..") or words.startswith(("./", "../", "/", "~", ".\\", "..\\"))
    explicit = explicit or (len(words) > 2 and words[1] == ":" and words[2] in "\\/")
    try:
        path = Path(words).expanduser()
        if path.is_dir():
            note = "" if explicit else f"{words}: read as the folder of that name here; give the URL for the Hub's"
            return Target(folder=path, note=note)
    except (OSError, RuntimeError):  # a name too long for the disk, a home that is unknown
        pass
    if explicit:
        raise UsageError(f"there is no folder {words}", remedy="Check the path; a repository is written org/name.")
    return None


def _is_revision(words: str) -> bool:
    """What git allows in a name of a revision, as far as it matters here."""
    return " " not in words and ".." not in words and words[0] not in "-/" and not set(words) & set("\\^~:?*[")


def _hosts() -> tuple[str, ...]:
    """Hosts that count as a Hub: the public ones, and the one that HF_ENDPOINT names."""
    own = urlsplit(os.environ.get("HF_ENDPOINT", "")).netloc.lower().rpartition("@")[2]
    return (*HUB_HOSTS, own) if own else HUB_HOSTS


def _repository(words: str) -> Target:
    """An id or an address of one."""
    parsed = read_id(words, _hosts())
    if parsed.id is None:
        hint = "Set HF_ENDPOINT to audit another Hub. " if "outside the Hub" in parsed.why else ""
        raise UsageError(f"{words} {parsed.why}", remedy=hint + _FORMS)
    if parsed.revision and not _is_revision(parsed.revision):
        raise UsageError(f"{parsed.revision} is no revision", remedy=_FORMS)
    return Target(RepoId("dataset" if parsed.kind == "dataset" else "model", parsed.id), parsed.revision)


def _named(name: str, revision: str | None, known: Names) -> Target | None:
    """A closed model or a named system."""
    closed = known.closed(name)
    if closed:
        return Target(RepoId("closed", closed), note=_note(name, closed))
    system = known.system(name)
    if system is None:
        return None
    target = system.target
    if system.kind == "nonexistent":
        return Target(RepoId("unknown", system.id))
    if not target:
        license_words = f" License: {system.license}." if system.license else ""
        return Target(answer=f"{name} ({system.kind}): {system.summary}{license_words}")
    if system.kind == "closed":
        return Target(RepoId("closed", known.closed(target) or target), note=_note(name, target))
    kind, plain = ("dataset", target[9:]) if target.startswith("datasets/") else ("model", target)
    return Target(RepoId("dataset" if kind == "dataset" else "model", plain), revision, note=_note(name, target))


def _note(name: str, target: str) -> str:
    return "" if name == target else f"{name}: {target}"


def _bare(name: str, revision: str | None, known: Names) -> Target:
    """A word without an organization: an old repository that ships with the project, a dataset, or a mistake."""
    low = name.lower()
    ids = {i.lower(): i for i in known.ids()}
    if low in ids and is_id(ids[low]):
        return Target(RepoId("model", ids[low]), revision)
    dataset = known.dataset(name) or ids.get(f"datasets/{low}", "").removeprefix("datasets/")
    if dataset:
        return Target(RepoId("dataset", dataset), revision, note=f"{name}: datasets/{dataset}")
    raise _unknown(name, [*known.plain(), *ids.values()])


def _unknown(name: str, candidates: Iterable[str]) -> UsageError:
    """The mistake, with the nearest names; for ids the part after the organization counts too."""
    import difflib

    spelled: dict[str, str] = {}
    for candidate in candidates:
        spelled.setdefault(candidate.lower(), candidate)
        spelled.setdefault(candidate.lower().rpartition("/")[2], candidate)
    near = difflib.get_close_matches(name.lower(), spelled, n=5, cutoff=0.75)
    suggestions = list(dict.fromkeys(spelled[n] for n in near))[:3]
    hint = f"Did you mean {', '.join(suggestions)}? " if suggestions else ""
    return UsageError(f"no system, closed model or bundled repository is called {name}", remedy=hint + _FORMS)
