"""The way to a language model: the only place that knows `openai`, an extra that need not be installed.

One protocol (chat completions) reaches OpenAI and others' services, gateways, and servers of one's own such as
Ollama, llama.cpp or vLLM. Nothing is sent that some of them refuse: no temperature, no cap on tokens.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import openai
from openai.types.chat import ChatCompletion

from enrichment.asking import Model, Said, Turn
from papers.retry_after import wait_asked_for
from papers.translation import TranslatorError

CONNECT_SECONDS, READ_SECONDS = 5.0, 90.0
FORGET_SECONDS = 86_400.0
"""How long it is remembered how much of a schema the server takes: it may be a newer one tomorrow."""

_NAMES_THE_FORM = ("response_format", "json_schema", "json_object", "schema", "grammar")
_LONGEST_WAIT = 86_400.0


class Endpoint(Model):
    """A model at an address. Answers come in the form of a JSON schema as far as the server can hold to one."""

    def __init__(
        self,
        base_url: str,
        key: str,
        model: str,
        *,
        read_seconds: float = READ_SECONDS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._model = model
        self._now = now
        self._rung, self._rung_until = 0, 0.0
        self._lock = threading.Lock()
        self._client = openai.OpenAI(
            base_url=base_url,
            api_key=key or "none",  # servers of one's own want any
            max_retries=0,  # who asks comes again later, and counts each time
            timeout=openai.Timeout(read_seconds, connect=CONNECT_SECONDS),
            http_client=openai.DefaultHttpxClient(trust_env=not _is_loopback(base_url)),
        )

    def ask(self, turns: Sequence[Turn], schema: dict[str, Any]) -> Said:
        """One answer. Raises TranslatorError."""
        for rung in range(self._begin(), len(_FORMS)):
            try:
                answer = self._create(turns, _FORMS[rung](schema))
            except openai.APIStatusError as error:
                if rung + 1 < len(_FORMS) and _is_about_the_form(error):
                    continue
                raise _told(error) from error
            except openai.APITimeoutError as error:
                raise TranslatorError("no answer in time") from error
            except openai.APIConnectionError as error:
                raise TranslatorError("no connection") from error
            except (openai.OpenAIError, ValueError) as error:
                raise TranslatorError("an answer that cannot be read") from error
            self._stay(rung)
            return _said(answer, turns)
        raise TranslatorError("no form of answer is taken")

    def reach(self) -> None:
        """Ask whether the model is there, at no cost. Raises TranslatorError."""
        try:
            self._client.models.retrieve(self._model)
        except openai.APIStatusError as error:
            raise _told(error) from error
        except openai.OpenAIError as error:
            raise TranslatorError("no connection") from error

    def _create(self, turns: Sequence[Turn], form: dict[str, Any]) -> object:
        messages: Any = [{"role": turn.role, "content": turn.text} for turn in turns]
        return self._client.chat.completions.create(model=self._model, messages=messages, **form)

    def _begin(self) -> int:
        with self._lock:
            return self._rung if self._now() < self._rung_until else 0

    def _stay(self, rung: int) -> None:
        with self._lock:
            if rung != self._rung or self._now() >= self._rung_until:
                self._rung, self._rung_until = rung, self._now() + FORGET_SECONDS


def _strictly(schema: dict[str, Any]) -> dict[str, Any]:
    described = {"name": "answer", "strict": True, "schema": schema}
    return {"response_format": {"type": "json_schema", "json_schema": described}}


_FORMS: Sequence[Callable[[dict[str, Any]], dict[str, Any]]] = (
    _strictly,
    lambda _: {"response_format": {"type": "json_object"}},
    lambda _: {},
)
"""From what holds an answer to its form to what only hopes; the question itself tells the form, too."""


def _is_about_the_form(error: openai.APIStatusError) -> bool:
    told = json.dumps(error.body, default=str) if error.body else str(error)
    return error.status_code in (400, 422) and any(name in told for name in _NAMES_THE_FORM)


def _told(error: openai.APIStatusError) -> TranslatorError:
    # The body is not repeated: it may quote the question, or a key.
    asked = wait_asked_for(error.response.headers.get("retry-after")) or 0.0
    return TranslatorError(f"HTTP {error.status_code}", seconds=min(asked, _LONGEST_WAIT))


def _said(answer: object, turns: Sequence[Turn]) -> Said:
    # Where a server sends no JSON, the client hands on whatever came.
    if not isinstance(answer, ChatCompletion) or not answer.choices:
        raise TranslatorError("an answer that cannot be read")
    choice = answer.choices[0]
    text = (choice.message.content if choice.message else "") or ""
    asked = sum(len(turn.text) for turn in turns)
    tokens = answer.usage.total_tokens if answer.usage else (asked + len(text)) // 3
    if choice.message and choice.message.refusal:
        raise TranslatorError("the model refuses", tokens)
    if choice.finish_reason in ("length", "content_filter"):
        raise TranslatorError("the answer is cut off", tokens)
    return Said(text, answer.model or "", tokens)


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
