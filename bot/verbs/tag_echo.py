"""The answer to tagging: what was done, what has to be asked, and room for second thoughts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from bot import modals
from bot.blocks import Block, Rendered, cut, joined
from bot.messages import Messages
from bot.payloads.interactions import IN_PLACE, SecondThought, control, tag_memory
from bot.verbs.desk import Desk, Request
from papers import tags
from papers.asker import Asker
from papers.note import Audience, Note, Tag, Workspace
from papers.tagging import Question, Tagged
from papers.tags import quoted
from papers.unseen import fit
from papers.wording import Wording

UNDO = "undo_tags"
ANOTHER = "another_paper"
OFFERED = 10
"""How many other papers are offered."""

ASKED = 5
"""About how many tags is asked at once at most."""

REMEMBERED = 4000
"""How many characters the buttons of all questions remember together: Slack bounds a message as a whole."""

LINKED = 5
"""How many of the new tags lead to their pages: addresses are long, and all tags are to be named."""

UNUSED = 60
"""How much is told of the name of a tag that nobody uses."""

NAMED = 40
"""How much of a tag's name a button shows."""

Act = Callable[[Desk, SecondThought], Rendered]


def echo(desk: Desk, asker: Asker, tagged: Tagged, choose: bool) -> Rendered:
    """Say which tags are new on which paper, with Undo; with `choose`, offer other papers of the channel."""
    workspace, language = _reader(desk, asker)
    others = others_than(desk, asker, tagged.note) if choose and tagged.tags else ()
    return rendered(desk.messages, workspace, language, tagged, others, _on_pages(desk, asker, tagged))


def _on_pages(desk: Desk, asker: Asker, tagged: Tagged) -> Collection[str]:
    """The keys of the new tags whose pages show the note, where pages have an address: anybody sees them on it."""
    if not (desk.pages_address and tagged.tags):
        return ()
    shown = desk.notebook.note(tagged.note.id, Audience(asker.workspace))
    carried = {tag.key for tag in shown.tags} if shown else ()
    return [tag.key for tag in tagged.tags if tag.key in carried][:LINKED]


def others_than(desk: Desk, asker: Asker, note: Note) -> Sequence[Note]:
    """The other papers of the channel that are offered, the last one first."""
    recent = desk.notebook.recent(asker.audience, OFFERED + 1)
    return [one for one in recent if one.id != note.id][:OFFERED]


def rendered(
    messages: Messages,
    workspace: Workspace,
    language: str,
    tagged: Tagged,
    others: Sequence[Note],
    linked: Collection[str] = (),
) -> Rendered:
    """The answer, with these other papers to choose from; tags with `linked` keys lead to their pages."""
    parts = []
    if tagged.clear:
        told = messages.render("tagged", workspace, language, note=tagged.note, tags=tagged.tags, linked=linked)
        offer = _offer(tagged, others, messages.wording(language))
        parts.append(told.over(*offer))
    asked = _first(tagged.questions)
    for number, question in enumerate(asked):
        note = None if parts else tagged.note
        told = _question(messages, workspace, language, question, note)
        open_ones = [other.typed for other in asked if other is not question]
        answers = _answers(messages.wording(language), tagged.note, question, open_ones, number)
        parts.append(told.over(*answers))
    if rest := tagged.questions[len(asked) :]:
        names = ", ".join(question.typed.name for question in rest)
        parts.append(messages.render("say", workspace, language, key="not_asked", facts={"tags": cut(names, 400)}))
    return joined(*parts, asks=bool(asked))


def _first(questions: Sequence[Question]) -> Sequence[Question]:
    """As many questions as can be asked at once: each of their buttons remembers all the others."""
    for count in range(min(len(questions), ASKED), 1, -1):
        some = questions[:count]
        remembered = sum(len(question.typed.name) + 2 for question in some)
        if remembered * sum(len(question.near) + 1 for question in some) <= REMEMBERED:
            return some
    return questions[:1]


def _question(
    messages: Messages, workspace: Workspace, language: str, question: Question, note: Note | None
) -> Rendered:
    words = messages.wording(language)
    counted = [words("near_tag", tag=cut(one.tag.name, 80), count=one.notes) for one in question.near]
    facts = {"question": question, "note": note, "near": words("between_names").join(counted)}
    return messages.render("did_you_mean", workspace, language, **facts)


def _answers(
    words: Wording, note: Note, question: Question, open_ones: Sequence[Tag], number: int
) -> tuple[Block, ...]:
    """A button for each answer. What is still open is said with it, so that it is not forgotten."""

    def button(key: str, tag: Tag, said: str, place: int) -> Block:
        label = words(key, tag=cut(tag.name, NAMED))
        whole = ", ".join((said, *(one.name for one in open_ones)))
        return modals.button(label) | control("tag", note.id, whole, f"{IN_PLACE}-{number}-{place}")

    uses = [button("use_tag", one.tag, one.tag.name, place) for place, one in enumerate(question.near)]
    create = button("create_tag", question.typed, quoted(question.typed), len(uses))
    return modals.rows([*uses, create])


def unused(desk: Desk, request: Request, typed: str, verb: str) -> Rendered:
    """Say that no paper seen here carries a tag; or ask which one is meant, if others are like it.

    Each button runs the verb with a tag that is used. Raises InvalidTag, or NoTag where signs alone were typed.
    """
    if not tags.parts(typed):
        raise tags.NoTag(verb)
    questions = desk.tagging.near(request.asker.audience, typed)
    if not questions:
        facts = {"tag": cut(typed.lstrip("#＃"), UNUSED)}
        return desk.say("say", request, key="none_tagged", facts=facts)
    question = questions[0]
    told = _question(desk.messages, request.workspace, request.language, question, None)
    others = [one.tag for one in question.near]
    buttons = [
        modals.button(cut(tag.name, NAMED)) | control(verb, 0, f"#{tag.name}", f"{IN_PLACE}-{place}")
        for place, tag in enumerate(others)
    ]
    return told.over(*modals.rows(buttons), asks=True)


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
    return desk.lookup.at_home(asker.workspace, asker.member)


def _offer(tagged: Tagged, others: Sequence[Note], words: Wording) -> tuple[Block, ...]:
    """The row of buttons; none if there is nothing to take back, or too much to be remembered by it."""
    memory = tag_memory(tagged.note.id, tagged.tags)
    if not tagged.tags or len(memory) > modals.BUTTON_VALUE:
        return ()
    return second_thoughts(UNDO, ANOTHER, memory, others, words)


def second_thoughts(
    undo: str, another: str, memory: str, others: Sequence[Note], words: Wording
) -> tuple[Block, ...]:
    """A row with Undo and a choice among other papers, and the actions of the two; it has a `memory`."""
    button = {"type": "button", "text": modals.plain(words("button_undo")), "action_id": undo, "value": memory}
    if not others or len(memory) > modals.BLOCK_ID:
        return ({"type": "actions", "elements": [button]},)
    select = {
        "type": "static_select",
        "action_id": another,
        "placeholder": modals.plain(words("another_paper")),
        "options": [{"text": modals.plain(_title(note)), "value": str(note.id)} for note in others],
    }
    # An option's value is too short for what is remembered, so the row keeps it.
    return ({"type": "actions", "block_id": memory, "elements": [button, select]},)


def _title(note: Note) -> str:
    return cut(fit(note.paper.title).strip(), modals.OPTION_TEXT) or note.paper_id.id
