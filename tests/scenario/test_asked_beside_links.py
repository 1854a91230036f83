"""What is asked of Fusen beside a link, and what that shares."""

from __future__ import annotations

import pytest
from house import House, shown, until
from playground_driving import BOT

FUSEN = f"<@{BOT}>"


def pasted(house: House, paper: str) -> str:
    """Paste a paper and wait for its card."""
    ts = house.paste(f"https://arxiv.org/abs/{paper}")
    house.card(ts, paper)
    return ts


def test_what_is_asked_beside_a_link_is_asked_of_its_paper(house: House) -> None:
    first = pasted(house, "2311.00066")
    ts = house.paste(f"https://arxiv.org/abs/2311.00067 {FUSEN} tag Beside")
    house.card(ts, "#Beside")
    house.paste(f"compare https://arxiv.org/abs/2311.00068 {FUSEN} tag Compared", thread=first)
    house.card(first, "#Compared")
    assert "2311.00068" in house.command("/note list Compared")
    assert "2311.00066" not in house.command("/note list Beside") + house.command("/note list Compared")
    two = house.paste(f"https://arxiv.org/abs/2311.00069 https://arxiv.org/abs/2311.00070 {FUSEN} tag Which")
    house.card(two, "2311.00069")
    which = "This is about several papers (2311.00069, 2311.00070). Say which one: @fusen tag 2311.00069 Which"
    until(lambda: any(which in shown(one) for one in house.whispers("ben")))
    assert "Nothing found" in house.command("/note list Which")


def test_another_paper_may_be_named_in_what_is_asked_beside_a_link(house: House) -> None:
    ts = house.paste(
        f"https://arxiv.org/abs/2311.00072 {FUSEN} comment this extends https://arxiv.org/abs/2311.00073"
    )
    house.card(ts, "1 comment")
    assert "this extends" in house.command("/note show 2311.00072")
    pasted(house, "2311.00074")
    ts = house.paste(f"https://arxiv.org/abs/2311.00075 {FUSEN} tag Named https://arxiv.org/abs/2311.00074")
    house.card(ts, "2311.00075")
    assert "2311.00074" in until(lambda: "1 paper" in (told := house.command("/note list Named")) and told)


def test_a_command_behind_a_link_is_carried_out_in_direct_messages_and_behind_a_mention(house: House) -> None:
    channel = house.direct("ben")
    ts = house.paste("https://arxiv.org/abs/2311.00076 tag Behind", channel=channel)
    house.card(ts, "#Behind", channel=channel, member="ben")
    ts = house.paste(f"{FUSEN} https://arxiv.org/abs/2311.00077 tag Behind too")
    house.card(ts, "#Behind too")


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("https://arxiv.org/abs/2311.00078", "Saved"),
        ("https://arxiv.org/abs/2311.00078", "shared before by ben"),
        ("https://page.example/beside", "Saved"),
        ("https://arxiv.org/abs/2311.490044", "“https://arxiv.org/abs/2311.490044” is not an arXiv paper"),
    ],
)
def test_add_beside_a_link_says_what_is_saved(house: House, link: str, says: str) -> None:
    before = len(house.whispers("ben"))
    house.paste(f"{link} {FUSEN} add")
    until(lambda: any(says in shown(one) for one in house.whispers("ben")[before:]))


def test_a_new_paper_that_is_tagged_by_its_link_is_saved_and_a_known_one_not_shared_again(house: House) -> None:
    ts = house.paste(f"{FUSEN} tag Named at once https://arxiv.org/abs/2311.00079")
    house.card(ts, "#Named at once")
    ts = house.paste(f"{FUSEN} comment https://arxiv.org/abs/2311.00080 looks good")
    house.card(ts, "1 comment")
    again = house.paste(f"{FUSEN} tag Twice https://arxiv.org/abs/2311.00079")
    until(lambda: "2311.00079" in house.command("/note list Twice"))
    house.paste(f"{FUSEN} show https://arxiv.org/abs/2311.00081")
    until(lambda: any("Nobody here has shared 2311.00081" in shown(one) for one in house.whispers("ben")))
    assert not house.answers(again)


def test_a_mention_in_a_thread_of_several_papers_is_told_how_to_name_one_there(house: House) -> None:
    ts = house.paste("https://arxiv.org/abs/2311.00082 https://arxiv.org/abs/2311.00083")
    house.card(ts, "2311.00083")
    for said, example in (
        ("comment well", "comment 2311.00082 well"),
        ("comment " + "well " * 100, "comment 2311.00082 …"),
        ("tag", "tag 2311.00082 LLM"),
        ("タグ 評価, データ", "タグ 2311.00082 評価, データ"),
        ("読んでいる やめる", "読んでいる 2311.00082 やめる"),
        ("既読", "既読 2311.00082"),
    ):
        house.paste(f"{FUSEN} {said}", thread=ts)
        which = f"several papers (2311.00082, 2311.00083). Say which one: @fusen {example}"
        until(lambda which=which: any(shown(one).endswith(which) for one in house.whispers("ben")))


def test_a_link_that_is_edited_into_a_question_shares_nothing_new(house: House) -> None:
    ts = pasted(house, "2311.00108")
    asks = "@fusen show https://arxiv.org/abs/2311.00109"
    house.act("edit", member="ben", channel=house.channel("papers"), ts=ts, text=asks)
    until(lambda: "Nobody here has shared" in house.command("/note show 2311.00108"))
    assert "Nobody here has shared" in house.command("/note show 2311.00109")


def test_many_tags_for_one_of_several_titles_are_asked_about_in_words(house: House) -> None:
    pasted(house, "2311.00110")
    pasted(house, "2311.00111")
    tags = ", ".join(f"Long tag number {number}" for number in range(120))
    told = house.command(f"/note tag study 2311: {tags}")
    assert "This is about several papers (2311." in told
