"""A second look at what the app sends: nothing is refused here, but what is wrong becomes a complaint."""

from typing import Any

from playground.posting import Draft
from playground.said_text import missing
from playground.stage import Stage


def review_message(stage: Stage, where: str, draft: Draft) -> Draft:
    """Look at a message of the app; return it."""
    blocks = list(draft.blocks)
    stage.complaints.add(where, *missing(draft.text, blocks))
    _ask_judge(stage, where, "message", {"blocks": blocks, "attachments": list(draft.attachments or ())})
    return draft


def review_view(stage: Stage, where: str, view: Any) -> None:
    """Look at a modal or Home of the app."""
    _ask_judge(stage, where, "view", view)


def review_options(stage: Stage, where: str, answer: Any) -> None:
    """Look at options or option_groups of the app."""
    _ask_judge(stage, where, "options", answer)


def _ask_judge(stage: Stage, where: str, kind: str, payload: Any) -> None:
    if stage.judge is not None:
        stage.complaints.add(where, *stage.judge(kind, payload))
