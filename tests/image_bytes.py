"""Images to post in tests, drawn anew."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from papers.images import Attached, Picture

PLACE_TAKEN = {1: "N", 2: (35.0, 40.0, 0.0)}
ORIENTATION, GPS, MAKER = 0x0112, 0x8825, 0x010F


def drawn(form: str = "PNG", size: tuple[int, int] = (64, 40), colour: str = "#7a5c00", **more: object) -> bytes:
    """A rectangle of one colour, its left half white."""
    image = Image.new("RGB", size, colour)
    image.paste("white", (0, 0, size[0] // 2, size[1]))
    out = BytesIO()
    image.save(out, form, **more)  # type: ignore[arg-type]  # each form has options of its own
    return out.getvalue()


def photograph(size: tuple[int, int] = (64, 40)) -> bytes:
    """A JPEG that lies on its side and tells where it was taken, and by whose camera."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, "kanarienvogel camera"
    exif.get_ifd(GPS).update(PLACE_TAKEN)
    return drawn("JPEG", size, exif=exif.tobytes(), comment=b"kanarienvogel comment")


def attached(number: int = 1, title: str = "") -> Attached:
    """A file of a message."""
    return Attached(f"F{number}", f"https://files.slack.com/files-pri/T1-F{number}/download/a.png", title)


def picture(number: int = 1) -> Picture:
    """What is kept of an image; the number tells its bytes apart."""
    return Picture(f"{number:032x}.png", b"\x89PNG%d" % number, 640, 400)
