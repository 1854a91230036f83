"""What becomes of an image that somebody posts before it is published."""

from __future__ import annotations

import struct
import subprocess
import sys
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from image_bytes import GPS, ORIENTATION, drawn, photograph
from PIL import Image

from papers.images import NoPicture
from publishing.pictures import HEAVIEST, LONGEST, develop


def opened(body: bytes) -> Image.Image:
    return Image.open(BytesIO(body))


def test_a_photograph_is_turned_upright_and_tells_nothing_but_what_it_shows() -> None:
    body = photograph()
    assert opened(body).getexif().get_ifd(GPS) and b"kanarienvogel" in body
    made = develop(body)
    assert (made.width, made.height) == opened(made.body).size == (40, 64)
    assert b"kanarienvogel" not in made.body and b"Exif" not in made.body
    assert not opened(made.body).getexif() and made.name.endswith(".jpg")


@pytest.mark.parametrize("form", ["PNG", "GIF", "WEBP"])
def test_what_is_no_photograph_becomes_a_png_of_the_same_pixels(form: str) -> None:
    made = develop(drawn(form, **({"lossless": True} if form == "WEBP" else {})))
    image = opened(made.body)
    assert (image.format, image.size, made.name[-4:]) == ("PNG", (64, 40), ".png")
    assert image.convert("RGB").getpixel((60, 20)) == (0x7A, 0x5C, 0x00)


def test_a_picture_with_a_palette_is_turned_upright_too() -> None:
    exif, out = Image.Exif(), BytesIO()
    exif[ORIENTATION] = 6
    opened(drawn()).convert("P").save(out, "PNG", exif=exif.tobytes())
    made = develop(out.getvalue())
    assert (made.width, made.height) == opened(made.body).size == (40, 64)


DEVELOPED = """
import sys
from pathlib import Path
from publishing.pictures import develop
made = develop(sys.stdin.buffer.read())
(peak,) = (line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
print(made.width, int(peak) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="how much memory a process took is read from /proc")
def test_the_largest_picture_is_scaled_down_before_it_is_copied() -> None:
    out = BytesIO()
    Image.new("RGBA", (6300, 6300), (1, 2, 3, 4)).save(out, "PNG")
    home = Path(__file__).parents[2]
    run = [sys.executable, "-c", DEVELOPED]
    told = subprocess.run(run, input=out.getvalue(), capture_output=True, check=True, cwd=home).stdout.split()
    assert int(told[0]) == LONGEST
    assert int(told[1]) < 500, f"{told[1].decode()} MB at once"


def test_words_within_a_png_stay_behind() -> None:
    body = drawn()
    said = b"tEXt" + b"Author\0kanarienvogel"
    chunk = struct.pack(">I", len(said) - 4) + said + struct.pack(">I", zlib.crc32(said))
    made = develop(body[:33] + chunk + body[33:])
    assert b"kanarienvogel" not in made.body
    assert made == develop(body)


def test_a_large_picture_is_scaled_down_and_a_heavy_one_loses_a_little() -> None:
    large = develop(drawn(size=(3200, 1000)))
    assert (large.width, large.height) == (LONGEST, 500)
    noise = Image.effect_noise((1200, 1200), 80).convert("RGB")
    out = BytesIO()
    noise.save(out, "PNG")
    assert len(out.getvalue()) > 1_000_000
    clear = Image.merge(
        "RGBA",
        [*(Image.effect_noise((1300, 1300), 90) for _ in range(3)), noise.getchannel(0).resize((1300, 1300))],
    )
    heavy = BytesIO()
    clear.save(heavy, "PNG")
    made = develop(heavy.getvalue())
    assert made.name.endswith(".jpg") and len(made.body) < HEAVIEST < len(heavy.getvalue())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!doctype html><title>Sign in</title>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.7",
        drawn()[:60],
        drawn("BMP"),
        drawn("TIFF"),
    ],
)
def test_what_is_no_image_of_ours_is_refused(body: bytes) -> None:
    with pytest.raises(NoPicture):
        develop(body)


def test_a_small_file_that_unpacks_to_gigabytes_is_refused_unread() -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    with pytest.raises(NoPicture):
        develop(bomb + drawn()[33:])
