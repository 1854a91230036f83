"""Two workspaces in one database: each process works for that of its token and leaves the other's work alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from house import running
from sqlalchemy import delete, select
from stored import paper
from whole_workspace import fill

from storage import tables
from storage.engine import Database, connect
from storage.migrate import migrate
from storage.shelves import StoredShelves

OTHER = "T00OTHER"
SHARED = {
    tables.note_places.name,  # the index is kept complete,
    tables.acts.name,  # and what is old is forgotten, by whoever comes first
}


def of_the_other(database: Database) -> dict[str, Any]:
    """All rows of the other workspace, in each table that names it."""
    with database.reading() as connection:
        return {
            table.name: sorted(map(str, connection.execute(select(table).where(column == OTHER))))
            for table in tables.metadata.sorted_tables
            if table.name not in SHARED
            for column in [table.c.id if table is tables.workspaces else table.c.get("workspace")]
            if column is not None
        }


def test_what_waits_in_another_workspace_is_left_to_its_own_process(tmp_path: Path, database_url: str) -> None:
    database = connect(database_url)
    migrate(database)
    fill(StoredShelves(database), OTHER)
    with database.writing() as connection:
        connection.execute(delete(tables.claims))  # these end by the clock, whoever looks at it
    before = of_the_other(database)
    with running(tmp_path, database_url) as house:
        ts = house.paste("https://arxiv.org/abs/2301.00001")
        house.card(ts, "2301.00001")
        house.page("/papers/arxiv/2301.00001.html")
        for job in house.fusen.jobs:
            house.fusen.work(job)
        assert of_the_other(database) == before
        assert "2301.00001" in house.site()
        assert str(paper(1).id) not in house.site()
    database.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_two_workspaces_share_a_database_and_ask_of_a_paper_once(tmp_path: Path, database_url: str) -> None:
    with (
        running(tmp_path / "one", database_url) as one,
        running(tmp_path / "two", database_url, team=OTHER) as two,
    ):
        assert [house.state()["team"]["id"] for house in (one, two)] == ["T00PLAYGRND", OTHER]
        for house in (one, two):
            house.card(house.paste("https://arxiv.org/abs/2301.00001"), "2301.00001")
        for number, house in enumerate((one, two, one, two)):
            own = house.paste(f"https://arxiv.org/abs/2301.0001{number}")
            house.paste("a thought", thread=own)
            house.card(own, "1 comment")
            assert len(house.answers(own)) == 1
        for house, own, others in ((one, "02", "13"), (two, "13", "02")):
            for number in own:
                house.page(f"/papers/arxiv/2301.0001{number}.html")
            site = house.site()
            assert not [number for number in others if f"2301.0001{number}" in site]
        asked = [paper for house in (one, two) for hit in house.arxiv.log for paper in hit.ids]
        assert sorted(asked) == ["2301.00001", *(f"2301.0001{number}" for number in range(4))]
