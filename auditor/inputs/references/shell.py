"""References in commands: shell scripts, Dockerfiles, Makefiles, and the commands inside YAML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from auditor.inputs.references.names import Named, address, named, ollama, spacy_pipeline
from auditor.inputs.references.reference import Confidence, Kind, Reference
from auditor.inputs.references.shell_variables import Variables
from auditor.inputs.references.shell_words import (
    Word,
    array_pattern,
    commands,
    find_words,
    more_values,
    operands,
)
from auditor.inputs.references.text import Lines, links, scan_text, without_comments
from auditor.inputs.references.tree import Tree
from auditor.inputs.references.vocabulary import key_kind, takes_bare, words


class Shell:
    """One script: its variables as they are set, and what its commands name."""

    def __init__(
        self,
        file: str,
        text: str,
        tree: Tree,
        variables: Mapping[str, Word] | None = None,
        *,
        line: int = 1,
        column: int = 1,
    ) -> None:
        self.file, self.text, self.tree = file, text, tree
        self.lines = Lines(text, line, column)
        self.variables = Variables(variables)

    def read(self) -> Iterator[Reference]:
        """Everything the script names."""
        shown = without_comments(self.text)
        parsed = [self._trimmed(c) for c in commands(shown)]
        for command in parsed:
            self.variables.note(command)
        for command in parsed:
            yield from self.command(command)
        yield from self._arrays(shown)
        yield from links(self.file, self.text, shown, self.lines)
        yield from scan_text(self.file, self.text, self.tree, how="python -c", lines=self.lines)

    def _arrays(self, shown: str) -> Iterator[Reference]:
        """`models=(org/a org/b)`."""
        for match in array_pattern().finditer(shown):
            kind = key_kind(match.group(1))
            if kind:
                for command in commands(match.group(2)):
                    for word in command:
                        place = Word(word.text.strip(","), word.start + match.start(2))
                        yield from self._value(place, match.group(1), kind, None, f"env:{match.group(1)}", expand=False)

    def _trimmed(self, command: list[Word]) -> list[Word]:
        """A command without the marks that make and Dockerfiles put before it."""
        if command[0].text in (
            "RUN",
            "CMD",
            "ENTRYPOINT",
            "@",
            "-",
            "then",
            "do",
            "else",
            "sudo",
            "time",
            "exec",
            "nohup",
            "!",
        ):
            command = command[1:]
        if command and command[0].text.startswith(("@", "!")):
            command = [Word(command[0].text[1:], command[0].start + 1), *command[1:]]
        return command

    def command(self, command: Sequence[Word]) -> Iterator[Reference]:
        """What one command names."""
        for at, word in enumerate(command):
            if " " in word.text and at and command[at - 1].text in ("-c", "-lc", "-ec", "-exc", "-ce"):
                for inner in commands(without_comments(word.text)):
                    yield from self.command([Word(w.text, w.start + word.start, word.place) for w in inner])
        revision = self._option(command, words()["revision_options"])
        yield from self._known_command(command, revision)
        yield from self._options(command)
        yield from self._settings(command)

    def _known_command(self, command: Sequence[Word], revision: str | None) -> Iterator[Reference]:
        texts = [w.text for w in command]
        for known in words()["commands"]:
            at = find_words(texts, known["words"])
            if at is None:
                continue
            rest = list(operands(command[at + len(known["words"]) :]))
            if rest:
                kind: Kind = (
                    "dataset" if self._option(command, words()["repo_type_options"]) == "dataset" else known["kind"]
                )
                if self._option(command, words()["repo_type_options"]) == "space":
                    return
                how = f"cli:{' '.join(known['words'])}"
                several = rest if known.get("url") or known.get("spacy") else rest[:1]
                for operand in several:
                    yield from self._word(operand, kind, how, revision, known)
            return

    def _options(self, command: Sequence[Word]) -> Iterator[Reference]:
        special = words()["options"]
        serves = any(
            w.text
            in (
                "vllm",
                "mlx_lm.generate",
                "mlx_lm.server",
                "lm_eval",
                "llm",
                "sglang",
                "mlx_lm.lora",
                "mlx_lm.convert",
                "optimum-cli",
            )
            or "vllm" in w.text
            for w in command
        )
        for at, word in enumerate(command):
            name, equals, value = word.text.partition("=")
            if not word.text.startswith("-") or len(name) < 2:
                continue
            given = (
                Word(value, word.start + len(name) + 1, word.place)
                if equals
                else command[at + 1]
                if at + 1 < len(command)
                else None
            )
            if given is None or not given.text or (not equals and given.text.startswith("-")):
                continue
            if name in special["args"]:
                yield from self._args(given)
                continue
            as_kind = "model" if name in special["model"] else key_kind(name) if name.startswith("--") else None
            if name in special["short"] and serves:
                as_kind = "model"
            if as_kind is None:
                continue
            several = [given, *more_values(command[at + 2 :])] if not equals else [given]
            revision = self._option(command, _pins_of(name))
            for one in several:
                yield from self._value(one, name, as_kind, revision, f"cli:{name}")

    def _args(self, given: Word) -> Iterator[Reference]:
        """`pretrained=org/name,revision=...` as the evaluation harness takes it."""
        parts = dict(p.partition("=")[::2] for p in given.text.split(",") if "=" in p)
        for key, value in parts.items():
            if key_kind(key) == "model":
                offset = given.text.find(f"{key}={value}") + len(key) + 1
                word = Word(value, given.start + offset, given.place)
                yield from self._value(
                    word, key, "model", parts.get("revision") if key == "pretrained" else None, f"cli:{key}"
                )

    def _settings(self, command: Sequence[Word]) -> Iterator[Reference]:
        """`NAME=value` as an assignment, in the environment, or as an override of a configuration."""
        first = command[0].text if command else ""
        if first in ("ENV", "ARG") and len(command) == 3 and "=" not in command[1].text and key_kind(command[1].text):
            yield from self._value(
                command[2], command[1].text, str(key_kind(command[1].text)), None, f"env:{command[1].text}"
            )
        if len(command) > 2 and command[1].text in (":=", "?=", "=") and key_kind(first):
            for word in command[2:]:
                yield from self._value(word, first, str(key_kind(first)), None, f"env:{first}")
        for word in command:
            if word.text.startswith("-"):
                continue
            name, equals, value = word.text.partition("=")
            if not equals or not value:
                continue
            key = name.rstrip(":?+").lstrip("+~").rpartition(".")[2]
            kind = key_kind(key) or (
                "model" if name.endswith((".path", ".name", ".id")) and key_kind(name.split(".")[-2]) else None
            )
            if kind is None:
                continue
            offset = word.start + len(word.text) - len(value)
            if value[0] in "\"'(":
                offset, value = offset + 1, value.strip("\"'()")
            for part in value.split():
                how = f"env:{name}" if name.isupper() else f"cli:{name}"
                place = Word(part, offset + value.find(part), word.place)
                yield from self._value(place, key, kind, None, how, expand=False)

    def _word(
        self, word: Word, kind: Kind, how: str, revision: str | None, known: dict[str, Any]
    ) -> Iterator[Reference]:
        for expanded in self.variables.expanded(word):
            if expanded is None:
                yield self._reference(word, Named(word.text, "unresolved", None, False), None, how)
                return
            if known.get("ollama"):
                found = ollama(expanded.text)
                found = found or Named(f"ollama:{expanded.text}", "unresolved", None, False)
            elif known.get("spacy"):
                found = spacy_pipeline(expanded.text)
            elif known.get("url"):
                found = address(expanded.text.removeprefix("git@").replace("hf.co:", "hf.co/"))
            else:
                found = named(expanded.text, kind, self.tree, self.file, bare=True)
            if found:
                yield self._reference(expanded, found, revision, how)

    def _value(
        self, word: Word, key: str, kind: str, revision: str | None, how: str, *, expand: bool = True
    ) -> Iterator[Reference]:
        as_kind: Kind = "dataset" if kind == "dataset" else "model"
        for expanded in self.variables.expanded(word):
            if expanded is None:
                if expand:
                    yield self._reference(word, Named(word.text, "unresolved", None, False), None, how)
                return
            found = named(expanded.text, as_kind, self.tree, self.file, bare=takes_bare(key, kind), api=False)
            if found:
                sure = found.sure and how.startswith("cli:")
                yield self._reference(expanded, found._replace(sure=sure), revision or found.revision, how)

    def _option(self, command: Sequence[Word], names: Sequence[str]) -> str | None:
        for at, word in enumerate(command):
            name, equals, value = word.text.partition("=")
            if name in names:
                given = value if equals else command[at + 1].text if at + 1 < len(command) else ""
                texts = [w.text for w in self.variables.expanded(Word(given, word.start)) if w]
                return texts[0] if texts and texts[0] else None
        return None

    def _reference(self, word: Word, found: Named, revision: str | None, how: str) -> Reference:
        line, column = word.place or self.lines.at(word.start)
        confidence: Confidence = "sure" if found.sure else "likely"
        return Reference(found.id, found.kind, self.file, line, column, revision, how, confidence, word.text[:300])


def _pins_of(option: str) -> list[str]:
    """The options that pin what `option` names."""
    stem = option.strip("-").replace("-", "_")
    for ending in ("_or_path", "_path", "_name", "_id", "_list"):
        stem = stem.removesuffix(ending)
    pins = [f"--{stem}_revision", f"--{stem}-revision"]
    if stem in ("model", "base_model", "pretrained_model", "hf"):
        pins += [o for o in words()["revision_options"] if "dataset" not in o and o != "-b"]
    return pins


def read_shell(file: str, text: str, tree: Tree) -> Iterator[Reference]:
    """The references of a script."""
    yield from Shell(file, text, tree).read()
