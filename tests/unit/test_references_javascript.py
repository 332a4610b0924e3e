"""References in JavaScript and TypeScript, form by form."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.inputs.references import find

HF = "import { pipeline, AutoModel } from '@huggingface/transformers';\n"
AI = "import { openai } from '@ai-sdk/openai';\n"
SDK = "import OpenAI from 'openai';\n"

FOUND = {
    HF + "const p = await pipeline('summarization', 'Xenova/distilbart-cnn-6-6');": "model Xenova/distilbart-cnn-6-6",
    HF + 'await AutoModel.from_pretrained("org/x", { revision: "v2", dtype: "q4" });': "model org/x@v2",
    HF + "const ID = 'org/x';\nawait AutoModel.from_pretrained(ID);": "model org/x",
    HF + "await AutoModel.from_pretrained(process.argv[2]);": "unresolved process.argv[2]",
    HF + "const a = /['\"]/; await pipeline('x', 'org/x');": "model org/x",
    HF + "const half = n / 2; await pipeline('x', `org/x`); // 'org/y'": "model org/x",
    SDK + "await client.chat.completions.create({ model: 'gpt-4o-mini', messages });": "closed gpt-4",
    SDK + "await client.embeddings.create({ 'model': \"text-embedding-3-small\" });": "closed openai-embeddings",
    SDK + "const model = process.env.MODEL ?? 'gpt-4.1';": "closed gpt-4",
    SDK + "function ask(q: string, model: string = 'o3-mini') {}": "closed openai-o-series",
    AI + "const { text } = await generateText({ model: openai('gpt-4o'), prompt });": "closed gpt-4",
    AI + "embed({ model: openai.embedding('text-embedding-3-large') });": "closed openai-embeddings",
    "import Anthropic from '@anthropic-ai/sdk';\nconst MODEL = 'claude-sonnet-4-5';": "closed claude-4",
    "import { HfInference } from '@huggingface/inference';\nhf.textGeneration({ model: 'org/x' });": "model org/x",
    "import ollama from 'ollama';\nollama.chat({ model: 'llama3.1' });": "model meta-llama/Llama-3.1-8B-Instruct",
    "// see\nfetch('https://huggingface.co/org/x/resolve/main/a.bin');": "model org/x",
}
QUIET = [
    HF + "// await pipeline('x', 'org/x')\n/* model: 'org/y' */",
    HF + "import x from 'lodash/fp';\nconst path = 'src/models/a';",
    HF + "if (model === 'org/x') {}",
    SDK + "const chat = (command) => command === 'run' ? 'a' : 'b';",
    SDK + "const headers = { 'Content-Type': 'application/json', role: 'user' };",
    SDK + "const model = useModel();\nconst page = 'docs/intro';",
    "chat('hello/world'); // no SDK here: gpt-",
    SDK + f"const packed = 1;{' ' * 6000}const model = 'gpt-4o';",
]


def ids(folder: Path, text: str, name: str = "a.ts") -> list[str]:
    (folder / name).write_text(text, "utf-8")
    return [f"{r.kind} {r.id}" + (f"@{r.revision}" if r.revision else "") for r in find(folder)]


@pytest.mark.parametrize("source", FOUND)
def test_found(tmp_path: Path, source: str) -> None:
    assert ids(tmp_path, source) == [FOUND[source]]


@pytest.mark.parametrize("source", QUIET)
def test_quiet(tmp_path: Path, source: str) -> None:
    assert ids(tmp_path, source) == []


def test_places_are_those_of_the_literal(tmp_path: Path) -> None:
    (tmp_path / "a.mjs").write_text(SDK + "const x = {\n  model: 'gpt-4o',\n};\n", "utf-8")
    (one,) = find(tmp_path)
    assert (one.line, one.column) == (3, 10)


def test_objects_in_a_list_of_models_have_ids(tmp_path: Path) -> None:
    catalog = "export const MODELS: Model[] = [{ id: 'org/x', name: 'X/Y', tags: ['a/b'] }, { id: 'org/z' }];"
    assert ids(tmp_path, HF + catalog) == ["model org/x", "model org/z"]


def test_lists_have_all_their_names(tmp_path: Path) -> None:
    assert ids(tmp_path, SDK + "const models = ['gpt-4o', 'claude-3-opus', { x: 1 }];") == [
        "closed gpt-4",
        "closed claude-3",
    ]


def test_nested_lists_cost_little(tmp_path: Path) -> None:
    assert ids(tmp_path, SDK + "models: [\n" * 50_000) == []


@pytest.mark.parametrize("text", ["'", "`${", "/* ", "a.b(", "model:", "from_pretrained(", "\ud800 gpt-", "/[/ gpt-"])
def test_broken_files_break_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.js").write_bytes((SDK + text).encode("utf-8", "surrogatepass"))
    assert find(tmp_path) == ()
