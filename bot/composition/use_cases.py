"""The use cases and what they say, made from the settings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from bot.composition.stores import Stored
from bot.composition.surroundings import TEMPLATES, now, wording
from bot.messages import Messages
from bot.settings import Settings
from enrichment.translating import ModelTranslator
from papers.digests import Digests
from papers.errors import FusenError
from papers.notebook import Notebook
from papers.nudges import Nudge
from papers.source import Source
from papers.translation import Translator
from papers.wording import LANGUAGES
from publishing.addresses import paper_page, tag_page

PATIENCE = timedelta(seconds=4)
"""How long a card waits for its paper's details: a little more than one question to arXiv takes."""


def notebook(stored: Stored, nudge: Nudge, source: Source | None = None) -> Notebook:
    """The use cases over what is stored."""

    def patience() -> timedelta:
        return timedelta(0) if source is not None and source.in_trouble() else PATIENCE

    return Notebook(stored.shelves, nudge, stored.now, patience)


def language_model(settings: Settings) -> Any:
    """The language model that is set. Raises ModelClientMissing.

    Its client is an extra, takes a second to load and 50 MB: it is loaded only where it is wanted.
    """
    try:
        endpoint = import_module("enrichment.endpoint")
    except ModuleNotFoundError as error:
        raise ModelClientMissing from error
    return endpoint.Endpoint(settings.llm_base_url, settings.llm_api_key, settings.llm_model)


def translator(settings: Settings, clock: Callable[[], datetime] = now) -> Translator | None:
    """Who translates, if anybody is to. Raises ModelClientMissing."""
    return ModelTranslator(language_model(settings), clock) if settings.llm_model else None


def digests(stored: Stored, settings: Settings, nudge: Nudge) -> Digests:
    """The use cases of the digest."""
    return Digests(stored.shelves, nudge, stored.now, settings.digest_time)


def messages(settings: Settings) -> Messages:
    """What is said in Slack."""
    words = {language: wording("slack", language) for language in LANGUAGES}
    pages = settings.pages_address
    return Messages(TEMPLATES / "slack", words, settings.command, pages, paper_page, tag_page, settings.support)


class ModelClientMissing(FusenError):
    """A language model is set, but the package that talks to it is not installed."""

    en = (
        "LLM_MODEL is set, but its client is not installed: .venv/bin/pip install -e '.[llm]' "
        "(a container: build the image with --build-arg EXTRAS=llm), or unset LLM_MODEL."
    )
    ja = (
        "LLM_MODEL が設定されていますが、必要なパッケージがありません。LLM_MODEL の設定を外すか、"
        "次を実行してください: .venv/bin/pip install -e '.[llm]' "
        "(コンテナの場合は --build-arg EXTRAS=llm でイメージを作り直す)"
    )
