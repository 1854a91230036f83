"""How the templates are read: everything escaped, and sentences without gaps put in while they are compiled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator
from jinja2.visitor import NodeTransformer
from markupsafe import Markup


def environment(folder: Path, say: Callable[[str], Markup]) -> Environment:
    """An environment with the templates of a folder. `say` gives sentences without gaps, by their keys.

    A page says some thirty of them, always the same: as text of the template they cost nothing.
    """

    class Compiler(CodeGenerator):
        def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:
            super().visit_Template(_Saying(say).visit(node), frame)

    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.code_generator_class = Compiler
    return made


class _Saying(NodeTransformer):
    """Puts the sentence in the place of `say("its key")`."""

    def __init__(self, say: Callable[[str], Markup]) -> None:
        self._say = say

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        match node:
            case nodes.Call(
                node=nodes.Name(name="say"), args=[nodes.Const(value=str(key))], kwargs=[], dyn_args=None
            ):
                return nodes.Const(self._say(key), lineno=node.lineno)
        return self.generic_visit(node)
