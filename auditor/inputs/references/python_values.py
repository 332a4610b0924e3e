"""What an expression of Python may be as text: constants, variables, defaults, items of lists, f-strings."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from itertools import product

from auditor.inputs.references.python_arguments import argument, is_static, unwrapped
from auditor.inputs.references.python_code import Binding, Code, Scope, defaults, last_name
from auditor.inputs.references.python_value import MAX_DEPTH, MAX_VALUES, Budget, Value, doubted
from auditor.inputs.references.vocabulary import globs, word_set

Modules = Callable[[str, int, str], Code | None]


class Reader:
    """Follows names through one file and, by `modules`, into the other files of the tree."""

    def __init__(self, code: Code, modules: Modules, budget: Budget | None = None) -> None:
        self.code, self._modules = code, modules
        self._budget = budget or Budget()

    def values(self, expr: ast.expr, scope: Scope, depth: int = 0) -> list[Value]:
        """All that `expr` may be; an unknown remains where nothing could be followed."""
        if not self._budget.take(expr, depth):
            return [Value("unknown", expr, self.code)]
        try:
            return self._expression(expr, scope, depth + 1)[:MAX_VALUES]
        finally:
            self._budget.active.discard(expr)

    def _expression(self, expr: ast.expr, scope: Scope, depth: int) -> list[Value]:
        match expr:
            case ast.Constant(value=str() as text):
                return [Value("text", expr, self.code, text)]
            case ast.Constant(value=None):
                return []
            case ast.Name(id=name):
                return self._name(expr, name, scope, depth)
            case ast.Attribute():
                return self._attribute(expr, scope, depth)
            case ast.IfExp(body=body, orelse=other):
                return doubted([*self.values(body, scope, depth), *self.values(other, scope, depth)])
            case ast.BoolOp(values=parts):
                return doubted([v for part in parts for v in self.values(part, scope, depth)])
            case ast.NamedExpr(value=inner) | ast.Await(value=inner):
                return self.values(inner, scope, depth)
            case ast.Subscript():
                return self._subscript(expr, scope, depth)
            case ast.JoinedStr(values=parts):
                return self._joined(expr, parts, scope, depth)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._joined(expr, [left, right], scope, depth)
            case ast.BinOp(op=ast.Div()):
                return [Value("local", expr, self.code)]
            case ast.Call():
                return self._call(expr, scope, depth)
        return [Value("object", expr, self.code)]

    def items(self, expr: ast.expr, scope: Scope, depth: int = 0) -> list[Value]:
        """What may come out of iterating over `expr`: items of lists, values of dicts."""
        if not self._budget.take(expr, depth):
            return [Value("unknown", expr, self.code)]
        try:
            return self._items(expr, scope, depth)
        finally:
            self._budget.active.discard(expr)

    def _items(self, expr: ast.expr, scope: Scope, depth: int) -> list[Value]:
        match expr:
            case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts) | ast.Dict(values=parts):
                found = [v for part in parts for v in self._deep(part, scope, depth + 1)]
                return doubted(found[:MAX_VALUES])
            case ast.Name(id=name):
                bindings = [b for b in scope.look_up(name) if b.expr is not None and not b.items]
                found = [v for b in bindings if b.expr for v in self.items(b.expr, b.scope, depth + 1)]
                imported = self._imported(scope.look_up(name))
                if imported:
                    reader, bound = imported
                    found += [v for b in bound if b.expr for v in reader.items(b.expr, b.scope, depth + 1)]
                return found[:MAX_VALUES] or [Value("unknown", expr, self.code)]
            case ast.Attribute(attr=name) if name in self.code.attributes:
                return [v for e, s in self.code.attributes[name] for v in self.items(e, s, depth + 1)][:MAX_VALUES]
            case ast.Call(func=ast.Attribute(value=inner, attr="items" | "values" | "split" | "keys")):
                return self.items(inner, scope, depth + 1)
            case ast.Call(
                func=ast.Name(id="enumerate" | "sorted" | "list" | "tuple" | "set" | "tqdm" | "zip"), args=[*_, inner]
            ):
                return self.items(inner, scope, depth + 1)
        return [Value("unknown", expr, self.code)]

    def _deep(self, part: ast.expr, scope: Scope, depth: int) -> list[Value]:
        nested = isinstance(part, (ast.List, ast.Tuple, ast.Set, ast.Dict))
        return self.items(part, scope, depth) if nested else self.values(part, scope, depth)

    def _name(self, expr: ast.expr, name: str, scope: Scope, depth: int) -> list[Value]:
        bindings = scope.look_up(name)
        imported = self._imported(bindings)
        if imported:
            reader, bound = imported
            return [v for b in bound for v in reader._bound(b, expr, depth)] or [Value("unknown", expr, self.code)]
        if not bindings:
            return [self._unknown(expr)]
        return [v for b in bindings[:MAX_VALUES] for v in self._bound(b, expr, depth)]

    def _bound(self, binding: Binding, expr: ast.expr, depth: int) -> list[Value]:
        if binding.items and binding.expr is not None:
            return self.items(binding.expr, binding.scope, depth)
        if binding.expr is not None:
            return self.values(unwrapped(binding.expr), binding.scope, depth)
        if binding.function is not None:
            return self._parameter(binding, expr, depth)
        return [self._unknown(expr)] if binding.module is not None else [Value("object", expr, self.code)]

    def _imported(self, bindings: Iterable[Binding]) -> tuple[Reader, list[Binding]] | None:
        """The bindings of an imported constant in the file that holds it."""
        for binding in bindings:
            if binding.module is not None and binding.name:
                code = self._modules(binding.module, binding.level, self.code.file)
                if code is not None and binding.name in code.module.names:
                    return Reader(code, self._modules, self._budget), code.module.names[binding.name]
        return None

    def _parameter(self, binding: Binding, expr: ast.expr, depth: int) -> list[Value]:
        """The default of a parameter, what the calls in this file give it, and the option of its name."""
        function = binding.function
        if function is None or isinstance(function, ast.Lambda):
            return [self._unknown(expr)]
        found: list[Value] = []
        outer = binding.scope.parent or binding.scope
        for name, default in defaults(function.args):
            if name == binding.name:
                found += doubted(self.values(unwrapped(default), outer, depth))
        called = binding.owner if function.name == "__init__" else function.name
        names = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
        place = names.index(binding.name) if binding.name in names else None
        if place is not None and binding.owner and not is_static(function):
            place -= 1
        for call, scope in self.code.calls_of.get(called, ())[:20]:
            given = argument(call, place, (binding.name,))
            if given is not None:
                found += [v for v in self.values(given, scope, depth) if v.state != "unknown"]
        if function.decorator_list and binding.name in self.code.attributes:
            found += [v for e, s in self.code.attributes[binding.name] for v in self.values(unwrapped(e), s, depth)]
        return found or [self._unknown(expr)]

    def _attribute(self, expr: ast.Attribute, scope: Scope, depth: int) -> list[Value]:
        if expr.attr == "value":  # of a member of an enumeration
            member = [v for v in self.values(expr.value, scope, depth) if v.state == "text"]
            if member:
                return member
        if isinstance(expr.value, ast.Name):
            for binding in scope.look_up(expr.value.id):
                if binding.module is not None:
                    inner = f"{binding.module}.{binding.name}" if binding.name and binding.module else binding.name
                    code = self._modules(inner or binding.module, binding.level, self.code.file)
                    if code is not None and expr.attr in code.module.names:
                        reader = Reader(code, self._modules, self._budget)
                        return [v for b in code.module.names[expr.attr] for v in reader._bound(b, expr, depth)]
                    imported = self._imported([binding])
                    if imported and expr.attr in imported[0].code.attributes:
                        reader = imported[0]
                        return [
                            v
                            for e, s in reader.code.attributes[expr.attr]
                            for v in reader.values(unwrapped(e), s, depth)
                        ]
        known = self.code.attributes.get(expr.attr, ())
        found = [v for e, s in known[:MAX_VALUES] for v in doubted(self.values(unwrapped(e), s, depth))]
        return found or [self._unknown(expr)]

    def _subscript(self, expr: ast.Subscript, scope: Scope, depth: int) -> list[Value]:
        key = expr.slice.value if isinstance(expr.slice, ast.Constant) else None
        for holder, where in self._holders(expr.value, scope, depth):
            if isinstance(holder, ast.Dict) and isinstance(key, str):
                for name, value in zip(holder.keys, holder.values, strict=True):
                    if isinstance(name, ast.Constant) and name.value == key:
                        return self.values(value, where, depth)
            elif isinstance(holder, (ast.List, ast.Tuple)) and isinstance(key, int) and -1 <= key < len(holder.elts):
                return self.values(holder.elts[key], where, depth)
            elif key is None and isinstance(holder, (ast.Dict, ast.List, ast.Tuple)):
                return self.items(holder, where, depth)
        return [self._unknown(expr)]

    def _holders(self, expr: ast.expr, scope: Scope, depth: int) -> list[tuple[ast.expr, Scope]]:
        """The literals of lists and dicts that `expr` may be."""
        self._budget.left -= 1
        if depth > MAX_DEPTH or self._budget.left < 0:
            return []
        match expr:
            case ast.Dict() | ast.List() | ast.Tuple():
                return [(expr, scope)]
            case ast.Name(id=name):
                bound = [b for b in scope.look_up(name) if b.expr is not None and not b.items]
                return [h for b in bound if b.expr for h in self._holders(b.expr, b.scope, depth + 1)]
            case ast.Attribute(attr=name):
                return [h for e, s in self.code.attributes.get(name, ()) for h in self._holders(e, s, depth + 1)]
            case ast.Subscript(value=inner, slice=ast.Constant(value=str() as key)):
                return [
                    (value, where)
                    for holder, where in self._holders(inner, scope, depth + 1)
                    if isinstance(holder, ast.Dict)
                    for name, value in zip(holder.keys, holder.values, strict=True)
                    if isinstance(name, ast.Constant) and name.value == key
                ]
        return []

    def _joined(self, expr: ast.expr, parts: list[ast.expr], scope: Scope, depth: int) -> list[Value]:
        """Text put together from parts, if each of them can be followed."""
        choices: list[list[str]] = []
        for part in parts:
            inner = part.value if isinstance(part, ast.FormattedValue) else part
            got = self.values(inner, scope, depth)
            texts = [v.text for v in got if v.state == "text"]
            if any(v.state == "local" for v in got) or (not choices and texts and _is_place(texts[0])):
                return [Value("local", expr, self.code)]
            if isinstance(inner, ast.Constant) and isinstance(inner.value, (int, float)):
                texts = [str(inner.value)]
            if not texts:
                return [Value("unknown", expr, self.code)]
            choices.append(texts[:8])
        made = ["".join(one) for one in product(*choices[:8])][:MAX_VALUES]
        direct = all(len(c) == 1 for c in choices)
        return [Value("text", expr, self.code, text, direct) for text in made]

    def _call(self, expr: ast.Call, scope: Scope, depth: int) -> list[Value]:
        name = last_name(expr.func)
        if name in word_set("local_calls"):
            return [Value("local", expr, self.code)]
        if (
            name in ("getenv", "get", "pop", "setdefault", "getattr", "env")
            and len(expr.args) + len(expr.keywords) >= 2
        ):
            fallback = expr.args[-1] if len(expr.args) > 1 else expr.keywords[0].value
            held = []
            if name in ("get", "pop") and isinstance(expr.func, ast.Attribute):
                for holder, where in self._holders(expr.func.value, scope, depth):
                    held += self.items(holder, where, depth)
            return doubted([*held, *self.values(fallback, scope, depth)]) or [self._unknown(expr)]
        if name == "get" and isinstance(expr.func, ast.Attribute) and expr.args:
            as_item = ast.copy_location(ast.Subscript(expr.func.value, expr.args[0], ast.Load()), expr)
            return self._subscript(as_item, scope, depth)
        if name in ("str", "cast") and isinstance(expr.func, ast.Name) and expr.args:
            return self.values(expr.args[-1], scope, depth)
        if name in ("strip", "lower", "rstrip") and isinstance(expr.func, ast.Attribute):
            return self.values(expr.func.value, scope, depth)
        if name == "format" and isinstance(expr.func, ast.Attribute):
            return [Value("unknown", expr, self.code)]
        if name in self.code.returns:
            found = [v for e, s in self.code.returns[name][:8] for v in self.values(e, s, depth)]
            return doubted(found) or [self._unknown(expr)]
        made = name[:1].isupper() or name in (
            "from_pretrained",
            "load_model",
            "load",
            "from_config",
            "to",
            "cuda",
            "eval",
        )
        return [Value("object" if made else "unknown", expr, self.code)]

    def _unknown(self, expr: ast.expr) -> Value:
        """Nothing known; a name that says that it is a folder here is taken at its word."""
        local = globs("local_names").fit(last_name(expr).lower())
        return Value("local" if local else "unknown", expr, self.code)


def _is_place(text: str) -> bool:
    """Whether a text begins like a path of this machine."""
    return text.startswith(("/", "./", "../", "~")) or ("/" in text and text.partition("/")[0] in word_set("local"))
