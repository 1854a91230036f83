"""The parts that modals, menus and Home are made of, within Slack's limits."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.blocks import Block, Rendered, cut
from papers.note import Note, Tag
from papers.unseen import fit
from papers.wording import Wording

# https://docs.slack.dev/reference/block-kit/composition-objects/option-object, …/block-elements/button-element and
# …/blocks/actions-block
OPTIONS = 100
OPTION_TEXT = 75
BUTTON_VALUE = 2000
BLOCK_ID = 255
VALUE = 150
ELEMENTS = 25
TITLE = 24

TAG_CHOICE = re.compile(r"^known_tags?$")
"""The action of a choice among the tags in use."""


def loading(words: Wording) -> Block:
    """A modal that says that its content is on the way: a trigger lives for three seconds only."""
    return _modal(words, words("modal_title"), [_section(words("modal_loading"))], "")


def asking_for(
    verb: str, submit: str, words: Wording, note: Note | None, blocks: Sequence[Block], memory: str
) -> Block:
    """The modal that asks what a verb needs to know; `submit` names what its button says."""
    head = [_section(cut(fit(note.paper.title).strip(), 300) or note.paper_id.id)] if note else []
    view = _modal(words, words(f"modal_{verb}"), [*head, *blocks], memory)
    asked = {"callback_id": f"verb:{verb}", "submit": plain(words(submit)), "close": plain(words("modal_cancel"))}
    return view | asked


def telling(words: Wording, told: Rendered, memory: str) -> Block:
    """A modal that says something; its buttons work as those of a message do."""
    return _modal(words, words("modal_title"), list(told.blocks), memory)


def asking(block_id: str, label: str, element: Block, optional: bool = False, hint: str = "") -> Block:
    """One question of a modal, perhaps with a hint beneath."""
    asked = {
        "type": "input",
        "block_id": block_id,
        "optional": optional,
        "label": plain(label),
        "element": element,
    }
    return asked | {"hint": plain(hint)} if hint else asked


def line(action_id: str, hint: str, filled: str = "") -> Block:
    """A field for one line, perhaps filled in already."""
    field = {"type": "plain_text_input", "action_id": action_id, "placeholder": plain(hint)}
    return field | {"initial_value": filled} if filled else field


def paragraphs(action_id: str) -> Block:
    """A field for a longer text."""
    return {"type": "plain_text_input", "action_id": action_id, "multiline": True, "max_length": 3000}


def several(action_id: str, hint: str, options: Sequence[Block]) -> Block:
    """A choice of several among a few options."""
    return {
        "type": "multi_static_select",
        "action_id": action_id,
        "placeholder": plain(hint),
        "options": list(options),
    }


def people(action_id: str, hint: str) -> Block:
    """A choice among the people of the workspace."""
    return {"type": "multi_users_select", "action_id": action_id, "placeholder": plain(hint)}


def public_channels(action_id: str, hint: str) -> Block:
    """A choice among the public channels of the workspace: Slack offers no others here."""
    return {"type": "multi_channels_select", "action_id": action_id, "placeholder": plain(hint)}


def one(action_id: str, options: Sequence[tuple[str, str]], chosen: str) -> Block:
    """A choice of one among these, each a label with its value; `chosen` is the value chosen at first."""
    offered = {value: {"text": plain(cut(label, OPTION_TEXT)), "value": value} for label, value in options}
    return {
        "type": "static_select",
        "action_id": action_id,
        "options": list(offered.values()),
        "initial_option": offered[chosen],
    }


def typeahead(action_id: str, hint: str, chosen: Sequence[Block] = ()) -> Block:
    """A choice of several among options that Slack asks the app for while somebody types; `chosen` are so."""
    select = _typeahead("multi_external_select", action_id, hint)
    return select | {"initial_options": list(chosen)} if chosen else select


def one_by_typeahead(action_id: str, hint: str) -> Block:
    """A choice of one among options that Slack asks the app for while somebody types."""
    return _typeahead("external_select", action_id, hint)


def _typeahead(kind: str, action_id: str, hint: str) -> Block:
    return {"type": kind, "action_id": action_id, "placeholder": plain(hint), "min_query_length": 0}


def tag_options(tags: Sequence[Tag]) -> list[Block]:
    """Tags to choose among, as options; the few whose names are too long for a value are left to be typed."""
    short = (tag for tag in tags if len(tag.name) <= VALUE)
    return [{"text": plain(cut(tag.name, OPTION_TEXT)), "value": tag.name} for tag in short][:OPTIONS]


def heading(text: str) -> Block:
    """A heading over the questions that follow."""
    return {"type": "header", "text": plain(text)}


def remark(text: str) -> Block:
    """Small print."""
    return {"type": "context", "elements": [plain(text)]}


def ticks(action_id: str, names: Sequence[str]) -> Block:
    """Boxes to tick, all ticked, at most ten. The value of each is its number, for a name may be too long for one.

    https://docs.slack.dev/reference/block-kit/block-elements/checkboxes-element
    """
    options = [{"text": plain(cut(name, OPTION_TEXT)), "value": str(place)} for place, name in enumerate(names)]
    return {"type": "checkboxes", "action_id": action_id, "options": options, "initial_options": options}


def button(label: str) -> Block:
    """A button that does nothing yet: `bot.payloads.interactions.control` gives it a verb."""
    return {"type": "button", "text": plain(label)}


def danger(label: str, *, title: str, text: str, confirm: str, deny: str) -> Block:
    """A red button that asks once more before it does anything."""
    # https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object
    sure = {"title": plain(title), "text": plain(text), "confirm": plain(confirm), "deny": plain(deny)}
    return {**button(label), "style": "danger", "confirm": {**sure, "style": "danger"}}


def small_menu(options: Sequence[tuple[str, str]]) -> Block:
    """A button with dots that opens a menu of verbs, at most five, each a label with its `option_value`."""
    # https://docs.slack.dev/reference/block-kit/block-elements/overflow-menu-element
    offered = [{"text": plain(cut(label, OPTION_TEXT)), "value": value} for label, value in options[:5]]
    return {"type": "overflow", "action_id": "verb:menu", "options": offered}


def rows(elements: Sequence[Block]) -> tuple[Block, ...]:
    """Rows of buttons, as many as each may hold."""
    return tuple(
        {"type": "actions", "elements": list(elements[begin : begin + ELEMENTS])}
        for begin in range(0, len(elements), ELEMENTS)
    )


def plain(text: str) -> Block:
    """Plain text, which Slack shows as it is."""
    return {"type": "plain_text", "text": fit(text)}


def _modal(words: Wording, title: str, blocks: list[Block], memory: str) -> Block:
    return {
        "type": "modal",
        "title": plain(cut(title, TITLE)),
        "close": plain(words("modal_close")),
        "private_metadata": memory,
        "blocks": blocks,
    }


def _section(text: str) -> Block:
    return {"type": "section", "text": plain(text)}
