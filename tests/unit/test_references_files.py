"""References in everything that is not Python, form by form."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.inputs.references import find


def ids(folder: Path, name: str, text: str) -> list[str]:
    """`kind id[@revision]` of everything in one file, in order."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return [f"{r.kind} {r.id}" + (f"@{r.revision}" if r.revision else "") for r in find(folder)]


CASES = [
    # YAML
    ("a.yaml", "model_name_or_path: org/x\nmodel_revision: abc\n", ["model org/x@abc"]),
    ("a.yaml", "base_model: org/x # org/comment\n", ["model org/x"]),
    ("a.yaml", "datasets:\n  - org/x\n  - path: org/y\n", ["dataset org/x", "dataset org/y"]),
    ("a.yaml", "models:\n  - model: org/x\n    parameters: {weight: 1}\n", ["model org/x"]),
    (
        "a.yaml",
        "model:\n  pretrained_model_name_or_path: org/x\n---\nmodel:\n  path: org/y\n",
        ["model org/x", "model org/y"],
    ),
    ("a.yaml", "encoder: bert-base-uncased\n", ["model bert-base-uncased"]),
    ("a.yaml", "dataset_name: wikitext\n", ["dataset wikitext"]),
    ("a.yaml", "llm:\n  model: gpt-4o\n  api_key: x\n", ["closed gpt-4"]),
    ("a.yaml", "model: ${oc.env:MODEL,org/x}\n", ["model org/x"]),
    ("a.yaml", "model_id: ${MODEL_ID}\n", ["unresolved ${MODEL_ID}"]),
    ("a.yaml", "weights: hf://org/x/model.safetensors\n", ["model org/x"]),
    ("a.yaml", "card: https://huggingface.co/datasets/org/x/tree/v1\n", ["dataset org/x@v1"]),
    ("a.yaml", "hub_model_id: org/x\noutput_model: org/y\nmodel_type: llama/x\n", []),
    ("a.yaml", "model: ./local\nbase_model: /data/x\nmodel_path: outputs/checkpoint-10\n", []),
    ("a.yaml", "uses: actions/checkout\ntimezone: Europe/Berlin\ncontent: text/html\nmonitor: val/loss\n", []),
    ("a.yaml", "model: N/A\nbest_model: eval/accuracy\nmetric_for_best_model: eval/loss\n", []),
    ("a.yaml", "dataset: mnist\n", []),
    ("a.yaml", "run: >-\n  vllm serve\n  org/x\n  --revision abc\n", ["model org/x@abc"]),
    ("a.yaml", "env:\n  BIG: org/x\nrun: vllm serve $BIG\n", ["model org/x"]),
    ("a.yaml", "environment:\n  - MODEL_ID=org/x\n", ["model org/x"]),
    ("a.yaml", "args: [--model-id, org/x, --revision, abc]\n", ["model org/x@abc"]),
    ("a.yaml", "dataset_path: org/x\ndataset_name: boolq\n", ["dataset org/x"]),
    ("a.yaml", "llm_hf_repo_id: ${REPO:org/x}\n", ["model org/x"]),
    ("a.yaml", "demo:\n  path: org/x\n  split: train\nvolume:\n  path: org/y\n", ["dataset org/x"]),
    ("a.yaml", "base_model: org/x\ntokenizer_config: org/y\n", ["model org/x", "model org/y"]),
    ("a.yaml", "name: gemini-1.5-flash\napi_type: gemini\n", ["closed gemini"]),
    ("a.yaml", "name: gemini-1.5-flash\nreplicas: 2\n", []),
    # JSON and TOML
    ("a.json", '{"base_model_name_or_path": "org/x", "revision": null}', ["model org/x"]),
    ("a.json", '{"model": "org\\/x"}', ["model org/x"]),
    ("a.json", '{// why\n"model": "org/x",}', ["model org/x"]),
    ("a.json", json.dumps([{"model": "gpt-4", "text": "x" * 100}] * 2000), []),
    ("package.json", '{"model": "org/x"}', []),
    (
        "a.toml",
        'model = "org/x" # org/comment\n[data]\ndataset = { path = "org/y", split = "train" }\n',
        ["model org/x", "dataset org/y"],
    ),
    ("a.toml", 'models = [\n  "org/x",\n  "org/y",\n]\n', ["model org/x", "model org/y"]),
    # commands
    ("a.sh", "hf download org/x --revision abc # org/comment\n", ["model org/x@abc"]),
    ("a.sh", "hf download --repo-type dataset org/x\n", ["dataset org/x"]),
    ("a.sh", "hf download org/x --repo-type space\n", []),
    ("a.sh", "M=org/x\nfor m in a; do vllm serve ${M}; done\n", ["model org/x"]),
    ("a.sh", "MODEL=${1:-org/x}\nvllm serve $MODEL\n", ["model org/x"]),
    ("a.sh", "python t.py --model org/x --dataset org/y --output_dir org/z\n", ["model org/x", "dataset org/y"]),
    ("a.sh", "MODELS=(\n  org/x  # why\n  'org/y',\n)\n", ["model org/x", "model org/y"]),
    ("a.sh", "bash -c 'vllm serve org/x'\n", ["model org/x"]),
    (
        "a.sh",
        "git clone https://huggingface.co/org/x.git dir/sub\ngit clone https://github.com/org/y\n",
        ["model org/x"],
    ),
    ("a.sh", "curl -L https://huggingface.co/org/x/resolve/abc/a.bin\n", ["model org/x@abc"]),
    ("a.sh", "ollama run nobody-knows-it\n", ["unresolved ollama:nobody-knows-it"]),
    ("a.sh", "ollama pull hf.co/org/x:Q4_K_M\n", ["model org/x"]),
    ("a.sh", "ollama run llama2:999b\n", ["unresolved ollama:llama2:999b"]),
    ("a.sh", "python t.py --model $UNKNOWN --output $OUT\n", ["unresolved $UNKNOWN"]),
    ("a.sh", "huggingface-cli upload org/x ./out\npython t.py --hub_model_id org/y\n", []),
    ("a.sh", "rsync -a data/x host/y && docker run -v a/b:c/d org/image\n", []),
    (
        "Dockerfile",
        'FROM org/image\nENV MODEL="org/x"\nCMD ["vllm", "serve", "org/y"]\n',
        ["model org/x", "model org/y"],
    ),
    ("Dockerfile", "RUN python - <<EOF\nAutoModel.from_pretrained('org/x')\nEOF\n", ["model org/x"]),
    ("Makefile", "run:\n\t@python t.py --model org/x\n", ["model org/x"]),
    ("Modelfile", "FROM ./local.gguf\nADAPTER org/x\n", ["model org/x"]),
    # the rest
    ("README.md", "---\nbase_model: org/x\n---\nbase_model: org/y\n", ["model org/x"]),
    ("README.md", "Use `from_pretrained('org/x')`.\n", []),
    ("requirements.txt", "en-core-web-sm\nnumpy # en_core_web_md\n", ["model spacy/en_core_web_sm"]),
    ("notes.txt", "base_model: org/x\n", []),
]


@pytest.mark.parametrize(("name", "text", "wanted"), CASES)
def test_forms(tmp_path, name, text, wanted):
    assert ids(tmp_path, name, text) == wanted


def test_cells_of_a_notebook_share_their_names_and_keep_their_lines(tmp_path):
    cells = [
        {"cell_type": "markdown", "source": ["load_dataset('org/prose')"]},
        {"source": "MODEL = 'org/x'\n%time pass\n", "cell_type": "code"},
        {"cell_type": "code", "source": ["!hf download \\\n", "  org/z\n", "AutoModel.from_pretrained(MODEL)"]},
        {"cell_type": "code", "source": ["%%bash\n", "vllm serve org/y"]},
    ]
    text = json.dumps({"cells": cells}, indent=1)
    assert ids(tmp_path, "a.ipynb", text) == ["model org/x", "model org/z", "model org/y"]
    rows = text.splitlines()
    assert all(r.text in rows[r.line - 1] for r in find(tmp_path))
