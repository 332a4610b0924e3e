"""The scalars of YAML, JSON and TOML with their keys and places; tolerant, without recursion, without objects."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from auditor.inputs.references.text import Lines

MAX_DEPTH = 64
MAX_LEAVES = 50_000


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar. `path` are the keys above it (items of lists have none of their own), `holder` numbers the mapping or
    list that it stands in; `is_key` marks the key of a mapping itself; `block` a YAML block scalar."""

    path: tuple[str, ...]
    text: str
    line: int
    column: int
    holder: int
    is_key: bool = False
    in_list: bool = False
    block: bool = False
    quoted: bool = False


class _Walk:
    """Where in a document the reader stands: open mappings and lists, with the key whose value comes next."""

    def __init__(self) -> None:
        self.open: list[list[Any]] = []  # [is_mapping, awaited key, number]
        self.count = 0

    def begin(self, is_mapping: bool) -> None:
        self.count += 1
        self.open.append([is_mapping, None, self.count])

    def end(self) -> None:
        if self.open:
            self.open.pop()
        self.value_done()

    def value_done(self) -> None:
        if self.open and self.open[-1][0]:
            self.open[-1][1] = None

    def awaits_key(self) -> bool:
        return bool(self.open) and self.open[-1][0] and self.open[-1][1] is None

    def leaf(self, text: str, place: tuple[int, int], *, block: bool = False, quoted: bool = False) -> Leaf:
        is_key = self.awaits_key()
        path = tuple(level[1] for level in self.open if level[0] and level[1] is not None)
        inside: list[Any] = self.open[-1] if self.open else [False, None, 0]
        if is_key:
            inside[1] = text
        else:
            self.value_done()
        return Leaf(path, text, *place, inside[2], is_key, not inside[0], block, quoted)


def yaml_leaves(text: str) -> Iterator[Leaf]:
    """The scalars of YAML, of every document in the file; what stood before a fault is kept. Never raises."""
    import yaml

    walk, seen = _Walk(), 0
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            kind = type(event).__name__
            if isinstance(event, yaml.ScalarEvent):
                seen += 1
                mark: Any = event.start_mark
                block = event.style in ("|", ">")
                yield walk.leaf(event.value, (mark.line + 1, mark.column + 1), block=block, quoted=bool(event.style))
            elif kind in ("MappingStartEvent", "SequenceStartEvent"):
                walk.begin(kind == "MappingStartEvent")
            elif kind in ("MappingEndEvent", "SequenceEndEvent"):
                walk.end()
            elif kind == "AliasEvent":
                if walk.awaits_key():
                    walk.open[-1][1] = "*"
                else:
                    walk.value_done()
            if len(walk.open) > MAX_DEPTH or seen > MAX_LEAVES:
                return
    except (yaml.YAMLError, ValueError, RecursionError):
        return


@functools.cache
def _json_token() -> Any:
    import re2

    return re2.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*|[{}\[\],:]|[^\s{}\[\],:"]+|"')


def json_leaves(text: str) -> Iterator[Leaf]:
    """The strings of JSON, trailing commas and comments included. Never raises."""
    try:
        data = json.loads(text, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        return _tolerant_json(text)
    return _strict_json(text, data)


class _Pairs(list[tuple[str, Any]]):
    """A JSON object with its keys in their order, doubled ones too."""


def _strict_json(text: str, data: Any) -> Iterator[Leaf]:
    """Strings in the order of the text: the next one always begins at the next quote."""
    walk, lines, at, seen = _Walk(), Lines(text), 0, 0
    waiting: list[Any] = [data]
    while waiting and seen < MAX_LEAVES:
        value = waiting.pop()
        if value is _END:
            walk.end()
        elif isinstance(value, _Pairs):
            walk.begin(True)
            waiting.append(_END)
            for key, inner in reversed(value):
                waiting += (inner, key)
        elif isinstance(value, list):
            walk.begin(False)
            waiting.append(_END)
            waiting += reversed(value)
        elif isinstance(value, str):
            seen += 1
            start = text.find('"', at)
            at = _closing(text, start, value)
            shown = value if value.isascii() else value.encode("utf-8", "replace").decode()
            yield walk.leaf(shown, lines.at(start), quoted=True)
        else:
            walk.value_done()


_END = object()


def _closing(text: str, start: int, value: str) -> int:
    """The offset behind the string that opens at `start`."""
    end = start + 1 + len(value)
    if text.startswith(value, start + 1) and text[end : end + 1] == '"' and "\\" not in value:
        return end + 1
    end = start + 1
    while text[end] != '"':
        end += 2 if text[end] == "\\" else 1
    return end + 1


def _tolerant_json(text: str) -> Iterator[Leaf]:
    """What can be told apart in JSON with comments, or in a broken file."""
    walk, lines, seen = _Walk(), Lines(text), 0
    for match in _json_token().finditer(text):
        token = match.group(0)
        if token in ("{", "["):
            walk.begin(token == "{")
            if len(walk.open) > MAX_DEPTH:
                return
        elif token in ("}", "]"):
            walk.end()
        elif token[0] == '"' and len(token) > 1:
            seen += 1
            if seen > MAX_LEAVES:
                return
            yield walk.leaf(_unquoted(token), lines.at(match.start()), quoted=True)
        elif token not in (",", ":") and not token.startswith("//"):
            walk.value_done()


def _unquoted(token: str) -> str:
    if "\\" not in token:
        return token[1:-1]
    try:
        value = json.loads(token)
    except ValueError:
        return token[1:-1]
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else token[1:-1]


@functools.cache
def _toml_token() -> Any:
    import re2

    string = r'"""(?:[^\\]|\\.)*?"""|\'\'\'[^\']*\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\''
    return re2.compile(rf"(?s){string}|#[^\n]*|[\[\]{{}},=\n]|[A-Za-z0-9_.+:-]+")


def toml_leaves(text: str) -> Iterator[Leaf]:
    """The strings of TOML with the tables and keys above them. Never raises."""
    lines = Lines(text)
    table: tuple[str, ...] = ()
    keys: list[str] = []  # the key being given, one for each open inline table
    depth, holder, awaiting, row = 0, 0, True, 0
    previous = ""
    tokens = [(m.group(0), m.start()) for m in _toml_token().finditer(text)]
    index = 0
    while index < len(tokens) and row < MAX_LEAVES:
        token, start = tokens[index]
        index += 1
        row += 1
        if token == "[" and depth == 0 and awaiting:
            header: list[str] = []
            while index < len(tokens) and tokens[index][0] != "\n":
                if tokens[index][0] not in ("[", "]") and not tokens[index][0].startswith("#"):
                    header += [part.strip("\"'") for part in tokens[index][0].split(".")]
                index += 1
            table, holder, keys = tuple(header), holder + 1, []
        elif token == "\n":
            if depth == 0:
                keys, awaiting = [], True
        elif token == "=":
            if previous:
                keys = [*keys[: _tables_open(depth)], previous]
            awaiting = False
        elif token in ("[", "{"):
            depth += 1
            if token == "{":
                holder += 1
        elif token in ("]", "}"):
            depth = max(0, depth - 1)
        elif token[0] in "\"'":
            follows = tokens[index][0] if index < len(tokens) else ""
            word = token.strip(token[0]) if token[:3] in ('"""', "'''") else token[1:-1]
            if follows == "=":
                previous = word
                continue
            path = (*table, *(part for key in keys for part in key.split(".")))
            yield Leaf(path, word, *lines.at(start), holder, in_list=depth > 0, quoted=True)
        elif not token.startswith("#") and token != ",":
            previous = token


def _tables_open(depth: int) -> int:
    return 1 if depth else 0
