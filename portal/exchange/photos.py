"""A photo drawn anew: upright, of a size for reading, a JPEG with nothing in it but the picture."""

import io
import struct
import warnings

import pillow_heif
from PIL import ExifTags, Image, ImageStat

from portal.exchange.papers import Accepted, Read, Refused

# An A4 sheet comes out at about 150 points an inch, which is what a fax of good quality has.
LONG_SIDE = 1800
QUALITY = 80
# Phones make photos of up to 108 million pixels; a JPEG is read smaller than it is, so that only it may have so many.
MOST_PIXELS = {"JPEG": 110_000_000, "PNG": 64_000_000, "WEBP": 64_000_000, "HEIF": 64_000_000}
# Of 255: a picture whose lightest parts are darker than this shows nothing; one that varies less is one colour.
DARK, PLAIN = 45, 2.0
# EXIF's orientation -> what sets it upright.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

pillow_heif.register_heif_opener()


def redrawn(received: bytes, kind: str) -> Read:
    """The picture in `received`, which begins like a `kind` (a Pillow format); of several in one file the first."""
    with warnings.catch_warnings():
        # Pillow's own limit warns; ours is asked first, and refuses.
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(received), formats=[kind]) as image:
                # Opening reads the header alone.
                if image.width * image.height > MOST_PIXELS[kind]:
                    return Refused("too_many_pixels")
                picture = _upright(image)
        except Image.DecompressionBombError:
            return Refused("too_many_pixels")
        except MemoryError:
            raise
        except Exception:
            # Decoders of broken files fail in their own ways: OSError, SyntaxError, ValueError, struct.error, …
            return Refused("damaged")
    light = picture.convert("L")
    if ImageStat.Stat(light).stddev[0] < PLAIN:
        return Refused("too_dark" if _lightest(light) < DARK else "blank")
    if _lightest(light) < DARK:
        return Refused("too_dark")
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=QUALITY, optimize=True)
    return Accepted(written.getvalue(), "image/jpeg", 1)


def _upright(image: Image.Image) -> Image.Image:
    """The picture in 8-bit RGB on white, turned as its EXIF says, at most LONG_SIDE long. Nothing else of it is left."""
    # A JPEG is decoded at a half, a quarter or an eighth already; of everything else, all of it.
    image.draft("RGB", (LONG_SIDE * 2, LONG_SIDE * 2))
    turns = _turns(image)
    flat = _on_white(image)
    flat.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    clean = Image.new("RGB", flat.size)
    clean.paste(flat)
    return clean.transpose(turns) if turns is not None else clean


def _turns(image: Image.Image) -> Image.Transpose | None:
    """How the picture has to be turned to stand upright; None where it stands, or its EXIF can't be read."""
    try:
        return TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except (OSError, SyntaxError, ValueError, KeyError, TypeError, struct.error):
        return None


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        # Grey of 16 bits and more.
        grey = image.convert("F")
        return grey.point(lambda value: value * (1 / 257) + 0).convert("L").convert("RGB")
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        seen = image.convert("RGBA")
        page = Image.new("RGBA", seen.size, "white")
        page.alpha_composite(seen)
        return page.convert("RGB")
    return image.convert("RGB")


def _lightest(light: Image.Image) -> int:
    """The lightness (of 255) that half a percent of the picture reaches: what is written, on a dark screen."""
    counts = light.histogram()
    reached = 0
    for lightness in range(255, -1, -1):
        reached += counts[lightness]
        if reached * 200 >= light.width * light.height:
            return lightness
    return 0
