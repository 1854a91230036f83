"""What a post has to do with the shares of its note by now."""

from __future__ import annotations

from papers.note import Member, Note
from papers.work import ANSWERS_A_SHARE, Owed, Post


def is_taken_back(post: Post, note: Note | None) -> bool:
    """Whether the post answers a share, or an added paper, that was taken back: it answers nobody then."""
    owed = post.owed
    if not owed.origin and owed.kind not in ANSWERS_A_SHARE:
        return False
    if not owed.origin:
        return note is None or not is_shared_there(note, owed)
    stands = {(share.message.channel, share.message.ts) for share in note.shares} if note else set()
    return (owed.channel, post.ts) not in stands


def is_shared_there(note: Note, owed: Owed) -> bool:
    """Whether the thread is still that of a share of the note: it may have been withdrawn by now."""
    threads = {(share.message.channel, share.message.thread) for share in note.shares}
    return (owed.channel, owed.thread_ts) in threads


def adder(note: Note, post: Post) -> Member | None:
    """Who added the paper: nobody's message says it, for the card is all that stands there of it."""
    # The share of an added paper has no message before its card is posted.
    at = (post.owed.channel, post.ts or "")
    return next((one.member for one in note.shares if (one.message.channel, one.message.ts) == at), None)


def is_first(note: Note, owed: Owed) -> bool:
    """Whether the share that the post answers is the note's first by now: the earlier ones may be withdrawn."""
    first = note.first_share
    if first is None or first.message.channel != owed.channel:
        return False
    # The share of an added paper has no message before its card is posted.
    return first.message.thread == owed.thread_ts or bool(owed.origin and not first.message.ts)
