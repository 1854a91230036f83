"""Images of comments on the pages and in the files for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

import published
from published import Given, note

from papers.images import Image
from papers.note import Comment, Note
from publishing.content import Gone

BODY = b"\x89PNG bytes"
SHOWN = Image("0123456789abcdef0123456789abcdef.png", 640, 400, 'Loss "over" <steps>')
BARE = replace(SHOWN, name="fedcba9876543210fedcba9876543210.jpg", title="")
ROOTED = f"images/{SHOWN.name}"


class WithImages(Given):
    def image(self, name: str) -> bytes | None:
        return BODY


def commented(number: int, *images: Image, text: str = "", named: bool = True) -> Note:
    one = note(number)
    (said,) = one.comments
    member = said.member if named else replace(said.member, name="")
    return replace(one, comments=(replace(said, member=member, text=text, images=images),))


def built(*notes: Note, language: str = "en") -> dict[str, str]:
    pages = published.site_builder(language).build(published.content(), WithImages(notes))
    return {page.path: page.body.decode("utf-8", "replace") for page in pages}


def test_a_page_of_a_tag_shows_a_comments_first_image_and_the_papers_page_all() -> None:
    site = built(commented(1, SHOWN, BARE))
    tag, paper = site["tags/llm.html"], site["papers/arxiv/2403.00001.html"]
    assert f'<img src="../{ROOTED}" width="640" height="400" loading="lazy"' in tag
    assert 'alt="Loss &#34;over&#34; &lt;steps&gt;"' in tag
    assert BARE.name not in tag
    assert paper.count("<img ") == 2 and f'<a href="../../images/{BARE.name}"><img ' in paper
    assert f'<img src="{ROOTED}"' in site["index.html"]
    assert "(image)" not in tag + paper
    assert site[ROOTED].endswith("PNG bytes")


def test_an_image_without_a_title_says_whose_comment_it_belongs_to() -> None:
    assert 'alt="Image in a comment by Aoki"' in built(commented(1, BARE))["tags/llm.html"]
    assert 'alt="Aoki さんのコメントの画像"' in built(commented(1, BARE), language="ja")["tags/llm.html"]
    assert "Aoki" not in built(commented(1, BARE, named=False))["tags/llm.html"].partition("<img")[2][:300]


def test_where_an_image_cannot_be_shown_a_word_stands_for_it() -> None:
    for language, word in (("en", "(image)"), ("ja", "(画像)")):
        site = built(commented(1), language=language)
        for path in ("tags/llm.html", "papers/arxiv/2403.00001.html", "tags/llm.xml", "feed.json"):
            assert word in site[path], path
        assert word.replace("(", "").replace(")", "") in site["tags/llm.md"]


def test_programs_are_told_where_the_images_are() -> None:
    site = built(commented(1, SHOWN, text="See the plot"))
    (told,) = json.loads(site["tags/llm.json"])["notes"][0]["comments"]
    assert told["images"] == [{"url": f"https://notes.example.org/lab/{ROOTED}"}]
    assert f"[image](<https://notes.example.org/lab/{ROOTED}>)" in site["tags/llm.md"]
    assert "img" not in site["tags/llm.xml"]


def test_an_images_file_stands_for_as_long_as_some_note_shows_it() -> None:
    builder, stock = published.site_builder(), WithImages([commented(1, SHOWN), commented(2, SHOWN)])
    list(builder.build(published.content(), stock))

    def update(*changed: int) -> dict[str, bool]:
        made: Iterable[object] = builder.update(published.content(), stock, changed) or ()
        return {page.path: isinstance(page, Gone) for page in made}  # type: ignore[attr-defined]  # pages or gone

    stock.all[1] = without(stock.all[1])
    assert update(1).get(ROOTED) is False
    stock.all[2] = without(stock.all[2])
    assert update(2)[ROOTED] is True


def without(one: Note) -> Note:
    comments: tuple[Comment, ...] = tuple(replace(comment, images=()) for comment in one.comments)
    return replace(one, comments=comments)
