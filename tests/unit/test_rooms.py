"""What the rooms may import, where a list of forbidden packages would lack the newest ones."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

PAPERS = Path(__file__).parents[2] / "papers"


def imported(source: str) -> Iterator[str]:
    """The packages that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


def test_papers_uses_the_standard_library_alone() -> None:
    modules = list(PAPERS.rglob("*.py"))
    assert modules
    found = {name: module.name for module in modules for name in imported(module.read_text("utf-8"))}
    assert {name: found[name] for name in found.keys() - sys.stdlib_module_names - {"papers"}} == {}
