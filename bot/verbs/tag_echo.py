"""The answer to tagging, with room for second thoughts: Undo, or another paper of the channel."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.messages import Block, Messages, Rendered, cut
from bot.payloads.interactions import SecondThought, tag_memory
from bot.verbs.registry import Desk
from papers.note import Note, Workspace
from papers.notebook import Asker
from papers.tagging import Tagged
from papers.wording import Wording

UNDO = "undo_tags"
ANOTHER = "another_paper"
OFFERED = 10
"""How many other papers are offered."""

# https://docs.slack.dev/reference/block-kit/block-elements/button-element, …/blocks/actions-block and
# …/composition-objects/option-object
BUTTON_VALUE = 2000
BLOCK_ID = 255
OPTION_TEXT = 75

Act = Callable[[Desk, SecondThought], Rendered]


def echo(desk: Desk, asker: Asker, tagged: Tagged, choose: bool) -> Rendered:
    """Say which tags are new on which paper, with Undo; with `choose`, offer other papers of the channel."""
    workspace, language = _reader(desk, asker)
    recent = desk.notebook.recent(asker.audience, OFFERED + 1) if choose and tagged.tags else ()
    others = [note for note in recent if note.id != tagged.note.id][:OFFERED]
    return rendered(desk.messages, workspace, language, tagged, others)


def rendered(
    messages: Messages, workspace: Workspace, language: str, tagged: Tagged, others: Sequence[Note]
) -> Rendered:
    """The answer, with these other papers to choose from."""
    told = messages.render("tagged", workspace, language, note=tagged.note, tags=tagged.tags)
    return Rendered(told.text, (*told.blocks, *_offer(tagged, others, messages.wording(language))), told.whole)


def undo(desk: Desk, thought: SecondThought) -> Rendered:
    """Take off the tags that the command put on. Raises TagNotThere, or UnknownPaper if the note is not seen."""
    untagged = desk.tagging.take_back_tags(thought.asker, thought.note_id, thought.keys)
    workspace, language = _reader(desk, thought.asker)
    return desk.messages.render("untagged", workspace, language, note=untagged.note, tags=untagged.tags)


def move(desk: Desk, thought: SecondThought) -> Rendered:
    """Move the tags to the paper chosen. Raises TagNotThere, or UnknownPaper if either note is not seen."""
    tagged = desk.tagging.move_tags(thought.asker, thought.note_id, thought.keys, thought.other_id)
    return echo(desk, thought.asker, tagged, choose=True)


def _reader(desk: Desk, asker: Asker) -> tuple[Workspace, str]:
    language = desk.notebook.language(asker.workspace, asker.member)
    return desk.notebook.workspace(asker.workspace), language


def _offer(tagged: Tagged, others: Sequence[Note], words: Wording) -> tuple[Block, ...]:
    """The row of buttons; none if there is nothing to take back, or too much to be remembered by it."""
    memory = tag_memory(tagged.note.id, tagged.tags)
    if not tagged.tags or len(memory) > BUTTON_VALUE:
        return ()
    button = {"type": "button", "text": _plain(words("button_undo")), "action_id": UNDO, "value": memory}
    if not others or len(memory) > BLOCK_ID:
        return ({"type": "actions", "elements": [button]},)
    select = {
        "type": "static_select",
        "action_id": ANOTHER,
        "placeholder": _plain(words("another_paper")),
        "options": [{"text": _plain(_title(note)), "value": str(note.id)} for note in others],
    }
    # An option's value is too short for the tags, so the row keeps them.
    return ({"type": "actions", "block_id": memory, "elements": [button, select]},)


def _title(note: Note) -> str:
    return cut(note.paper.title.strip(), OPTION_TEXT) or note.paper_id.id


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}
