"""Slack's text forms: rich text becomes mrkdwn, mrkdwn becomes plain text, and links are written safely."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack_blocks import forwarded, marked_up
from bot.slack_text import escape, link, mentioned, own_words, plain
from papers.formulas import no_formulas
from papers.marks import unmarked
from publishing.written import written

Element = dict[str, Any]
URL = "https://arxiv.org/abs/2310.13671"
LINKED = f'<a href="{URL}" rel="nofollow noopener">{URL}</a>'
SEE_CODE = "<strong>see</strong> <code>fg</code>"


def rich(*parts: Element) -> list[Element]:
    return [{"type": "rich_text", "block_id": "b", "elements": list(parts)}]


def section(*elements: Element, kind: str = "rich_text_section", **more: object) -> Element:
    return {"type": kind, "elements": list(elements), **more}


def words(text: str, **style: object) -> Element:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def test_only_the_three_entities_are_escaped() -> None:
    assert escape("a & b < c > \"d\" 'e' <!channel>") == "a &amp; b &lt; c &gt; \"d\" 'e' &lt;!channel&gt;"


@pytest.mark.parametrize(
    ("url", "label", "written"),
    [
        (URL, "", f"<{URL}>"),
        (URL, "A & B <!channel>", f"<{URL}|A &amp; B &lt;!channel&gt;>"),
        (URL, "a|b\nc", f"<{URL}|a|b c>"),
        ("https://x.example/a|b>c d<e", "t", "<https://x.example/a%7Cb%3Ec%20d%3Ce|t>"),
        ("https://x.example/?a=1&b=2", "t", "<https://x.example/?a=1&amp;b=2|t>"),
        ("mailto:a@b.example", "mail", "<mailto:a@b.example|mail>"),
        ("!channel", "all", "all"),
        ("@U123", "", "@U123"),
        ("javascript:alert(1)", "click", "click"),
    ],
)
def test_a_link_cannot_become_anything_else(url: str, label: str, written: str) -> None:
    assert link(url, label) == written


def test_rich_text_is_preferred_over_the_text() -> None:
    blocks = rich(section(words("read "), {"type": "link", "url": URL, "text": "this & that"}))
    assert marked_up(blocks, "text only") == f"read <{URL}|this &amp; that>"
    assert marked_up([{"type": "section", "text": {"type": "mrkdwn", "text": "x"}}], "text only") == "text only"
    assert marked_up(None, "text only") == "text only"


def test_each_element_has_its_form() -> None:
    blocks = rich(
        section(
            {"type": "user", "user_id": "U1"},
            words(" <b> "),
            {"type": "channel", "channel_id": "C1"},
            {"type": "usergroup", "usergroup_id": "S1"},
            {"type": "broadcast", "range": "here"},
            {"type": "emoji", "name": "+1", "skin_tone": 3},
            {"type": "date", "timestamp": 1, "format": "{date}", "fallback": "1 Jan"},
            {"type": "color", "value": "#fff"},
            {"type": "link", "url": "https://x.example/?a=1&b=2"},
        )
    )
    assert marked_up(blocks, "") == (
        "<@U1> &lt;b&gt; <#C1><!subteam^S1><!here>:+1::skin-tone-3:1 Jan#fff<https://x.example/?a=1&amp;b=2>"
    )


def test_lists_quotes_and_code_keep_their_shape() -> None:
    blocks = rich(
        section(words("Papers:\n")),
        section(section(words("one")), section(words("two")), kind="rich_text_list", style="bullet"),
        section(section(words("three")), kind="rich_text_list", style="ordered", offset=2, indent=1),
        section(words("said\nthey"), kind="rich_text_quote"),
        section(words("x = 1"), kind="rich_text_preformatted"),
    )
    assert marked_up(blocks, "").split("\n") == [
        "Papers:",
        "• one",
        "• two",
        "    3. three",
        "> said",
        "> they",
        "```",
        "x = 1",
        "```",
    ]


def test_neighbours_in_code_share_one_pair_of_back_ticks() -> None:
    linked = {"type": "link", "url": URL, "style": {"code": True}}
    blocks = rich(section(words("see "), words("a`b ", code=True), linked, words(" c", code=True), words(".")))
    assert marked_up(blocks, "") == f"see `aˋb <{URL}> c`."


@pytest.mark.parametrize(
    ("elements", "shown"),
    [
        ([words("very bold ", bold=True), words("it is")], "<strong>very bold</strong> it is"),
        ([words("a "), words("b", bold=True), words(" c", bold=True), words(".")], "a <strong>b c</strong>."),
        ([words("all", bold=True, italic=True, strike=True)], "<strong><em><s>all</s></em></strong>"),
        ([words("one\n two", bold=True)], "<strong>one</strong><br>\n <strong>two</strong>"),
        ([words("これは"), words("重要", bold=True), words("です")], "これは<strong>重要</strong>です"),
        (
            [words("これは"), words("重要", italic=True), words("です", strike=True)],
            "これは<em>重要</em><s>です</s>",
        ),
        ([words("損失", bold=True), words("BERT")], "<strong>損失</strong>BERT"),
        ([words("("), words("so,", strike=True), words("so", italic=True), words(")")], "(<s>so,</s><em>so</em>)"),
        ([words("re"), words("think", bold=True), words("ing")], "rethinking"),
        ([words("2*3", bold=True), words(" is so "), words("6", italic=True)], "2*3 is so <em>6</em>"),
        ([words("a_b "), words("c", italic=True)], "a_b c"),
        ([words("see ", bold=True), words("f", bold=True, code=True), words("g", code=True)], SEE_CODE),
        ([words(" ", bold=True), words("so", bold="yes")], " so"),
        ([{"type": "link", "url": URL, "style": {"bold": True}}, words("です")], f"<strong>{LINKED}</strong>です"),
        ([{"type": "link", "url": URL}, words("です", bold=True)], f"{LINKED}です"),
        ([words("a < b & c", bold=True)], "<strong>a &lt; b &amp; c</strong>"),
    ],
)
def test_styled_words_are_shown_so_where_their_marks_are_read_back(elements: list[Element], shown: str) -> None:
    styled = marked_up(rich(section(*elements)), "", styled=True)
    assert written(plain(styled, {}), no_formulas) == f'<p dir="auto">{shown}</p>'
    assert unmarked(plain(styled, {})) == plain(marked_up(rich(section(*elements)), ""), {}).replace("`", "")


def test_styled_words_are_written_without_marks_for_commands() -> None:
    blocks = rich(section(words("tag ", bold=True), words("LLM", bold=True, italic=True)))
    assert marked_up(blocks, "") == "tag LLM"


def test_a_name_in_a_slanted_line_may_hold_the_same_mark() -> None:
    blocks = rich(section({"type": "user", "user_id": "U1", "style": {"italic": True}}, words(" so", italic=True)))
    assert marked_up(blocks, "", styled=True) == "<@U1> so"


@given(st.lists(st.tuples(st.text("a日 \n(.", max_size=4), st.booleans(), st.booleans(), st.booleans())))
def test_marks_of_styled_words_change_nothing_that_is_said(runs: list[tuple[str, bool, bool, bool]]) -> None:
    elements = [words(text, bold=bold, italic=italic, strike=strike) for text, bold, italic, strike in runs]
    styled = plain(marked_up(rich(section(*elements)), "", styled=True), {})
    said = plain(marked_up(rich(section(*elements)), ""), {})
    assert unmarked(styled).split() == said.split()


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "elements", "text", "url", "style", "name", "indent", "user_id", "is_share"])
            | st.text(max_size=3),
            inner
            | st.sampled_from(
                [
                    "rich_text",
                    "table",
                    "raw_text",
                    "section",
                    "rich_text_section",
                    "rich_text_list",
                    "link",
                    "text",
                    "user",
                    "emoji",
                ]
            ),
            max_size=6,
        )
    ),
    max_leaves=30,
)


@given(JUNK)
def test_malformed_blocks_never_raise(junk: object) -> None:
    table = [{"type": "table", "rows": junk}, {"type": "table", "rows": [junk, [junk]]}]
    assert isinstance(marked_up(junk, "x", attachments=[{"blocks": junk}, {"blocks": table}]), str)
    for styled in (False, True):
        assert isinstance(marked_up(junk, "x", styled), str)
        assert isinstance(marked_up([{"type": "rich_text", "elements": junk}], "x", styled), str)
        assert isinstance(marked_up(rich({"type": "rich_text_section", "elements": junk}), "x", styled), str)
    assert isinstance(forwarded(junk), tuple)
    assert isinstance(forwarded([{"is_share": True, "message_blocks": junk, "text": junk}]), tuple)


def test_blocks_nested_very_deep_are_read_without_harm() -> None:
    nested: Element = words("deep")
    for _ in range(5000):
        nested = section(nested, kind="rich_text_list")
    assert marked_up(rich(nested), "text") == "• "


def test_mentions_in_blocks_cannot_be_forged() -> None:
    blocks = rich(
        section({"type": "user", "user_id": "U1> <!channel"}, {"type": "link", "url": "!here", "text": "x"})
    )
    assert marked_up(blocks, "") == "x"


def cells(*shown: Element) -> Element:
    return {"type": "table", "block_id": "t", "rows": [[raw("model"), raw("score")], list(shown)]}


def raw(text: str) -> Element:
    return {"type": "raw_text", "text": text}


def linked_cell(*more: Element) -> Element:
    return rich(section({"type": "link", "url": URL}, *more))[0]


def test_a_table_is_read_row_by_row_where_it_stands() -> None:
    table = cells(linked_cell(words("\nours")), {"type": "raw_number", "value": 71, "text": "71 <%>"})
    blocks = [*rich(section(words("mine:"))), table, *rich(section(words("so.")))]
    assert marked_up(blocks, "mine") == f"mine:\nmodel | score\n<{URL}> ours | 71 &lt;%&gt;\nso."
    assert marked_up([table], "") == f"model | score\n<{URL}> ours | 71 &lt;%&gt;"
    assert marked_up([table], "typed").startswith("typed\nmodel")


def test_a_pasted_table_among_the_attachments_is_read_and_that_of_a_preview_is_not() -> None:
    pasted = {"id": 1, "fallback": "[no preview available]", "blocks": [cells(linked_cell(), raw("71"))]}
    preview = pasted | {"from_url": "https://x.example"}
    table = f"model | score\n<{URL}> | 71"
    assert marked_up([], "", attachments=[preview, pasted]) == table
    assert marked_up(rich(section(words("mine"))), "mine", attachments=[pasted]) == f"mine\n{table}"
    assert marked_up(None, "mine", attachments=[preview]) == "mine"
    passed_on = {"is_share": True, "message_blocks": [{"message": {"blocks": [], "attachments": [pasted]}}]}
    assert forwarded([passed_on]) == (table,)
    assert marked_up(None, "", attachments=[passed_on | {"blocks": pasted["blocks"]}]) == ""


@pytest.mark.parametrize(
    "block",
    [
        {"type": "section", "text": {"type": "mrkdwn", "text": f"<{URL}|Paper>"}},
        {"type": "section", "fields": [{"type": "mrkdwn", "text": f"<{URL}|Paper>"}]},
        {"type": "context", "elements": [{"type": "image"}, {"type": "mrkdwn", "text": f"<{URL}|Paper>"}]},
        {"type": "header", "text": {"type": "plain_text", "text": URL}},
        {"type": "markdown", "text": f"**New** [Paper]({URL})"},
    ],
)
def test_of_an_apps_forwarded_message_the_blocks_and_the_text_are_read(block: Element) -> None:
    shared = {"is_share": True, "text": "a new <!channel>", "message_blocks": [{"message": {"blocks": [block]}}]}
    (said,) = forwarded([shared])
    assert URL in said
    assert said.endswith("\na new <!channel>")
    (once,) = forwarded([shared | {"text": f"<{URL}|Paper>"}])
    assert once.count(URL) == 1 or block["type"] in ("header", "markdown")


def test_a_number_that_slack_took_for_a_telephones_is_what_was_typed() -> None:
    dialled = {"type": "link", "url": "tel:2402.00020", "text": "2402.00020"}
    assert marked_up(rich(section(words("see "), dialled)), "") == "see 2402.00020"
    assert marked_up(None, "see <tel:2402.00020|2402.00020> <tel:1>") == "see 2402.00020 1"


def test_a_forwarded_message_is_read_and_a_preview_is_not() -> None:
    inner = rich(section({"type": "link", "url": URL}))
    attachments = [
        {
            "is_share": True,
            "is_msg_unfurl": True,
            "message_blocks": [{"message": {"blocks": inner}}],
            "text": "other",
        },
        {"is_share": True, "text": f"old form <{URL}v2>"},
        {"from_url": "https://x.example", "title": "a web page", "text": "arXiv:2401.00001"},
        {"is_msg_unfurl": True, "text": "a message somebody linked to"},
    ]
    assert forwarded(attachments) == (f"<{URL}>", f"old form <{URL}v2>")


@pytest.mark.parametrize(
    ("marked", "spoken"),
    [
        (f"<{URL}>", URL),
        (f"<{URL}|{URL}>", URL),
        (f"<{URL}|arxiv.org/abs/2310.13671>", URL),
        (f"<{URL}|arxiv.org/abs/23…>", URL),
        (f"<{URL}|arxiv.org/abs/23...>", URL),
        (f"<{URL}|>", URL),
        (f"<{URL}|arxiv.org>", URL),
        ("try <http://fast.ai|fast.ai> (<http://Together.ai/|Together.ai>)", "try fast.ai (Together.ai)"),
        ("<http://fast.ai/x|fast.ai/x> <https://fast.ai|fast.ai>", "http://fast.ai/x https://fast.ai"),
        ("<http://evil.example|fast.ai>", "fast.ai (http://evil.example)"),
        (f"<{URL}|abs>", f"abs ({URL})"),
        (f"<{URL}|a &lt;b&gt; | c>", f"a <b> | c ({URL})"),
        ("<https://x.example/?a=1&amp;b=2>", "https://x.example/?a=1&b=2"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<@U1> and <@U1|old> and <@W9>", "@Ada and @Ada and @someone"),
        ("<#C1|papers> <#C2|> <#C3>", "#papers #channel #lab"),
        ("<!here> <!channel|channel> <!everyone>", "@here @channel @everyone"),
        ("<!subteam^S1|@readers> <!subteam^S1>", "@readers @group"),
        ("<!date^1392734382^{date}|18 Feb 2014>", "18 Feb 2014"),
        ("&amp;lt; &lt;!channel&gt; &amp;amp; &quot;", "&lt; <!channel> &amp; &quot;"),
        ("a <strange> thing", "a <strange> thing"),
    ],
)
def test_marked_up_text_reads_as_plain_text(marked: str, spoken: str) -> None:
    assert plain(marked, {"U1": "Ada", "C3": "lab"}) == spoken


def test_a_name_with_markup_in_it_stays_as_it_is() -> None:
    assert plain("<@U1>", {"U1": "&lt;b&gt; <!here>"}) == "@&lt;b&gt; <!here>"


@given(st.text(st.characters()))
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    assert plain(escape(text), {}) == text


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("mine > yours", "mine > yours"),
        ("> yours\nmine", "       \nmine"),
        ("mine\n&gt; yours\n*mine*", "mine\n          \n*mine*"),
        ("mine\n>>> yours\nand yours", "mine\n" + " " * 19),
        ("a `b` c", "a     c"),
        ("a ```b\n> c``` d", "a" + " " * 13 + "d"),
        ("a ```b", "a ```b"),
    ],
)
def test_what_is_quoted_or_code_leaves_blanks(text: str, own: str) -> None:
    assert own_words(text) == own


def test_each_person_is_mentioned_once_in_order() -> None:
    assert mentioned("<@U2> <@W1|x> <@U2> <#C1> <@u3> @U4 &lt;@U5&gt;") == ("U2", "W1")


@pytest.mark.parametrize("piece", ["<", "<@U", "<https://x|", "&lt", "<!date^", "|", "<a:"])
def test_hostile_text_takes_no_time(piece: str) -> None:
    text = piece * 300_000
    assert len(plain(text, {})) <= len(text)
    assert mentioned(text) == ()
