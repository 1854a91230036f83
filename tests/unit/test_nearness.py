"""Names that may mean one thing are asked about; names that differ by a letter and mean two are not."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from real_data import REAL_DATA, needs_real_data

from papers.nearness import alike, likeness
from papers.tags import InvalidTag, tag

NEAR = [
    ("data-gen", "DataGeneration"),
    ("data-generation", "DataGeneration"),
    ("code gen", "CodeGeneration"),
    ("LLMs", "LLM"),
    ("GANs", "GAN"),
    ("LLMAgents", "LLM agent"),
    ("benchmarks", "Benchmark"),
    ("libraries", "Library"),
    ("graph neural network", "Graph Neural Networks"),
    ("pre-training", "Pretraining"),
    ("fine tuning", "Finetuning"),
    ("multi modal", "MultiModal"),
    ("Efficiency/SpeedUp", "EfficiencySpeedUp"),
    ("GPT-4", "GPT4"),
    ("強化学習", "強化 学習"),
    ("大規模言語モデル", "大規模・言語モデル"),
    ("パラメータ", "パラメーター"),
    ("In-Context Learning", "In-ContextLearning"),
    ("MulltiModal", "MultiModal"),
    ("CoT", "Chain-of-Thought"),
    ("Embed", "Embeddings"),
    ("Prompt", "Prompting"),
    ("fine-tune", "Finetuning"),
    ("TopicModel", "topic modelling"),
    ("naive bayes", "Naïve Bayes"),
    ("LargeLanguageModel", "LLM"),
    ("large language models", "LLMs"),
    ("RAG", "retrieval-augmented generation"),
    ("quantisation", "Quantization"),
    ("allignment", "Alignment"),
    ("alginment", "Alignment"),
    ("instruction tuning", "instruciton tuning"),
    ("casual inference", "CausalInference"),
]
FAR = [
    ("NLP", "MLP"),
    ("GAN", "GPT"),
    ("RL", "RAG"),
    ("RL", "RLS"),
    ("LLM", "VLM"),
    ("LM", "LLM"),
    ("LLM", "LLM agent"),
    ("NER", "NERF"),
    ("AI", "AIs"),
    ("ML", "machine learning"),
    ("ML", "meta learning"),
    ("C", "C#"),
    ("C", "C++"),
    ("C#", "C++"),
    ("GPT3", "GPT4"),
    ("GPT-3.5", "GPT-35"),
    ("LLaMA", "LLaMA2"),
    ("Llama-2-chat models", "Llama-3-chat models"),
    ("2023-1", "20231"),
    ("生成", "生成モデル"),
    ("機械学習", "機械翻訳"),
    ("画像生成", "音声生成"),
    ("大規模言語モデル", "大規模言語モデル評価"),
    ("か", "が"),
    ("はし", "ハシ"),
    ("data", "date"),
    ("Neural", "NeuralNetwork"),
    ("Spring", "Spr"),
    ("Rank", "Ranking"),
    ("RecSys", "RecommenderSystems"),
    ("ImplicitFeedback", "ExplicitFeedback"),
    ("CTRPrediction", "CVRPrediction"),
    ("test", "text"),
    ("Data", "DataGeneration"),
    ("QA g", "QA generation"),
    ("encoder", "decoder"),
    ("explicit", "implicit"),
    ("supervised", "unsupervised"),
    ("pretraining", "retraining"),
    ("tracing", "tracking"),
    ("line tracing", "line tracking"),
    ("trial data", "trail data"),
    ("text generation", "test generation"),
    ("TextGeneration", "TestGeneration"),
    ("textgeneration", "Test Generation"),
    ("code generation", "node generation"),
    ("zero-shot", "one-shot"),
    ("offline RL", "online RL"),
    ("text-to-image", "image-to-text"),
    ("machine translation", "machine learning"),
    ("bias", "basis"),
    ("🚀", "🚗"),
    ("..", "--"),
    ("..", "Large language model"),
]


@pytest.mark.parametrize(("one", "other"), NEAR)
def test_names_that_may_mean_one_thing_are_alike_both_ways(one: str, other: str) -> None:
    assert likeness(tag(one), tag(other)) is not None
    assert likeness(tag(one), tag(other)) == likeness(tag(other), tag(one))


@pytest.mark.parametrize(("one", "other"), FAR)
def test_names_that_mean_two_things_are_not_alike(one: str, other: str) -> None:
    assert likeness(tag(one), tag(other)) is None
    assert likeness(tag(other), tag(one)) is None


@pytest.mark.parametrize(("one", "other"), [("ＬＬＭ", "llm"), ("#LLM", "LLM"), ("ﾊﾟﾗﾒｰﾀ", "パラメータ")])
def test_what_folding_makes_one_tag_is_no_question(one: str, other: str) -> None:
    assert likeness(tag(one), tag(other)) is None


def test_the_surer_reason_is_told_for_each() -> None:
    others = [tag(name) for name in ("DataGeneration", "data generations", "NLP", "data generatoin")]
    found = alike(tag("data-generation"), others)
    assert sorted(found, key=lambda key: found[key]) == ["datageneration", "data generations", "data generatoin"]


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_is_mutual_and_never_of_a_tag_with_itself(one: str, other: str) -> None:
    try:
        first, second = tag(one), tag(other)
    except InvalidTag:
        return
    assert likeness(first, second) == likeness(second, first)
    assert likeness(first, first) is None


@needs_real_data
def test_a_real_collection_of_tags_raises_no_question_and_other_spellings_find_theirs() -> None:
    texts = (page.read_text(encoding="utf-8") for page in (REAL_DATA / "paper_notes_pages").rglob("*.markdown"))
    known = {tag(name).key: tag(name) for text in texts for name in re.findall(r"#([^<]+)</a>", text)}
    assert len(known) > 50
    others = {key: alike(one, known.values()) for key, one in known.items()}
    assert {key: found for key, found in others.items() if found} == {}
    for one in known.values():
        parted = tag(re.sub(r"(?<=[a-z])(?=[A-Z])", "-", one.name).lower())
        assert parted.key in known or set(alike(parted, known.values())) == {one.key}
