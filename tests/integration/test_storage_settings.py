"""What is settled in Slack: it outlives a start, says who settled it, and hides the names that it should."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pytest
from stored import ANYBODY, DAY, NOW, PUBLIC, SECRET, TEAM, paper, say, settle, share, store, tag

from papers.asker import Asker
from papers.brief import brief_of
from papers.note import Audience, Workspace
from papers.preferences import AdminsSettle, Preferences
from papers.settled import PERSONAL, SHARED, Personal, Setting, Standing, Value
from papers.shelf import Shelf
from storage.shelves import StoredShelves

HERE = Audience(TEAM, PUBLIC)
DIGEST = Audience(TEAM, PUBLIC, discreet=True)
CHOSEN: dict[Setting, Value] = {
    Setting.TEAM_LANGUAGE: "ja",
    Setting.ZONE: "Asia/Tokyo",
    Setting.NAMES: False,
    Setting.QUIET_DAYS: 7,
    Setting.QUIET_HERE: True,
    Setting.PUBLISH_EXTERNAL: True,
}
ENVIRONMENT = Workspace(TEAM, "Team", "https://team.slack.com", "en", "Europe/Berlin")


@pytest.fixture
def stored(shelves: StoredShelves) -> StoredShelves:
    """A note shared by Aki (U1) and commented on by Ben (U2), who mentions her."""
    with shelves.writing() as shelf:
        settle(shelf)
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        store(shelf, paper(1))
        say(shelf, note_id, PUBLIC, "1.1", "@Aki's slides, @Akira's too, says @Ben")
        tag(shelf, note_id, PUBLIC, "LLM")
        shelf.tags.describe(HERE, "llm", "ask @Aki or @Ben")
        shelf.tags.group(HERE, ["llm"], "Team @Aki")
    return shelves


def told(shelf: Shelf, audience: Audience) -> tuple[str, str, str]:
    """Who shared the note, who commented on it, and how, as the audience is told it."""
    (note,) = shelf.notes.select(audience)
    return note.shares[0].member.name, note.comments[0].member.name, note.comments[0].text


def said_of_tags(shelf: Shelf, audience: Audience) -> list[Mapping[str, str]]:
    return [shelf.tags.descriptions(audience), shelf.tags.groups(audience)]


def test_a_start_never_undoes_what_people_settled(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        shelf.directory.ensure_workspace(ENVIRONMENT, NOW)
        for setting, value in CHOSEN.items():
            shelf.settings.settle(TEAM, setting, value, "U1", NOW + DAY)
    with shelves.writing() as shelf:
        shelf.directory.ensure_workspace(ENVIRONMENT, NOW + 2 * DAY)
        home = shelf.directory.workspace(TEAM)
        settled = shelf.settings.settled(TEAM)
    assert home
    assert (home.language, home.zone) == ("ja", "Asia/Tokyo")
    assert (home.shows_names, home.quiet_days, home.quiet_here) == (False, 7, True)
    assert {one.setting: (one.member.id, one.at) for one in settled} == dict.fromkeys(CHOSEN, ("U1", NOW + DAY))


def test_what_nobody_settled_follows_the_settings_of_the_start(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        shelf.directory.ensure_workspace(ENVIRONMENT, NOW)
        shelf.settings.settle(TEAM, Setting.ZONE, "Asia/Tokyo", "U1", NOW)
        shelf.directory.ensure_workspace(Workspace(TEAM, "Team", "", "ja", "UTC"), NOW)
        home = shelf.directory.workspace(TEAM)
    assert home
    assert (home.language, home.zone) == ("ja", "Asia/Tokyo")


@pytest.mark.parametrize("setting", SHARED)
def test_each_settled_thing_makes_the_pages_anew(stored: StoredShelves, setting: Setting) -> None:
    with stored.writing() as shelf:
        before = shelf.directory.workspace(TEAM)
        shelf.settings.settle(TEAM, setting, CHOSEN[setting], "U2", NOW)
        after = shelf.directory.workspace(TEAM)
    assert before and after and after.change > before.change


def test_who_does_not_want_to_be_named_is_named_neither_in_public_nor_in_a_digest(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        assert told(shelf, ANYBODY) == ("Aki", "Ben", "@Aki's slides, @Akira's too, says @Ben")
        change = shelf.notes.select(ANYBODY)[0].change
        shelf.settings.settle_personal(TEAM, "U1", Personal(named=False))
        for audience in (ANYBODY, DIGEST):
            assert told(shelf, audience) == ("", "Ben", "@someone's slides, @Akira's too, says @Ben")
            assert said_of_tags(shelf, audience) == [{"llm": "ask @someone or @Ben"}, {"llm": "Team @someone"}]
        assert told(shelf, HERE)[0] == "Aki"
        assert said_of_tags(shelf, HERE) == [{"llm": "ask @Aki or @Ben"}, {"llm": "Team @Aki"}]
        assert shelf.notes.select(ANYBODY)[0].change > change
        shelf.settings.settle_personal(TEAM, "U1", Personal(language="ja"))
        assert told(shelf, ANYBODY)[0] == "Aki"


def feeds(shelf: Shelf, audience: Audience) -> set[str]:
    (note,) = shelf.notes.select(audience)
    found = {one.member.feed for one in (*note.shares, *note.comments)}
    if audience == ANYBODY:
        assert set(shelf.pages.briefs(TEAM)) == {brief_of(note)}
        assert {person.feed for person in brief_of(note).people} == found - {""}
    return found


def test_a_feed_is_there_for_the_pages_alone_and_only_while_its_person_wants_it_by_name(
    stored: StoredShelves,
) -> None:
    with stored.writing() as shelf:
        assert feeds(shelf, ANYBODY) == {""}
        change = shelf.notes.select(ANYBODY)[0].change
        shelf.settings.settle_personal(TEAM, "U1", Personal(feed=True))
        assert shelf.settings.personal(TEAM, "U1") == Personal(feed=True)
        assert shelf.notes.select(ANYBODY)[0].change > change
        (first,) = feeds(shelf, ANYBODY) - {""}
        assert "U1" not in first
        assert feeds(shelf, HERE) == feeds(shelf, DIGEST) == {""}
        for unnamed in (Personal(named=False, feed=True), Personal()):
            shelf.settings.settle_personal(TEAM, "U1", unnamed)
            assert feeds(shelf, ANYBODY) == {""}
        shelf.settings.settle_personal(TEAM, "U1", Personal(feed=True))
        assert not feeds(shelf, ANYBODY) & {first}
        shelf.settings.settle(TEAM, Setting.NAMES, False, "U2", NOW)
        assert feeds(shelf, ANYBODY) == {""}
        shelf.settings.settle(TEAM, Setting.NAMES, True, "U2", NOW)
        shelf.oblivion.forget(TEAM, "U1", NOW)
        assert feeds(shelf, ANYBODY) == {""}


def test_whoever_was_forgotten_is_told_that_they_are_not_named_until_they_want_it(stored: StoredShelves) -> None:
    preferences = Preferences(stored, lambda _job: None, lambda: NOW)
    asker = Asker(TEAM, PUBLIC, "U1", "command:1")
    with stored.writing() as shelf:
        shelf.settings.settle_personal(TEAM, "U1", Personal("ja", feed=True))
        shelf.oblivion.forget(TEAM, "U1", NOW)
        assert shelf.settings.personal(TEAM, "U1") == Personal(named=False)
    assert preferences.shown(asker).personal == Personal(named=False)
    assert preferences.settle(asker, {Setting.LANGUAGE: "en"}, lambda: Standing.MEMBER).personal.named is False
    assert preferences.settle(asker, {Setting.NAMED: True}, lambda: Standing.MEMBER).personal.named is True


def test_a_workspace_without_names_names_nobody_in_public(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        share(shelf, paper(2), SECRET, "2.0")
        shelf.settings.settle(TEAM, Setting.NAMES, False, "U1", NOW)
        for audience in (ANYBODY, DIGEST):
            assert told(shelf, audience) == ("", "", "@someone's slides, @Akira's too, says @someone")
        assert told(shelf, HERE)[:2] == ("Aki", "Ben")


def test_names_come_and_go_without_a_single_card_being_posted_anew(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        before = shelf.outbox.claim_outdated(10, NOW, DAY)
        shelf.settings.settle(TEAM, Setting.NAMES, False, "U1", NOW)
        shelf.settings.settle_personal(TEAM, "U1", Personal(named=False))
        assert shelf.outbox.claim_outdated(10, NOW, DAY) == before == ()


def test_a_member_nobody_knows_yet_can_settle_too(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        shelf.settings.settle_personal(TEAM, "U9", Personal("ja", named=False))
        shelf.settings.settle(TEAM, Setting.ZONE, "UTC", "U8", NOW)
        assert shelf.settings.personal(TEAM, "U9") == Personal("ja", named=False)
        assert shelf.settings.personal(TEAM, "U8") == Personal()


def test_what_one_person_settles_in_two_windows_at_the_same_moment_holds_both(stored: StoredShelves) -> None:
    asker = Asker(TEAM, PUBLIC, "U1", "command:1")
    in_the_other: list[Mapping[Setting, Value]] = [{Setting.NAMED: False}]

    def now() -> datetime:
        while in_the_other:
            preferences.settle(asker, in_the_other.pop(), lambda: Standing.MEMBER)
        return NOW

    preferences = Preferences(stored, lambda _job: None, now)
    shown = preferences.settle(asker, {Setting.LANGUAGE: "ja"}, lambda: Standing.MEMBER)
    assert shown.personal == Personal("ja", named=False)


def test_admins_alone_settle_where_whoever_runs_fusen_wants_it_so(stored: StoredShelves) -> None:
    preferences = Preferences(stored, lambda _job: None, lambda: NOW, admins_only=True)
    asker = Asker(TEAM, PUBLIC, "U1", "command:1")
    with pytest.raises(AdminsSettle):
        preferences.settle(asker, {Setting.QUIET_DAYS: 7, Setting.NAMED: False}, lambda: Standing.MEMBER)
    assert preferences.shown(asker).personal == Personal()
    assert preferences.settle(asker, {Setting.QUIET_DAYS: 7}, lambda: Standing.ADMIN).workspace.quiet_days == 7


def test_every_setting_is_either_ones_own_or_everybodys() -> None:
    assert sorted((*PERSONAL, *SHARED)) == sorted(Setting)
