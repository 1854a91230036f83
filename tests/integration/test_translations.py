"""Translations by a language model that misbehaves as such do: nothing is lost, and English is shown meanwhile."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import timedelta

import model_server as behaviour
import pytest
from fakes import FakeGate
from model_server import COST, NAME, Behaviour, ModelServer
from stored import NOW, PUBLIC, SECRET, TEAM, message, paper, record, settle, share, store

from bot.composition.use_cases import ModelClientMissing
from bot.composition.use_cases import translator as translator_of
from bot.settings import read
from bot.translating import GATE, LEASE, TRIES, Translating
from enrichment.endpoint import FORGET_SECONDS, Endpoint
from enrichment.shielding import shield
from enrichment.translating import ModelTranslator
from papers.note import Audience, Note
from papers.nudges import Job
from papers.settled import Setting
from papers.translation import Passage, TranslatorError
from storage.shelves import StoredShelves

STUDY = record(
    paper(1),
    title="Learning $x_1$ with GPT-4",
    abstract="We learn $x_1 < y$ and $\\alpha$. Code is at https://example.org/a. It works!",
    version=2,
)


# What is stored is tried on both databases; what the job makes of it, on one.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
def translator(server: ModelServer) -> ModelTranslator:
    return ModelTranslator(Endpoint(server.url, "key-1", "small", read_seconds=1), lambda: NOW)


def shown(passage: Passage) -> tuple[str, list[str]]:
    """The text, and those parts of it that are formulas."""
    assert all(one.mathml.startswith("<math") for one in passage.formulas)
    return passage.text, [passage.text[one.start : one.stop] for one in passage.formulas]


def test_each_sentence_is_translated_by_itself_and_formulas_come_back_whole(
    server: ModelServer, translator: ModelTranslator
) -> None:
    made = translator.translate(STUDY, "ja")
    assert made.tokens == COST
    told = made.translation
    assert (told.language, told.made_by, told.made_at, told.version) == ("ja", NAME, NOW, 2)
    assert shown(told.title) == ("訳文Learning x₁ with GPT-4", ["x₁"])
    assert [(shown(one.original), shown(one.translated)) for one in told.sentences] == [
        (("We learn x₁ < y and α.", ["x₁ < y", "α"]), ("訳文We learn x₁ < y and α.", ["x₁ < y", "α"])),
        (("Code is at https://example.org/a.", []), ("訳文Code is at https://example.org/a.", [])),
        (("It works!", []), ("訳文It works!", [])),
    ]
    assert told.sentences[0].translated.formulas[1].mathml == told.sentences[0].original.formulas[1].mathml
    (asked,) = server.log
    assert asked.texts == {
        "title": "Learning ⟦1⟧ with GPT-4",
        "1": "We learn ⟦1⟧ and ⟦2⟧.",
        "2": "Code is at ⟦1⟧.",
        "3": "It works!",
    }
    assert asked.body.keys() == {"model", "messages", "response_format"}
    assert asked.body["response_format"]["json_schema"]["schema"]["required"] == ["title", "1", "2", "3"]
    assert server.keys == ["Bearer key-1"]


@pytest.mark.parametrize(
    "odd",
    [
        behaviour.wrapped("```json\n", "\n```"),
        behaviour.wrapped("<think>{so} many</think> Here you are: ", " Anything else?"),
    ],
    ids=["fenced", "thinking"],
)
def test_words_around_the_answer_do_no_harm(
    server: ModelServer, translator: ModelTranslator, odd: Behaviour
) -> None:
    server.misbehave(odd)
    assert translator.translate(STUDY, "ja").translation.title.text == "訳文Learning x₁ with GPT-4"
    assert len(server.log) == 1


BAD = {
    "a sentence is missing": behaviour.but(s2=None),
    "a sentence is empty": behaviour.but(s2=" "),
    "a formula is lost": behaviour.but(s1="我々は ⟦1⟧ を学ぶ。"),
    "a formula is doubled": behaviour.but(s1="我々は ⟦1⟧ と ⟦2⟧ と ⟦2⟧ を学ぶ。"),
    "not in Japanese": behaviour.but(s3="It works, and this is why it does."),
    "an address of its own": behaviour.but(s3="https://evil.example で動く。"),
    "much too long": behaviour.but(s3="動く。" * 1000),
    "no JSON": behaviour.said("Sure! Here is the translation."),
    "broken JSON": behaviour.said('{"title": "\\alpha"}'),
    "a list": behaviour.said('["訳", "訳"]'),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_bad_answer_has_one_more_chance(
    server: ModelServer, translator: ModelTranslator, bad: Behaviour
) -> None:
    server.misbehave(bad)
    made = translator.translate(STUDY, "ja")
    assert made.tokens == 2 * COST
    assert all(one.translated.text for one in made.translation.sentences)
    first, second = server.log
    assert [one["role"] for one in second.body["messages"]] == ["system", "user", "assistant", "user"]
    assert first.texts == second.texts


def test_a_sentence_that_stays_bad_stays_english_and_the_others_are_kept(
    server: ModelServer, translator: ModelTranslator
) -> None:
    server.usual = behaviour.but(s1="我々は学ぶ。")
    made = translator.translate(STUDY, "ja").translation
    assert [bool(one.translated.text) for one in made.sentences] == [False, True, True]
    assert made.sentences[0].original.text == "We learn x₁ < y and α."


@pytest.mark.parametrize(
    ("bad", "tokens"),
    [
        (behaviour.said('{"title": "訳", "4": "訳"}'), 2 * COST),
        (behaviour.said("I cannot.", refusal="I cannot."), COST),
        (behaviour.said('{"title": "訳', reason="length"), COST),
        (behaviour.said("", reason="content_filter"), COST),
        (behaviour.status(401), 0),
        (behaviour.status(500), 0),
        (behaviour.status(400, "the prompt is too long"), 0),
        (behaviour.html, 0),
        (behaviour.hang, 0),
    ],
    ids=["wrong count", "refusal", "cut off", "filtered", "401", "500", "400", "html", "hanging"],
)
def test_whatever_goes_wrong_is_one_kind_of_error_that_tells_what_it_cost(
    server: ModelServer, translator: ModelTranslator, bad: Behaviour, tokens: int
) -> None:
    server.usual = bad
    with pytest.raises(TranslatorError) as told:
        translator.translate(STUDY, "ja")
    assert told.value.tokens == tokens
    assert "key-1" not in str(told.value)


def test_a_model_without_its_client_is_told_of_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    assert translator_of(read({})) is None
    monkeypatch.delitem(sys.modules, "enrichment.endpoint")
    monkeypatch.setitem(sys.modules, "openai", None)  # as where it is not installed
    with pytest.raises(ModelClientMissing):
        translator_of(read({"LLM_MODEL": "small", "LLM_BASE_URL": "http://127.0.0.1:9/v1"}))


def test_nobody_there_is_an_error_too() -> None:
    with ModelServer() as gone:
        url = gone.url
    with pytest.raises(TranslatorError, match="no connection"):
        ModelTranslator(Endpoint(url, "", "small"), lambda: NOW).translate(STUDY, "ja")


def test_a_wait_that_is_asked_for_is_told(server: ModelServer, translator: ModelTranslator) -> None:
    server.misbehave(behaviour.status(429, Retry_After="77"))
    with pytest.raises(TranslatorError) as told:
        translator.translate(STUDY, "ja")
    assert told.value.seconds == 77


def test_a_server_that_knows_no_schema_is_asked_without_and_that_is_remembered_for_a_while(
    server: ModelServer,
) -> None:
    clock = [0.0]
    endpoint = Endpoint(server.url, "", "small", now=lambda: clock[0])
    translator = ModelTranslator(endpoint, lambda: NOW)
    server.misbehave(
        behaviour.status(400, "response_format json_schema is not supported"),
        behaviour.status(422, "json_object?"),
    )
    for later in (0.0, 1.0, FORGET_SECONDS + 1):
        clock[0] = later
        assert translator.translate(STUDY, "ja").translation.title.text
    assert [one.form for one in server.log] == ["json_schema", "json_object", "", "", "json_schema"]


@pytest.mark.parametrize(
    ("source", "text", "original"),
    [
        ("Costs $5 to $10 fall.", "Costs $5 to $10 fall.", "Costs $5 to $10 fall."),
        (r"G\"odel's \(a_1\) and \emph{more}", "Gödel's ⟦1⟧ and more", "Gödel's a₁ and more"),
        ("⟦9⟧ is old", "[9] is old", "[9] is old"),
        ("See https://a.example/x_y, now.", "See ⟦1⟧, now.", "See https://a.example/x_y, now."),
    ],
)
def test_what_is_shielded_reads_well(source: str, text: str, original: str) -> None:
    shielded = shield(source)
    assert (shielded.text, shielded.original.text) == (text, original)
    assert shielded.restored(text) == shielded.original


class Running:
    """The job over real storage, at a time that the test sets, in a workspace that reads Japanese."""

    def __init__(self, shelves: StoredShelves, server: ModelServer, budget: int = 10**6) -> None:
        self.shelves = shelves
        self.now = NOW
        self.nudges: list[Job] = []
        self.gate = FakeGate(lambda: self.now.timestamp())
        translator = ModelTranslator(Endpoint(server.url, "", "small", read_seconds=1), lambda: self.now)
        self.job = Translating(shelves, translator, self.gate, budget, self.nudges.append, lambda: self.now)

    def __call__(self, **passed: float) -> None:
        """Let time pass, and run for as long as the job wishes."""
        self.now += timedelta(**passed)
        self.nudges.append(Job.TRANSLATE)
        while Job.TRANSLATE in self.nudges:
            self.nudges.clear()
            self.job()

    def note(self, number: int = 1) -> Note:
        with self.shelves.reading() as shelf:
            found = shelf.notes.of_paper(paper(number), Audience(TEAM))
        assert found
        return found

    def spent(self) -> int:
        with self.shelves.reading() as shelf:
            return shelf.translations.spent(self.now)


@pytest.fixture
def running(shelves: StoredShelves, server: ModelServer) -> Running:
    with shelves.writing() as shelf:
        settle(shelf)
        shelf.settings.settle(TEAM, Setting.TEAM_LANGUAGE, "ja", "U1", NOW)
        share(shelf, paper(1), PUBLIC, "1.0")
        store(shelf, paper(1), NOW)
    return Running(shelves, server)


def test_what_is_missing_is_translated_once_and_the_pages_are_told(running: Running, server: ModelServer) -> None:
    before = running.note().change
    for _ in range(3):
        running(minutes=1)
    made = running.note().translation
    assert made and made.title.text == "訳文On 2310.00001" and made.made_by == NAME and made.version == 1
    assert running.note().change == before + 1 and len(server.log) == 1 and running.spent() == COST
    with running.shelves.writing() as shelf:
        store(shelf, paper(1), NOW, version=2, title="Another title")
    assert running.note().translation is None  # of another version, so English is shown
    running(minutes=1)
    made = running.note().translation
    assert made and made.title.text == "訳文Another title" and made.version == 2


def test_only_what_arxiv_says_of_papers_on_the_pages_is_ever_sent(running: Running, server: ModelServer) -> None:
    with running.shelves.writing() as shelf:
        hidden = share(shelf, paper(2), SECRET, "2.0")
        store(shelf, paper(2), NOW)
        share(shelf, paper(3), PUBLIC, "3.0")
        store(shelf, paper(3), NOW, withdrawn=True)
        shelf.notes.comment(hidden, "x", "U1", PUBLIC, None, "Our secret plan", NOW)
        shelf.notes.comment(1, "y", "U1", PUBLIC, None, "Our public plan", NOW)
    running(minutes=1)
    (asked,) = server.log
    assert asked.texts == {"title": "On 2310.00001", "1": "We study large language models."}
    sent = json.dumps(asked.body, ensure_ascii=False)
    assert not any(word in sent for word in ("plan", "Aki", "Ada Lovelace", "C_PUBLIC", "T1"))


@on_sqlite
def test_what_is_no_longer_published_is_not_sent_even_if_it_was_wanted(
    running: Running, server: ModelServer
) -> None:
    server.misbehave(behaviour.status(500))
    running(minutes=1)
    with running.shelves.writing() as shelf:
        shelf.notes.withdraw(message(PUBLIC, "1.0"), NOW)
    running(days=3)
    assert len(server.log) == 1


@on_sqlite
def test_a_workspace_that_reads_english_asks_nobody(running: Running, server: ModelServer) -> None:
    with running.shelves.writing() as shelf:
        shelf.settings.settle(TEAM, Setting.TEAM_LANGUAGE, "en", "U1", NOW)
    running(minutes=1)
    assert server.log == []


@on_sqlite
def test_a_model_in_trouble_is_left_alone_for_longer_and_longer_and_nothing_is_lost(
    running: Running, server: ModelServer
) -> None:
    server.usual = behaviour.status(503)
    for _ in range(24 * 6):
        running(minutes=10)
    tried = len(server.log)
    assert 4 <= tried <= 8
    assert running.note().translation is None
    server.usual = behaviour.good
    running(days=3)
    assert running.note().translation and len(server.log) == tried + 1
    assert running.gate.state(GATE) == (0.0, 0)


@on_sqlite
def test_what_costs_and_never_works_is_given_up_until_another_version_comes(
    running: Running, server: ModelServer
) -> None:
    server.usual = behaviour.said("I cannot.", refusal="I cannot.")
    for _ in range(30):
        running(days=1)
    assert len(server.log) == TRIES
    server.usual = behaviour.good
    with running.shelves.writing() as shelf:
        store(shelf, paper(1), NOW, version=2)
    running(days=1)
    assert running.note().translation


@on_sqlite
def test_the_budget_of_a_month_is_kept(running: Running, server: ModelServer) -> None:
    with running.shelves.writing() as shelf:
        for number in (2, 3, 4):
            share(shelf, paper(number), PUBLIC, f"{number}.0")
            store(shelf, paper(number), NOW)
    careful = Running(running.shelves, server, budget=2 * COST)
    careful(minutes=1)
    careful(minutes=1)
    assert len(server.log) == 2 and careful.spent() == 2 * COST
    careful(days=10)  # December
    assert len(server.log) == 4 and careful.spent() == 2 * COST


@on_sqlite
def test_killed_while_translating_it_is_done_when_the_lease_ends(running: Running, server: ModelServer) -> None:
    with running.shelves.writing() as shelf:
        assert shelf.translations.want(TEAM, 0, NOW, 10) == 1
        claimed = shelf.translations.claim(NOW, LEASE)
        assert claimed and claimed.attempts == 1
    running(seconds=LEASE.total_seconds() / 2)
    assert server.log == []
    running(seconds=LEASE.total_seconds())
    assert running.note().translation
