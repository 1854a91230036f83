"""Settings in Slack: shown, changed by modal in both languages, at once for everybody, and kept over a restart."""

from __future__ import annotations

from typing import Any

import pytest
from house import House, shown, until


def open_modal(house: House, member: str) -> dict[str, Any]:
    house.command("/note settings", member=member)
    said = house.whispers(member)[-1]
    house.act("click", member=member, channel=said["channel"], ts=said["ts"], action_id="verb:settings")
    return house.modal(member)


def change(house: House, member: str, **settings: str) -> None:
    values = {name.replace("_", "-"): {name.replace("_", "-"): value} for name, value in settings.items()}
    house.act("view/submit", member=member, values=values)


def test_a_person_chooses_the_language_of_the_answers_by_modal(house: House) -> None:
    modal = open_modal(house, "ben")
    assert modal["title"]["text"] == "Settings"
    change(house, "ben", language="日本語")
    house.modal("ben", "保存しました")
    house.act("view/close", member="ben")
    assert "使い方を表示" in house.command("/note help", member="ben")
    assert open_modal(house, "ben")["title"]["text"] == "設定"
    change(house, "ben", language="slack")
    house.modal("ben", "Saved")
    house.act("view/close", member="ben")


def test_a_japanese_reader_sees_and_changes_the_settings_in_japanese(house: House) -> None:
    assert "タイムゾーン: UTC" in house.command("/note settings", member="aiko")
    assert open_modal(house, "aiko")["title"]["text"] == "設定"
    change(house, "aiko", zone="asia/tokyo")
    house.modal("aiko", "タイムゾーン: Asia/Tokyo (")
    house.act("view/close", member="aiko")
    assert "by aiko on" in house.command("/note settings", member="ben")


@pytest.mark.parametrize(("field", "typed"), [("zone", "Atlantis"), ("quiet-days", "often")])
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_changed(house: House, field: str, typed: str) -> None:
    before = house.command("/note settings", member="ben")
    open_modal(house, "ben")
    change(house, "ben", **{field.replace("-", "_"): typed}, quiet_here="yes")
    assert set(house.errors("ben").popitem()[1]) == {field}
    house.act("view/close", member="ben")
    assert house.command("/note settings", member="ben") == before


def test_settings_can_be_changed_again_and_again_in_the_same_windows(house: House) -> None:
    house.act("shortcut", member="ben", callback_id="menu_notes")
    house.act("view/click", member="ben", view_id=house.modal("ben")["id"], action_id="verb:settings")
    for days in ("11", "12", "13"):
        until(lambda: house.modal("ben")["callback_id"] == "verb:settings")
        change(house, "ben", quiet_days=days)
        told = house.modal("ben", "Saved")
        assert days in shown(told)
        house.act("view/click", member="ben", view_id=told["id"], action_id="verb:settings")
    until(lambda: house.modal("ben")["callback_id"] == "verb:settings")
    change(house, "ben", quiet_days="0")
    house.act("view/close", member="ben", all=True)


def test_settings_are_in_the_menu_of_everything(house: House) -> None:
    house.act("shortcut", member="ben", callback_id="menu_notes")
    menu = house.modal("ben", "What would you like")
    house.act("view/click", member="ben", view_id=menu["id"], action_id="verb:settings")
    house.modal("ben", "Everybody's here")
    house.act("view/close", member="ben", all=True)


def test_no_published_file_names_who_does_not_want_to_be_named(house: House) -> None:
    ts = house.paste("https://arxiv.org/abs/2312.07001", member="aiko")
    house.card(ts, "2312.07001")
    house.paste(f"<@{house.ids['aiko']}> look at section 3", member="ben", thread=ts)
    until(lambda: "look at section 3" in house.site() and "aiko" in house.site())
    assert "ben" in house.site()
    assert not (house.pages / "people").exists()
    assert "自分の名前" in house.command("/note settings feed yes", member="aiko")
    until(lambda: {file.suffix for file in (house.pages / "people").glob("*.*")} == {".html", ".json", ".xml"})
    assert "あなたのページもありません" in house.command("/note settings named no", member="aiko")
    until(lambda: "aiko" not in house.site() and not (house.pages / "people").exists())
    assert "ben" in house.site()
    assert "aiko" not in house.command("/note digest", member="ben")
    house.command("/note settings names no", member="ben")
    until(lambda: "ben" not in house.site())
    assert "look at section 3" in house.site()
    house.command("/note settings names yes", member="ben")
    until(lambda: "ben" in house.site())
