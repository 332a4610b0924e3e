"""References in YAML, JSON and TOML: keys that name a repository, and commands and environments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from auditor.inputs.references.leaves import Leaf, json_leaves, toml_leaves, yaml_leaves
from auditor.inputs.references.names import Named, address, known_dataset, named
from auditor.inputs.references.reference import Confidence, Kind, Reference
from auditor.inputs.references.shell import Shell
from auditor.inputs.references.shell_variables import MAX_VARIABLES
from auditor.inputs.references.shell_words import Word
from auditor.inputs.references.tree import Tree
from auditor.inputs.references.vocabulary import key_kind, parents, takes_bare, word_set, words

MAX_RECORDS = 100_000  # characters of a JSON list that may still be settings
MAX_ROWS = 5000  # of one block of commands
_COMMANDS = frozenset(
    {
        "run",
        "command",
        "cmd",
        "script",
        "entrypoint",
        "before_script",
        "after_script",
        "args",
        "shell",
        "commands",
        "setup",
        "steps",
        "exec",
        "launch",
    }
)
_ENDINGS = ("_or_path", "_path", "_name", "_id", "_repo")
_ENVIRONMENTS = frozenset({"env", "environment", "variables", "environment_variables", "envs"})
_SURE = frozenset(
    {
        "base_model",
        "base_model_name_or_path",
        "model_name_or_path",
        "pretrained_model_name_or_path",
        "_name_or_path",
        "hf_hub_url",
    }
)


@dataclass(slots=True)
class _Holder:
    """A mapping or a list: its scalars by key, and its items."""

    keys: dict[str, Leaf] = field(default_factory=dict)
    items: list[Leaf] = field(default_factory=list)


def read_config(form: str, file: str, text: str, tree: Tree) -> Iterator[Reference]:
    """The references of a configuration. Never raises."""
    reader = {"yaml": yaml_leaves, "json": json_leaves, "toml": toml_leaves}[form]
    if form == "json" and len(text) > MAX_RECORDS and text.lstrip().startswith("["):
        return  # records, not settings
    leaves = list(reader(text))
    yield from _Config(file, text, tree, leaves).read()


class _Config:
    def __init__(self, file: str, text: str, tree: Tree, leaves: Sequence[Leaf]) -> None:
        self.file, self.text, self.tree, self.leaves = file, text, tree, leaves
        self.rows = text.splitlines()
        self.holders: dict[int, _Holder] = {}
        variables = (v for v in leaves if not v.is_key and not v.in_list and v.path[-2:-1])
        places = ((v.path[-1], Word(v.text, 0, (v.line, v.column))) for v in variables if v.path[-2] in _ENVIRONMENTS)
        self.environment = dict(islice(places, MAX_VARIABLES))
        for leaf in leaves:
            if leaf.is_key:
                continue
            holder = self.holders.setdefault(leaf.holder, _Holder())
            if leaf.in_list:
                holder.items.append(leaf)
            elif leaf.path:
                holder.keys[leaf.path[-1]] = leaf

    def read(self) -> Iterator[Reference]:
        """Keys first, then commands."""
        for leaf in self.leaves:
            if leaf.is_key:
                yield from self._mixed(leaf)
                continue
            found = self._leaf(leaf)
            if found:
                yield found
                continue
            yield from self._command(leaf)
            yield from self._setting(leaf)
        for holder in self.holders.values():
            yield from self._list(holder.items)

    def _leaf(self, leaf: Leaf) -> Reference | None:
        """What the key above a scalar says of it."""
        if leaf.block or len(leaf.text) > 300:
            return None
        key = leaf.path[-1] if leaf.path else ""
        text = leaf.text.strip()
        if text.startswith(("http://", "https://", "hf://")):
            found = address(text)
            return (
                self._reference(leaf, found, found.revision, f"config:{key}", sure=True)
                if found and "/" in found.id
                else None
            )
        kind = self._kind(leaf) or self._kind_beside(leaf)
        if kind is None:
            return self._served(leaf)
        bare = takes_bare(key, kind) and (kind == "model" or (known_dataset(text) and not self._is_subset(leaf)))
        found = named(
            text, "dataset" if kind == "dataset" else "model", self.tree, self.file, bare=bare, api=self._is_api(leaf)
        )
        if found is None or (found.kind == "closed" and kind == "dataset"):
            return self._unresolved(leaf, key, text)
        return self._reference(leaf, found, self._revision(leaf) or found.revision, f"config:{key}", sure=key in _SURE)

    def _kind(self, leaf: Leaf) -> str | None:
        """`model` or `dataset` by the keys above, the nearest first."""
        if not leaf.path:
            return None
        key = leaf.path[-1].lower().replace("-", "_").rpartition(".")[2]
        above = [p.lower().replace("-", "_") for p in leaf.path[:-1]]
        inside = words()["keys"]
        if key in inside["config_model"]:
            return "dataset" if any("dataset" in p for p in above) else "model"
        for name, kind in (("inside_dataset", "dataset"), ("inside_model", "model")):
            near = above[-1:] if leaf.path[-1:] and above else []
            near = near or leaf.path[-1].lower().split(".")[:-1][-1:]
            if key in inside[name]["names"] and any(parents(name).fit(p) for p in near):
                return kind
        if any(p in ("env", "uses", "with", "matrix", "on") for p in above[-1:]) and key in ("name", "path"):
            return None
        found = key_kind(key)
        if found is None and leaf.in_list and len(above) > 0 and key in ("id", "name", "path"):
            return None
        return found

    def _kind_beside(self, leaf: Leaf) -> str | None:
        """What the other keys of the part say: a path beside a split is that of a dataset."""
        beside = self.holders.get(leaf.holder, _Holder()).keys
        says = leaf.path[-1:] == ("path",) and not leaf.in_list
        return "dataset" if says and not word_set("keys", "beside_dataset").isdisjoint(beside) else None

    def _served(self, leaf: Leaf) -> Reference | None:
        """`name: gemini-1.5-flash` beside the key of an API."""
        if leaf.path[-1:] not in (("name",), ("id",)) or not self._is_api(leaf):
            return None
        found = named(leaf.text.strip(), "model", self.tree, self.file, api=True)
        return (
            self._reference(leaf, found, None, f"config:{leaf.path[-1]}") if found and found.kind == "closed" else None
        )

    def _is_subset(self, leaf: Leaf) -> bool:
        """Whether the dataset itself stands beside a name, which is then that of a part of it."""
        beside = self.holders[leaf.holder].keys
        return any(k in beside and "/" in beside[k].text for k in ("dataset_path", "dataset_name_or_path", "path"))

    def _is_api(self, leaf: Leaf) -> bool:
        """Whether names of closed models count by form: beside a key of an API, or in a router's list."""
        beside = self.holders.get(leaf.holder, _Holder()).keys
        return "litellm_params" in leaf.path or any(
            k in beside for k in ("api_key", "api_base", "provider", "api_key_env", "api_type")
        )

    def _revision(self, leaf: Leaf) -> str | None:
        """The pin beside a name: `revision`, or one that says of what it is."""
        if leaf.in_list or not leaf.path:
            return None
        stem = leaf.path[-1]
        for ending in _ENDINGS:
            stem = stem.removesuffix(ending)
        wanted = [f"{stem}_revision", f"revision_of_{stem}", "revision", "hf_revision"]
        if stem in ("model", "base_model", "pretrained_model"):
            wanted += ["model_revision", "revision_of_model"]
        beside = self.holders[leaf.holder].keys
        return next((beside[key].text for key in wanted if key in beside and len(beside[key].text) <= 200), None)

    def _unresolved(self, leaf: Leaf, key: str, text: str) -> Reference | None:
        """`${oc.env:MODEL}` or `{{ model }}` under a key that names a repository."""
        open_marks = ("${", "{{", "$(")
        if not any(m in text for m in open_marks) or (" " in text and "{{" not in text) or len(text) > 200:
            return None
        fallback = _fallback(text)
        if fallback:
            kind: Kind = "dataset" if self._kind(leaf) == "dataset" else "model"
            found = named(fallback, kind, self.tree, self.file, bare=takes_bare(key, kind))
            return self._reference(leaf, found._replace(sure=False), None, f"config:{key}") if found else None
        if (text.startswith("${") and "env" not in text and "." in text) or (
            text.startswith("${{") and "matrix" in text
        ):
            return None  # another key of the same configuration, which is read itself
        return self._reference(leaf, Named(text, "unresolved", None, False), None, f"config:{key}")

    def _mixed(self, leaf: Leaf) -> Iterator[Reference]:
        """Ids that are themselves keys: the parts of a mixture of datasets with their shares."""
        above = [p.lower() for p in leaf.path]
        if above and above[-1].startswith(("dataset_mix", "datasets_mix", "data_mix")) and "/" in leaf.text:
            found = named(leaf.text, "dataset", self.tree, self.file)
            if found:
                yield self._reference(leaf, found, found.revision, f"config:{leaf.path[-1]}")

    def _setting(self, leaf: Leaf) -> Iterator[Reference]:
        """`NAME=value` in the lists of compose files, and `name:`/`value:` pairs of Kubernetes."""
        name, equals, value = leaf.text.partition("=")
        beside = self.holders.get(leaf.holder, _Holder()).keys
        if leaf.in_list and equals and name.replace("_", "a").isalnum() and value and " " not in leaf.text:
            yield from self._shell(leaf)
        elif not leaf.in_list and leaf.path[-1:] == ("value",) and "name" in beside:
            kind = key_kind(beside["name"].text)
            found = (
                named(
                    leaf.text,
                    "dataset" if kind == "dataset" else "model",
                    self.tree,
                    self.file,
                    bare=takes_bare(beside["name"].text, kind),
                )
                if kind
                else None
            )
            if found:
                yield self._reference(leaf, found, found.revision, f"env:{beside['name'].text}")

    def _command(self, leaf: Leaf) -> Iterator[Reference]:
        """Commands: block scalars and one-liners under a key that runs something."""
        key = leaf.path[-1].lower() if leaf.path else ""
        if key not in _COMMANDS or (leaf.in_list and "\n" not in leaf.text and " " not in leaf.text):
            return
        if leaf.block:
            rows = self._block(leaf.line)
            folded = self.rows[leaf.line - 1].rstrip().endswith((">", ">-", ">+"))
            script = (" \\\n" if folded else "\n").join(rows)
            yield from Shell(self.file, script, self.tree, self.environment, line=leaf.line + 1).read()
            return
        yield from self._shell(leaf)

    def _block(self, first: int) -> list[str]:
        """The lines of a block scalar as they stand in the file, from the line behind its key."""
        rows: list[str] = []
        indent = -1
        for row in self.rows[first : first + MAX_ROWS]:
            own = len(row) - len(row.lstrip())
            if row.strip():
                indent = own if indent < 0 else indent
                if own < indent:
                    break
            rows.append(row)
        return rows

    def _shell(self, leaf: Leaf) -> Iterator[Reference]:
        """One line as a script, put where it stands in the file."""
        column = leaf.column + (1 if leaf.quoted else 0)
        script = leaf.text.replace("\n", " ")
        yield from Shell(self.file, script, self.tree, self.environment, line=leaf.line, column=column).read()

    def _list(self, items: Sequence[Leaf]) -> Iterator[Reference]:
        """`["--model", "org/name"]`: a command as a list of words."""
        if len(items) < 2 or not any(
            i.text.startswith("-") or i.text in ("serve", "download", "run", "pull") for i in items
        ):
            return
        shell = Shell(self.file, "", self.tree, self.environment)
        command = [Word(leaf.text, 0, (leaf.line, leaf.column)) for leaf in items if "\n" not in leaf.text]
        if command:
            yield from shell.command(command)

    def _reference(self, leaf: Leaf, found: Named, revision: str | None, how: str, *, sure: bool = False) -> Reference:
        confidence: Confidence = "sure" if sure and found.sure else "likely"
        return Reference(
            found.id, found.kind, self.file, leaf.line, leaf.column, revision, how[:120], confidence, leaf.text[:300]
        )


def _fallback(text: str) -> str:
    """The default inside `${NAME:-default}`, `${NAME:default}` and `${oc.env:NAME,default}`."""
    if not text.startswith("${") or not text.endswith("}"):
        return ""
    inner = text[2:-1]
    if inner.startswith("oc."):
        return inner.partition(",")[2].strip("'\" ")
    return inner.partition(":")[2].removeprefix("-").strip("'\" ")
