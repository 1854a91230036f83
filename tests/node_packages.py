"""Parts in Node: whether it is there, and folders with packages installed exactly as locked."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

NODE, NPM = shutil.which("node"), shutil.which("npm")
UNREACHABLE = ("ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "ECONNREFUSED")


def node_is_new_enough() -> bool:
    """Bolt 5 needs Node 20."""
    if NODE is None or NPM is None:
        return False
    version = subprocess.run([NODE, "--version"], capture_output=True, text=True, check=True).stdout
    return int(version.strip().lstrip("v").partition(".")[0]) >= 20


needs_node = pytest.mark.skipif(
    not node_is_new_enough(), reason="needs Node 20 or newer and npm: on Debian, apt-get install nodejs npm"
)


def installed(source: Path, folder: Path) -> Path:
    """Copy a folder's files and install its packages; the test is skipped without a network."""
    for file in source.iterdir():
        if file.is_file():
            shutil.copy(file, folder / file.name)
    done = subprocess.run(
        [str(NPM), "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=150,
    )
    if any(code in done.stderr for code in UNREACHABLE):
        pytest.skip("npm cannot reach its packages: connect this machine to the network")
    assert done.returncode == 0, done.stderr
    return folder
