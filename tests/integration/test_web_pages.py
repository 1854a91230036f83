"""Reading pages of other sites: what becomes of redirects, outages, inner addresses and bad manners."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler

import pytest
from fakes import FakeGate
from web_server import WebServer

from papers.errors import PageThrottled, PageUnavailable
from papers.page_urls import page_at
from papers.paper import PaperId
from papers.source import ReadPage
from web_pages.network import Network, is_public
from web_pages.reader import WebPages

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
AGENT = "Fusen/0 (+https://fusen.example)"


@pytest.fixture
def web() -> Iterator[WebServer]:
    with WebServer() as server:
        yield server


def reader(web: WebServer, gate: FakeGate | None = None, seconds: float = 8, gap: float = 0.01) -> WebPages:
    return WebPages(gate or FakeGate(), AGENT, lambda: NOW, web.network, seconds=seconds, gap=gap)


def page(url: str) -> PaperId:
    found = page_at(url)
    assert found is not None
    return found


def read(web: WebServer, url: str) -> ReadPage:
    return reader(web).read(page(url))


def title(answer: ReadPage) -> str:
    assert answer.record is not None
    return answer.record.title


def test_a_page_is_read_and_we_say_who_we_are_and_send_nothing_else(web: WebServer) -> None:
    web.page("blog.example/post?p=1", "<title>A post</title>", Set_Cookie="a=b")
    assert title(read(web, "https://blog.example/post?p=1&utm_source=x")) == "A post"
    (hit,) = web.hits
    assert hit.headers["User-Agent"] == AGENT
    assert "Cookie" not in hit.headers
    assert "Authorization" not in hit.headers
    assert "Referer" not in hit.headers


@pytest.mark.parametrize("status", [301, 308])
def test_a_page_that_moved_for_good_is_known_by_where_it_is_now(web: WebServer, status: int) -> None:
    web.redirect("short.example/x", "https://blog.example/post?utm_source=short", status)
    web.page("blog.example/post", "<title>A post</title>")
    answer = read(web, "https://short.example/x")
    assert answer.record is not None
    assert answer.record.paper_id == page("https://blog.example/post")


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_page_that_sends_us_aside_for_now_keeps_its_own_address(web: WebServer, status: int) -> None:
    web.redirect("site.example/private", "/greeting", status)
    web.page(
        "site.example/greeting", '<title>Hello</title><link rel=canonical href="https://site.example/greeting">'
    )
    answer = read(web, "https://site.example/private")
    assert answer.record is not None
    assert answer.record.paper_id == page("https://site.example/private")


def test_what_stands_at_a_door_is_not_taken_for_the_page(web: WebServer) -> None:
    web.redirect("site.example/our-plan", "/login?next=/our-plan", 302)
    web.page("site.example/login?next=/our-plan", "<title>Log in to Site</title>")
    answer = read(web, "https://site.example/our-plan")
    assert title(answer) == "our plan (site.example)"
    assert answer.record is not None
    assert answer.record.origin == "address"


def test_a_redirect_to_a_pdf_of_proceedings_ends_at_the_page_of_the_paper(web: WebServer) -> None:
    web.redirect("short.example/x", "https://openreview.net/pdf?id=xQUe1pOKPam", 301)
    web.page("openreview.net/forum?id=xQUe1pOKPam", '<meta name="citation_title" content="A paper">')
    answer = read(web, "https://short.example/x")
    assert answer.record is not None
    assert (answer.record.paper_id, answer.record.title) == (PaperId("openreview", "xQUe1pOKPam"), "A paper")


def test_a_redirect_to_arxiv_is_a_twin_and_arxiv_is_not_asked(web: WebServer) -> None:
    web.redirect("short.example/x", "https://arxiv.org/pdf/2310.13671v2", 301)
    assert read(web, "https://short.example/x").twins == (PaperId("arxiv", "2310.13671"),)
    assert [hit.url for hit in web.hits] == ["short.example/x"]


def test_five_redirects_are_followed_and_a_sixth_is_not(web: WebServer) -> None:
    for step in range(9):
        web.redirect(f"ring.example/{step}", f"/{step + 1}")
    web.page("ring.example/9", "<title>The end</title>")
    assert title(read(web, "https://ring.example/4")) == "The end"
    with pytest.raises(PageUnavailable, match="too many redirects"):
        read(web, "https://ring.example/3")


def test_the_pages_own_address_counts_on_its_own_site_only(web: WebServer) -> None:
    web.page(
        "blog.example/p?id=1", '<title>t</title><link rel="canonical" href="https://www.blog.example/post-1">'
    )
    web.page("www.blog.example/post-1", "<title>t</title>")
    web.page("blog.example/q", '<title>t</title><meta property="og:url" content="https://elsewhere.example/q">')
    web.page("blog.example/r", '<title>t</title><link rel="canonical" href="https://blog.example/">')
    known = [
        answer.record.paper_id.id
        for url in ("p?id=1", "q", "r")
        if (answer := read(web, f"https://blog.example/{url}")).record
    ]
    assert known == ["https://www.blog.example/post-1", "https://blog.example/q", "https://blog.example/r"]


# The address that a page gives for its own

OWN, OTHER = "cs.univ.example/~prof/paper.html", "cs.univ.example/~eve/x.html"
EVE = (
    '<title>Retracted</title><meta name="description" content="Pay here">'
    f'<meta name="citation_arxiv_id" content="2310.13671"><link rel="canonical" href="https://{OWN}">'
)


def asked(web: WebServer) -> list[str]:
    return [hit.url for hit in web.hits]


def test_what_a_page_says_of_another_page_is_not_believed(web: WebServer) -> None:
    web.page(OTHER, EVE)
    web.page(OWN, '<title>Careful results</title><meta name="description" content="Honest">')
    answer = read(web, f"https://{OTHER}")
    assert answer.record is not None
    assert answer.record.paper_id == page(f"https://{OWN}")
    assert (answer.record.title, answer.record.abstract, answer.twins) == ("Careful results", "Honest", ())
    assert asked(web) == [OTHER, OWN]


@pytest.mark.parametrize(
    "variant", ["m.blog.example/post", "blog.example/amp/post", "blog.example/post/print", "blog.example/?p=7"]
)
def test_views_of_a_page_are_the_page_that_all_of_them_name(web: WebServer, variant: str) -> None:
    named = '<title>A post</title><link rel="canonical" href="https://blog.example/post">'
    web.page(variant, named)
    web.page("blog.example/post", named)
    assert read(web, f"https://{variant}") == read(web, "https://blog.example/post")
    assert asked(web) == [variant, "blog.example/post", "blog.example/post"]


@pytest.mark.parametrize(
    ("variant", "own"),
    [
        ("www.blog.example/post", "blog.example/post"),
        ("blog.example/post", "www.blog.example/post/"),
        ("blog.example/post?from=feed&id=3&print", "blog.example/post?id=3"),
        ("blog.example/post/?amp", "blog.example/post"),
    ],
)
def test_another_spelling_of_the_asked_address_is_not_asked_for(web: WebServer, variant: str, own: str) -> None:
    web.page(variant, f'<title>A post</title><link rel="canonical" href="http://{own}">')
    answer = read(web, f"https://{variant}")
    assert answer.record is not None
    assert (answer.record.paper_id, answer.record.title) == (page(f"https://{own}"), "A post")
    assert asked(web) == [variant]


def unreadable(web: WebServer, how: str) -> None:
    """Let the page that is named as another's own address be unreadable."""
    match how:
        case "names another":
            web.page(OWN, '<title>x</title><link rel="canonical" href="https://cs.univ.example/~prof/">')
        case "names the asked one":
            web.page(OWN, f'<title>x</title><link rel="canonical" href="https://{OTHER}">')
        case "says nothing":
            web.page(OWN, "<p>It works!")
        case "a file":
            web.page(OWN, b"%PDF-1.7", kind="application/pdf")
        case "sends on":
            web.redirect(OWN, f"https://{OTHER}")
        case "no answer":
            web.pages[OWN] = lambda handler: handler.wfile.write(b"nonsense\r\n") and None
        case "hangs":
            web.pages[OWN] = lambda _handler: time.sleep(4)
        case _:
            web.page(OWN, "<title>x</title>", status=int(how))


@pytest.mark.parametrize(
    "how",
    [
        *("names another", "names the asked one", "says nothing", "a file", "sends on", "no answer", "hangs"),
        *("401", "404", "410", "429", "500", "503"),
    ],
)
def test_a_page_whose_own_address_cannot_be_read_is_known_by_the_asked_one(web: WebServer, how: str) -> None:
    web.page(OTHER, EVE)
    unreadable(web, how)
    answer = reader(web, seconds=2 if how == "hangs" else 8).read(page(f"https://{OTHER}"))
    assert answer.record is not None
    assert (answer.record.paper_id, answer.record.title) == (page(f"https://{OTHER}"), "Retracted")
    assert answer.twins == (PaperId("arxiv", "2310.13671"),)
    assert asked(web) == [OTHER, OWN]


def test_an_own_address_that_leads_inside_is_not_asked(web: WebServer) -> None:
    web.addresses["m.blog.example"] = ["10.0.0.8"]
    web.page("blog.example/x", '<title>A post</title><link rel="canonical" href="https://m.blog.example/x">')
    web.page("m.blog.example/x", "<title>inside</title>")
    assert title(read(web, "https://blog.example/x")) == "A post"
    assert asked(web) == ["blog.example/x"]


def test_nor_is_one_for_which_no_step_or_room_is_left(web: WebServer) -> None:
    named = '<title>A post</title><link rel="canonical" href="https://blog.example/own">'
    web.page("blog.example/own", "<title>Its own</title>")
    for step in range(5):
        web.redirect(f"blog.example/{step}", f"/{step + 1}")
    web.page("blog.example/5", named)
    assert title(read(web, "https://blog.example/0")) == "A post"
    assert title(read(web, "https://blog.example/1")) == "Its own"
    web.page("blog.example/long", named + " " * 2 * 1024 * 1024)
    assert title(read(web, "https://blog.example/long")) == "A post"


@pytest.mark.parametrize("status", [404, 410])
def test_only_a_site_that_says_so_says_that_there_is_no_such_page(web: WebServer, status: int) -> None:
    web.page("blog.example/gone", "<title>Not found</title>", status=status)
    assert read(web, "https://blog.example/gone") == ReadPage(None)


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_failing_site_is_an_outage(web: WebServer, status: int) -> None:
    web.page("blog.example/x", "<title>Oops</title>", status=status)
    with pytest.raises(PageUnavailable, match=f"HTTP {status}"):
        read(web, "https://blog.example/x")


def test_a_name_that_nobody_knows_is_an_outage(web: WebServer) -> None:
    web.addresses["nobody.example"] = []
    with pytest.raises(PageUnavailable, match="no such host"):
        read(web, "https://nobody.example/x")


@pytest.mark.parametrize("status", [401, 403, 451])
def test_what_is_not_shown_to_us_is_kept_by_its_address(web: WebServer, status: int) -> None:
    web.page("blog.example/a-fine-post", "<title>Are you a robot?</title>", status=status)
    assert title(read(web, "https://blog.example/a-fine-post")) == "a fine post (blog.example)"


def test_a_file_is_kept_by_its_name_and_not_read(web: WebServer) -> None:
    web.page("lab.example/files/On%20Sleep_2024.pdf", b"%PDF-1.7 <title>no</title>", kind="application/pdf")
    web.page("lab.example/run.bin", b"<title>no</title>", kind="application/octet-stream")
    assert title(read(web, "https://lab.example/files/On%20Sleep_2024.pdf")) == "On Sleep 2024 (lab.example)"
    assert title(read(web, "https://lab.example/run.bin")) == "lab.example/run.bin"


def test_a_site_that_shows_robots_a_shell_is_not_asked(web: WebServer) -> None:
    web.page("x.com/ada/status/123456789", "<title>JavaScript is not available.</title>")
    assert title(read(web, "https://twitter.com/ada/status/123456789?s=20")) == "x.com/ada/status/123456789"
    assert not web.hits


@pytest.mark.parametrize(
    "address",
    ["arxiv.org/list/cs.CL/recent", "export.arxiv.org/search/?query=llm", "arxiv.org/"],
)
def test_a_listing_of_arxiv_is_kept_by_its_address_and_arxiv_is_not_asked(web: WebServer, address: str) -> None:
    web.page(address, "<title>Computation and Language</title>")
    answer = read(web, f"https://{address}")
    assert answer.record is not None
    assert answer.record.origin == "address"
    assert not web.hits


@pytest.mark.parametrize("target", ["https://arxiv.org/list/cs.CL/new", "https://x.com/ada/status/123456789"])
@pytest.mark.parametrize("status", [301, 302])
def test_nor_is_it_or_a_shell_where_a_redirect_leads_there(web: WebServer, target: str, status: int) -> None:
    web.redirect("short.example/x", target, status)
    answer = read(web, "https://short.example/x")
    assert answer.record is not None
    assert answer.record.paper_id == page(target if status == 301 else "https://short.example/x")
    assert [hit.url for hit in web.hits] == ["short.example/x"]


# Inner addresses

INNER = [
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "100.100.100.200",
    "169.254.169.254",
    "168.63.129.16",
    "192.0.0.192",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:8.8.8.8",
    "::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "nonsense",
]


@pytest.mark.parametrize("address", INNER)
def test_inner_addresses_are_no_part_of_the_internet(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.215.14", "2606:2800:21f:cb07::1", "2400:cb00:2048:1::c629"]
)
def test_public_addresses_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", [address for address in INNER if not address.startswith("127.")])
def test_a_name_that_leads_inside_is_not_asked(web: WebServer, address: str) -> None:
    web.addresses["rebound.example"] = [address]
    network = Network(web.resolve, web.network.ports)
    with pytest.raises(PageUnavailable, match="no public address"):
        WebPages(FakeGate(), AGENT, lambda: NOW, network).read(page("https://rebound.example/"))


def test_loopback_is_refused_unless_code_allows_it(web: WebServer) -> None:
    web.page("blog.example/", "<title>inside</title>")
    strict = Network(web.resolve, web.network.ports)
    with pytest.raises(PageUnavailable, match="no public address"):
        WebPages(FakeGate(), AGENT, lambda: NOW, strict).read(page("https://blog.example/"))
    assert not web.hits


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://2852039166/latest/",
        "http://0x7f.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:169.254.169.254]/",
        "http://localhost/",
        "http://metadata.google.internal/",
        "https://blog.example@169.254.169.254/",
        "https://blog.example:22/",
        "file:///etc/passwd",
        "ftp://blog.example/x",
        "//127.0.0.1/x",
    ],
)
def test_a_redirect_inside_is_not_followed(web: WebServer, target: str) -> None:
    web.redirect("trap.example/x", target)
    with pytest.raises(PageUnavailable, match="not asked"):
        read(web, "https://trap.example/x")
    assert len(web.hits) == 1


def test_a_redirect_to_a_name_that_leads_inside_is_not_followed(web: WebServer) -> None:
    web.redirect("trap.example/x", "https://inner.example/")
    web.addresses["inner.example"] = ["10.0.0.8", "fe80::1"]
    with pytest.raises(PageUnavailable, match="no public address"):
        read(web, "https://trap.example/x")


def test_a_name_that_changes_where_it_leads_is_checked_each_time(web: WebServer) -> None:
    web.page("turncoat.example/", "<title>inside</title>")
    answers = iter((["127.0.0.1"], ["169.254.169.254"]))
    network = Network(lambda _name: next(answers), web.network.ports, loopback=True)
    # There is no TLS at the first address; at the second nobody is asked.
    with pytest.raises(PageUnavailable, match="no public address"):
        WebPages(FakeGate(), AGENT, lambda: NOW, network).read(page("https://turncoat.example/"))
    assert not web.hits


# Bad manners


def test_a_page_without_end_is_read_up_to_two_megabytes(web: WebServer) -> None:
    sent = []

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        with suppress(OSError):
            handler.wfile.write(b"<title>Long</title>")
            for _ in range(500):
                handler.wfile.write(b"x" * 100_000)
                sent.append(1)

    web.pages["long.example/"] = endless
    assert title(read(web, "https://long.example/")) == "Long"
    assert len(sent) < 500


def test_what_unpacks_without_end_is_cut_as_well(web: WebServer) -> None:
    packed = gzip.compress(b"<title>Small</title>" + b" " * 300_000_000, 9)
    web.page("bomb.example/", packed, Content_Encoding="gzip")
    assert title(read(web, "https://bomb.example/")) == "Small"


def test_a_broken_packing_is_an_outage(web: WebServer) -> None:
    web.page("bomb.example/", b"\x1f\x8bnonsense", Content_Encoding="gzip")
    with pytest.raises(PageUnavailable):
        read(web, "https://bomb.example/")


@pytest.mark.parametrize("where", ["headers", "body"])
def test_a_site_that_sends_a_byte_now_and_then_is_given_up(web: WebServer, where: str) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        with suppress(OSError):
            if where == "body":
                handler.send_response(200)
                handler.send_header("Content-Type", "text/html")
                handler.end_headers()
            else:
                handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
            for _ in range(600):
                handler.wfile.write(b"x")
                handler.wfile.flush()
                time.sleep(0.1)

    web.pages["slow.example/"] = drip
    with pytest.raises(PageUnavailable, match="timeout"):
        reader(web, seconds=1.5).read(page("https://slow.example/"))


def test_a_look_up_that_hangs_is_given_up(web: WebServer) -> None:
    network = Network(lambda _name: time.sleep(5) or [], web.network.ports)
    with pytest.raises(PageUnavailable, match="timeout"):
        WebPages(FakeGate(), AGENT, lambda: NOW, network, seconds=0.5).read(page("https://slow.example/"))


def test_an_answer_that_is_no_http_is_an_outage(web: WebServer) -> None:
    web.pages["odd.example/"] = lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH_9.9\r\n") and None
    with pytest.raises(PageUnavailable):
        read(web, "https://odd.example/")


# Pace


def test_a_host_is_not_asked_twice_within_the_gap_but_another_is(web: WebServer) -> None:
    gate = FakeGate()
    for url in ("one.example/a", "one.example/b", "two.example/"):
        web.page(url, "<title>t</title>")
    pages = reader(web, gate, gap=30)
    pages.read(page("https://one.example/a"))
    with pytest.raises(PageThrottled) as trouble:
        pages.read(page("https://one.example/b"))
    assert 0 < trouble.value.seconds <= 30
    assert title(pages.read(page("https://two.example/"))) == "t"
    assert web.asked("one.example/b") == 0


@pytest.mark.parametrize(("status", "asked_for"), [(429, "120"), (503, "120")])
def test_a_site_that_asks_for_a_wait_gets_it(web: WebServer, status: int, asked_for: str) -> None:
    gate = FakeGate()
    web.page("busy.example/", "", status=status, Retry_After=asked_for)
    with pytest.raises(PageThrottled) as trouble:
        reader(web, gate).read(page("https://busy.example/"))
    assert trouble.value.seconds == 120
    assert gate.state("web:busy.example")[0] > 60


def test_a_failing_host_is_left_alone_for_longer_each_time(web: WebServer) -> None:
    gate = FakeGate()
    web.page("down.example/", "", status=500)
    pages = reader(web, gate, gap=0.001)
    for failures in range(1, 4):
        with pytest.raises(PageUnavailable):
            pages.read(page("https://down.example/"))
        assert gate.state("web:down.example")[1] == failures
        time.sleep(0.02)
