"""Entries of a card's front matter, or of the Hub's `cardData`, as statements and problems."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from auditor.model import How, Span, Statement
from auditor.parse.entries import Entry, Item
from auditor.parse.ids import is_id, read_id

_FIELDS = {
    "license": "license",
    "licenses": "license",
    "licence": "license",
    "license_name": "license_name",
    "license_link": "license_link",
    "license_details": "license_details",
    "library_name": "library",
}
_BASES = {"base_model": None, "duplicated_from": "copy", "model_link": None}
_DATASETS = ("datasets", "dataset")
_MADE_BY = ("annotations_creators", "language_creators")
WANTED = frozenset(
    {*_FIELDS, *_BASES, *_DATASETS, *_MADE_BY, "base_model_relation", "source_datasets", "tags"}
    | {"extra_gated_prompt", "extra_gated_fields"}
)
_MAX_VALUE = 2000
_MAX_QUOTE = 160
# Values that a generator leaves when nobody filled the field in; the Hub gives them no meaning.
_PLACEHOLDERS = frozenset({"[more information needed]", "[needs more information]", "more information needed"})

_NOTHING = frozenset({"none", "null", "nil", "n/a", "na", "-", "true", "false"})

Place = Callable[[Entry, "Item | None"], Span]


@dataclass(slots=True)
class Said:
    """What one place says, in its order."""

    statements: list[Statement] = field(default_factory=list)
    problems: list[Statement] = field(default_factory=list)

    def problem(self, words: str, span: Span) -> None:
        """Note a fault of the repository's own files, in words."""
        self.problems.append(Statement("problem", words, span))


class Lines:
    """Line numbers and quotes for offsets into one file."""

    def __init__(self, repo: str, file: str, revision: str | None, text: str) -> None:
        """`text` must have its line ends flattened (`front_matter.flat`)."""
        self.repo, self.file, self.revision, self.text = repo, file, revision, text
        self._starts = [0]
        at = text.find("\n")
        while at != -1:
            self._starts.append(at + 1)
            at = text.find("\n", at + 1)

    def span(self, start: int, end: int | None = None) -> Span:
        """The place at `start`, quoting its line."""
        line = bisect_right(self._starts, start)
        begin = self._starts[line - 1]
        close = self._starts[line] - 1 if line < len(self._starts) else len(self.text)
        quote = self.text[begin : min(close, begin + 4 * _MAX_QUOTE)].strip()[:_MAX_QUOTE]
        return Span(self.repo, self.file, line, quote, start, end, self.revision)

    def place(self, entry: Entry, item: Item | None) -> Span:
        """The place of an item, or of the whole entry."""
        return self.span(item.start, item.end) if item else self.span(max(entry.start, 0))


def api_place(repo: str, revision: str | None, prefix: str) -> Place:
    """Places inside the Hub's answer: `api:cardData.license`."""

    def place(entry: Entry, item: Item | None) -> Span:
        quote = item.text.strip()[:_MAX_QUOTE] if item else ""
        return Span(repo, f"api:{prefix}{entry.key}", quote=quote, revision=revision)

    return place


def read_entries(entries: Iterable[Entry], place: Place, own_id: str) -> Said:
    """Statements and problems of metadata entries, in the order of the file; repeats in one key are dropped."""
    said = Said()
    for entry in entries:
        for words in entry.faults:
            said.problem(f"{entry.key}: {words}", place(entry, None))
        seen: set[str] = set()
        for item in entry.items:
            text = item.text.strip()
            if text not in seen:
                seen.add(text)
                _read_item(entry, item, text[:_MAX_VALUE], place(entry, item), own_id, said)
        _remark(entry, place, said)
    return said


def _read_item(entry: Entry, item: Item, text: str, span: Span, own_id: str, said: Said) -> None:
    key = entry.key
    if not text or text.lower() in _PLACEHOLDERS:
        if key in _FIELDS and key != "library_name":
            said.problem(f"{key}: is empty", span)
    elif key == "licence" and text.lower() in ("license", "licence"):
        said.problem("licence: a training tool wrote its own label here; it names no license", span)
    elif key in _FIELDS:
        said.statements.append(Statement(_FIELDS[key], text, span))
    elif key in _BASES:
        read_base(key, text, span, own_id, said, relation=_BASES[key], strict=key == "base_model")
    elif key == "base_model_relation":
        said.statements.append(Statement("relation", text.lower(), span))
    elif key in _DATASETS:
        read_dataset(key, text, span, said)
    elif key == "source_datasets":
        read_source_dataset(text, span, said)
    elif key in _MADE_BY:
        said.statements.append(Statement("tag", f"{key}:{text}", span))
    elif key == "tags":
        read_tag(text, span, own_id, said)


def _remark(entry: Entry, place: Place, said: Said) -> None:
    """Faults of a key as a whole."""
    key = entry.key
    if key == "licence":
        said.problem("licence: is not a key of the Hub; it reads 'license'", place(entry, None))
    elif key == "license" and any(item.key is not None for item in entry.items):
        said.problem("license: is a mapping; every value in it is read as a license", place(entry, None))


def read_base(
    key: str, text: str, span: Span, own_id: str, said: Said, *, relation: str | None = None, strict: bool = True
) -> None:
    """A base model, or a problem that says why the words name none. `strict` False keeps silent about other words."""
    parsed = read_id(text)
    if parsed.id is None or parsed.kind == "dataset" or _is_nothing(text):
        if strict:
            why = parsed.why or ("names a dataset" if parsed.kind == "dataset" else "names no model")
            said.problem(f"{key}: {text[:_MAX_QUOTE]!r} {why}, so this base model cannot be followed", span)
            said.statements.append(Statement("unfollowed_base", text[:_MAX_QUOTE], span))
        return
    if parsed.id == own_id and strict:
        said.problem(f"{key}: the repository names itself as its base", span)
    how: How = "inferred" if parsed.inferred else "declared"
    said.statements.append(Statement("base_model", parsed.id, span, how, relation))


def _is_nothing(text: str) -> bool:
    """Words for "none", and numbers, which the Hub takes for no name either."""
    return text.lower() in _NOTHING or text.replace(".", "").isdigit()


def read_dataset(key: str, text: str, span: Span, said: Said) -> None:
    """A training dataset: its id, or the author's own words where they name none (`ids.is_id` tells which)."""
    if text.lower() in _NOTHING:
        return
    parsed = read_id(text)
    if parsed.id and parsed.kind != "model":
        said.statements.append(Statement("dataset", parsed.id, span, "inferred" if parsed.inferred else "declared"))
        return
    if parsed.why == "names a local path":
        said.problem(f"{key}: {text[:_MAX_QUOTE]!r} names a local path, so this dataset cannot be followed", span)
        return
    inner = "/".join(text.split("/")[:2])
    within = text.count("/") > 1 and "://" not in text and parsed.why.startswith("has more") and is_id(inner)
    said.statements.append(Statement("dataset", inner if within else text, span))


def read_source_dataset(text: str, span: Span, said: Said) -> None:
    """`squad` and `extended|squad` name a dataset; `original` and `extended|other-...` name none and stay a tag."""
    head, *rest = (part.strip() for part in text.split("|"))
    named = rest if head == "extended" else [head, *rest]
    ids = [n for n in named if is_id(n) and n not in ("original", "extended", "other") and not n.startswith("other-")]
    said.statements.extend(Statement("source_dataset", name, span) for name in ids)
    if len(ids) < len(named) or not named:
        said.statements.append(Statement("tag", f"source_datasets:{text}", span))


def read_tag(text: str, span: Span, own_id: str, said: Said) -> None:
    """A tag as it stands, and what its prefix says (`license:`, `base_model:[relation:]`, `dataset:`)."""
    said.statements.append(Statement("tag", text, span))
    prefix, _, rest = text.partition(":")
    if not rest:
        return
    if prefix == "license":
        said.statements.append(Statement("license", rest, span))
    elif prefix == "dataset":
        read_dataset("tags", rest, span, said)
    elif prefix == "source_datasets":
        read_source_dataset(rest, span, said)
    elif prefix == "base_model":
        relation, found, name = rest.partition(":")
        read_base(
            "tags", name if found else rest, span, own_id, said, relation=relation if found else None, strict=False
        )
