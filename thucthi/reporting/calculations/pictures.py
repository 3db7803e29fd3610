"""Draws a picture anew, in the process that `files` starts: nothing else imports this module."""

import io
import struct
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from thucthi.reporting.calculations.files import FileFlaw

MOST_PIXELS = 40_000_000


def drawn(content: bytes, form: str) -> bytes | FileFlaw:
    """The picture alone, as PNG or JPEG, or what is wrong with the file."""
    try:
        with warnings.catch_warnings():
            # Ours is the cap on pixels; Pillow's own warning would stand in its way.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(content), formats=[form])
        if opened.width * opened.height > MOST_PIXELS:
            return FileFlaw.PIXELS
        image = ImageOps.exif_transpose(opened)
        return _drawn_anew(image, form)
    except Image.DecompressionBombError:
        return FileFlaw.PIXELS
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, struct.error):
        return FileFlaw.BROKEN


def _drawn_anew(image: Image.Image, form: str) -> bytes:
    """Only the dots: no metadata, no text chunks, nothing behind the end."""
    plain = image.convert("RGB" if form == "JPEG" or image.mode not in {"1", "L", "RGBA"} else image.mode)
    blank_image = Image.new(plain.mode, plain.size)
    blank_image.paste(plain)
    drawn = io.BytesIO()
    blank_image.save(drawn, form, **({"quality": 90} if form == "JPEG" else {"optimize": False}))
    return drawn.getvalue()
