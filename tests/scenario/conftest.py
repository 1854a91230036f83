"""The running house, shared by the scenarios of one file: each scenario pastes papers of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from house import House, running


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[House]:
    """A Fusen with SQLite and two people, Aiko (Japanese) and Ben (English)."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copyfile(migrated_sqlite, folder / "fusen.db")
    with running(folder, f"sqlite:///{folder}/fusen.db") as made:
        yield made
