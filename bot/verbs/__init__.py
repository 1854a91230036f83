"""The verbs: what people can ask of Fusen, however they ask. Importing the package registers them all."""

from bot.verbs import saving, tagging, tag_keeping, discussing, reading  # isort: skip # the order of the help
from bot.verbs import reacting, finding, digesting  # isort: skip
from bot.verbs import following, undoing, backfilling, settling, forgetting, upkeep  # isort: skip
from bot.verbs.answering import (
    answer,
    asked,
    begins_with_verb,
    is_brief_command,
    is_command,
    is_sentence,
    is_understood,
    names_of_channels,
    saved_by,
    takes_text,
)
from bot.verbs.desk import Desk, Request
from bot.verbs.pointed import NoteGone
from bot.verbs.registry import REGISTRY, Command, Form

__all__ = [
    "REGISTRY",
    "Command",
    "Desk",
    "Form",
    "NoteGone",
    "Request",
    "answer",
    "asked",
    "backfilling",
    "begins_with_verb",
    "digesting",
    "discussing",
    "finding",
    "following",
    "forgetting",
    "is_brief_command",
    "is_command",
    "is_sentence",
    "is_understood",
    "names_of_channels",
    "reacting",
    "reading",
    "saved_by",
    "saving",
    "settling",
    "tag_keeping",
    "tagging",
    "takes_text",
    "undoing",
    "upkeep",
]
