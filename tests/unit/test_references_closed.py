"""Names under which closed models are called, as their providers, routers and clouds spell them."""

from __future__ import annotations

import pytest

from auditor.inputs.references.names import closed_name
from auditor.lineage.knowledge import closed_service, closed_system, closed_systems

NAMES = {
    "gpt-4": "gpt-4o-2024-08-06 gpt-4o-audio-preview gpt-4.1-2025-04-14 gpt-4-turbo-2024-04-09 azure/gpt-4o",
    "gpt-5": "gpt-5 gpt-5-2025-08-07 gpt-5-codex gpt-5.1 openai/gpt-5.2",
    "openai-o-series": "o1 o1-2024-12-17 o3-pro o3-mini-2025-01-31 o4-mini-deep-research",
    "openai-embeddings": "text-embedding-ada-002 text-embedding-3-large text-search-davinci-doc-001",
    "openai-audio": "whisper-1 tts-1-hd-1106 openai/whisper-1",
    "openai-moderation": "text-moderation-stable omni-moderation-2024-09-26",
    "claude": "claude-instant-1.2 claude-2.1 claude-sonnet-5",
    "claude-3": "claude-3-opus-latest claude-3-5-sonnet-v2@20241022 anthropic.claude-3-haiku-20240307-v1:0",
    "claude-4": "claude-opus-4-6 claude-sonnet-4-5-20250929 us.anthropic.claude-sonnet-4-20250514-v1:0",
    "gemini": "gemini-1.5-pro-002 gemini-2.5-flash-preview-05-20 models/gemini-1.5-flash vertex_ai/gemini-pro",
    "google-embeddings": "text-embedding-004 textembedding-gecko@003 models/embedding-001 gemini-embedding-001",
    "palm-2": "text-bison@002 chat-bison-32k",
    "mistral-api": "mistral-large-latest codestral-2501 open-mixtral-8x22b mistral/mistral-small-latest",
    "cohere-api": "command-r-plus-08-2024 embed-english-v3.0 rerank-v3.5 cohere.command-r-v1:0",
    "deepseek-api": "deepseek-chat deepseek/deepseek-reasoner",
    "grok-api": "grok-beta grok-4-1-fast xai/grok-2-1212",
    "amazon-nova": "bedrock/amazon.nova-pro-v1:0 us.amazon.nova-lite-v1:0",
    "amazon-titan": "amazon.titan-embed-text-v2:0",
    "ai21-api": "ai21.jamba-1-5-large-v1:0 j2-ultra",
    "voyage-api": "voyage-3-large voyage-law-2",
    "sonar-api": "sonar-pro llama-3.1-sonar-large-128k-online",
    "moonshot-api": "moonshot-v1-128k",
    "qwen-api": "qwen-plus-latest qwen3-max",
}
PUBLISHED = [
    "mistralai/Ministral-8B-Instruct-2410",
    "deepseek-ai/deepseek-coder-6.7b-base",
    "openai/whisper-large-v3",
    "openai/gpt-oss-20b",
    "xai-org/grok-1",
    "google/gemma-2-9b",
    "CohereForAI/c4ai-command-r-plus",
    "gpt2",
    "titan-x",
]


@pytest.mark.parametrize(("name", "system"), [(n, s) for s, names in NAMES.items() for n in names.split()])
def test_every_spelling_leads_to_its_system(name: str, system: str) -> None:
    found = closed_name(name, api=True)
    assert found is not None
    assert found.id == system


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_weights_are_no_closed_model(name: str) -> None:
    assert closed_name(name, api=True) is None


def test_prose_does_not_know_names_by_their_form() -> None:
    assert closed_service("claude-opus-4-6") is not None
    assert closed_system("claude-opus-4-6") is None


def test_a_pattern_hides_no_name_of_another_system() -> None:
    for system in closed_systems():
        for name in (system.id, *(a for a in system.aliases if "/" not in a)):
            found = closed_service(name)
            assert found is not None
            assert found.id == system.id
