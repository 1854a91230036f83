"""Related papers: found by a word to Fusen, with the reason, and only among what the asker may see."""

from __future__ import annotations

from arxiv_feed import FeedPaper
from house import House, until

OURS = FeedPaper(
    "2311.09001",
    title="Counting zebras by their stripes",
    abstract="We count zebras. Stripe patterns identify each zebra in the savanna.",
    authors=("Ada Tanaka", "Ben Aoki"),
)
ALIKE = FeedPaper(
    "2311.09002",
    title="Stripes of zebras",
    abstract="Stripe patterns identify zebras better than ears do.",
    authors=("Cem Kaya",),
)
HIDDEN = FeedPaper(
    "2311.09003",
    title="Zebras at night",
    abstract="Stripe patterns of zebras in the savanna at night.",
    authors=("Ben Aoki",),
)


def shared(house: House) -> None:
    house.arxiv.put(OURS, ALIKE, HIDDEN)
    for paper, channel in ((OURS, "papers"), (ALIKE, "papers"), (HIDDEN, "lab-private")):
        ts = house.paste(f"https://arxiv.org/abs/{paper.id}", member="aiko", channel=channel)
        house.card(ts, paper.title, channel=channel, member="aiko")
        house.command(f"/note tag {paper.id} Stripes", "aiko", channel)


def test_related_papers_come_with_their_reason_and_none_of_another_private_channel(house: House) -> None:
    shared(house)
    answer = house.command(f"/note related {OURS.id}")
    assert f"Related to <https://arxiv.org/abs/{OURS.id}|{OURS.title}>" in answer
    assert f"<https://arxiv.org/abs/{ALIKE.id}|{ALIKE.title}>, 2024 · " in answer
    assert "shares #Stripes" in answer
    assert "Stripe patterns" in answer
    assert HIDDEN.title not in answer
    assert "Ben Aoki" not in answer
    inside = house.command(f"/note related {OURS.id}", "aiko", "lab-private")
    assert HIDDEN.title in inside
    assert "著者 Ben Aoki" in inside


def test_the_page_of_a_paper_shows_related_notes_with_the_reason_and_no_private_one(house: House) -> None:
    shared(house)
    path = f"papers/arxiv/{OURS.id}.html"
    page = until(lambda: told if "Related notes" in (told := house.page(path)) else "")
    bare = page.replace(' lang="en" dir="auto"', "")
    assert f'href="../../papers/arxiv/{ALIKE.id}.html">{ALIKE.title}</a>' in bare
    assert "Stripe patterns" in page
    assert HIDDEN.title not in house.site()
    assert "Both mention" in page
