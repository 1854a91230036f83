"""The playground that is opened where there is no Slack."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from arxiv_api import samples
from bot.composition.surroundings import MANIFEST
from bot.settings import Settings, made
from bot.web import PortTaken
from papers.errors import FusenError
from papers.shelf import Shelves
from playground import TEAM_ID, Playground, SlackApp, StoreInUse, StoreUnusable

HERE = "127.0.0.1"
"""Where the playground listens, wherever the pages are served: everybody knows its tokens."""


def open_playground(settings: Settings, shelves: Shelves) -> tuple[Playground, Settings, bool]:
    """Start the playground; the settings that let the bot run in it; and whether arXiv can be reached.

    Raises PortTaken, NoPlaceToPlay, PlaygroundInUse, or PlaygroundUnusable.
    """
    with shelves.reading() as shelf:
        known = foreign(one.id for one in shelf.directory.workspaces())
    if known:
        raise NoPlaceToPlay(known=", ".join(known))
    made(settings.playground_data.parent, "PLAYGROUND_DATA")
    online = samples.reachable(settings.arxiv_api_url)
    notice = "" if online else "arXiv cannot be reached from here. These sample papers work all the same:"
    playground = Playground(
        port=settings.playground_port,
        host=HERE,
        data=settings.playground_data,
        app=SlackApp.from_manifest(_manifest(settings.command)),
        notice=notice,
        suggestions=[f"https://arxiv.org/abs/{paper_id.id}" for paper_id in samples.sample_ids()],
    )
    try:
        playground.start()
    except StoreInUse as error:
        raise PlaygroundInUse(data=settings.playground_data) from error
    except StoreUnusable as error:
        raise PlaygroundUnusable(data=settings.playground_data, reason=str(error)) from error
    except OSError as error:
        raise PortTaken(
            host=HERE, port=settings.playground_port, reason=error.strerror, setting="PLAYGROUND_PORT"
        ) from error
    inside = replace(
        settings,
        slack_bot_token=playground.bot_token,
        slack_app_token=playground.app_token,
        slack_api_url=playground.api_url,
        slack_client_id=playground.client_id,
        slack_client_secret=playground.client_secret,
    )
    return playground, inside, online


def foreign(workspaces: Iterable[str]) -> tuple[str, ...]:
    """Those that are not the playground's: it does not open on their database, whose pages it would write over."""
    return tuple(one for one in workspaces if one != TEAM_ID)


class NoPlaceToPlay(FusenError):
    """There are no tokens, and the database is that of a Slack."""

    en = (
        "There are no Slack tokens, and the database holds the notes of another workspace ({known}). "
        "Set SLACK_BOT_TOKEN again; or, to play, another DATABASE_URL and PAGES_FOLDER."
    )
    ja = (
        "Slack のトークンがなく、データベースには別のワークスペース ({known}) のノートがあります。"
        "SLACK_BOT_TOKEN を設定し直すか、試すだけなら DATABASE_URL と PAGES_FOLDER を別の場所にしてください。"
    )


class PlaygroundInUse(FusenError):
    """Another playground has the file with the playground's messages open."""

    en = "The playground is running already ({data} is in use). Stop the other one, or set PLAYGROUND_DATA."
    ja = "すでに起動しています ({data} は使用中)。そちらを止めるか PLAYGROUND_DATA を変えてください。"


class PlaygroundUnusable(FusenError):
    """The file for the playground's messages cannot be opened, or is another kind of file."""

    en = "The playground cannot keep its messages in {data} ({reason}). Choose another file with PLAYGROUND_DATA."
    ja = (
        "プレイグラウンドのデータを {data} に保存できません ({reason})。"
        "PLAYGROUND_DATA で別のファイルを指定してください。"
    )


def _manifest(command: str) -> dict[str, Any]:
    """What Slack knows of the app, the playground too, with the slash command as it is set."""
    manifest: dict[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    manifest["features"]["slash_commands"][0]["command"] = command
    return manifest
