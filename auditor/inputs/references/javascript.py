"""References in JavaScript and TypeScript: read as words in a row, without a syntax tree."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any, NamedTuple

from auditor.inputs.references.names import Named, named, ollama
from auditor.inputs.references.reference import Confidence, Kind, Reference
from auditor.inputs.references.text import Lines, links
from auditor.inputs.references.tree import Tree
from auditor.inputs.references.vocabulary import key_kind, takes_bare, words

MAX_CHARACTERS = 500_000
MAX_ROW = 5_000  # characters of a line; longer ones are of programs, not people
MAX_CALL = 2_000  # words of one call or list
MAX_STEPS = 300_000  # words of all calls and lists of a file
_ON_THE_WAY = frozenset(".?|=[]!:")  # between a key and its value: `model?: string = process.env.MODEL ?? "org/name"`
_STEPS = 14  # words between a key and its value


class Token(NamedTuple):
    """A word: `kind` is text (a literal), open (a template with holes), name, or mark."""

    kind: str
    text: str
    start: int


def read_javascript(file: str, text: str, tree: Tree) -> Iterator[Reference]:
    """What calls, keys and constants of one file name. Never raises."""
    if len(text) > MAX_CHARACTERS or any(len(row) > MAX_ROW for row in text.split("\n")):
        return  # a bundle
    yield from _File(file, text, tree).read()


class _File:
    def __init__(self, file: str, text: str, tree: Tree) -> None:
        self.file, self.text, self.tree = file, text, tree
        self.lines = Lines(text)
        self.tokens = list(_tokens(text))
        self.left = MAX_STEPS
        self.api = any(sign in text for sign in words()["javascript"]["sdk"])
        three = zip(self.tokens, self.tokens[1:], self.tokens[2:], strict=False)
        self.constants = {a.text: c for a, b, c in three if (a.kind, b.text, c.kind) == ("name", "=", "text")}

    def read(self) -> Iterator[Reference]:
        """Calls first: what they say of a place is better than what its name says."""
        for at in range(len(self.tokens) - 2):
            yield from self._call(at)
        for at in range(len(self.tokens) - 2):
            yield from self._pair(at)
        shown = list(self.text)
        for token in self.tokens:
            if token.kind == "comment":
                shown[token.start : token.start + len(token.text)] = " " * len(token.text)
        yield from links(self.file, self.text, "".join(shown), self.lines)

    def _call(self, at: int) -> Iterator[Reference]:
        """`from_pretrained("org/name", {revision})`, `pipeline("task", "org/name")`, `openai("gpt-4o")`."""
        name, opening = self.tokens[at], self.tokens[at + 1]
        known = _calls().get(name.text) if name.kind == "name" and opening.text == "(" else None
        if known is None or not all(sign in self.text for sign in known.get("needs", ())):
            return
        given, behind = self._arguments(at + 2)
        place: int = known["at"]
        if place >= len(given) or not given[place] or behind == "{":
            return  # nothing there, or what defines a function of this name
        first, last = given[place][0], given[place][-1]
        owned = len(given[place]) == 3 and first.text == "this"
        value = self.constants.get(last.text, first) if owned or len(given[place]) == 1 else first
        if value.kind == "text":
            kind: Kind = known["kind"]
            found = named(value.text, kind, self.tree, self.file, bare=True, api=known.get("api", False))
            if found:
                revision = self._revision([t for part in given[place + 1 :] for t in part]) or found.revision
                yield self._reference(value, found, revision, name.text, sure=True)
        elif not known.get("api"):
            written = "".join(t.text for t in given[place])[:120]
            yield self._reference(first, Named(written, "unresolved", None, False), None, name.text)

    def _arguments(self, at: int) -> tuple[list[list[Token]], str]:
        """The words of each argument of the call that opened before `at`, and the word behind the call."""
        depth, given = 0, [list[Token]()]
        for number in self._ahead(at):
            token = self.tokens[number]
            if token.kind == "mark" and token.text in "([{":
                depth += 1
            elif token.kind == "mark" and token.text in ")]}":
                depth -= 1
                if depth < 0:
                    return given, self.tokens[number + 1].text if number + 1 < len(self.tokens) else ""
            if depth == 0 and (token.kind, token.text) == ("mark", ","):
                given.append([])
            elif token.kind != "comment":
                given[-1].append(token)
        return given, ""

    def _ahead(self, at: int) -> Iterator[int]:
        """The numbers of the words from `at` on, as far as it may cost."""
        for number in range(at, min(at + MAX_CALL, len(self.tokens))):
            self.left -= 1
            if self.left < 0:
                return
            yield number

    def _revision(self, options: list[Token]) -> str | None:
        for key, colon, value in zip(options, options[1:], options[2:], strict=False):
            if (key.text, colon.text, value.kind) == ("revision", ":", "text"):
                return value.text
        return None

    def _pair(self, at: int) -> Iterator[Reference]:
        """`model: "org/name"`, `const MODEL_ID = "org/name"`, `models: ["org/a"]`, with defaults on the way."""
        key, mark = self.tokens[at], self.tokens[at + 1]
        if key.kind not in ("name", "text") or mark.text not in (":", "=", "?"):
            return
        kind = key_kind(_snake(key.text))
        if kind is None or (at and self.tokens[at - 1].text == "?") or self.tokens[at + 2].text in ("=", ">"):
            return  # no key, the middle of a choice, a comparison, an arrow
        for value in self._values(at + 2):
            yield from self._value(value, key.text, "dataset" if kind == "dataset" else "model")

    def _values(self, at: int) -> Iterator[Token]:
        """The literals that a key is given: one, or those of a list, or the ids of the objects in it."""
        for number in range(at, min(at + _STEPS, len(self.tokens) - 1)):
            token = self.tokens[number]
            if token.text == "[" and self.tokens[number + 1].text != "]":
                yield from self._items(number + 1)
                return
            if token.kind == "text":
                yield token
                return
            if token.kind == "mark" and token.text not in _ON_THE_WAY:
                return

    def _items(self, at: int) -> Iterator[Token]:
        depth = 0
        for number in self._ahead(at):
            token = self.tokens[number]
            if token.kind == "mark" and token.text in "([{":
                depth += 1
            elif token.kind == "mark" and token.text in ")]}":
                depth -= 1
                if depth < 0:
                    return
            elif token.kind == "text":
                key, mark = self.tokens[number - 2], self.tokens[number - 1]
                if depth == 0 or (
                    depth == 1 and mark.text == ":" and key.text in ("id", "value") and "/" in token.text
                ):
                    yield token

    def _value(self, value: Token, key: str, kind: Kind) -> Iterator[Reference]:
        snake = _snake(key)
        found = named(
            value.text, kind, self.tree, self.file, bare=takes_bare(snake, kind), api=self.api and key == "model"
        )
        if found is None and "ollama" in self.text.lower() and kind == "model":
            found = ollama(value.text)
        if found and (found.kind != "closed" or kind == "model"):
            yield self._reference(value, found, found.revision, f"name:{key}"[:120])

    def _reference(
        self, token: Token, found: Named, revision: str | None, how: str, *, sure: bool = False
    ) -> Reference:
        line, column = self.lines.at(token.start)
        confidence: Confidence = "sure" if sure and found.sure else "likely"
        return Reference(found.id, found.kind, self.file, line, column, revision, how, confidence, token.text[:300])


@functools.cache
def _calls() -> dict[str, dict[str, Any]]:
    return {name: call for call in words()["javascript"]["calls"] for name in call["names"]}


def _snake(key: str) -> str:
    """`modelId` as `model_id`; names in capitals stay."""
    if key.isupper() or "_" in key:
        return key
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in key)


@functools.cache
def _word() -> Any:
    import re2

    part = r"\\.|\[(?:[^\]\\\n]|\\.)*\]"
    pattern = rf"[(,=:\[!&|?{{}};]\s*/(?:[^/*\\\n\[]|{part})(?:[^/\\\n\[]|{part})*/[a-z]*"  # behind what no quotient is
    literals = r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"|`(?:[^`\\]|\\.)*`"
    return re2.compile(rf"(?s)//[^\n]*|/\*.*?\*/|{literals}|[A-Za-z_$][\w$]*|{pattern}|\S")


def _tokens(text: str) -> Iterator[Token]:
    """The words of a file, comments included; of a regular expression only the mark before it is left."""
    for match in _word().finditer(text):
        word = match.group(0)
        kind = _kind(word)
        yield Token(kind, word[1:-1] if kind == "text" else word[:1] if kind == "mark" else word, match.start())


def _kind(word: str) -> str:
    if word.startswith(("//", "/*")) and len(word) > 1:
        return "comment"
    if word[0] in "'\"`" and len(word) > 1:
        return "open" if word[0] == "`" and "${" in word else "text"
    return "name" if word[0].isalpha() or word[0] in "_$" else "mark"
