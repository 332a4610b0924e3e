"""How well the clause reader does on labeled texts of real licenses, and that its quotes stand where it says."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from auditor.identify.clauses import read_clauses
from auditor.identify.vocabulary import vocabulary

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "../shared/corpus/licenses"
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(
        not CORPUS.is_dir(), reason="the labeled license texts (../shared/corpus/licenses) are not here"
    ),
]
PARAMS = {
    "user-count-cap": ("threshold", "unit"),
    "revenue-cap": ("amount", "currency"),
    "territorial-exclusion": ("territories",),
}


def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmark_clauses", ROOT / "benchmarks" / "clauses.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def scored() -> tuple[ModuleType, list]:
    module = benchmark()
    return module, list(module.outcomes(module.load(CORPUS)))


def test_clauses_that_decide_an_adoption(scored: tuple[ModuleType, list]) -> None:
    module, rows = scored
    core = module.score(said for _, name, said, _ in rows if vocabulary()[name].tier == "core")
    assert core.f1 >= 0.98
    assert core.precision >= 0.98


def test_all_clauses(scored: tuple[ModuleType, list]) -> None:
    module, rows = scored
    assert module.score(said for _, _, said, _ in rows).f1 >= 0.97


def test_parameters_that_decide(scored: tuple[ModuleType, list]) -> None:
    wrong = []
    for text, name, said, found in scored[1]:
        for key in PARAMS.get(name, ()) if said == "right" else ():
            wanted = [params[key] for params in text.labels[name] if key in params]
            given = [clause.params.get(key) for clause in found]
            if wanted and not any(_same(w, g) for w in wanted for g in given):
                wrong.append((text.slug, name, key, wanted, given))
    assert not wrong


def _same(wanted: object, given: object) -> bool:
    if isinstance(wanted, list):
        return sorted(wanted) == sorted(given or [])  # type: ignore[call-overload]
    return str(wanted).split()[0] == str(given).split()[0]


def test_quotes_stand_at_their_offsets(scored: tuple[ModuleType, list]) -> None:
    for text, _, _, found in scored[1]:
        for clause in found:
            assert text.text[clause.span.start : clause.span.end] == clause.span.quote


def test_a_text_that_is_wrapped_otherwise_says_the_same() -> None:
    for slug in ("llama-2", "creativeml-openrail-m", "hunyuan-large"):
        path = CORPUS / "texts" / f"{slug}.txt"
        if path.exists():
            text = path.read_bytes().decode("utf-8")
            other = "\ufeff" + text.replace("\r\n", "\n").replace(" the ", "\nthe ").replace("\n", "\r\n")
            assert {c.id for c in read_clauses(other)} == {c.id for c in read_clauses(text)}, slug
