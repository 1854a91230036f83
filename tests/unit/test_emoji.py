"""What people may say of emoji, and how Slack names them."""

from __future__ import annotations

import pytest

from papers.emoji import DEFAULTS, EmojiVerb, Meaning, NotAMeaning, NotAnEmoji, canonical, effective, understand
from papers.errors import FusenError
from papers.tags import InvalidTag


@pytest.mark.parametrize(
    ("typed", "emoji", "meaning"),
    [
        (":robot_face: tag LLM", "robot_face", Meaning(EmojiVerb.TAG, "LLM")),
        (":robot_face:  ＴＡＧ　LLM, 日本語", "robot_face", Meaning(EmojiVerb.TAG, "LLM, 日本語")),
        (":robot_face: tag #LLM #data gen", "robot_face", Meaning(EmojiVerb.TAG, "LLM, data gen")),
        (":Eyes: READING", "eyes", Meaning(EmojiVerb.READING)),
        (":+1::skin-tone-4: read", "+1", Meaning(EmojiVerb.READ)),
        (":既読: read", "既読", Meaning(EmojiVerb.READ)),
        (":eyes: off", "eyes", None),
        (":eyes: オフ", "eyes", None),
        (":robot_face: タグ LLM", "robot_face", Meaning(EmojiVerb.TAG, "LLM")),
        (":book:　読んでいる", "book", Meaning(EmojiVerb.READING)),
        (":book: 既読", "book", Meaning(EmojiVerb.READ)),
    ],
)
def test_an_emoji_is_given_a_meaning(typed: str, emoji: str, meaning: Meaning | None) -> None:
    assert understand(typed) == (emoji, meaning)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("eyes off", NotAnEmoji),
        ("👀 off", NotAnEmoji),
        (":two words: off", NotAnEmoji),
        (":eyes:", NotAMeaning),
        (":eyes: tag", NotAMeaning),
        (":eyes: read it", NotAMeaning),
        (":eyes: untag LLM", NotAMeaning),
        (":eyes: tag " + "x" * 201, InvalidTag),
    ],
)
def test_what_cannot_be_undone_or_understood_is_no_meaning(typed: str, error: type[FusenError]) -> None:
    with pytest.raises(error):
        understand(typed)


@pytest.mark.parametrize("tone", ["", *(f"::skin-tone-{n}" for n in range(2, 7))])
def test_the_tones_of_skin_are_one_emoji(tone: str) -> None:
    assert canonical(f"raised_hands{tone}") == canonical(f":raised_hands{tone}:") == "raised_hands"


def test_a_workspace_changes_the_defaults_and_switches_them_off() -> None:
    assert effective({}) == DEFAULTS
    said = {"eyes": None, "robot_face": Meaning(EmojiVerb.TAG, "LLM")}
    assert set(effective(said)) == {"white_check_mark", "robot_face"}
