"""References in Python: what loaders are called with, and constants and options whose names say that they name one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from auditor.inputs.references.names import MAX_WORDS, Named, address, named
from auditor.inputs.references.python_arguments import argument, unwrapped
from auditor.inputs.references.python_code import Code, Scope, last_name, parse, read_code, root_name
from auditor.inputs.references.python_loaders import Loader, loaders_named, modules_of, nameable, understood
from auditor.inputs.references.python_value import Value
from auditor.inputs.references.python_values import Modules, Reader
from auditor.inputs.references.reference import Kind, Reference
from auditor.inputs.references.text import Lines, scan_text
from auditor.inputs.references.tree import Tree
from auditor.inputs.references.vocabulary import globs, key_kind, takes_bare, word_set

MAX_EXPRESSION = 120  # characters of an unresolved expression that are kept


def read_python(file: str, text: str, tree: Tree, modules: Modules) -> Iterator[Reference]:
    """The references of a Python file; one that does not parse is searched as text. Never raises."""
    module = parse(text)
    if module is None:
        yield from scan_text(file, text, tree, python=True)
        return
    try:
        code = read_code(file, text, module)
        yield from _Finder(code, tree, modules).find()
    except RecursionError:
        yield from scan_text(file, text, tree, python=True)


class _Finder:
    def __init__(self, code: Code, tree: Tree, modules: Modules) -> None:
        self.code, self.tree = code, tree
        self.reader = Reader(code, modules)
        self._lines: dict[str, Lines] = {}
        self.published: set[tuple[str, int, int]] = set()
        self.put_together: set[str] = set()  # published under a name that no single place holds

    def find(self) -> Iterator[Reference]:
        """Calls first: what they say of a place is better than what its name says."""
        for call, scope in self.code.calls:
            if last_name(call.func) in word_set("publishing"):
                self._publish(call, scope)
        for call, scope in self.code.calls:
            yield from self._call(call, scope)
            yield from self._started(call)
        for words, scope in self.code.commands:
            yield from self._command(words, scope)
        for key, expr, scope in self.code.pairs:
            yield from self._pair(key, expr, scope)
        for constant in self.code.strings:
            yield from self._address(constant)

    def _publish(self, call: ast.Call, scope: Scope) -> None:
        for given in (*call.args, *(k.value for k in call.keywords)):
            if isinstance(given, (ast.Constant, ast.Name, ast.Attribute)):
                self.published.update(_place(v) for v in self.reader.values(given, scope) if v.state == "text")
            elif isinstance(given, (ast.BinOp, ast.JoinedStr)):
                self.put_together.update(v.text for v in self.reader.values(given, scope) if v.state == "text")

    def _call(self, call: ast.Call, scope: Scope) -> Iterator[Reference]:
        name, origin = self._origin(call, scope)
        candidates = loaders_named(name)
        if not candidates or origin.partition(".")[0] in word_set("elsewhere"):
            return
        receiver = last_name(call.func.value) if isinstance(call.func, ast.Attribute) else ""
        for loader in candidates:
            if loader.of and not loader.of.fit(receiver):
                continue
            if loader.modules and origin.partition(".")[0] not in loader.modules:
                continue
            yield from self._loaded(call, scope, loader, name)
            return

    def _started(self, call: ast.Call) -> Iterator[Reference]:
        """A program that is started with its words as a list, or with a line for the shell."""
        if last_name(call.func) not in word_set("starters") or not call.args:
            return
        from auditor.inputs.references.shell import Shell
        from auditor.inputs.references.shell_words import Word

        given, file = call.args[0], self.code.file
        if isinstance(given, (ast.List, ast.Tuple)):
            parts = [e for e in given.elts if isinstance(e, ast.Constant) and isinstance(e.value, str)]
            places = [self._at(Value("text", e, self.code)) for e in parts]
            command = [Word(str(e.value), 0, place) for e, place in zip(parts, places, strict=True)]
            if command:
                yield from Shell(file, "", self.tree).command(command)
        elif isinstance(given, ast.Constant) and isinstance(given.value, str):
            line, column = self._at(Value("text", given, self.code))
            yield from Shell(file, given.value, self.tree, line=line, column=column + 1).read()

    def _line(self, expr: ast.expr) -> Iterator[Reference]:
        """`cmd = f"serve --model org/name {options}"`: a line for the shell, whose holes stay as they are written."""
        from auditor.inputs.references.shell import Shell

        before = 1
        if isinstance(expr, ast.JoinedStr) and expr.lineno == expr.end_lineno:
            row = self.code.text.split("\n")[expr.lineno - 1].encode("utf-8", "surrogatepass")
            written = row[expr.col_offset : expr.end_col_offset].decode("utf-8", "replace")
            script = written.lstrip("fFrR\"'")
            before = len(written) - len(script)
            script = script.rstrip("\"'")
        elif isinstance(expr, ast.Constant) and isinstance(expr.value, str):
            script = expr.value
        else:
            return
        line, column = self._at(Value("text", expr, self.code))
        yield from Shell(self.code.file, script, self.tree, line=line, column=column + before).read()

    def _command(self, words: ast.List, scope: Scope) -> Iterator[Reference]:
        """`["--model", "org/name"]` anywhere: options, whoever starts the program. What is not known stays blank."""
        from auditor.inputs.references.shell import Shell
        from auditor.inputs.references.shell_words import Word

        command = []
        for part in words.elts:
            values = [v for v in self.reader.values(part, scope) if v.state == "text" and v.code is self.code]
            command.append(Word(values[0].text, 0, self._at(values[0])) if len(values) == 1 else Word("", 0, (0, 0)))
        yield from Shell(self.code.file, "", self.tree).command(command)

    def _origin(self, call: ast.Call, scope: Scope) -> tuple[str, str]:
        """The true name of what is called, and the module that it was imported from ("" for none, "?" for unknown)."""
        name, root = last_name(call.func), root_name(call.func)
        bindings = scope.look_up(root) if root else []
        for binding in bindings:
            if binding.module is not None:
                own = isinstance(call.func, ast.Name) and binding.name
                return (binding.name if own else name), binding.module or "."
        if bindings or not isinstance(call.func, ast.Name):
            return name, ""
        return name, next(iter(sorted(modules_of(name))), "")  # bound nowhere: a star import, or a cell not shown

    def _loaded(self, call: ast.Call, scope: Scope, loader: Loader, name: str) -> Iterator[Reference]:
        if name == "from_pretrained" and isinstance(call.func, ast.Attribute) and root_name(call.func) == "super":
            return  # a loader that hands on what its own caller names
        kind: Kind | None = self._repo_type(call, scope) or loader.kind
        if kind is None or self._repo_type(call, scope) == "unresolved":
            return
        revision = self._revision(call, scope)
        given = argument(call, loader.at, loader.keywords)
        if given is not None:
            how = f"{last_name(call.func.value)}.{name}" if loader.of and isinstance(call.func, ast.Attribute) else name
            yield from self._given(given, scope, loader, kind, revision, how, call)
        for keyword in call.keywords:
            if keyword.arg in loader.also:
                yield from self._given(keyword.value, scope, loader, "model", None, f"{name}:{keyword.arg}", call, True)

    def _given(
        self,
        given: ast.expr,
        scope: Scope,
        loader: Loader,
        kind: Kind,
        revision: str | None,
        how: str,
        call: ast.Call,
        objects: bool = False,
    ) -> Iterator[Reference]:
        values = self.reader.values(given, scope)
        for value in values:
            if value.state == "text" and value.text not in self.put_together:
                found = understood(value, loader, kind, call, self.tree)
                if found:
                    yield self._reference(value, found, revision or found.revision, how)
                elif not loader.flags.isdisjoint(("ollama", "api")) and nameable(value.text):
                    server = "ollama" if "ollama" in loader.flags else "api"
                    yield self._unresolved(value, f"{server}:{value.text}", how)
        states = {v.state for v in values}
        if "unknown" not in states or "text" in states or not loader.flags.isdisjoint(("strict", "schemes")):
            return
        if ("objects" in loader.flags or objects) and not _says_name(given):
            return
        first = next(v for v in values if v.state == "unknown")
        yield self._unresolved(Value("unknown", given, self.code), _written(given or first.node), how)

    def _repo_type(self, call: ast.Call, scope: Scope) -> Kind | None:
        """The kind that `repo_type` gives; `unresolved` for a Space, which is neither."""
        given = argument(call, None, ("repo_type",))
        texts = [v.text for v in self.reader.values(given, scope) if v.state == "text"] if given is not None else []
        kinds: dict[str, Kind] = {"dataset": "dataset", "model": "model", "space": "unresolved"}
        return kinds.get(texts[0]) if texts else None

    def _revision(self, call: ast.Call, scope: Scope) -> str | None:
        given = argument(call, None, ("revision",))
        if given is None:
            return None
        texts = [v.text for v in self.reader.values(given, scope) if v.state == "text"]
        return texts[0] if len(texts) == 1 and len(texts[0]) <= MAX_WORDS else None

    def _pair(self, key: str, expr: ast.expr, scope: Scope) -> Iterator[Reference]:
        if key == "model_args" and isinstance(expr, ast.Constant) and isinstance(expr.value, str):
            yield from self._model_args(expr, expr.value)
        if globs("command_names").fit(key.lower()):
            yield from self._line(expr)
        kind = key_kind(key)
        if kind is None:
            return
        revision = None
        for value in self._literals(unwrapped(expr), scope, key):
            if _place(value) in self.published or value.text in self.put_together:
                continue
            as_kind: Kind = "dataset" if kind == "dataset" else "model"
            bare = kind == "model" and takes_bare(key, kind)
            found = named(value.text, as_kind, self.tree, self.code.file, bare=bare)
            if found and (found.kind != "closed" or kind == "model"):
                weak = Named(found.id, found.kind, found.revision, False)
                yield self._reference(value, weak, revision or found.revision, f"name:{key}"[:MAX_EXPRESSION])

    def _model_args(self, expr: ast.Constant, text: str) -> Iterator[Reference]:
        """`pretrained=org/name,revision=...` as the evaluation harness takes it."""
        parts = dict(p.partition("=")[::2] for p in text.split(","))
        found = named(parts.get("pretrained", ""), "model", self.tree, self.code.file, bare=True)
        if found:
            value = Value("text", expr, self.code, parts["pretrained"])
            yield self._reference(value, found, parts.get("revision"), "model_args")

    def _literals(self, expr: ast.expr, scope: Scope, key: str) -> Iterator[Value]:
        """Texts that stand right here: constants, choices, items of a list, values of a dict without a key of note."""
        match expr:
            case ast.Constant(value=str() as text):
                yield Value("text", expr, self.code, text)
            case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
                for part in parts:
                    yield from self._literals(part, scope, key)
            case ast.Dict(keys=keys, values=values):
                for name, value in zip(keys, values, strict=True):
                    inner = name.value if isinstance(name, ast.Constant) else None
                    if str(inner or (name and last_name(name))).lower() in word_set("other_hubs"):
                        continue
                    if isinstance(inner, str) and (key_kind(inner) or _is_refused(inner)):
                        continue  # a pair of its own
                    yield from self._literals(value, scope, key)
            case ast.IfExp(body=body, orelse=other):
                yield from self._literals(body, scope, key)
                yield from self._literals(other, scope, key)
            case ast.BoolOp(values=parts):
                for part in parts:
                    yield from self._literals(part, scope, key)
            case ast.Call(func=function) if last_name(function) in ("getenv", "get", "setdefault", "getattr", "pop"):
                if len(expr.args) > 1:
                    yield from self._literals(expr.args[-1], scope, key)
            case ast.JoinedStr() | ast.BinOp(op=ast.Add()) | ast.Name():
                yield from (v for v in self.reader.values(expr, scope) if v.state == "text")

    def _address(self, constant: ast.Constant) -> Iterator[Reference]:
        text = str(constant.value)
        if len(text) > 1000 or " " in text.strip() or not text.strip().startswith(("http", "hf://", "datasets::hf")):
            return
        found = address(text.strip()) if text.isprintable() else None
        if found and "/" in found.id:
            yield self._reference(Value("text", constant, self.code, text), found, found.revision, "hub-url")

    def _reference(self, value: Value, found: Named, revision: str | None, how: str) -> Reference:
        line, column = self._at(value)
        sure = found.sure and value.direct and not how.startswith("name:")
        text = value.text[:MAX_WORDS]
        return Reference(
            found.id, found.kind, value.code.file, line, column, revision, how, "sure" if sure else "likely", text
        )

    def _unresolved(self, value: Value, words: str, how: str) -> Reference:
        line, column = self._at(value)
        return Reference(words, "unresolved", value.code.file, line, column, None, how, "likely", words)

    def _at(self, value: Value) -> tuple[int, int]:
        lines = self._lines.setdefault(value.code.file, Lines(value.code.text))
        return lines.of_ast(value.node.lineno, value.node.col_offset)


def _place(value: Value) -> tuple[str, int, int]:
    return value.code.file, value.node.lineno, value.node.col_offset


def _is_refused(key: str) -> bool:
    return globs("keys", "not").fit(key.lower())


def _says_name(expr: ast.expr) -> bool:
    """Whether an expression calls itself a name or a path, where an object could stand as well."""
    name = last_name(expr).lower()
    return any(word in name for word in ("name", "path", "_id", "repo", "checkpoint", "ckpt")) or name == "id"


def _written(expr: ast.expr) -> str:
    try:
        written = ast.unparse(expr)
    except (RecursionError, ValueError):
        written = last_name(expr) or "..."
    return written if len(written) <= MAX_EXPRESSION else f"{written[: MAX_EXPRESSION - 1]}…"
