"""The scan of a tree: which file is read by whom, and one reference for each place."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from auditor.inputs.references.python import read_python
from auditor.inputs.references.python_code import Code, parse, read_code
from auditor.inputs.references.reference import MARK, Reference, Scan, Skipped
from auditor.inputs.references.tree import MAX_BYTES, Tree

MAX_NOTEBOOK = 20_000_000  # bytes; pictures make notebooks heavy


def find(root: Path, *, exclude: Iterable[str] = ()) -> tuple[Reference, ...]:
    """What the repository at `root` uses, sorted by place. `exclude` are globs of paths relative to it."""
    return scan(root, exclude=exclude).references


def scan(root: Path, *, exclude: Iterable[str] = ()) -> Scan:
    """`find`, with the files that were too heavy or could not be read. Raises NotADirectoryError."""
    if not root.is_dir():
        raise NotADirectoryError(str(root))
    scanner = _Scanner(Tree(root, exclude))
    found = [r for file in scanner.tree.files for r in scanner.read(file)]
    return Scan(_one_a_place(found), tuple(scanner.skipped), tuple(scanner.marked))


class _Scanner:
    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.skipped: list[Skipped] = []
        self.marked: list[str] = []
        self._modules: dict[str, Code | None] = {}

    def read(self, file: str) -> Iterator[Reference]:
        """The references of one file."""
        form = form_of(file)
        if form is None:
            return
        data = self.tree.read(file, MAX_NOTEBOOK if form == "notebook" else MAX_BYTES)
        if isinstance(data, Skipped):
            self.skipped.append(data)
        if not isinstance(data, bytes):
            return
        if form != "card" and MARK.encode() in data:  # prose may show how a waiver is written
            self.marked.append(file)
        if not promising(form, data):
            return
        text = data.decode("utf-8", "replace").removeprefix("\ufeff")
        yield from self._parsed(form, file, text)

    def _parsed(self, form: str, file: str, text: str) -> Iterator[Reference]:
        if form == "python":
            yield from read_python(file, text, self.tree, self.module)
            return
        from auditor.inputs.references import readers

        yield from readers.read(form, file, text, self.tree, self.module)

    def module(self, name: str, level: int, near: str) -> Code | None:
        """The file of this tree that an import in `near` means, read."""
        parts = [p for p in name.split(".") if p]
        folder = PurePosixPath(near).parent
        tried = []
        if level:
            for _ in range(level - 1):
                folder = folder.parent
            tried.append(folder.joinpath(*parts))
        elif parts:
            tried += [f.joinpath(*parts) for f in (folder, *folder.parents, PurePosixPath("src"))]
        for path in tried:
            for file in (f"{path}.py", f"{path}/__init__.py"):
                if self.tree.has(file):
                    return self._module(file)
        return None

    def _module(self, file: str) -> Code | None:
        if file not in self._modules:
            data = self.tree.read(file)
            text = data.decode("utf-8", "replace") if isinstance(data, bytes) else ""
            parsed = parse(text.removeprefix("\ufeff")) if text else None
            self._modules[file] = read_code(file, text, parsed) if parsed else None
        return self._modules[file]


def form_of(file: str) -> str | None:
    """Which reader a file is for, by its name; None for a file that holds no references."""
    folder, _, name = file.lower().rpartition("/")
    stem, dot, last = name.rpartition(".")
    ending = f".{last}" if dot and stem else ""
    if name in _NAMES:
        return _NAMES[name]
    if name.startswith(("dockerfile", "containerfile")) or ending in (".dockerfile", ".containerfile"):
        return "docker"
    if (name.startswith(("requirements", "constraints")) and ending in (".txt", ".in")) or (
        folder.endswith("requirements") and ending == ".txt"
    ):
        return "requirements"
    if name.startswith(".env"):
        return "shell"
    if name.startswith("modelfile"):
        return "modelfile"
    return _ENDINGS.get(ending)


_NAMES = {
    "makefile": "shell",
    "gnumakefile": "shell",
    "justfile": "shell",
    "procfile": "shell",
    "jenkinsfile": "shell",
    ".gitmodules": "shell",
    "package.json": None,
    "package-lock.json": None,
    "tsconfig.json": None,
    "poetry.lock": None,
    "uv.lock": None,
    "pixi.lock": None,
    "pnpm-lock.yaml": None,
    "tokenizer.json": None,
    "vocab.json": None,
    ".pre-commit-config.yaml": None,
    "mkdocs.yml": None,
    "auditor.toml": None,
    "auditor.lock": None,
    "auditor.baseline.json": None,
}
_ENDINGS = {
    ".py": "python",
    ".pyw": "python",
    ".ipynb": "notebook",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".json": "json",
    ".jsonc": "json",
    ".toml": "toml",
    ".sh": "shell",
    ".bash": "shell",
    ".zsh": "shell",
    ".slurm": "shell",
    ".sbatch": "shell",
    ".pbs": "shell",
    ".ps1": "shell",
    ".bat": "shell",
    ".mk": "shell",
    ".env": "shell",
    ".md": "card",
    **dict.fromkeys((".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx"), "javascript"),
}


@functools.cache
def _patterns() -> dict[str, list[Any]]:
    import re2

    call = (
        r"from_pretrained|load_dataset|hf_hub|hf-hub|snapshot_download|SentenceTransformer|CrossEncoder|pipeline\(|hf://|"
        r"huggingface\.co|hf\.co/|LLM\(|EngineArgs|spacy\.load|from_single_file|load_lora_weights|load_ip_adapter|ollama|"
        r"(?i:openai|anthropic|litellm|genai|generativeai|vertexai)|create_model\([\"']|"
        r"InferenceClient|HuggingFace|WhisperModel|hf download|"
        r"huggingface-cli|vllm\b.{0,9}serve|ollama|pretrained=[\w.-]+/|"
        r"pipeline as |(?:completions|messages|responses|embeddings|images)\.create"
    )
    named = (
        r"(?i:model|dataset|checkpoint|ckpt|tokenizer|adapter|encoder|backbone|pretrain|embed|llm|judge|teacher|student|lora|rerank|vae|unet|controlnet|hf_)"
        r"[\w-]*[\"']?\s*"
        r"(?:[:=,(\[{]|\]\s*=)[^\n#]{0,120}?[\"'][A-Za-z0-9][\w.-]+/[A-Za-z0-9][\w.-]*[\"'@]"
    )
    closed = r"(?i:model|engine|llm)\w*[\"']?\]?\s*[:=,].{0,80}?[\"'](?:gpt-|claude-|gemini-|o[13]-|text-davinci|grok-)"
    words = r"(?i:model|dataset|checkpoint|encoder|tokenizer|teacher|student|adapter|judge|rerank|embed)"
    listed = (
        rf"{words}\w*\s*(?::[^=\n]{{1,60}})?=\s*(?:[\w.]*)[\[{{(]\s*\n|"
        rf"[\"']--?[\w-]*{words}[\w-]*[\"'],\s*(?:\n|[\w.]+\s*[,\])])|[\"']split[\"']\s*:|"
        rf"--[\w-]*{words}[\w-]*[ =][\w.-]+/"
    )
    set_outside = r"(?:getenv|environ\.(?:get|setdefault))\([^\n]{0,80}[\"'][A-Za-z0-9][\w.-]+/[A-Za-z0-9][\w.-]*[\"']"
    bare = r"[\"'](?:bert-|gpt2|roberta-|t5-|distil|xlm-|albert-|xlnet-)"
    config = (
        r"(?i:huggingface\.co|hf\.co/|hf://|gpt-|claude-|gemini-|ollama|spacy)|[\w-][\w.-]*\\?/[\w-]|\$\{|\{\{|"
        r"[\"' ](?:bert-|gpt2|roberta-|t5-|distil|xlm-|albert-|xlnet-)|dataset_name"
    )
    keys = (
        r"(?i:model|dataset|checkpoint|ckpt|tokenizer|adapter|lora|encoder|backbone|pretrain|embed|rerank|llm|teacher|"
        r"student|repo_id|judge|vae|unet|controlnet|hf_|huggingface|draft|spacy|api_type|api_key|split)"
    )
    as_config = [re2.compile(p.encode()) for p in (keys, config)]
    code = [re2.compile("|".join((call, named, set_outside, closed, listed, bare)).encode())]
    shell = re2.compile(
        rb"huggingface-cli|hf download|vllm|--model|--dataset|ollama|git clone|spacy|[\w.-]+_model|litgpt"
    )
    notebook = [re2.compile(code[0].pattern + b"|" + shell.pattern)]
    script = (
        r"(?i:from_pretrained|transformers|huggingface|hf\.co/|openai|anthropic|ai-sdk|genai|generative-ai|ollama|langchain|"
        r"cohere|mistral|litellm|gpt-|claude-|gemini-)"
    )
    by_form = {"javascript": [re2.compile(script.encode())], "python": code, "notebook": notebook}
    return by_form | dict.fromkeys(("yaml", "json", "toml"), as_config)


def promising(form: str, data: bytes) -> bool:
    """A quick look that spares most files the parser; it errs on the side of reading."""
    return all(pattern.search(data) for pattern in _patterns().get(form, ()))


def _one_a_place(found: Iterable[Reference]) -> tuple[Reference, ...]:
    """One reference for each place and id: the surest; unpinned where any use is unpinned."""
    kept: dict[tuple[str, int, int, str], Reference] = {}
    for one in found:
        key = (one.file, one.line, one.column, one.id)
        old = kept.get(key)
        kept[key] = one if old is None else _joined(old, one)
    known = {key[:3] for key, one in kept.items() if one.kind != "unresolved"}  # one of several calls understands it
    told = [one for key, one in kept.items() if one.kind != "unresolved" or key[:3] not in known]
    return tuple(sorted(told, key=lambda r: (r.file, r.line, r.column, r.id)))


def _joined(old: Reference, new: Reference) -> Reference:
    """Two uses of one place. A name alone (`name:...`) says nothing about pins."""
    if new.how.startswith("name:") and not old.how.startswith("name:"):
        return old
    best = new if old.how.startswith("name:") or (old.confidence, new.confidence) == ("likely", "sure") else old
    both = old.revision if old.revision == new.revision or old.how.startswith("name:") else None
    revision = new.revision if old.how.startswith("name:") else both
    return Reference(
        best.id, best.kind, best.file, best.line, best.column, revision, best.how, best.confidence, best.text
    )
