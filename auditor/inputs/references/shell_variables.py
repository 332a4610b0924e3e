"""The variables of a script as they are set, and words with their values put in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from auditor.inputs.references.shell_words import Word, is_folder, starts_as_path, variable

MAX_VARIABLES = 500


class Variables:
    """What is set anywhere in a script; the first value of a name counts."""

    def __init__(self, known: Mapping[str, Word] | None = None) -> None:
        self._values: dict[str, Word] = dict(known or {})

    def note(self, command: Sequence[Word]) -> None:
        """`NAME=value`, `export NAME=value`, `ENV NAME value`, `NAME := value` as make writes it."""
        if len(self._values) >= MAX_VARIABLES:
            return
        for at, word in enumerate(command):
            name, equals, value = word.text.partition("=")
            name = name.rstrip(":?+")
            if (equals and name.replace("_", "a").isalnum() and name[:1].isalpha()) or (
                equals and name.startswith("_")
            ):
                offset = word.start + len(word.text) - len(value)
                raw = value.strip("\"'")
                self._values.setdefault(name, Word(raw, offset + value.find(raw) if raw else offset))
            if word.text in (":=", "?=", "=") and at == 1 and len(command) > 2:
                self._values.setdefault(command[0].text, command[2])
        if len(command) == 3 and command[0].text in ("ENV", "ARG", "set", "setenv") and "=" not in command[1].text:
            self._values.setdefault(command[1].text, command[2])

    def expanded(self, word: Word) -> Iterator[Word | None]:
        """A word with its variables put in; None where one is not set here."""
        if "$" not in word.text:
            yield word
            return
        name, fallback = variable(word.text)
        if name is None:
            text = self._substituted(word.text)
            if text is not None:
                yield Word(text, word.start, word.place)
            elif not starts_as_path(word.text):
                yield None
            return
        if name in self._values and "$" not in self._values[name].text:
            yield self._values[name]
        elif name in self._values and variable(self._values[name].text)[1]:
            yield Word(str(variable(self._values[name].text)[1]), self._values[name].start)
        elif fallback:
            yield Word(fallback, word.start, word.place)
        elif not is_folder(name):
            yield None

    def _substituted(self, text: str) -> str | None:
        """`org/$NAME` with the variables that are set here."""
        for name, value in sorted(self._values.items(), key=lambda v: -len(v[0])):
            text = (
                text.replace(f"${{{name}}}", value.text)
                .replace(f"$({name})", value.text)
                .replace(f"${name}", value.text)
            )
        return None if "$" in text else text
