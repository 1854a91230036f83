"""What emoji mean in a workspace, and the reactions that have done something."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, select, update

from papers.emoji import ActingReaction, EmojiVerb, Meaning, Reaction
from papers.note import Message
from storage.people import make_sure_of_people
from storage.stamps import hold_workspace
from storage.statements import insert
from storage.tables import emoji, reactions

_GONE: Mapping[str, Any] = {"note_id": None, "verb": "", "words": "", "done_at": None}


class StoredReactions:
    """The port `ReactionShelf`, kept in tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def meanings(self, workspace: str) -> Mapping[str, Meaning | None]:
        """What the workspace has said of emoji; None for one that is switched off."""
        rows = self._connection.execute(select(emoji).where(emoji.c.workspace == workspace))
        return {row.name: Meaning(EmojiVerb(row.verb), row.words) if row.verb else None for row in rows}

    def settle(self, workspace: str, emoji_name: str, meaning: Meaning | None) -> None:
        """From now on the emoji means this in the workspace, or nothing."""
        hold_workspace(self._connection, workspace)
        said = {"verb": meaning.verb.value if meaning else "", "words": meaning.words if meaning else ""}
        row = insert(self._connection, emoji).values(workspace=workspace, name=emoji_name, **said)
        self._connection.execute(row.on_conflict_do_update(index_elements=["workspace", "name"], set_=said))

    def come(self, standing: ActingReaction) -> bool:
        """The reaction stands. True if it did not before, and nothing later was told of it."""
        reaction = standing.reaction
        known = self._known(reaction)
        if known is not None and known.told_at >= reaction.at:
            return False
        if known is not None and known.note_id is not None:
            self._change(reaction, told_at=reaction.at)
            return False
        stands = {
            "note_id": standing.note_id,
            "verb": standing.meaning.verb.value,
            "words": standing.meaning.words,
            "done_at": standing.done_at,
        }
        self._tell(reaction, known is not None, stands)
        return True

    def go(self, reaction: Reaction, remember: bool) -> ActingReaction | None:
        """The reaction is gone. Returns what stood, if it did and nothing later was told of it."""
        known = self._known(reaction)
        if known is None and not remember:
            return None
        if known is not None and known.told_at >= reaction.at:
            return None
        self._tell(reaction, known is not None, _GONE)
        return None if known is None or known.note_id is None else _standing(known)

    def stands(self, reaction: Reaction) -> bool:
        """Whether the reaction stands."""
        found = select(reactions.c.id).where(_this(reaction), reactions.c.note_id.is_not(None))
        return self._connection.execute(found).first() is not None

    def beside(self, standing: ActingReaction) -> tuple[ActingReaction, ...]:
        """Other reactions with the same verb that stand on the same note in the same channel, oldest first."""
        rows = self._connection.execute(
            select(reactions)
            .where(
                reactions.c.note_id == standing.note_id,
                reactions.c.channel == standing.reaction.message.channel,
                reactions.c.verb == standing.meaning.verb.value,
            )
            .order_by(reactions.c.done_at, reactions.c.id)
        )
        return tuple(map(_standing, rows))

    def renew(self, standing: ActingReaction) -> None:
        """What a standing reaction did was done anew, at `done_at`."""
        self._change(standing.reaction, done_at=standing.done_at)

    def prune(self, before: datetime) -> int:
        """Forget reactions that were gone before then. Returns how many."""
        old = and_(reactions.c.note_id.is_(None), reactions.c.told_at < before)
        return self._connection.execute(delete(reactions).where(old)).rowcount

    def _known(self, reaction: Reaction) -> Row[Any] | None:
        """The reaction's row; its workspace is held, so that nobody else changes it meanwhile."""
        hold_workspace(self._connection, reaction.message.workspace)
        return self._connection.execute(select(reactions).where(_this(reaction))).first()

    def _tell(self, reaction: Reaction, known: bool, facts: Mapping[str, Any]) -> None:
        if known:
            self._change(reaction, told_at=reaction.at, **facts)
            return
        message = reaction.message
        make_sure_of_people(self._connection, message.workspace, reaction.member, message.channel)
        row = reactions.insert().values(
            workspace=message.workspace,
            channel=message.channel,
            ts=message.ts,
            member=reaction.member,
            emoji=reaction.emoji,
            told_at=reaction.at,
            **facts,
        )
        self._connection.execute(row)

    def _change(self, reaction: Reaction, **facts: Any) -> None:
        self._connection.execute(update(reactions).where(_this(reaction)).values(**facts))


def _this(reaction: Reaction) -> ColumnElement[bool]:
    return and_(
        reactions.c.workspace == reaction.message.workspace,
        reactions.c.channel == reaction.message.channel,
        reactions.c.ts == reaction.message.ts,
        reactions.c.member == reaction.member,
        reactions.c.emoji == reaction.emoji,
    )


def _standing(row: Row[Any]) -> ActingReaction:
    message = Message(row.workspace, row.channel, row.ts)
    reaction = Reaction(message, row.member, row.emoji, row.told_at)
    return ActingReaction(reaction, row.note_id, Meaning(EmojiVerb(row.verb), row.words), row.done_at)
