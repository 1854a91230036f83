"""How the templates are read: all escaped, and what is always the same worked out while they are compiled."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator
from jinja2.visitor import NodeTransformer
from markupsafe import Markup


def environment(
    folder: Path, say: Callable[[str], Markup], functions: Mapping[str, Callable[..., Any]]
) -> Environment:
    """An environment with the templates of a folder, and functions for them.

    `say` gives sentences without gaps, by their keys. A page says some thirty of them, always the same: as text of
    the template they cost nothing. `functions` get at least one argument, and not the context.
    """

    class Compiler(CodeGenerator):
        def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:
            super().visit_Template(_Filtering(functions).visit(_Saying(say).visit(node)), frame)

    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.code_generator_class = Compiler
    made.filters.update(functions)
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


class _Filtering(NodeTransformer):
    """Turns `href(root, path)` into `root | href(path)`.

    Of a function Jinja asks at each call what it wants to be given, which takes longer than most of ours; of a
    filter while it compiles.
    """

    def __init__(self, functions: Container[str]) -> None:
        self._functions = functions

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        match node:
            case nodes.Call(
                node=nodes.Name(name=str(name)), args=[first, *others], dyn_args=None, dyn_kwargs=None
            ) if name in self._functions:
                given = (first, name, others, node.kwargs, None, None)
                return nodes.Filter(*given, lineno=node.lineno, environment=node.environment)
        return node
