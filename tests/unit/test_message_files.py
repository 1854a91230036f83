"""Which files of a message are images of a comment."""

from __future__ import annotations

from typing import Any

import pytest

from bot.payloads.events import Edited, FileGone, Posted, happening
from bot.payloads.files import images
from papers.images import MOST, Attached

URL = "https://files.slack.com/files-pri/T1-F1/file.png"
# As docs.slack.dev/reference/objects/file-object has it.
FILE = {
    "id": "F1",
    "name": "file.png",
    "title": "file.png",
    "mimetype": "image/png",
    "size": 92582,
    "mode": "hosted",
    "is_external": False,
    "url_private": URL,
    "url_private_download": f"{URL}?download",
    "thumb_1024": "https://files.slack.com/files-tmb/T1-F1-a/file_1024.png",
}


def of(**changes: Any) -> tuple[Attached, ...]:
    return images({"files": [FILE | changes]})


def test_an_image_that_slack_keeps_is_one() -> None:
    assert of() == (Attached("F1", f"{URL}?download"),)
    assert of(url_private_download=None) == (Attached("F1", URL),)


@pytest.mark.parametrize(
    "changes",
    [
        {"mimetype": "image/svg+xml"},
        {"mimetype": "application/pdf"},
        {"mode": "tombstone"},
        {"mode": "external", "is_external": True},
        {"id": 7},
        {"mimetype": None, "file_access": "check_file_info"},
    ],
)
def test_all_else_is_none(changes: dict[str, Any]) -> None:
    assert of(**changes) == ()


def test_of_a_heavy_file_slacks_smaller_picture_is_taken() -> None:
    assert of(size=50_000_000) == (Attached("F1", FILE["thumb_1024"]),)
    assert of(size=50_000_000, thumb_1024=None) == (Attached("F1", ""),)


def test_its_words_are_what_somebody_wrote_and_no_name_of_a_file() -> None:
    assert of(title="Loss over steps")[0].title == "Loss over steps"
    assert of(title="IMG 2031.jpg", name="other")[0].title == ""
    assert of(title="Loss", alt_txt="The loss falls")[0].title == "The loss falls"


def test_the_first_few_of_a_message_count_each_once() -> None:
    many = [FILE | {"id": f"F{number // 2}"} for number in range(20)]
    assert [one.file for one in images({"files": many})] == [f"F{number}" for number in range(MOST)]
    assert images({"files": "nonsense"}) == images({"files": [None, "x"]}) == images({}) == ()


def event(**what: Any) -> dict[str, Any]:
    return {"type": "event_callback", "team_id": "T1", "event": {"channel": "C1", **what}}


def test_a_file_that_goes_from_a_message_is_an_edit_and_a_deleted_one_is_told_by_its_id() -> None:
    said = {"type": "message", "user": "U1", "ts": "1.1", "thread_ts": "1.0", "text": "", "subtype": "file_share"}
    posted = happening(event(**said, files=[FILE]))
    assert isinstance(posted, Posted) and posted.images == (Attached("F1", f"{URL}?download"),)
    stone = [{"id": "F1", "mode": "tombstone"}]
    change = {"type": "message", "subtype": "message_changed", "previous_message": said | {"files": [FILE]}}
    edited = happening(event(**change, message=said | {"files": stone}))
    assert isinstance(edited, Edited) and edited.posted.images == ()
    assert happening(event(**change, message=said | {"files": [FILE | {"thumb_64": "x"}]})) is None
    assert happening(event(type="file_deleted", file_id="F1")) == FileGone("T1", "F1")
