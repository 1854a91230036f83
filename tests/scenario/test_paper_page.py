"""What comes to a paper's page by and by: its licence and versions from the archive, and a translation."""

from __future__ import annotations

import json
from pathlib import Path

from arxiv_feed import FeedPaper
from house import running, until
from model_server import ModelServer
from stored import NOW, paper, record, store

from papers.note import Channel, ChannelKind, Message, Workspace
from storage.engine import connect
from storage.migrate import migrate
from storage.shelves import StoredShelves

TEAM, PAPERS = "T00PLAYGRND", "C0000PAPERS"
TOLD = "2306.00009"


def upgraded(database_url: str) -> None:
    """The database of a Fusen that knew neither: a paper, shared and talked about."""
    database = connect(database_url)
    migrate(database)
    with StoredShelves(database).writing() as shelf:
        shelf.directory.ensure_workspace(Workspace(TEAM, "Playground"), NOW)
        shelf.directory.store_channel(TEAM, Channel(PAPERS, "papers", ChannelKind.PUBLIC), NOW)
        shelf.papers.want(paper(1), NOW, NOW)
        note_id = shelf.notes.ensure(TEAM, paper(1), NOW)
        message = Message(TEAM, PAPERS, "1700000000.000100")
        shelf.notes.share(note_id, "a", "U1", message, None, NOW)
        shelf.notes.comment(note_id, "b", "U1", PAPERS, None, "Our plan", NOW)
        store(shelf, paper(1), NOW, version=2)
    database.close()


def test_licence_versions_and_translation_come_to_the_page_of_a_paper(tmp_path: Path) -> None:
    database_url = f"sqlite:///{tmp_path}/fusen.db"
    upgraded(database_url)
    with ModelServer() as model:
        chosen = {"FUSEN_LANGUAGE": "ja", "LLM_BASE_URL": model.url, "LLM_MODEL": "small", "LLM_API_KEY": "key-1"}
        with running(tmp_path, database_url, archive=True, **chosen) as house:

            def page() -> str:
                file = house.pages / "papers" / "arxiv" / f"{paper(1).id}.html"
                return file.read_text(encoding="utf-8") if file.exists() else ""

            until(lambda: "CC BY 4.0" in page() and f"訳文{record(paper(1)).title}" in page())
            assert '<p lang="en" dir="auto">We study large language models.</p>' in page()
            assert '<p lang="ja">訳文We study large language models.</p>' in page()
            assert "モデル: stand-in-2026-11。" in page() and ">v1</a>, " in page() and "Our plan" in page()
            assert [hit.ids for hit in house.arxiv.asked] == [(paper(1).id,)]
        assert "Our plan" not in json.dumps([question.body for question in model.log])


def test_a_name_that_arxiv_tells_with_tex_in_it_reads_everywhere(tmp_path: Path) -> None:
    with running(tmp_path, f"sqlite:///{tmp_path}/fusen.db") as house:
        house.arxiv.put(FeedPaper(TOLD, title="Neutrinos", authors=("C. Arg{ü}elles",)))
        house.card(house.paste(f"https://arxiv.org/abs/{TOLD}"), "C. Argüelles")
        assert "Neutrinos" in house.command("/note search arguelles")
        page, entry = f"papers/arxiv/{TOLD}.html", f"papers/arxiv/{TOLD}.bib"
        until(lambda: "C. Argüelles</bdi>" in house.page(page) and "{C. Argüelles}" in house.page(entry))
