"""How deep a note goes: what people wrote counts, in English as in Japanese; what machines wrote does not."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from published import Given, content, site_builder
from published import note as published_note
from written import BEN, LANGUAGES, MESSAGES, NOW, PUBLIC, WORDS, note, words_of, workspace

from bot.payloads.events import happening
from papers.depth import Depth, depth, weight
from papers.note import Comment, Member, Note
from papers.paper import Paper, PaperId

AIKO = Member("U2", "Aiko")
ENGLISH = "The data generation step filters its own outputs by agreement between two models, "
JAPANESE = "二つのモデルの出力が一致したデータだけを残すことで品質を保っている。"


def said(*comments: tuple[Member, str]) -> Note:
    return note(comments=tuple(Comment(member, PUBLIC, text, NOW) for member, text in comments))


@pytest.mark.parametrize(
    ("comments", "expected"),
    [
        ([], Depth.MACHINE),
        # Signs of life say nothing of the paper, but a person's they are.
        ([(BEN, "👍")], Depth.NOTHING),
        ([(BEN, ":eyes: :+1::skin-tone-3:")], Depth.NOTHING),
        ([(BEN, "+1"), (AIKO, "thanks"), (AIKO, "面白い"), (BEN, "!!!!!!!!!!!!")], Depth.NOTHING),
        ([(BEN, "https://example.org/a/very/long/address/of/another/page")], Depth.NOTHING),
        # A sentence.
        ([(BEN, "worth reading")], Depth.ONE_LINER),
        ([(BEN, "良い論文")], Depth.ONE_LINER),
        ([(BEN, "ﾗﾍﾞﾙなしで学習")], Depth.ONE_LINER),
        ([(BEN, ENGLISH)], Depth.ONE_LINER),
        ([(BEN, JAPANESE)], Depth.ONE_LINER),
        # Two people, two sentences: no discussion yet.
        ([(BEN, "worth reading"), (AIKO, "評価が弱い")], Depth.ONE_LINER),
        # Key points: by length, in one comment or several, or by a list.
        ([(BEN, ENGLISH * 4)], Depth.KEY_POINTS),
        ([(BEN, JAPANESE * 4)], Depth.KEY_POINTS),
        ([(BEN, JAPANESE)] * 4, Depth.KEY_POINTS),
        ([(BEN, "- no labels\n- two models\n- half the cost")], Depth.KEY_POINTS),
        ([(BEN, "要点\n・ラベル不要\n・二つのモデル\n・半分の費用")], Depth.KEY_POINTS),
        ([(BEN, "1. no labels\n2) two models\n(3) half the cost")], Depth.KEY_POINTS),
        ([(BEN, "① 新しい評価 ② 速い\n② 速い\n③ 安い")], Depth.KEY_POINTS),
        # Two points, or a ruled line, are no list; nor is one person's soliloquy a discussion.
        ([(BEN, "- no labels\n- two models")], Depth.ONE_LINER),
        ([(BEN, "worth reading\n- -\n---\n***")], Depth.ONE_LINER),
        ([(BEN, "worth reading")] * 5, Depth.ONE_LINER),
        # Discussion: three turns between people; nods in between are none.
        ([(BEN, "does it need labels?"), (AIKO, "no, see section 3"), (BEN, "so it is cheap")], Depth.DISCUSSION),
        ([(BEN, "ラベルは必要か"), (AIKO, "3章によれば不要"), (BEN, "では安く済む")], Depth.DISCUSSION),
        ([(BEN, "does it need labels?"), (AIKO, "no, see section 3"), (BEN, "ok")], Depth.ONE_LINER),
        ([(BEN, "does it need labels?"), (BEN, "no, see section 3"), (AIKO, "👍")], Depth.ONE_LINER),
    ],
)
def test_what_people_wrote_tells_how_deep_a_note_goes(comments: list[tuple[Member, str]], expected: Depth) -> None:
    assert depth(said(*comments)) is expected


def test_the_same_said_in_either_language_weighs_about_the_same() -> None:
    english = "It keeps only the data on which the outputs of the two models agree, and so keeps up the quality."
    assert 0.7 < weight(JAPANESE) / weight(english) < 1.4


def test_a_machines_summary_is_not_peoples_words_and_without_it_there_is_nothing() -> None:
    told = said()
    assert told.paper.reading
    assert told.paper.reading.summary
    long = replace(told.paper.reading, summary=replace(told.paper.reading.summary, text=ENGLISH * 20))
    assert depth(replace(told, paper=replace(told.paper, reading=long))) is Depth.MACHINE
    assert depth(replace(told, paper=Paper(PaperId("arxiv", "2310.00001")))) is Depth.NOTHING


@pytest.mark.parametrize("by", [{"bot_id": "B1"}, {"subtype": "bot_message", "bot_id": "B1"}])
def test_what_a_bot_posts_in_the_thread_becomes_no_comment(by: dict[str, Any]) -> None:
    event = {"type": "message", "channel": "C1", "user": "U9", "ts": "1700000009.000100", "text": ENGLISH * 9}
    told = {"type": "event_callback", "team_id": "T1", "event": event | {"thread_ts": "1700000000.000100"} | by}
    assert happening(told) is None


def test_a_comment_of_many_empty_lines_is_read_once() -> None:
    began = time.process_time()
    assert depth(said((BEN, "worth reading" + "\n" * 39_900 + "b"))) is Depth.ONE_LINER
    assert time.process_time() - began < 0.5


def test_depths_are_ordered_from_shallow_to_deep() -> None:
    made = [said(), said((BEN, "worth reading")), said((BEN, ENGLISH * 4))]
    order = list(Depth)
    found = [order.index(depth(one)) for one in made]
    assert found == sorted(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_cards_lists_and_show_say_how_deep_a_note_goes(language: str) -> None:
    of, home = said((BEN, "worth reading")), workspace(language)
    for told in (
        MESSAGES.card(of, PUBLIC, home),
        MESSAGES.render("show", home, language, note=of),
        MESSAGES.render("list", home, language, notes=[of]),
    ):
        assert WORDS[language]("depth_one_liner") in "\n".join(words_of(told.blocks))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["面白い", "+1", ""])
def test_a_note_with_a_short_word_or_an_image_is_not_said_to_have_a_machines_summary_only(
    language: str, text: str
) -> None:
    home, label = workspace(language), WORDS[language]("depth_machine")
    assert label in MESSAGES.card(said(), PUBLIC, home).text
    assert label not in MESSAGES.card(said((BEN, text)), PUBLIC, home).text
    for of, shown in (
        (published_note(1, comments=0), True),
        (replace(published_note(1), comments=said((BEN, text)).comments), False),
    ):
        pages = {page.path: page.body.decode() for page in site_builder(language).build(content(), Given([of]))}
        assert (label in pages["papers/arxiv/2403.00001.html"]) is shown


@pytest.mark.parametrize(("language", "words"), [("en", "one-liner"), ("ja", "ひとこと")])
def test_the_pages_of_papers_tags_and_all_notes_say_it_too(language: str, words: str) -> None:
    pages = {
        page.path: page.body.decode()
        for page in site_builder(language).build(content(), Given([published_note(1)]))
    }
    for path in ("papers/arxiv/2403.00001.html", "tags/llm.html", "index.html"):
        assert pages[path].count(words) == 1
