"""References in Python, form by form."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.inputs.references import find


def ids(folder: Path, **files: str) -> list[str]:
    """`kind id[@revision]` of everything in the files, in order; `__` in a name is a slash."""
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return [f"{r.kind} {r.id}" + (f"@{r.revision}" if r.revision else "") for r in find(folder)]


FOUND = {
    "@pytest.mark.parametrize('n', ['org/x'])\ndef test_a(n):\n    AutoModel.from_pretrained(n)": "model org/x",
    "@mark.parametrize('n,k', [pytest.param('org/x', 1)])\ndef t(n, k):\n    Model.from_pretrained(n)": "model org/x",
    "command = f'trl dpo --output_dir {tmp} --model_name_or_path org/x'": "model org/x",
    "cmd = 'serve'\ncmd += ' --tokenizer-path org/x'": "model org/x",
    "run_it(['launch', '--model_name_or_path', 'org/x', '--lr', LR])": "model org/x",
    "BASE = 'org/x'\nrun_it(['launch', '--model', BASE])": "model org/x",
    "parser.add_argument('--model-name-or-path', type=str, default='org/x')": "model org/x",
    "cfg = {'path': 'org/x', 'split': 'train'}": "dataset org/x",
    "snapshot_download_w_retry('org/x', repo_type='dataset')": "dataset org/x",
    "cfg = {'tokenizer_config': 'org/x'}": "model org/x",
    "M = os.getenv('TINY', 'org/x')\nARGS = {'model_name_or_path': M}": "model org/x",
    "OPENAI_MODEL_LIST = ('gpt-4-0613',)": "closed gpt-4",
    "models = {Source.DEFAULT: 'org/x', Source.MODELSCOPE: 'other/x'}": "model org/x",
    "client.chat.completions.create(model='my-deployment')": "unresolved api:my-deployment",
    "load_dataset(path, data_files=files)": "unresolved path",
    "AutoModel.from_pretrained('org/x')": "model org/x",
    "AutoModel.from_pretrained(\n    pretrained_model_name_or_path='org/x',\n    revision='abc')": "model org/x@abc",
    "M = 'org/x'\nR = 'v2'\nAutoModel.from_pretrained(M, revision=R)": "model org/x@v2",
    "a = 'org'\nAutoModel.from_pretrained(a + '/x')": "model org/x",
    "a = 'org'\nAutoModel.from_pretrained(f'{a}/x-{7}b')": "model org/x-7b",
    "AutoModel.from_pretrained(os.environ.get('M', 'org/x'))": "model org/x",
    "AutoModel.from_pretrained(name or 'org/x')": "model org/x",
    "C = {'m': {'big': 'org/x'}}\nAutoModel.from_pretrained(C['m']['big'])": "model org/x",
    "def f(m):\n    AutoModel.from_pretrained(m)\nf('org/x')": "model org/x",
    "for m in ['org/x']:\n    load_dataset(m)": "dataset org/x",
    "snapshot_download('org/x', repo_type='dataset')": "dataset org/x",
    "SentenceTransformer('all-mpnet-base-v2')": "model sentence-transformers/all-mpnet-base-v2",
    "from transformers import pipeline as p\np('x', 'org/x')": "model org/x",
    "timm.create_model('vit_tiny.augreg', pretrained=True)": "model timm/vit_tiny.augreg",
    "PeftModel.from_pretrained(model, 'org/x')": "model org/x",
    "client.embeddings.create(model='text-embedding-3-small')": "closed openai-embeddings",
    "client.chat.completions.create(model='gpt-4o-2024-08-06')": "closed gpt-4",
    "AutoModel.from_pretrained(get())": "unresolved get()",
    "x.run(base_model='org/x')": "model org/x",
    "@click.option('--model', default='org/x')\ndef main(model):\n    AutoModel.from_pretrained(model)": "model org/x",
    "ollama.chat(model='mistral', messages=[])": "model mistralai/Mistral-7B-Instruct-v0.3",
    "ollama.chat(model='nobody-knows-it', messages=[])": "unresolved ollama:nobody-knows-it",
    "subprocess.run(['vllm', 'serve', 'org/x', '--port', port])": "model org/x",
    "os.system('hf download org/x --revision abc')": "model org/x@abc",
    "simple_evaluate(model='hf', model_args='pretrained=org/x,revision=abc')": "model org/x@abc",
    "dict(model=kwargs.pop('model', 'org/x'))": "model org/x",
    "class M(Enum):\n    A = 'org/x'\nAutoModel.from_pretrained(M.A.value)": "model org/x",
    "print 'old'\nm = AutoModel.from_pretrained('org/x', revision='abc')": "model org/x@abc",
}

QUIET = [
    "'''AutoModel.from_pretrained(\"org/x\")'''",
    "def f():\n    '''\n    >>> load_dataset('org/x')\n    '''",
    "# AutoModel.from_pretrained('org/x')\nMODEL = None",
    "AutoModel.from_pretrained('./x')",
    "AutoModel.from_pretrained('outputs/checkpoint-100')",
    "AutoModel.from_pretrained(training_args.output_dir)",
    "AutoModel.from_pretrained(os.path.join(a, 'b'))",
    "AutoModel.from_pretrained(Path('a') / 'b')",
    "AutoModel.from_pretrained('my_folder')",
    "load_dataset('json', data_files='org/x.json')",
    "from modelscope import snapshot_download\nsnapshot_download('org/x')",
    "pipe = load()\npipeline = pipe\npipeline('a', image)",
    "pipeline('text-generation', model=model, tokenizer=tokenizer)",
    "model.push_to_hub('org/x')\nrepo = 'org/y'",
    "model_id = 'org/x'\nmodel.push_to_hub(model_id)",
    "HfApi().create_repo('org/x')",
    "TrainingArguments(hub_model_id='org/x')",
    "torch.hub.load('org/x', 'y')",
    "evaluate.load('org/x')",
    "model = 'application/json'",
    "metrics = ['train/loss', 'eval/accuracy']",
    "raise ValueError('see https://huggingface.co/org/x for more')",
    "url = 'https://huggingface.co/docs/transformers'",
    "snapshot_download('org/x', repo_type='space')",
    "if model == 'gpt-4':\n    pass",
    "cfg = {'path': 'org/x', 'mode': 'r'}",
    "nn.Embedding.from_pretrained(table)",
    "text = 'call it with --model org/x to see'",
    "load_dataset(file_type, data_files=files)",
    "model.load_adapter(other)",
    "n = 'x'\nm.push_to_hub('org/' + n)\nAutoModel.from_pretrained('org/' + n)",
    "cfg = {'datasets': [{'path': 'lorem/ipsum'}]}",
    "model = 'command'",
]


@pytest.mark.parametrize("source", FOUND)
def test_found(tmp_path, source):
    assert ids(tmp_path, code=source) == [FOUND[source]]


@pytest.mark.parametrize("source", QUIET)
def test_quiet(tmp_path, source):
    assert ids(tmp_path, code=source) == []


def test_a_constant_of_another_file_is_found_where_it_stands(tmp_path):
    use = "from names import BASE\nimport names\nAutoModel.from_pretrained(BASE)\nload_dataset(names.DATA)"
    assert ids(tmp_path, names="BASE = 'org/x'\nDATA = 'org/y'", use=use) == ["model org/x", "dataset org/y"]


def test_an_unpinned_use_beside_a_pinned_one_counts_as_unpinned(tmp_path):
    source = "M = 'org/x'\nAutoModel.from_pretrained(M, revision='abc')\nAutoTokenizer.from_pretrained(M)"
    assert ids(tmp_path, code=source) == ["model org/x"]


def test_a_folder_of_the_tree_is_no_repository(tmp_path):
    (tmp_path / "org" / "x").mkdir(parents=True)
    (tmp_path / "org" / "x" / "config.json").write_text("{}")
    assert ids(tmp_path, code="AutoModel.from_pretrained('org/x')") == []


def test_columns_count_characters(tmp_path):
    (tmp_path / "code.py").write_text("é = '模型'; AutoModel.from_pretrained('org/x')\n", "utf-8")
    (only,) = find(tmp_path)
    assert (only.line, only.column, only.confidence, only.how) == (1, 37, "sure", "from_pretrained")
