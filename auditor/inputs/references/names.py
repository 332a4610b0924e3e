"""Which words are ids: a Hub id, a closed system, a name of ollama's library; paths and look-alikes are refused."""

from __future__ import annotations

import functools
from typing import NamedTuple

from auditor.inputs.references.reference import Kind
from auditor.inputs.references.tree import Tree
from auditor.inputs.references.vocabulary import Globs, globs, ollama_library, word_set, words
from auditor.parse.ids import HUB_HOSTS, is_id, read_id

MAX_WORDS = 300
SCHEMES = ("hf-hub:", "hf_hub:")


class Named(NamedTuple):
    """A name that was understood. `sure` is False where the form alone speaks for it."""

    id: str
    kind: Kind
    revision: str | None = None
    sure: bool = True


def named(text: str, kind: Kind, tree: Tree, near: str, *, bare: bool = False, api: bool = False) -> Named | None:
    """The repository or closed system that `text` names, or None.

    `kind` is what the place asks for; `near` is the file that says it. `bare` admits names without an organization,
    `api` names of closed models by their form alone.
    """
    text = text.strip()
    if not text or len(text) > MAX_WORDS or not text.isprintable() or " " in text:
        return None
    for scheme in SCHEMES:
        if text.startswith(scheme):
            return _repository(text[len(scheme) :], "model", tree, near)
    if "://" in text or text.lower().startswith(tuple(f"{h}/" for h in HUB_HOSTS)):
        return address(text)
    if kind == "model":
        closed = closed_name(text, api=api)
        if closed:
            return closed
    if "/" in text:
        return (_routed(text, tree, near) if kind == "model" else None) or _repository(text, kind, tree, near)
    return _bare(text, kind, tree, near) if bare else None


def address(text: str) -> Named | None:
    """The repository behind an address of the Hub; its other pages are none."""
    if "://" not in text and not text.lower().startswith(tuple(f"{h}/" for h in HUB_HOSTS)):
        return None
    parsed = read_id(text.rstrip(".,;)"))
    if parsed.id is None or parsed.inferred:
        return None
    org, slash, name = parsed.id.partition("/")
    if org.lower() in word_set("pages") or (not slash and parsed.id not in word_set("bare_models") | _bare_datasets()):
        return None
    name = name.removesuffix(".git")
    revision = None if parsed.revision in ("main", "HEAD") else parsed.revision
    return Named(f"{org}/{name}" if slash else parsed.id, "dataset" if parsed.kind == "dataset" else "model", revision)


def closed_name(text: str, *, api: bool = False) -> Named | None:
    """The closed system of this name. Plain words (`command`) count only where an API is called."""
    plain = text.partition("@")[0].removesuffix(":0").split(":")
    for word in (text if text[-2:] != ":0" else plain[0], plain[0], plain[-1] if len(plain) == 2 else ""):
        found = _closed(word, api)
        if found:
            return found
    return None


@functools.lru_cache(maxsize=4096)
def _closed(text: str, api: bool) -> Named | None:
    from auditor.lineage.knowledge import closed_service, closed_system, is_published

    word, routed = _unrouted(text)
    for vendor in ("us.", "eu.", "apac.", "global.", "anthropic."):  # as Bedrock spells them, with a version behind
        word = word.removeprefix(vendor)
    api = api or routed
    if is_published(text) or (not api and word.isalpha()):
        return None
    found = closed_system(text) or closed_service(word)
    if found:
        return Named(found.id, "closed")
    return Named(word, "closed", None, False) if api and globs("closed_forms").fit(word) else None


def _unrouted(text: str) -> tuple[str, bool]:
    """A name without the routers and providers before it, and whether a router stood there that is no organization."""
    routes, routed = words()["routes"], False
    while "/" in text:
        head, _, rest = text.partition("/")
        if head not in routes["closed"] and head not in routes["only"]:
            break
        text, routed = rest, routed or head in routes["only"]
    return text, routed


def ollama(text: str) -> Named | None:
    """The Hub repository behind a name of ollama's library; None for a name that is not known."""
    low = text.strip().lower()
    for host in HUB_HOSTS:
        if low.startswith(f"{host}/"):
            return address(text.strip().partition(":")[0])
    library = ollama_library()
    name, _, tag = low.removeprefix("library/").partition(":")
    tag = tag or "latest"
    size = tag.partition("-")[0]
    sized = size[:1].isdigit() and size[-1:] in "bm"  # a size that is not listed may be of another repository
    for key in (f"{name}:{tag}", f"{name}:{size}", *(() if sized and tag != "latest" else (name,))):
        if key in library:
            return Named(library[key], "model", None, key == f"{name}:{tag}" or tag == "latest")
    return None


def spacy_pipeline(text: str) -> Named | None:
    """The Hub repository of a spaCy pipeline such as `en_core_web_sm`."""
    known = words()["spacy"]
    parts = text.split("_")
    fits = len(parts) == 4 and all(
        part in known[group] for part, group in zip(parts, ("languages", "sources", "genres", "sizes"), strict=True)
    )
    return Named(f"{known['organization']}/{text}", "model") if fits else None


def _repository(text: str, kind: Kind, tree: Tree, near: str) -> Named | None:
    """`org/name[@rev]` that is neither a path here nor one of the things that look alike."""
    base, at, revision = text.partition("@")
    parts = base.split("/")
    if len(parts) == 3 and parts[0] == "datasets":
        return _repository("/".join(parts[1:]) + (f"@{revision}" if at else ""), "dataset", tree, near)
    if len(parts) != 2 or not is_id(base) or len(parts[0]) < 2 or looks_local(base, tree, near):
        return None
    return Named(base, kind, revision or None)


def _is_router(low: str) -> bool:
    routes = words()["routes"]
    return low in routes["only"] or low in routes["ollama"]


@functools.cache
def _tails() -> Globs:
    return globs("local_tails")


def looks_local(text: str, tree: Tree, near: str) -> bool:
    """Whether `a/b` is rather a path, a file, a MIME type or a stand-in."""
    org, _, name = text.partition("/")
    low = org.lower()
    if (
        org[0] in "._-"
        or low in word_set("local")
        or low in word_set("mime")
        or low in word_set("placeholders")
        or _is_router(low)
    ):
        return True
    ending = name.rpartition(".")[2].lower()
    if ("." in name and ending in word_set("files")) or _tails().fit(name.lower()) or org.isdigit():
        return True
    return tree.has(text, near)


def _bare(text: str, kind: Kind, tree: Tree, near: str) -> Named | None:
    """A legacy name without an organization. Any other bare name that a loader takes is a folder or unknown."""
    if not is_id(text) or tree.has(text, near):
        return None
    if kind == "dataset":
        if text.lower() in word_set("builders") or text.rpartition(".")[2].lower() in word_set("files"):
            return None
        return Named(text, "dataset", None, text in _bare_datasets())
    return Named(text, "model") if text in word_set("bare_models") else None


@functools.cache
def _bare_datasets() -> frozenset[str]:
    from auditor.sources import bundled

    return frozenset(i[9:] for i in bundled.ids() if i.startswith("datasets/") and i.count("/") == 1)


def known_dataset(text: str) -> bool:
    """Whether a bare name is one of the Hub's legacy datasets."""
    return text in _bare_datasets() and text not in word_set("builders")


def _routed(text: str, tree: Tree, near: str) -> Named | None:
    """`huggingface/org/name`, `ollama/llama3`: a router's prefix before the name."""
    route, _, rest = text.partition("/")
    routes = words()["routes"]
    if route in routes["ollama"]:
        return ollama(rest)
    return _repository(rest, "model", tree, near) if route in routes["hub"] and "/" in rest else None
