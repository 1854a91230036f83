"""The port to the tags of a workspace: their names, other names, groups, and what was refused of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from papers.acts import Renaming
from papers.note import Audience, Tag, TagCount


class TagShelf(Protocol):
    """The tags of the workspaces. An audience sees a tag that was set where it may look.

    A tag is one row for the whole workspace, so what is done to its name is done for all; who sees which uses
    of it stays as it was.
    """

    def hold(self, workspace: str) -> None:
        """Let nobody else change the workspace's notes and tags until the transaction ends."""
        ...

    def known(self, audience: Audience, keys: Collection[str]) -> Mapping[str, Tag]:
        """Which tags the typed keys mean to the audience: those it sees by their key, or by another name."""
        ...

    def names(self, audience: Audience) -> tuple[tuple[Tag, str], ...]:
        """Every name of every tag that the audience sees, with the tag's key; other names only where told."""
        ...

    def counted(self, audience: Audience, keys: Collection[str] | None = None) -> tuple[TagCount, ...]:
        """The tags that the audience sees, or those of them with these keys, most used first, then by key.

        They are counted as the audience sees them.
        """
        ...

    def suggest(self, audience: Audience, typed: str, limit: int) -> tuple[Tag, ...]:
        """Up to `limit` tags that the audience sees with the folded `typed` in one of their names.

        Those that begin with it come first, the most used before the others. Nothing typed asks for all.
        """
        ...

    def refuse(self, workspace: str, key: str, others: Iterable[str]) -> None:
        """Remember that the tag `key` is none of the `others`."""
        ...

    def refused(self, workspace: str, key: str) -> frozenset[str]:
        """The keys of which somebody has said that the tag `key` is another one, or the other way round."""
        ...

    def rename(self, audience: Audience, key: str, new: Tag, keep: bool = True) -> Renaming:
        """Give a tag another name and key; `keep` the old ones as its other name, or not. Stamps its notes.

        A tag with the new key that the audience does not see becomes one with it. What was its own is returned.
        """
        ...

    def part(self, audience: Audience, key: str, own: Renaming, old: Tag) -> None:
        """Let what still is the tag `key`'s of this be the tag `old`'s again, with which it had become one."""
        ...

    def merge(self, audience: Audience, key: str, into: str) -> None:
        """Make two tags one. Every use keeps who set it, where and when; stamps the notes concerned.

        Where a note has both from the same channel, the older use stays.
        """
        ...

    def alias(self, audience: Audience, other: Tag, key: str) -> None:
        """Give a tag another name by which it is found too."""
        ...

    def unalias(self, audience: Audience, other: str) -> Tag | None:
        """Take another name from the tag that the audience sees by it. Returns the tag, None if there is none."""
        ...

    def group(self, audience: Audience, keys: Collection[str], name: str) -> None:
        """Put tags into a group, for those who may look into the audience's channel; an empty name: into none.

        Without a channel it is for everybody.
        """
        ...

    def groups(self, audience: Audience) -> Mapping[str, str]:
        """The groups of the tags that the audience sees, by the tags' keys."""
        ...

    def describe(self, audience: Audience, key: str, text: str) -> None:
        """Say what a tag is about, for those who may look into the audience's channel; an empty text: nothing.

        Without a channel it is for everybody.
        """
        ...

    def descriptions(self, audience: Audience) -> Mapping[str, str]:
        """What the tags that the audience sees are about, by the tags' keys."""
        ...

    def moved(self, workspace: str) -> Mapping[str, str]:
        """The keys under which tags stood on the published pages, and the keys that these tags have now."""
        ...

    def moved_names(self, workspace: str) -> Mapping[str, str]:
        """The names that tags had there, by the keys under which they stood."""
        ...
