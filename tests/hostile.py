"""Texts that would like to be more than text, and a site in which they stand wherever people can write."""

from __future__ import annotations

from dataclasses import replace

from papers.errors import FusenError
from papers.note import Note, Tag, Twin, Workspace
from papers.paper import History, PaperId
from papers.tag_groups import TagOrder
from papers.tags import fold, tag
from papers.translation import Passage, Rendered, Translation

# No text of these may be anything but text in any output.
HOSTILE = (
    "<script>alert(1)</script>",
    "</title></a></p></pre><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" x="',
    "' style='position:fixed",
    "{{ 7 * 7 }} {% for x in y %} {# gone #}",
    "{0} {missing} {0.__class__} %s",
    "]]> <![CDATA[ <!-- --> &amp; &lt; &#0;",
    "<!--entries-->",
    "javascript:alert(1) JAVASCRIPT:alert(1) data:text/html,<b>",
    "https://example.org/\"onclick='x'><b>",
    "right\u202eto left \u2066isolated",
    "control \x00\x01\x08\x0b\x0c\x1b\x7f\x85\x9f end",
    "half \ud83d a \udc00 pair \ufffe\uffff\ufdd0",
    "lines\r\nof\rmany\nkinds\u2028here",
    "$x_1 < y \\& \\textbf{z} } } {",
    "ｗｉｄｅ 日本語 é e\u0301 🚀\u200d🔥",
    "<https://example.org|label> <@U12345> <!channel>",
)

# More of them, which stand together on one site.
CORPUS = (
    *HOSTILE,
    # Elements and attributes, whole and in pieces
    "<svg/onload=alert(1)><math><mtext><style><img title='</style><img src=x onerror=alert(1)>'>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe><object data=x><embed src=x><base href=//evil.example>",
    "<a href='javascript:alert(1)' target=_blank ping=https://evil.example>x</a><form action=x><button>",
    "</script><script src=https://evil.example/x.js></script>",
    "<link rel=stylesheet href=https://evil.example/x.css><meta http-equiv=refresh content='0;url=//x.example'>",
    "<scr\u0000ipt>alert(1)</scr\u0000ipt> <scr<script>ipt>alert(1)//",
    "＜script＞alert(1)＜/script＞ ‹script› %3Cscript%3E &lt;script&gt; &#x3c;script&#x3e; \\u003cscript\\u003e",
    "<plaintext> <xmp> <noscript> <textarea> <select><option> <template>",
    "&quot; &#34; onfocus=alert(1) autofocus='' `onclick=alert(1)`",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e; <?xml-stylesheet href='x'?>",
    "--> <!-- --!> <![if IE]> <!--[if gte IE 4]> ]]>",
    # Addresses
    "java\tscript:alert(1) vbscript:msgbox(1) data:text/html;base64,PHNjcmlwdD4= file:///etc/passwd",
    "https://arxiv.org@evil.example/ https://[::1 http:// https://exa\u200bmple.org/?a=1&b='\"<>` //evil.example",
    "[click](javascript:alert(1)) ![x](https://evil.example/x.png) <javascript:alert(1)> [a]: https://evil.example",
    # Looks
    "} body { display: none } @import url(//evil.example); * { background: url(javascript:alert(1)) } /*",
    # Templates
    "{{ ''.__class__.__mro__ }} {%- include '/etc/passwd' -%} {% raw %} {% endraw %}",
    "{{{ x }}} ${7*7} #{7*7} <%= 7 %>",
    "{% assign x = site.pages %}{{ site | inspect }}\n---\nlayout: null\n---\n",
    # Directions, and what nobody sees
    "\u202emoc.elpmaxe\u202c \u2067rtl\u2069 \u200f\u200e\u061c \u05e9\u05dc\u05d5 12 (\u0639\u0631) end",
    "\u05d0\u05d1\u05d2 2024",
    "zero\u200bwidth\u200c \u2060\ufeffspace \u00ad\u180e \U000e0069\U000e0067\U000e006e\U000e006f",
    "\ufff9ruby\ufffatext\ufffb \U0001f3f4\U000e0067\U000e007f e" + "\u0301" * 60,
    # Lengths
    "longest" + "wordwithoutanyblank" * 40,
    "x" * 3_000,
    "長" * 1_500,
    # TeX
    "$\\text{<script>alert(1)</script>}$ $\\href{javascript:alert(1)}{x}$ $\\style{color:red}{x} \\class{a}{b}$",
    "$\\unicode{<img src=x onerror=alert(1)>} \\mathrm{\"onclick='x'}$ \\input{/etc/passwd} \\[<b>x</b>\\]",
    # Other notations
    "@misc{x, title={y}} \\end{document} % \\immediate # _ ^ ~ & }",
    '=HYPERLINK("https://evil.example";"x") +1 -1 @SUM(1) | pipe | `code` **bold**\n# head\n- item\n> quote',
    'fusenShard("x",{}); */ // \u2029 \u2028 \\ \\\\ " \' ` ${x} </SCRIPT ',
)


def everywhere(number: int, text: str, plain: Note) -> Note:
    """The note `plain` with `text` where a person, a source or another site says something, tags among them."""
    paper_id = PaperId("web", f"https://example.org/{number}/{text}") if number % 3 == 0 else plain.paper_id
    if number % 3 == 1:
        paper_id = PaperId("web", text)
    record = plain.paper.record
    twins = (Twin(PaperId("web", text), text, noted=False), Twin(PaperId("openreview", text)))
    record = replace(record, paper_id=paper_id) if record else None
    paper = replace(plain.paper, paper_id=paper_id, record=record, history=History(text, ()))
    said = Passage(text)
    sentences = (Rendered(Passage(plain.paper.title), said), Rendered(said))
    translation = Translation("ja", said, sentences, text, plain.noted_at, 1)
    tags = (*plain.tags, *tags_of(text))
    # Somebody so called wants a page of their own.
    comments = tuple(
        replace(one, member=replace(one.member, name=text, feed=f"feed{number}")) for one in plain.comments
    )
    return replace(plain, paper=paper, twins=twins, translation=translation, tags=tags, comments=comments)


def tags_of(text: str) -> tuple[Tag, ...]:
    """The text as a tag, if it can be one."""
    try:
        return (tag(text[:200]),)
    except FusenError:
        return ()


def order() -> TagOrder:
    """The tags in groups with such names, found by such names before, and said to be about such things."""
    named = [(tags_of(text), text) for text in CORPUS]
    groups = {one.key: text[:60] for found, text in named for one in found}
    about = {one.key: text for found, text in named for one in found}
    moved = {fold(f"old {text}")[:200]: "llm" for text in CORPUS}
    return TagOrder(groups, moved, descriptions=about)


def workspace(plain: Workspace) -> Workspace:
    """A workspace whose address is none of the web."""
    return replace(plain, name=CORPUS[0], url="javascript:alert(1)//")
