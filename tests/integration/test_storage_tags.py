"""What the tags of a workspace remember: other names, groups, refusals; renaming and merging lose nothing."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import select
from stored import ANYBODY, MINUTE, NOW, PUBLIC, SECRET, TEAM, at_once, message, paper, settle, share, store, tag

from papers.acts import KEPT, MOST, Deed
from papers.asker import Asker
from papers.note import Audience, Channel, ChannelKind, Tag
from papers.shelf import Shelf
from papers.tag_keeping import LongDescription, NoSuchTag, TagInUse, TagKeeping
from papers.tagging import Tagging
from papers.tags import tag as named
from papers.undoing import Taken, TooLateToUndo, Undoing
from storage import tables
from storage.engine import Database
from storage.shelves import StoredShelves

HERE, INSIDE = Audience(TEAM, PUBLIC), Audience(TEAM, SECRET)
BEN = Asker(TEAM, PUBLIC, "U2", "command:1")
INSIDER = Asker(TEAM, SECRET, "U1", "command:2")


@pytest.fixture
def keeping(shelves: StoredShelves) -> TagKeeping:
    with shelves.writing() as shelf:
        settle(shelf)
    return TagKeeping(shelves, lambda _: None, lambda: NOW)


def noted(shelf: Shelf, number: int, channel: str, typed: str) -> int:
    note_id = share(shelf, paper(number), channel, f"{number}.0")
    store(shelf, paper(number))
    tag(shelf, note_id, channel, typed)
    return note_id


def names(shelves: StoredShelves, audience: Audience) -> dict[str, int]:
    with shelves.reading() as shelf:
        return {one.tag.name: one.notes for one in shelf.tags.counted(audience)}


def uses(database: Database) -> list[tuple[object, ...]]:
    """Who set which tag on what, where and when."""
    rows = tables.note_tags.c
    wanted = (
        select(rows.note_id, tables.tags.c.key, rows.member, rows.channel, rows.tagged_at)
        .join_from(tables.note_tags, tables.tags)
        .order_by(rows.note_id, tables.tags.c.key, rows.channel)
    )
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(wanted)]


def words(database: Database) -> list[tuple[object, ...]]:
    """Of which tag every other name, group and description is, and with which tag a tag has become one."""
    tags, other = tables.tags, tables.tag_aliases
    kept = [
        select(other.c.tag_id, other.c.key, other.c.name, other.c.channel, other.c.published),
        select(tables.tag_groupings),
        select(tables.tag_descriptions),
        select(tags.c.id, tags.c.key, tags.c.name, tags.c.merged_into),
    ]
    with database.reading() as connection:
        return [row for wanted in kept for row in sorted(tuple(row) for row in connection.execute(wanted))]


# Renaming


def test_a_renamed_tag_is_found_by_both_names_everywhere(shelves: StoredShelves, keeping: TagKeeping) -> None:
    with shelves.writing() as shelf:
        note_id = noted(shelf, 1, PUBLIC, "LLMs")
        before = shelf.notes.get(note_id, HERE)
    done = keeping.rename(BEN, named("llms"), named("LLM"))
    assert (done.by.name, done.old.name, done.new.name, done.notes, done.changed) == (
        "Ben",
        "LLMs",
        "LLM",
        1,
        True,
    )
    with shelves.writing() as shelf:
        after = shelf.notes.get(note_id, HERE)
        assert before and after and after.change > before.change
        assert after.tags == (Tag("LLM", "llm"),)
        for key in ("llm", "llms"):
            assert [one.id for one in shelf.notes.select(HERE, tag=key)] == [note_id]
            assert [one.id for one in shelf.notes.search(HERE, [key], limit=20)] == [note_id]
            assert shelf.tags.known(HERE, [key]) == {key: Tag("LLM", "llm")}
        assert shelf.tags.suggest(HERE, "llms", 5) == (Tag("LLM", "llm"),)
        assert shelf.notes.tag(note_id, [named("LLMs")], "U1", PUBLIC, NOW) == ()
        assert shelf.tags.moved(TEAM) == {"llms": "llm"}
        assert shelf.tags.moved_names(TEAM) == {"llms": "LLMs"}
        assert shelf.notes.untag(note_id, ["llms"], HERE) == (Tag("LLM", "llm"),)


def test_renaming_twice_is_once_and_renaming_back_leaves_one_other_name(
    shelves: StoredShelves, keeping: TagKeeping
) -> None:
    with shelves.writing() as shelf:
        noted(shelf, 1, PUBLIC, "old")
    assert keeping.rename(BEN, named("old"), named("new")).changed
    assert not keeping.rename(BEN, named("old"), named("new")).changed
    assert keeping.rename(BEN, named("new"), named("old")).changed
    with shelves.reading() as shelf:
        assert shelf.tags.moved(TEAM) == {"new": "old"}
        assert shelf.tags.known(HERE, ["old", "new"]) == {"old": named("old"), "new": named("old")}


def test_another_spelling_is_a_new_name_and_no_other_one(shelves: StoredShelves, keeping: TagKeeping) -> None:
    with shelves.writing() as shelf:
        noted(shelf, 1, PUBLIC, "llm")
    assert keeping.rename(BEN, named("llm"), named("LLM")).changed
    assert names(shelves, HERE) == {"LLM": 1}
    with shelves.reading() as shelf:
        assert shelf.tags.moved(TEAM) == {}


def test_a_tag_is_not_renamed_to_one_that_is_seen_but_may_be_to_one_that_is_not(
    shelves: StoredShelves, keeping: TagKeeping
) -> None:
    with shelves.writing() as shelf:
        noted(shelf, 1, PUBLIC, "open, other")
        hidden = noted(shelf, 2, SECRET, "hidden")
    with pytest.raises(TagInUse):
        keeping.rename(BEN, named("open"), named("other"))
    assert keeping.rename(BEN, named("open"), named("hidden")).changed
    assert names(shelves, ANYBODY) == {"hidden": 1, "other": 1}
    with shelves.reading() as shelf:
        found = shelf.notes.get(hidden, INSIDE)
        assert found and found.tags == (named("hidden"),)


@pytest.mark.parametrize("way", ["by word", "by button", "by hand"])
def test_undoing_a_rename_to_the_name_of_a_tag_that_is_not_seen_leaves_that_tag_as_it_was(
    shelves: StoredShelves, keeping: TagKeeping, database: Database, way: str
) -> None:
    with shelves.writing() as shelf:
        noted(shelf, 1, PUBLIC, "open")
        noted(shelf, 2, SECRET, "open")
        noted(shelf, 3, SECRET, "hidden")
        noted(shelf, 4, PUBLIC, "waiting")
        shelf.notes.withdraw(message(PUBLIC, "4.0"), NOW)
        noted(shelf, 5, PUBLIC, "once")
    keeping.merge(INSIDER, named("once"), named("open"))
    for asker, one in ((BEN, "open"), (INSIDER, "hidden")):
        keeping.alias(asker, named(f"{one} too"), named(one))
        keeping.group(asker, f"group of {one}", [named(one)])
        keeping.describe(asker, named(one), f"about {one}")
    undoing = Undoing(shelves, lambda _: None, lambda: NOW)
    for new in ("hidden", "waiting"):
        before = uses(database), words(database)
        assert keeping.rename(BEN, named("open"), named(new)).changed
        assert names(shelves, HERE) == {new: 2}
        asker = replace(BEN, origin=new)
        if way == "by hand":
            keeping.rename(asker, named(new), named("open"))
        elif way == "by button":
            assert undoing.undo_renaming(asker, named("open"), named(new)).taken == Taken(("open",))
        else:
            assert undoing.undo(asker).taken == Taken(("open",))
        assert (uses(database), words(database)) == before
        assert names(shelves, HERE) == {"open": 2}
        assert names(shelves, INSIDE) == {"open": 3, "hidden": 1}
        with shelves.reading() as shelf:
            assert [one.paper_id for one in shelf.notes.search(HERE, ["open"], limit=9)] == [paper(5), paper(1)]
            assert shelf.notes.search(HERE, [new], limit=9) == ()
            left = shelf.acts.last(BEN, NOW - MINUTE)
            assert not any(act.deed is Deed.RENAME for act in left)


@pytest.mark.parametrize(
    ("new", "forgotten"), [("hidden", "by time"), ("hidden", "by number"), ("fresh", "by time")]
)
def test_the_button_of_a_rename_that_is_not_remembered_any_more_renames_nothing(
    shelves: StoredShelves, keeping: TagKeeping, database: Database, new: str, forgotten: str
) -> None:
    with shelves.writing() as shelf:
        note_id = noted(shelf, 1, PUBLIC, "open")
        noted(shelf, 2, SECRET, "hidden")
    keeping.rename(BEN, named("open"), named(new))
    later = NOW
    if forgotten == "by time":
        later += KEPT + MINUTE
    else:
        for number in range(MOST):
            Tagging(shelves, lambda _: None, lambda: NOW).tag(BEN, note_id, f'"z{number}"')
    before = uses(database), words(database)
    with pytest.raises(TooLateToUndo):
        Undoing(shelves, lambda _: None, lambda: later).undo_renaming(BEN, named("open"), named(new))
    assert (uses(database), words(database)) == before


# Visibility


def test_a_tag_that_is_not_seen_cannot_be_renamed_merged_grouped_or_aliased(
    shelves: StoredShelves, keeping: TagKeeping
) -> None:
    with shelves.writing() as shelf:
        noted(shelf, 1, PUBLIC, "open")
        noted(shelf, 2, SECRET, "hidden")
    for act in (
        lambda: keeping.rename(BEN, named("hidden"), named("x")),
        lambda: keeping.plan(BEN, named("hidden"), named("x")),
        lambda: keeping.merge(BEN, named("hidden"), named("open")),
        lambda: keeping.merge(BEN, named("open"), named("hidden")),
        lambda: keeping.alias(BEN, named("x"), named("hidden")),
        lambda: keeping.group(BEN, "g", [named("hidden")]),
    ):
        with pytest.raises(NoSuchTag):
            act()


def test_a_tag_is_renamed_for_all_and_its_private_name_never_gets_an_address(
    shelves: StoredShelves, keeping: TagKeeping
) -> None:
    with shelves.writing() as shelf:
        public, private = noted(shelf, 1, PUBLIC, "shared"), noted(shelf, 2, SECRET, "shared, hidden")
    keeping.rename(BEN, named("shared"), named("common"))
    keeping.rename(INSIDER, named("hidden"), named("discreet"))
    with shelves.reading() as shelf:
        found = shelf.notes.get(private, INSIDE)
        assert found and {one.name for one in found.tags} == {"common", "discreet"}
        assert shelf.tags.moved(TEAM) == {"shared": "common"}
        assert shelf.tags.moved_names(TEAM) == {"shared": "shared"}
        # Nobody outside learns the private name by typing its old one, nor that there is one.
        assert shelf.tags.known(HERE, ["hidden"]) == {}
        assert shelf.tags.suggest(HERE, "hid", 9) == ()
        assert {name.key for name, _ in shelf.tags.names(HERE)} == {"shared", "common"}
        assert {name.key for name, _ in shelf.tags.names(INSIDE)} == {"shared", "common", "hidden", "discreet"}
    with shelves.writing() as shelf:
        tag(shelf, public, PUBLIC, "hidden")
        assert "discreet" not in {one.tag.key for one in shelf.tags.counted(ANYBODY)}


def test_a_name_given_in_private_is_told_to_nobody_outside(shelves: StoredShelves, keeping: TagKeeping) -> None:
    with shelves.writing() as shelf:
        note_id = noted(shelf, 1, PUBLIC, "open")
    keeping.alias(INSIDER, named("codename"), named("open"))
    keeping.group(INSIDER, "Secret group", [named("open")])
    with shelves.reading() as shelf:
        assert shelf.tags.suggest(HERE, "code", 9) == ()
        assert shelf.tags.suggest(INSIDE, "code", 9) == (named("open"),)
        assert {name.key for name, _ in shelf.tags.names(ANYBODY)} == {"open"}
        assert shelf.notes.search(HERE, ["codename"], limit=20) == ()
        assert [one.id for one in shelf.notes.search(INSIDE, ["codename"], limit=20)] == [note_id]
        assert shelf.tags.groups(HERE) == shelf.tags.groups(ANYBODY) == {}
        assert shelf.tags.groups(INSIDE) == {"open": "Secret group"}
        assert shelf.tags.moved(TEAM) == shelf.tags.moved_names(TEAM) == {}


# Merging


def test_merging_keeps_who_tagged_what_where_and_when(
    database: Database, shelves: StoredShelves, keeping: TagKeeping
) -> None:
    with shelves.writing() as shelf:
        both, one, hidden = (noted(shelf, n, c, "a") for n, c in ((1, PUBLIC), (2, PUBLIC), (3, SECRET)))
        shelf.notes.tag(both, [named("b")], "U2", PUBLIC, NOW + MINUTE)
        shelf.notes.tag(one, [named("b")], "U2", PUBLIC, NOW - MINUTE)
        shelf.notes.tag(hidden, [named("b")], "U2", SECRET, NOW - MINUTE)
        shelf.notes.tag(hidden, [named("b")], "U1", PUBLIC, NOW)
        before = {note_id: shelf.notes.get(note_id, INSIDE) for note_id in (both, one, hidden)}
    done = keeping.merge(BEN, named("a"), named("b"))
    assert (done.notes, done.changed, done.merged) == (2, True, True)
    assert not keeping.merge(BEN, named("a"), named("b")).changed
    assert uses(database) == [
        (both, "b", "U1", PUBLIC, NOW),
        (one, "b", "U2", PUBLIC, NOW - MINUTE),
        (hidden, "b", "U1", PUBLIC, NOW),
        (hidden, "b", "U2", SECRET, NOW - MINUTE),
    ]
    with shelves.reading() as shelf:
        for note_id, old in before.items():
            new = shelf.notes.get(note_id, INSIDE)
            assert old and new and new.change > old.change
            assert new.tags == (named("b"),)
        assert shelf.tags.moved(TEAM) == {"a": "b"}


def test_other_names_and_the_group_of_a_merged_tag_go_with_it(shelves: StoredShelves, keeping: TagKeeping) -> None:
    with shelves.writing() as shelf:
        noted(shelf, 1, PUBLIC, "a, b, c")
    keeping.alias(BEN, named("alpha"), named("a"))
    keeping.group(BEN, "Letters", [named("a")])
    keeping.merge(BEN, named("a"), named("b"))
    keeping.merge(BEN, named("b"), named("c"))
    with shelves.reading() as shelf:
        assert set(shelf.tags.known(HERE, ["alpha", "a", "b", "c"]).values()) == {named("c")}
        assert shelf.tags.groups(HERE) == {"c": "Letters"}
        assert shelf.tags.moved(TEAM) == {"a": "c", "b": "c"}


def test_what_is_said_in_private_of_a_tag_takes_nothing_away_where_it_is_merged(
    shelves: StoredShelves, keeping: TagKeeping
) -> None:
    with shelves.writing() as shelf:
        noted(shelf, 1, PUBLIC, "a, b, c, d")
    keeping.describe(INSIDER, named("b"), "Secret words")
    keeping.group(INSIDER, "Secret group", [named("b")])
    keeping.describe(BEN, named("a"), "What a is about")
    keeping.group(BEN, "Letters", [named("a")])
    keeping.describe(INSIDER, named("a"), "Never seen again")
    keeping.describe(BEN, named("d"), "What d is about")
    keeping.describe(INSIDER, named("c"), "Still there")

    def told(audience: Audience) -> tuple[object, object]:
        with shelves.reading() as shelf:
            return shelf.tags.descriptions(audience), shelf.tags.groups(audience)

    keeping.merge(BEN, named("a"), named("b"))
    keeping.merge(BEN, named("c"), named("d"))
    assert told(ANYBODY) == ({"b": "What a is about", "d": "What d is about"}, {"b": "Letters"})
    assert told(INSIDE)[0] == {"b": "What a is about", "d": "Still there"}


def test_of_two_public_descriptions_that_of_the_tag_that_stays_counts(
    shelves: StoredShelves, keeping: TagKeeping
) -> None:
    with shelves.writing() as shelf:
        shelf.directory.store_channel(TEAM, Channel("C_TALK", "talk", ChannelKind.PUBLIC), NOW)
        noted(shelf, 1, PUBLIC, "a, b")
    keeping.describe(BEN, named("b"), "What b is about")
    keeping.describe(replace(BEN, channel="C_TALK"), named("a"), "What a is about")
    keeping.merge(BEN, named("a"), named("b"))
    with shelves.reading() as shelf:
        assert shelf.tags.descriptions(ANYBODY) == {"b": "What b is about"}


def test_merging_while_others_tag_loses_no_tag(shelves: StoredShelves, keeping: TagKeeping) -> None:
    with shelves.writing() as shelf:
        notes = [noted(shelf, number, PUBLIC, "old" if number % 2 else "new") for number in range(1, 9)]

    def tagging(note_id: int) -> None:
        with shelves.writing() as shelf:
            tag(shelf, note_id, PUBLIC, "old, new")

    def merging() -> None:
        keeping.merge(BEN, named("old"), named("new"))

    at_once([*(partial(tagging, note_id) for note_id in notes), merging, merging])
    with shelves.reading() as shelf:
        assert names(shelves, HERE) == {"new": 8}
        assert all(one.tags == (named("new"),) for one in shelf.notes.select(HERE))


def test_renaming_while_others_tag_by_the_old_name_makes_no_second_tag(
    shelves: StoredShelves, keeping: TagKeeping
) -> None:
    with shelves.writing() as shelf:
        notes = [noted(shelf, number, PUBLIC, "other") for number in range(1, 7)]
        tag(shelf, notes[0], PUBLIC, "old")
    asking = Tagging(shelves, lambda _: None, lambda: NOW)
    acts = [partial(asking.tag, BEN, note_id, "old") for note_id in notes]
    at_once([*acts, partial(keeping.rename, BEN, named("old"), named("new"))])
    assert names(shelves, HERE) == {"new": 6, "other": 6}


# Other names, groups, refusals


def test_another_name_is_given_moved_and_taken(shelves: StoredShelves, keeping: TagKeeping) -> None:
    with shelves.writing() as shelf:
        noted(shelf, 1, PUBLIC, "a, b")
    with pytest.raises(TagInUse):
        keeping.alias(BEN, named("b"), named("a"))
    for target in ("a", "a", "b"):
        assert keeping.alias(BEN, named("Other"), named(target)) == named(target)
    with shelves.reading() as shelf:
        assert shelf.tags.known(HERE, ["other"]) == {"other": named("b")}
    assert keeping.unalias(BEN, named("other")) == named("b")
    for gone in ("other", "b", "never"):
        with pytest.raises(NoSuchTag):
            keeping.unalias(BEN, named(gone))


def test_a_group_is_one_however_it_is_spelled_and_the_last_one_counts(
    shelves: StoredShelves, keeping: TagKeeping
) -> None:
    with shelves.writing() as shelf:
        noted(shelf, 1, PUBLIC, "a, b, c")
        before = shelf.directory.workspace(TEAM)
    keeping.group(BEN, "Methods", [named("a"), named("b")])
    assert keeping.group(BEN, "ｍｅｔｈｏｄｓ", [named("c")]) == ("Methods", (named("c"),))
    keeping.group(BEN, "Data", [named("b")])
    keeping.ungroup(BEN, [named("c")])
    with shelves.reading() as shelf:
        assert shelf.tags.groups(ANYBODY) == {"a": "Methods", "b": "Data"}
        after = shelf.directory.workspace(TEAM)
    assert before and after and after.change > before.change  # so that the pages are made anew


def test_a_group_in_private_takes_nothing_away_from_others(shelves: StoredShelves, keeping: TagKeeping) -> None:
    with shelves.writing() as shelf:
        noted(shelf, 1, PUBLIC, "a")

    def told() -> list[str | None]:
        with shelves.reading() as shelf:
            return [shelf.tags.groups(audience).get("a") for audience in (ANYBODY, HERE, INSIDE)]

    keeping.group(BEN, "Methods", [named("a")])
    keeping.group(INSIDER, "Hidden", [named("a")])
    assert told() == ["Methods", "Methods", "Hidden"]
    keeping.group(BEN, "Data", [named("a")])
    assert told() == ["Data"] * 3
    keeping.ungroup(BEN, [named("a")])
    assert told() == [None, None, "Hidden"]


def test_a_refusal_holds_both_ways_and_after_renaming(shelves: StoredShelves, keeping: TagKeeping) -> None:
    asking = Tagging(shelves, lambda _: None, lambda: NOW)
    with shelves.writing() as shelf:
        note_id = noted(shelf, 1, PUBLIC, "Prompt")
    assert [one.typed.name for one in asking.tag(BEN, note_id, "Prompts").questions] == ["Prompts"]
    assert asking.tag(BEN, note_id, '"Prompts"').tags == (named("Prompts"),)
    asking.untag(BEN, note_id, "Prompts")
    assert asking.tag(BEN, note_id, "prompts").questions == ()
    asking.untag(BEN, note_id, "Prompts")
    keeping.rename(BEN, named("Prompt"), named("Promptss"))
    assert asking.tag(BEN, note_id, "prompts").questions == ()
    asking.untag(BEN, note_id, "promptss")
    assert asking.tag(BEN, note_id, "prompt").questions == ()


def test_clear_tags_are_set_and_only_others_are_asked_about(shelves: StoredShelves, keeping: TagKeeping) -> None:
    asking = Tagging(shelves, lambda _: None, lambda: NOW)
    with shelves.writing() as shelf:
        note_id = noted(shelf, 1, PUBLIC, "DataGeneration, LLM")
        noted(shelf, 2, PUBLIC, "DataGeneration, Data Generations")
        noted(shelf, 3, SECRET, "data-generation")
    done = asking.tag(BEN, note_id, "LLM, fresh, data_generation")
    assert [one.name for one in done.tags] == ["fresh"]
    (question,) = done.questions
    assert [(one.tag.name, one.notes) for one in question.near] == [("DataGeneration", 2), ("Data Generations", 1)]
    assert names(shelves, HERE) == {"DataGeneration": 2, "LLM": 1, "Data Generations": 1, "fresh": 1}
    assert asking.tag(BEN, note_id, "data_generation").clear is False


def test_of_new_tags_that_are_like_each_other_the_first_is_set_and_the_others_are_asked_about(
    shelves: StoredShelves,
) -> None:
    asking = Tagging(shelves, lambda _: None, lambda: NOW)
    with shelves.writing() as shelf:
        note_id = noted(shelf, 1, PUBLIC, "old")
    done = asking.tag(BEN, note_id, "LLM, LLMs, Agents, RAG, agent")
    assert [one.name for one in done.tags] == ["LLM", "Agents", "RAG"]
    asked = [(one.typed.name, [near.tag.name for near in one.near]) for one in done.questions]
    assert asked == [("LLMs", ["LLM"]), ("agent", ["Agents"])]
    assert [one.name for one in asking.tag(BEN, note_id, 'Prompt, "Prompts"').tags] == ["Prompt", "Prompts"]
    assert asking.tag(BEN, note_id, "prompts, prompt").questions == ()


def test_what_is_undone_after_a_merge_comes_back_as_the_tag_that_it_became(
    shelves: StoredShelves, keeping: TagKeeping
) -> None:
    with shelves.writing() as shelf:
        note_id = noted(shelf, 1, PUBLIC, "a, kept")
        noted(shelf, 2, PUBLIC, "a, b, c")
        before = shelf.notes.uses(note_id)
        shelf.notes.untag(note_id, ["a"], HERE)
    keeping.merge(BEN, named("a"), named("b"))
    keeping.merge(BEN, named("b"), named("c"))
    with shelves.writing() as shelf:
        assert shelf.notes.put_back(note_id, before) == (named("c"),)
    assert names(shelves, HERE) == {"c": 2, "kept": 1}
    # Named as it was before, the tag is whole and its uses are with it.
    keeping.rename(BEN, named("c"), named("a"))
    assert names(shelves, HERE) == {"a": 2, "kept": 1}


def test_an_old_address_leads_to_the_tag_that_has_its_name_now(
    shelves: StoredShelves, keeping: TagKeeping
) -> None:
    with shelves.writing() as shelf:
        noted(shelf, 1, PUBLIC, "a, b")
    keeping.rename(BEN, named("a"), named("c"))
    keeping.alias(BEN, named("a"), named("b"))
    with shelves.reading() as shelf:
        assert shelf.tags.moved(TEAM) == {"a": "b"}
    keeping.merge(BEN, named("b"), named("c"))
    with shelves.reading() as shelf:
        assert shelf.tags.moved(TEAM) == {"a": "c", "b": "c"}


def test_other_names_are_told_as_far_as_one_may_know_them(shelves: StoredShelves, keeping: TagKeeping) -> None:
    with shelves.writing() as shelf:
        noted(shelf, 1, PUBLIC, "a")
    keeping.alias(BEN, named("Alpha"), named("a"))
    keeping.alias(INSIDER, named("Codename"), named("a"))
    assert keeping.other_names(BEN, named("alpha")) == (named("a"), ("Alpha",))
    assert keeping.other_names(INSIDER, named("a")) == (named("a"), ("Alpha", "Codename"))
    with pytest.raises(NoSuchTag):
        keeping.other_names(BEN, named("never"))


def test_what_a_tag_is_about_is_told_where_it_was_said(shelves: StoredShelves, keeping: TagKeeping) -> None:
    with shelves.writing() as shelf:
        noted(shelf, 1, PUBLIC, "open, other")

    def told() -> list[str | None]:
        with shelves.reading() as shelf:
            return [shelf.tags.descriptions(audience).get("open") for audience in (ANYBODY, HERE, INSIDE)]

    described = keeping.describe(BEN, named("Open"), " What it\n is  about ")
    assert described == (named("open"), "What it is about", False)
    assert told() == ["What it is about"] * 3
    keeping.describe(INSIDER, named("open"), "A secret")
    assert told() == ["What it is about", "What it is about", "A secret"]
    keeping.describe(BEN, named("open"), "Something else")
    assert told() == ["Something else"] * 3
    keeping.rename(BEN, named("open"), named("opened"))
    keeping.merge(BEN, named("opened"), named("other"))
    with shelves.reading() as shelf:
        assert shelf.tags.descriptions(ANYBODY) == {"other": "Something else"}
    assert keeping.describe(BEN, named("other"), " ") == (named("other"), "", True)
    with shelves.reading() as shelf:
        assert shelf.tags.descriptions(HERE) == shelf.tags.descriptions(ANYBODY) == {}
        assert shelf.tags.descriptions(INSIDE) == {"other": "A secret"}  # which nobody outside can take away
    with pytest.raises(LongDescription):
        keeping.describe(BEN, named("other"), "x" * 301)
    with pytest.raises(NoSuchTag):
        keeping.describe(BEN, named("hidden"), "x")


def test_what_is_said_of_a_tag_in_no_channel_is_said_to_everybody(
    shelves: StoredShelves, keeping: TagKeeping
) -> None:
    with shelves.writing() as shelf:
        noted(shelf, 1, PUBLIC, "open, other")
        noted(shelf, 2, SECRET, "hidden")
        shelf.directory.store_channel(TEAM, Channel("C_EXTERNAL", "x", ChannelKind.PUBLIC, external=True), NOW)
        noted(shelf, 3, "C_EXTERNAL", "open")
    nowhere = Asker(TEAM, "", "U1", "modal:1")
    outside = Audience(TEAM, "C_EXTERNAL")

    def told() -> list[tuple[str | None, str | None, set[str]]]:
        with shelves.reading() as shelf:
            return [
                (
                    shelf.tags.groups(audience).get("open"),
                    shelf.tags.descriptions(audience).get("open"),
                    {name.key for name, tag in shelf.tags.names(audience) if tag == "open"},
                )
                for audience in (ANYBODY, nowhere.audience, HERE, INSIDE, outside)
            ]

    keeping.group(nowhere, "Models", [named("open")])
    keeping.describe(nowhere, named("open"), "What it is about")
    keeping.alias(nowhere, named("overt"), named("open"))
    everybody = [("Models", "What it is about", {"open", "overt"})] * 4
    assert told() == [*everybody, (None, None, {"open"})]
    keeping.describe(INSIDER, named("open"), "A secret")
    keeping.describe(BEN, named("open"), "")
    assert told()[:4] == [("Models", None, {"open", "overt"})] * 3 + [("Models", "A secret", {"open", "overt"})]
    keeping.describe(nowhere, named("other"), "Another")
    keeping.merge(BEN, named("other"), named("open"))
    assert [one[1] for one in told()] == ["Another"] * 4 + [None]
    with pytest.raises(NoSuchTag):
        keeping.describe(nowhere, named("hidden"), "x")


def test_an_old_name_leads_to_a_tag_whose_papers_are_gone_for_a_while(
    shelves: StoredShelves, keeping: TagKeeping
) -> None:
    with shelves.writing() as shelf:
        noted(shelf, 1, PUBLIC, "LLMs")
    keeping.rename(BEN, named("LLMs"), named("LLM"))
    with shelves.writing() as shelf:
        shelf.notes.withdraw(message(PUBLIC, "1.0"), NOW)
        noted(shelf, 2, PUBLIC, "LLMs")
        share(shelf, paper(1), PUBLIC, "1.0")
    assert names(shelves, HERE) == {"LLM": 2}


def test_a_tag_that_stands_on_no_note_any_more_is_told_to_nobody_until_its_paper_comes_back(
    shelves: StoredShelves, keeping: TagKeeping
) -> None:
    with shelves.writing() as shelf:
        note_id = noted(shelf, 1, PUBLIC, "Plan")
        noted(shelf, 2, SECRET, "Plan")
    keeping.alias(BEN, named("Plot"), named("Plan"))
    keeping.group(BEN, "Hush", [named("Plan")])
    keeping.describe(BEN, named("Plan"), "Nobody's business")

    def told(audience: Audience) -> list[int]:
        with shelves.reading() as shelf:
            return [
                len(shelf.tags.suggest(audience, "", 9)),
                len(shelf.tags.suggest(audience, "plo", 9)),
                len(shelf.tags.names(audience)),
                len(shelf.tags.known(audience, ["plan", "plot"])),
                len(shelf.tags.groups(audience)),
                len(shelf.tags.descriptions(audience)),
            ]

    assert told(HERE) == told(ANYBODY) == [1, 1, 2, 2, 1, 1]
    with shelves.writing() as shelf:
        shelf.notes.withdraw(message(PUBLIC, "1.0"), NOW)
    assert told(HERE) == told(ANYBODY) == [0] * 6
    assert told(INSIDE) == [1, 1, 2, 2, 1, 1]
    with shelves.writing() as shelf:
        share(shelf, paper(1), PUBLIC, "1.0")
    assert told(HERE) == [1, 1, 2, 2, 1, 1]
    with shelves.writing() as shelf:
        shelf.notes.withdraw(message(PUBLIC, "1.0"), NOW)
        # Of a reaction that is taken away, say.
        assert shelf.notes.untag_set(note_id, "U1", PUBLIC, NOW) == (named("Plan"),)
