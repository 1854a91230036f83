"""Making a picture fit to be published of what somebody posted: what it shows, and nothing that it tells beside.

A photograph may say where and when it was taken and by whose camera; none of that is kept.
"""

from __future__ import annotations

import hashlib
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from papers.images import NoPicture, Picture

FORMS = ("PNG", "JPEG", "GIF", "WEBP")
"""What is opened at all, whatever the file calls itself. SVG is a program, and never is."""

LONGEST = 1600
"""Pixels of the longer side; a larger picture is scaled down."""

MOST_PIXELS = 40_000_000
"""A small file may unpack to gigabytes: one with more pixels is not unpacked."""

HEAVIEST = 1_500_000
"""Bytes. A picture without loss that is heavier becomes one with loss."""

_QUALITY = 85
_FLAT = ("1", "L", "RGB")


def develop(body: bytes) -> Picture:
    """The picture that stands in these bytes, turned upright, as PNG or JPEG. Of one that moves, the beginning.

    Raises NoPicture.
    """
    try:
        with Image.open(BytesIO(body), formats=FORMS) as found:
            if found.width * found.height > MOST_PIXELS:
                raise NoPicture(f"{found.width} x {found.height} pixels are too many")
            is_photograph = found.format == "JPEG"
            found.draft("RGB", (LONGEST, LONGEST))
            drawn = _plain(found)
    except UnidentifiedImageError as error:
        raise NoPicture("its bytes are no image") from error
    except NoPicture:
        raise
    except Exception as error:  # broken files make the decoders raise nearly anything
        raise NoPicture(f"it cannot be opened ({type(error).__name__})") from error
    made = b"" if is_photograph else _png(drawn)
    ending = "png"
    if is_photograph or len(made) > HEAVIEST:
        made, ending = _jpeg(drawn), "jpg"
    name = f"{hashlib.sha256(made).hexdigest()[:32]}.{ending}"
    return Picture(name, made, drawn.width, drawn.height)


def _plain(image: Image.Image) -> Image.Image:
    """The pixels alone, upright and scaled down, in a new image: what else the file held stays behind.

    Scaled down first: a copy of the largest picture takes 160 MB.
    """
    clear = image.has_transparency_data
    mode = "RGBA" if clear else ("L" if image.mode in ("1", "L") else "RGB")
    # Signs of a palette cannot be blended, so they become colours before.
    pixels = image if image.mode == mode else image.convert(mode)
    pixels.thumbnail((LONGEST, LONGEST))
    upright = ImageOps.exif_transpose(pixels)
    bare = Image.new(mode, upright.size)
    bare.paste(upright)
    return bare


def _png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _jpeg(image: Image.Image) -> bytes:
    if image.mode not in _FLAT:
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        image = paper
    out = BytesIO()
    image.save(out, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return out.getvalue()
