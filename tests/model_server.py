"""A stand-in for a language model on loopback: it speaks chat completions, and misbehaves when told to.

By itself, to try translations by hand: `python tests/model_server.py --port 8099` (any key, any model).
"""

from __future__ import annotations

import argparse
import json
import threading
from collections import deque
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from loopback import LoopbackServer, Quiet

NAME = "stand-in-2026-11"
COST = 100
"""How many tokens each answer says that it cost."""


class Question:
    """One request as a behaviour sees it."""

    def __init__(self, handler: Quiet, server: ModelServer, body: dict[str, Any]) -> None:
        self.body = body
        self.server = server
        self.answer = handler.answer

    @property
    def texts(self) -> dict[str, str]:
        """What is to be translated: the first thing that a user said."""
        first = next(one["content"] for one in self.body["messages"] if one["role"] == "user")
        return dict(json.loads(first))

    @property
    def form(self) -> str:
        """The form asked for: `json_schema`, `json_object`, or nothing."""
        return str(self.body.get("response_format", {}).get("type", ""))


Behaviour = Callable[[Question], None]


def said(text: str, reason: str = "stop", **more: object) -> Behaviour:
    """Answer with this text."""
    message = {"role": "assistant", "content": text, **more}
    completion = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_790_000_000,
        "model": NAME,
        "choices": [{"index": 0, "message": message, "finish_reason": reason}],
        "usage": {"prompt_tokens": COST - 40, "completion_tokens": 40, "total_tokens": COST},
    }
    return lambda question: question.answer(json.dumps(completion).encode())


def translated(question: Question, **instead: str | None) -> dict[str, str]:
    """A translation of what was asked for; `instead` gives other ones, None leaves one out (`s1` is the first)."""
    made = {name: f"訳文{text}" for name, text in question.texts.items()}
    for name, text in instead.items():
        made.pop(name.removeprefix("s"))
        if text is not None:
            made[name.removeprefix("s")] = text
    return made


def good(question: Question) -> None:
    said(json.dumps(translated(question), ensure_ascii=False))(question)


def but(**instead: str | None) -> Behaviour:
    """A good translation, but for these texts."""
    return lambda question: said(json.dumps(translated(question, **instead), ensure_ascii=False))(question)


def wrapped(before: str, after: str) -> Behaviour:
    """A good translation with words around it."""
    return lambda question: said(f"{before}{json.dumps(translated(question), ensure_ascii=False)}{after}")(
        question
    )


def status(code: int, told: str = "no", **headers: str) -> Behaviour:
    body = json.dumps({"error": {"message": told, "type": "x", "code": None, "param": None}}).encode()
    return lambda question: question.answer(body, code, **headers)


def html(question: Question) -> None:
    question.answer(b"<!DOCTYPE html><p>Sign in first</p>", kind="text/html")


def hang(question: Question) -> None:
    """Accept the request and never answer."""
    question.server.stopped.wait(60)


class ModelServer(LoopbackServer):
    """The stand-in. `misbehave` queues behaviours for the next questions; then, and else, it translates."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(_handler_for(self), port)
        self.log: list[Question] = []
        self.keys: list[str] = []
        self.usual: Behaviour = good
        self._next: deque[Behaviour] = deque()

    @property
    def url(self) -> str:
        return f"{self.origin}/v1"

    def misbehave(self, *behaviours: Behaviour) -> None:
        self._next.extend(behaviours)

    def serve(self, question: Question, key: str) -> None:
        self.log.append(question)
        self.keys.append(key)
        (self._next.popleft() if self._next else self.usual)(question)


def _handler_for(server: ModelServer) -> type[Quiet]:
    class Handler(Quiet):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            assert urlsplit(self.path).path == "/v1/chat/completions"
            server.serve(Question(self, server, body), self.headers.get("Authorization", ""))

        def do_GET(self) -> None:
            known = self.headers.get("Authorization") != "Bearer wrong"
            told = {"id": self.path.rpartition("/")[2], "object": "model", "created": 1, "owned_by": "x"}
            Question(self, server, {}).answer(json.dumps(told).encode(), 200 if known else 401)

    return Handler


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    with ModelServer(parser.parse_args().port) as server:
        print(server.url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
