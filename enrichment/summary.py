"""The summary that needs no model: the two sentences of an abstract that say what was done and what came out."""

from __future__ import annotations

import re

from enrichment.sentences import split
from papers.common_words import COMMON_WORDS

_SHOWN = 2
_CUE_STRONG, _CUE, _TITLE, _AVAILABILITY = 1.6, 1.0, 1.5, -1.5
_RESULT_LATER, _EARLIER = 0.5, -0.3
_DANGLING_FIRST, _DANGLING_SECOND = (0.0, -2.0, -3.0), (0.0, -0.2, -0.8)  # by how much it refers back
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
_ITSELF = (
    r"(?:paper|work|article|study|letter|report|review|note|thesis|survey|chapter|manuscript|research|tutorial"
    r"|contribution|dissertation|preprint|book|proceedings|volume|project|monograph|lecture|talk)s?\b"
)
_THAT = rf"(?:(?:this|these|those|that|such)\b(?!\s+(?:\w+ )?{_ITSELF})|(?:it|them|the (?:above|former|latter))\b)"
_NEEDS_WHAT_WAS_SAID = re.compile(
    # "To address this, we", "To deal with all these three problems"
    rf"(?:in order )?to \w+ (?:(?:up|with|for|out|to|from|on|upon|the|both|all|each|of) )*{_THAT}"
    # "For this purpose", "With this in mind", "Building on these"
    r"|(?:for|with|in|by|on|at|from|under|given|motivated by|inspired by|based on|building on|despite|beyond|using"
    rf"|following|because of|due to) (?:all |both )?{_THAT}"
    # "This allows", "They are", "It uses"; not "It is shown that" and "It turns out"
    rf"|(?!it\b){_THAT}|(?:they|their|its)\b"
    r"|it (?!(?:is|was|has been|will be|can be|may be|turns|follows|remains|seems|appears)\b)"
    r"|(?:therefore|thus|hence|consequently|accordingly|as a result|in response)\b"
    r"|(?:in doing so|by doing so|to do so)\b"
    r"|we (?:therefore|thus|hence|consequently)\b",
    re.IGNORECASE,
)
# "This allows": what it speaks of stands right before. "It" is mostly what was proposed, wherever that was said,
# and results may be shown alone: "These results show".
_SPEAKS_OF_THE_LAST = re.compile(
    rf"(?:this|these|those|that|such|both|they)\b(?!\s+(?:\w+ )?(?:{_ITSELF}|(?:results?|findings?|experiments?"
    r"|observations?|analys[ei]s|approach|method|model|framework|suggests?|shows?)\b))",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"(?:more |most )?(?:specifically|concretely|precisely|particularly|importantly|notably)\b"
    r"|(?:however|moreover|furthermore|further|additionally|nevertheless|nonetheless|meanwhile|besides|similarly"
    r"|likewise|conversely|instead|then|also|but|yet|so|and|indeed|rather|second|secondly|third|thirdly|finally"
    r"|lastly|subsequently|in turn|in addition|in particular|in contrast|by contrast|in detail|in fact"
    r"|in other words|on the (?:other hand|contrary)|to be (?:specific|precise)|for (?:example|instance))\b"
    r"|we (?:then|also|further|furthermore|additionally|moreover|instead|subsequently|finally)\b"
    # "(2) We", "3. The"; not "2.5 times" and "(2)-groups"; the sentences here never begin with "b)" or "(ii)"
    r"|\(?[2-9](?:\)(?!-)|\.(?!\d))",
    re.IGNORECASE,
)


def refers_back(sentence: str) -> int:
    """How much a sentence begins by referring back: 2 for "To address this", 1 for "However", else 0."""
    if _NEEDS_WHAT_WAS_SAID.match(sentence):
        return 2
    return 1 if _GOES_ON.match(sentence) else 0


def summarise(title: str, abstract: str) -> str:
    """Two sentences of the abstract in its own order; an abstract of two or fewer comes back whole.

    A sentence counts when it says "we propose" or the like, when it shares words with the title, and less when
    it only tells where the code lies. On 616 abstracts with summaries by people this found more of their words
    (ROUGE-1 recall 63) than TextRank (60) or the first two sentences (50). Where the first of the two would begin
    by referring back, the best comes with a sentence before it instead, which says to what; where the last would
    speak of one that is left out ("This allows"), with another. Empty for an empty abstract.
    """
    sentences = split(abstract)
    if len(sentences) > _SHOWN:
        sentences = [sentences[index] for index in sorted(_pick(_words(title), sentences))]
    return " ".join(sentences)


def _pick(title: frozenset[str], sentences: list[str]) -> tuple[int, int]:
    """The best sentence, and the one that adds most to it: best a result told later, and no repetition.

    If these begin by referring back, or the last speaks of one left out between them, another comes with the best:
    above all the one before it.
    """
    numbers = range(len(sentences))
    words = [_words(sentence) for sentence in sentences]
    scores = [_score(sentence, title, own) for sentence, own in zip(sentences, words, strict=True)]
    back = [refers_back(sentence) if number else 0 for number, sentence in enumerate(sentences)]

    best = max(numbers, key=scores.__getitem__)

    def added(index: int) -> float:
        shared = len(words[index] & words[best]) / max(1, min(len(words[index]), len(words[best])))
        if index < best:
            return scores[index] - shared + _EARLIER
        return scores[index] - shared + (_RESULT_LATER if _RESULT.search(sentences[index]) else 0.0)

    def readable(index: int) -> float:
        first, second = sorted((index, best))
        return (
            added(index)
            + _DANGLING_FIRST[back[first]]
            + (_DANGLING_SECOND[back[second]] if second > first + 1 else 0)
        )

    others = [index for index in numbers if index != best]
    second = max(others, key=added)
    first, last = sorted((best, second))
    lost = last > first + 1 and _SPEAKS_OF_THE_LAST.match(sentences[last])
    return best, max(others, key=readable) if back[first] or lost else second


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
