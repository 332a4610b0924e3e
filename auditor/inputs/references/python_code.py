"""A Python file as what it binds: names by scope, calls, and every `key = value` that could name a repository."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

from auditor.inputs.references.vocabulary import word_set

MAX_NODES = 400_000


@dataclass(slots=True, eq=False)
class Scope:
    """Names bound in a module, a function or a class body."""

    parent: Scope | None
    node: ast.AST
    names: dict[str, list[Binding]] = field(default_factory=dict)

    def bind(self, name: str, binding: Binding) -> None:
        """One more thing that the name may stand for."""
        self.names.setdefault(name, []).append(binding)

    def look_up(self, name: str) -> list[Binding]:
        """What the name may stand for in the innermost scope that binds it; class bodies are not seen from within."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names and (scope is self or not isinstance(scope.node, ast.ClassDef)):
                return scope.names[name]
            scope = scope.parent
        return []


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """What a name may stand for.

    An expression (`items`: one of its items), a parameter (`function`, `name`), an import (`module`, `name`, `level`),
    or an object when all are absent.
    """

    scope: Scope
    expr: ast.expr | None = None
    items: bool = False
    function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | None = None
    owner: str = ""
    module: str | None = None
    name: str = ""
    level: int = 0


@dataclass(slots=True, eq=False)
class Code:
    """One parsed file. `attributes` are fields of classes, `self.x`, and options of a command line, by last name."""

    file: str
    text: str
    module: Scope
    calls: list[tuple[ast.Call, Scope]] = field(default_factory=list)
    calls_of: dict[str, list[tuple[ast.Call, Scope]]] = field(default_factory=dict)
    pairs: list[tuple[str, ast.expr, Scope]] = field(default_factory=list)
    attributes: dict[str, list[tuple[ast.expr, Scope]]] = field(default_factory=dict)
    returns: dict[str, list[tuple[ast.expr, Scope]]] = field(default_factory=dict)
    strings: list[ast.Constant] = field(default_factory=list)
    commands: list[tuple[ast.List, Scope]] = field(default_factory=list)


def parse(text: str) -> ast.Module | None:
    """The syntax tree; None for what is not Python, or too deep to be read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def read_code(file: str, text: str, tree: ast.Module) -> Code:
    """Everything that the tree binds and calls, in one pass."""
    code = Code(file, text, Scope(None, tree))
    waiting: list[tuple[ast.AST, Scope]] = [(tree, code.module)]
    seen = 0
    while waiting and seen < MAX_NODES:
        seen += 1
        node, scope = waiting.pop()
        kind = type(node)
        if kind in _PLAIN:
            continue
        inner = _take(node, scope, code) if kind in _TAKEN else scope
        if kind is ast.Expr and isinstance(node.value, ast.Constant):  # type: ignore[attr-defined]
            continue  # a docstring is no use
        for name in node._fields:
            child = getattr(node, name)
            if type(child) is list:
                waiting += [(one, inner) for one in child if isinstance(one, ast.AST)]
            elif isinstance(child, ast.AST):
                waiting.append((child, inner))
    code.calls.sort(key=lambda c: (c[0].lineno, c[0].col_offset))
    return code


_PLAIN = frozenset({ast.Name, ast.Load, ast.Store, ast.Del, ast.Pass, ast.Break, ast.Continue, ast.alias})
_PLAIN |= frozenset({*ast.operator.__subclasses__(), *ast.cmpop.__subclasses__(), *ast.unaryop.__subclasses__()})
_TAKEN = frozenset(
    {ast.Constant, ast.Call, ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.AugAssign, ast.For, ast.AsyncFor, ast.Dict}
    | {ast.List}
    | {ast.comprehension, ast.withitem, ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda}
    | {ast.ClassDef, ast.Return}
)


def _take(node: ast.AST, scope: Scope, code: Code) -> Scope:
    """Note what a node binds; the scope in which its children stand."""
    match node:
        case ast.Constant(value=str()):
            code.strings.append(node)
        case ast.Call():
            _call(node, scope, code)
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                _assign(target, value, scope, code)
        case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
            _assign(target, value, scope, code)
        case ast.AugAssign(target=ast.Name(id=name), value=value):
            scope.bind(name, Binding(scope))
            code.pairs.append((name, value, scope))
        case ast.For(target=target, iter=source) | ast.AsyncFor(target=target, iter=source):
            _items(target, source, scope)
        case ast.comprehension(target=target, iter=source):
            _items(target, source, scope)
        case ast.withitem(optional_vars=ast.Name(id=name)):
            scope.bind(name, Binding(scope))
        case ast.Import(names=names):
            for alias in names:
                bound = alias.asname or alias.name.partition(".")[0]
                scope.bind(bound, Binding(scope, module=alias.name if alias.asname else bound))
        case ast.ImportFrom(names=names):
            for alias in names:
                binding = Binding(scope, module=node.module or "", name=alias.name, level=node.level)
                scope.bind(alias.asname or alias.name, binding)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return _function(node, scope, code)
        case ast.Lambda(args=arguments):
            return _parameters(arguments, node, Scope(scope, node), "", code)
        case ast.ClassDef(name=name):
            scope.bind(name, Binding(scope))
            return Scope(scope, node)
        case ast.Return(value=ast.expr() as value) if isinstance(scope.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            code.returns.setdefault(scope.node.name, []).append((value, scope))
        case ast.Dict(keys=keys, values=values):
            named = {k.value: v for k, v in zip(keys, values, strict=True) if isinstance(k, ast.Constant)}
            code.pairs += [(key, value, scope) for key, value in named.items() if isinstance(key, str)]
            if "path" in named and not word_set("keys", "beside_dataset").isdisjoint(named):
                code.pairs.append(("dataset_path", named["path"], scope))
        case ast.List(elts=parts):
            if any(
                isinstance(p, ast.Constant) and isinstance(p.value, str) and p.value.startswith("--") for p in parts
            ):
                code.commands.append((node, scope))
    return scope


def _assign(target: ast.expr, value: ast.expr, scope: Scope, code: Code) -> None:
    match target:
        case ast.Name(id=name):
            scope.bind(name, Binding(scope, value))
            code.pairs.append((name, value, scope))
            if isinstance(scope.node, ast.ClassDef):
                code.attributes.setdefault(name, []).append((value, scope))
        case ast.Attribute(attr=name):
            code.attributes.setdefault(name, []).append((value, scope))
            code.pairs.append((name, value, scope))
        case ast.Subscript(slice=ast.Constant(value=str() as name)):
            code.pairs.append((name, value, scope))
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(targets):
                for one, part in zip(targets, value.elts, strict=True):
                    _assign(one, part, scope, code)
            else:
                for one in targets:
                    if isinstance(one, ast.Name):
                        scope.bind(one.id, Binding(scope))


def _items(target: ast.expr, source: ast.expr, scope: Scope) -> None:
    """The target of a loop; over `.items()` and `enumerate` the last of its names takes the values."""
    if isinstance(target, ast.Tuple):
        for at, one in enumerate(target.elts):
            if isinstance(one, ast.Name):
                last = at == len(target.elts) - 1
                scope.bind(one.id, Binding(scope, source, items=True) if last else Binding(scope))
    elif isinstance(target, ast.Name):
        scope.bind(target.id, Binding(scope, source, items=True))


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope, code: Code) -> Scope:
    scope.bind(node.name, Binding(scope))
    owner = scope.node.name if isinstance(scope.node, ast.ClassDef) else ""
    return _parameters(node.args, node, Scope(scope, node), owner, code)


def _parameters(
    arguments: ast.arguments,
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda,
    inner: Scope,
    owner: str,
    code: Code,
) -> Scope:
    for parameter in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        inner.bind(parameter.arg, Binding(inner, function=node, owner=owner, name=parameter.arg))
    for name, default in defaults(arguments):
        code.pairs.append((name, default, inner))
    for star in (arguments.vararg, arguments.kwarg):
        if star:
            inner.bind(star.arg, Binding(inner))
    return inner


def defaults(arguments: ast.arguments) -> Iterator[tuple[str, ast.expr]]:
    """Parameters with their defaults."""
    positional = [*arguments.posonlyargs, *arguments.args]
    if arguments.defaults:
        for parameter, default in zip(positional[-len(arguments.defaults) :], arguments.defaults, strict=True):
            yield parameter.arg, default
    for parameter, given in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if given is not None:
            yield parameter.arg, given


def _call(node: ast.Call, scope: Scope, code: Code) -> None:
    name = last_name(node.func)
    code.calls.append((node, scope))
    code.calls_of.setdefault(name, []).append((node, scope))
    if name in ("add_argument", "option", "argument") or name.startswith("DEFINE_"):
        _option(node, name, scope, code)
        return
    if name == "parametrize":
        _parametrized(node, scope, code)
    for keyword in node.keywords:
        if keyword.arg:
            code.pairs.append((keyword.arg, keyword.value, scope))
            if name[:1].isupper() or name in ("dict", "edict"):
                code.attributes.setdefault(keyword.arg, []).append((keyword.value, scope))


def _parametrized(node: ast.Call, scope: Scope, code: Code) -> None:
    """`@pytest.mark.parametrize("a,b", [...])`: what the parameters of a test are given."""
    if len(node.args) < 2 or not isinstance(node.args[1], (ast.List, ast.Tuple)):
        return
    first = node.args[0]
    parts = first.elts if isinstance(first, (ast.List, ast.Tuple)) else [first]
    texts = [p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str)]
    names = [name.strip() for text in texts for name in text.split(",")]
    for row in node.args[1].elts:
        values = row.args if isinstance(row, ast.Call) and last_name(row.func) == "param" else [row]
        if len(names) > 1 and len(values) == 1 and isinstance(values[0], (ast.Tuple, ast.List)):
            values = values[0].elts
        for name, value in zip(names, values, strict=False):
            code.pairs.append((name, value, scope))
            code.attributes.setdefault(name, []).append((value, scope))


def _option(node: ast.Call, name: str, scope: Scope, code: Code) -> None:
    """An option of argparse, click or absl: its default is the value of an attribute or a parameter of its name."""
    flags = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    given = {k.arg: k.value for k in node.keywords if k.arg}
    if not flags:
        return
    destination = given.get("dest")
    longest = flags[0] if name.startswith("DEFINE_") else max(flags, key=lambda f: (f.startswith("--"), len(f)))
    key = str(destination.value) if isinstance(destination, ast.Constant) else longest.strip("-").replace("-", "_")
    default = given.get("default") or (node.args[1] if name.startswith("DEFINE_") and len(node.args) > 1 else None)
    if default is not None:
        code.attributes.setdefault(key, []).append((default, scope))
        code.pairs.append((key, default, scope))


def last_name(node: ast.AST) -> str:
    """`c` of `a.b.c`, of `c(...)`, of `c[...]`; empty for anything else."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=inner) | ast.Subscript(value=inner):
            return last_name(inner)
    return ""


def root_name(node: ast.AST) -> str:
    """`a` of `a.b.c(...)`."""
    while isinstance(node, (ast.Attribute, ast.Call, ast.Subscript)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""
