"""What a message shares, and what it asks of the bot, in the many ways in which people write to it."""

from __future__ import annotations

import pytest
from stored import NOW, PUBLIC, TEAM

from bot.addressing import Addressing, Meaning
from bot.payloads.events import Posted
from papers.note import Message

BOT = "<@U0BOT>"
ONE, TWO = (f"https://arxiv.org/abs/2310.0000{number}" for number in (1, 2))
FAST_AI = "<http://fast.ai|fast.ai>"
PAGE = "https://blog.example/one"


def meaning(text: str, *, direct: bool = False, thread: str | None = None, forwarded: str = "") -> Meaning:
    """What a message says to the bot, in a thread perhaps."""
    posted = Posted(Message(TEAM, PUBLIC, "2.0", thread), "U1", text, text, forwarded, NOW, direct)
    return Addressing("U0BOT", "fusen", NOW.date).meaning(posted, noted=bool(thread))


def shared(meant: Meaning) -> list[str]:
    return [link.paper_id.url for link in meant.shares]


@pytest.mark.parametrize(
    "text", [ONE, f"{BOT} {ONE}", f"{ONE} {BOT}", f"{ONE} {BOT} thanks", f"so {BOT}: see {ONE}"]
)
def test_a_link_is_shared_and_nothing_asked_where_no_verb_follows(text: str) -> None:
    meant = meaning(text)
    assert (shared(meant), meant.asks) == ([ONE], None)


@pytest.mark.parametrize(
    "said",
    [
        f"read this {ONE} it is great",
        f"related work such as {ONE} is missing",
        f"reading {ONE} with the group tomorrow",
    ],
)
def test_a_sentence_that_begins_like_a_verb_shares_and_asks_nothing(said: str) -> None:
    for meant in (meaning(f"{BOT} {said}"), meaning(said, direct=True), meaning(f"{BOT} {said}", thread="1.0")):
        assert (shared(meant), meant.asks) == ([ONE], None)


@pytest.mark.parametrize(
    "said", [f"read {ONE}", f"reading {ONE} off", f"reading {ONE}を やめる", f"show {ONE} please"]
)
def test_a_verb_with_its_paper_asks_and_shares_nothing(said: str) -> None:
    meant = meaning(f"{BOT} {said}")
    assert (shared(meant), meant.asks) == ([], said)


@pytest.mark.parametrize("thread", [None, "1.0"])
def test_what_is_asked_beside_a_link_is_no_comment(thread: str | None) -> None:
    meant = meaning(f"compare {ONE} {BOT} tag LLM", thread=thread)
    assert (shared(meant), meant.asks, bool(meant.beside)) == ([ONE], "tag LLM", True)


def test_what_is_asked_beside_a_forwarded_link_is_asked_of_it() -> None:
    meant = meaning(f"{BOT} tag LLM", forwarded=f"worth reading: {ONE}")
    assert (shared(meant), meant.asks, bool(meant.beside)) == ([ONE], "tag LLM", True)


@pytest.mark.parametrize(
    "said", [f"comment this extends {TWO}", f"related {TWO}", f"tag LLM {TWO}", f"comment {TWO} is better"]
)
def test_a_link_in_front_is_shared_whatever_is_named_behind(said: str) -> None:
    meant = meaning(f"{ONE} {BOT} {said}")
    assert (shared(meant), meant.asks, bool(meant.beside)) == ([ONE], said, True)


def test_words_in_front_without_a_link_are_nothing_to_be_asked_of() -> None:
    meant = meaning(f"well, {BOT} tag LLM")
    assert (shared(meant), meant.asks, bool(meant.beside)) == ([], "tag LLM", False)


@pytest.mark.parametrize("front", [PAGE, "https://arxiv.org/abs/2310.000011", f"<{PAGE}|a page>"])
def test_a_link_in_front_that_leads_to_no_paper_is_what_is_asked_of(front: str) -> None:
    meant = meaning(f"see {front} {BOT} tag LLM")
    assert (shared(meant), meant.asks, meant.beside) == ([], "tag LLM", f"see {front}")
    assert meaning(f"`{PAGE}` {BOT} tag LLM").beside == ""


@pytest.mark.parametrize("called", ["さん", "さん、", "ちゃん, ", "くん ", "君：", "様　", " さん、"])
def test_an_honorific_behind_the_mention_is_passed_over(called: str) -> None:
    said = f"{called} tag LLM" if called == "さん" else f"{called}tag LLM"
    meant = meaning(f"{ONE} {BOT}{said}")
    assert (shared(meant), meant.asks) == ([ONE], "tag LLM")
    assert meaning(f"{ONE} {BOT}{called}").asks is None


@pytest.mark.parametrize("name", ["@fusen", "＠fusen", "＠Ｆｕｓｅｎ", "@Fusen", " ＠fusenさん、", "@fusen:"])
@pytest.mark.parametrize("asked", ["タグ 評価", "tag LLM", "コメント　良い論文", f"tag {TWO} LLM", "既読"])
def test_a_name_that_was_typed_and_not_chosen_is_a_mention_where_a_verb_follows(name: str, asked: str) -> None:
    said = f"{name} {asked}"
    assert meaning(said, thread="1.0").asks == meaning(said, direct=True).asks == asked
    assert meaning(f"> so it was\n{said}", thread="1.0").asks == asked
    assert meaning(said).asks is None


@pytest.mark.parametrize(
    "said",
    [
        "＠fusen ありがとう",
        "@fusen is what tags them",
        "@fusen",
        "@fusenette tag LLM",
        "@fusen-dev tag LLM",
        "@ben tag LLM",
        "fusen tag LLM",
        "type @fusen tag LLM for that",
        "「＠fusen タグ 評価」と打つ",
        "“@fusen tag LLM” does it",
        "> @fusen tag LLM",
        "&gt; ＠fusen タグ 評価\nと打ちました",
        "`@fusen tag LLM`",
        "```@fusen tag LLM```",
        f"@fusen reading {ONE} with the group tomorrow",
    ],
)
def test_a_name_that_was_typed_is_no_mention_elsewhere(said: str) -> None:
    assert meaning(said, thread="1.0").asks is None


def test_a_word_that_begins_like_an_honorific_is_none() -> None:
    assert meaning(f"{BOT} 様子を見る").asks == "様子を見る"


@pytest.mark.parametrize("link", [ONE, f"<{ONE}|a label>", "2310.00001", f"{ONE}、", f"<{ONE}>："])
@pytest.mark.parametrize("command", ["tag LLM, two words", "comment see section 3", "read"])
def test_a_command_behind_the_only_link_is_asked_of_it(link: str, command: str) -> None:
    said = f"{link} {command}"
    told = (
        meaning(said, direct=True),
        meaning(said, direct=True, thread="1.0"),
        meaning(f"{BOT} {said}"),
        meaning(f"{said} {BOT}"),
        meaning(f"{BOT} {said}", thread="1.0"),
    )
    for meant in told:
        assert (shared(meant), meant.asks, bool(meant.beside)) == ([ONE], command, True)


@pytest.mark.parametrize("link", [ONE, f"<{PAGE}>", "<http://blog.example|blog.example>"])
def test_a_tag_that_looks_like_a_domain_behind_a_link_is_no_other_link(link: str) -> None:
    meant = meaning(f"{link} tag {FAST_AI}", direct=True)
    assert (meant.asks, meant.beside) == (f"tag {FAST_AI}", link)


@pytest.mark.parametrize("rest", ["read this, it is great", "is worth reading", f"tag {TWO}", "taggable"])
def test_other_words_behind_a_link_share_it(rest: str) -> None:
    for meant in (meaning(f"{ONE} {rest}", direct=True), meaning(f"{BOT} {ONE} {rest}")):
        assert (ONE in shared(meant), meant.asks) == (True, None)


def test_a_command_behind_the_link_of_a_page_is_asked_of_that_page() -> None:
    meant = meaning(f"<{PAGE}> tag LLM", direct=True)
    assert (meant.asks, meant.beside) == ("tag LLM", f"<{PAGE}>")


def test_without_a_mention_nothing_is_asked_in_a_channel() -> None:
    assert meaning(f"{ONE} tag LLM") == meaning(f"{ONE} tag LLM", thread="1.0") != meaning(f"{ONE} {BOT} tag LLM")
    assert meaning(f"{ONE} tag LLM").asks is None


@pytest.mark.parametrize(
    "said",
    [f"tag LLM {ONE}", f"tag {ONE} {FAST_AI}", f"comment {ONE} extends {TWO}", f"read {ONE}", f"reading {ONE}"],
)
def test_a_link_named_to_a_verb_that_keeps_something_of_its_paper_is_saved(said: str) -> None:
    meant = meaning(f"{BOT} {said}")
    assert meant.saves and meant.saves.paper_id.url == ONE
    assert (shared(meant), meant.asks) == ([], said)


@pytest.mark.parametrize(
    "said",
    [
        f"show {ONE}",
        f"search {ONE}",
        f"related {ONE}",
        f"unread {ONE}",
        f"untag {ONE} LLM",
        f"comment this extends {ONE}",
        f"tag {ONE} {TWO}",
        f"reading {ONE} off",
        f"読んでいる {ONE} やめる",
        "tag LLM 2310.00001",
    ],
)
def test_a_link_that_is_only_looked_at_is_not_saved(said: str) -> None:
    meant = meaning(f"{BOT} {said}")
    assert (shared(meant), meant.asks, meant.saves) == ([], said, None)


def test_code_in_front_of_the_mention_is_part_of_what_is_asked() -> None:
    assert meaning(f"comment use `top_k=5` here {BOT}").asks == "comment use `top_k=5` here"
    assert meaning(f"> quoted\ntag LLM, `c++` {BOT}").asks == "tag LLM, `c++`"


@pytest.mark.parametrize(
    "said",
    [
        "Comment by the authors is on OpenReview, cc",
        "Related work by Lewis is already in",
        "Read this one first, I saved it with",
        "show this to Dana, it is in",
        "関連 する話は先週のもの",
        "コメント ありがとうございました",
        "List of errata is long",
        "tag this as RAG",
        f"Comment by the authors of {ONE} is here, cc",
        f"{ONE} comment by the authors, cc",
    ],
)
def test_a_sentence_in_the_thread_of_a_note_that_ends_with_the_mention_is_a_comment(said: str) -> None:
    assert meaning(f"{said} {BOT}", thread="1.0").asks is None


@pytest.mark.parametrize(
    "said",
    [
        "tag RAG",
        "tag RAG, LLM",
        "タグ：強化学習",
        f"tag RAG {ONE}",
        f"tag: {ONE} RAG",
        "read",
        "show it",
        "search: RAG",
    ],
)
def test_a_verb_with_a_word_in_front_of_the_mention_is_asked_in_the_thread_of_a_note(said: str) -> None:
    assert meaning(f"{said} {BOT}", thread="1.0").asks == said


def test_the_mention_alone_is_asked_in_the_thread_of_a_note() -> None:
    assert meaning(BOT, thread="1.0").asks == ""


@pytest.mark.parametrize("said", ["tag: RAG", "タグ：検索拡張", "comment: see section 3", f"tag:{ONE} RAG"])
def test_a_colon_behind_a_verb_parts_it_as_a_blank_does(said: str) -> None:
    told = (meaning(f"{BOT} {said}"), meaning(f"so {BOT} {said}", thread="1.0"), meaning(said, direct=True))
    assert [meant.asks for meant in told] == [said] * 3


@pytest.mark.parametrize(
    "said", ["既読 面白かったので勉強会で紹介したい", "関連 手法との比較がほしい", "read this, it is great"]
)
def test_a_sentence_in_a_thread_of_direct_messages_is_a_comment(said: str) -> None:
    assert meaning(said, direct=True, thread="1.0").asks is None


@pytest.mark.parametrize(
    "said",
    [f"reading {ONE} off", "reading off", "読んでいる やめる", "関連 拡散モデル", "検索 言語のモデル", "既読"],
)
def test_a_command_in_a_thread_of_direct_messages_is_one(said: str) -> None:
    assert meaning(said, direct=True, thread="1.0").asks == said
