"""Which texts of a repository may hold terms: legal files, the gate's prompt, the license section of the card."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.model import Document, LegalRole, LegalText, Statement
from auditor.parse.entries import Entry
from auditor.parse.ids import read_id

_MAX_SECTION = 60_000  # characters of one section of a card
# What carries a legal word in its name and yet is no prose: `license.py`, `licenses.json`.
_NO_PROSE = (
    *(".py", ".ipynb", ".js", ".ts", ".c", ".h", ".cpp", ".rs", ".go", ".java", ".sh"),
    *(".csv", ".tsv", ".xml", ".json", ".jsonl", ".yml", ".yaml", ".toml", ".parquet"),
)
_OF_MODEL = frozenset({"model", "models", "weight", "weights"})
_POLICY = ("use_policy", "use-policy", "acceptable", "usage_policy", "usage-policy", "usage_guidelines", "prohibited")
_NOTICE = ("notice", "third_party", "third-party", "thirdparty", "3rd-party", "3rd_party")
_LICENSE = (
    *("licens", "licenc", "lisence", "lizenz", "licenz", "copying", "eula", "terms", "agreement"),
    *("许可", "协议", "授权"),
)
_LICENSE_WORDS = frozenset({"tos", "tou", "legal"})
_CODE_FOLDERS = ("code", "src")
_HEADINGS = ("licens", "licenc", "licenese", "许可", "协议", "ライセンス", "terms of use", "terms and conditions")
_GRANTS = ("licensed under", "released under", "distributed under")  # outside of a section about the license
_OWN = ("this model", "the model", "our model", "weights", "checkpoint", "this repo", "this work", "this dataset")
_MAX_GRANT = 600  # characters of a line that grants
_CARD_NAMES = ("readme.md", "model_card.md", "modelcard.md")
_MAX_HEADING = 120


def role_of(path: str) -> LegalRole | None:
    """The role of a file by its name; None when it is no legal text."""
    folder, _, name = path.lower().rpartition("/")
    if name in _CARD_NAMES or name.endswith(_NO_PROSE):
        return None
    words = set(name.replace("-", " ").replace("_", " ").replace(".", " ").split())
    if "aup" in words or any(word in name for word in _POLICY):
        return "use-policy"
    if any(word in name for word in _NOTICE):
        return "notice"
    nearest = folder.rpartition("/")[2]
    within = nearest in ("licenses", "license", "licences") or bool(words & _LICENSE_WORDS)
    if not within and not any(word in name for word in _LICENSE):
        return None
    if "code" in words or nearest in _CODE_FOLDERS:
        return "code-license"
    return "model-license" if words & _OF_MODEL or "模型" in name else "license"


def legal_files(documents: Sequence[Document], statements: Sequence[Statement], own_id: str) -> Iterator[LegalText]:
    """The documents that hold terms: by their names, or because `license_link` points at them."""
    linked = {p for s in statements if s.field == "license_link" and (p := _linked_path(str(s.value), own_id))}
    for document in documents:
        role = role_of(document.path)
        if role is None and document.path in linked and document.path.lower() not in _CARD_NAMES:
            role = "license"
        if role and document.text.strip():
            yield LegalText(document.path, document.text, role)


def _linked_path(link: str, own_id: str) -> str | None:
    """The file of this repository that a link names, None for any other place."""
    if "://" not in link:
        return link.strip().removeprefix("./")
    parsed = read_id(link)
    if parsed.id is None or parsed.id.lower() != own_id.lower():
        return None
    for word in ("/blob/", "/resolve/", "/raw/"):
        _, found, rest = link.partition(word)
        if found:
            return rest.partition("/")[2].partition("?")[0].partition("#")[0] or None
    return None


def gate_texts(entries: Sequence[Entry], path: str, text: str | None) -> Iterator[LegalText]:
    """The prompt that people must agree to, and the labels of its check boxes. `text` is the card's, None for the API.

    A block scalar is taken as it stands in the file, so that offsets into it are exact.
    """
    for entry in entries:
        where = path if text is not None else f"api:cardData.{entry.key}"
        if entry.key == "extra_gated_prompt":
            for item in entry.items[:1]:
                raw = text[item.start : item.end] if text is not None and item.block else None
                header = raw.find("\n") + 1 if raw else 0
                words, start = (raw[header:], item.start + header) if raw else (item.text, max(item.start, 0))
                if words.strip():
                    yield LegalText(where, words, "gated-prompt", start)
        elif entry.key == "extra_gated_fields":
            labels = list(dict.fromkeys(i.key for i in entry.items if i.key and " " in i.key))
            if labels:
                yield LegalText(where, "\n".join(labels), "gated-prompt", max(entry.start, 0))


def card_sections(text: str, body: int, path: str) -> Iterator[LegalText]:
    """Sections of the card's prose under a heading about the license, up to the next heading of its level.

    Where there is none, the lines that say under what the thing itself is.
    """
    headings = list(_headings(text, body))
    done = body
    for index, (level, start, end, title) in enumerate(headings):
        if start < done or not any(word in title.lower() for word in _HEADINGS):
            continue
        close = next((h[1] for h in headings[index + 1 :] if h[0] <= level), len(text))
        close = min(close, end + _MAX_SECTION)
        if text[end:close].strip():
            yield LegalText(path, text[end:close], "card-prose", end)
            done = close
    if done == body:
        yield from _grants(text, body, path)


def _grants(text: str, body: int, path: str) -> Iterator[LegalText]:
    at = body
    for line in text[body:].splitlines(keepends=True):
        low = line.lower() if len(line) <= _MAX_GRANT else ""
        if any(words in low for words in _GRANTS) and any(words in low for words in _OWN):
            yield LegalText(path, line, "card-prose", at)
        at += len(line)


def _headings(text: str, body: int) -> Iterator[tuple[int, int, int, str]]:
    """(level, start, end of its line, title) of every heading; a short line in bold alone counts as one of level 7."""
    at, fenced, previous = body, False, ("", body)
    while at < len(text):
        newline = text.find("\n", at)
        after = len(text) if newline == -1 else newline + 1
        line = text[at : min(after, at + _MAX_HEADING * 2)].strip()
        if line.startswith(("```", "~~~")):
            fenced = not fenced
        elif not fenced and line:
            title = line.lstrip("#")
            level = len(line) - len(title)
            if 0 < level <= 6 and not text.startswith("    ", at):
                yield level, at, after, title.strip()
            elif line.startswith("**") and line.rstrip(":：").endswith("**") and len(line) < _MAX_HEADING // 2:
                yield 7, at, after, line
            elif previous[0] and len(line) > 2 and (not line.strip("=") or not line.strip("-")):
                yield (1 if line[0] == "=" else 2), previous[1], after, previous[0]
        previous = (line if not fenced and len(line) < _MAX_HEADING else "", at)
        at = after
