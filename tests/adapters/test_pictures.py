"""Pictures made anew."""

from __future__ import annotations

import resource
from io import BytesIO

import pytest
from PIL import Image

from baton.adapters.pictures import PIXELS, BadPicture, make_avatar, make_thumbnail
from tests.stores import picture, pixel_bomb

ORIENTATION, GPS = 0x0112, 0x8825


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_an_avatar_is_a_square_webp(kind: str) -> None:
    made = Image.open(BytesIO(make_avatar(BytesIO(picture(kind, (900, 300))))))
    assert (made.format, made.size) == ("WEBP", (256, 256))
    red, blue = made.convert("RGB").getpixel((10, 128)), made.convert("RGB").getpixel((245, 128))
    assert isinstance(red, tuple)
    assert isinstance(blue, tuple)
    assert red[0] > 150 > red[2]
    assert blue[2] > 150 > blue[0]


def test_a_thumbnail_keeps_the_proportions_and_never_grows() -> None:
    assert Image.open(BytesIO(make_thumbnail(BytesIO(picture("JPEG", (4000, 1000)))))).size == (400, 100)
    assert Image.open(BytesIO(make_thumbnail(BytesIO(picture("PNG", (40, 10)))))).size == (40, 10)


def test_neither_place_nor_comment_survives_and_the_picture_stands_upright() -> None:
    told = Image.Exif()
    told[ORIENTATION] = 6
    told[GPS] = {1: "N", 2: (59.0, 56.0, 1.0)}
    sent = picture("JPEG", (80, 40), exif=told, comment=b"secret words")
    assert b"secret words" in sent
    made = make_thumbnail(BytesIO(sent))
    shown = Image.open(BytesIO(made))
    assert shown.size == (40, 80)
    assert dict(shown.getexif()) == {}
    assert b"EXIF" not in made
    assert b"secret words" not in made


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"words",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        picture("PNG")[:60],
        picture("TIFF"),
        picture("JPEG")[:200],
    ],
    ids=["empty", "words", "svg", "half a PNG", "a kind that is not taken", "half a JPEG"],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(BadPicture) as refusal:
        make_avatar(BytesIO(content))
    assert refusal.value.code == "invalid_image"


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_a_pixel_bomb_is_refused_before_it_is_decoded(kind: str) -> None:
    bomb = bytearray(pixel_bomb())
    if kind == "GIF":
        bomb = bytearray(picture("GIF"))
        bomb[6:10] = (65_000).to_bytes(2, "little") * 2
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BadPicture) as refusal:
        make_thumbnail(BytesIO(bytes(bomb)))
    assert refusal.value.code == "too_many_pixels"
    assert f"{PIXELS:,}" in refusal.value.detail
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000
