"""Pictures made anew from what people send: only pixels survive, none of the bytes around them."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from threading import Lock
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

PIXELS = 50_000_000
AVATAR = (256, 256)
THUMBNAIL = (400, 400)
# What browsers send, and decoders that the world tries to break every day.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
TYPES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})

# A picture of 50 megapixels takes 200 MB while it is decoded: one at a time.
_one_at_a_time = Lock()


class BadPicture(Exception):
    """The file is no picture that can be taken. `code` is stable, `detail` for people."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def make_avatar(file: IO[bytes]) -> bytes:
    """Return the middle of a picture as a WebP of 256 by 256 pixels. Raises BadPicture."""
    from PIL import ImageOps

    return _remake(file, AVATAR, lambda picture: ImageOps.fit(picture, AVATAR))


def make_thumbnail(file: IO[bytes]) -> bytes:
    """Return a picture as a WebP of at most 400 by 400 pixels, never larger than it was. Raises BadPicture."""
    return _remake(file, THUMBNAIL, _fitted)


def _fitted(picture: Image) -> Image:
    picture.thumbnail(THUMBNAIL)
    return picture


def _remake(file: IO[bytes], size: tuple[int, int], shape: Callable[[Image], Image]) -> bytes:
    with _one_at_a_time:
        try:
            return _encode(shape(_decode(file, size)))
        except BadPicture:
            raise
        except Exception as error:  # a broken file makes decoders raise nearly anything
            raise BadPicture("invalid_image", "The picture can't be read.") from error


def _decode(file: IO[bytes], size: tuple[int, int]) -> Image:
    import PIL.Image
    from PIL import ImageOps

    # Pillow would only warn up to twice its limit; ours is looked at below, before anything is decoded.
    PIL.Image.MAX_IMAGE_PIXELS = None
    try:
        picture: Image = PIL.Image.open(file, formats=FORMATS)
    except PIL.UnidentifiedImageError:
        raise BadPicture("invalid_image", f"This is no picture of these kinds: {', '.join(FORMATS)}.") from None
    if picture.width * picture.height > PIXELS:
        raise BadPicture("too_many_pixels", f"A picture may have at most {PIXELS:,} pixels.")
    # A JPEG can be decoded at a fraction of its size; this does nothing to others.
    picture.draft("RGB", (size[0] * 2, size[1] * 2))
    picture = ImageOps.exif_transpose(picture)
    return picture if picture.mode in {"RGB", "RGBA"} else picture.convert("RGBA")


def _encode(picture: Image) -> bytes:
    encoded = BytesIO()
    # Takes along neither place and camera (EXIF) nor anything else that is not asked for.
    picture.save(encoded, "WEBP", quality=80, method=4)
    return encoded.getvalue()
