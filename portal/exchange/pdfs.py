"""A PDF put together anew from its pages: what is drawn on them, and nothing that acts, hides, points out or names."""

import io
import zlib
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Name, Pdf

from portal.exchange.papers import Accepted, Read, Refused

MOST_PAGES = 40
MOST_OBJECTS = 20_000
# All streams of a file unpacked once: a scan has some MB a page.
MOST_UNPACKED = 200 * 1024 * 1024
MOST_PIXELS = 64_000_000
# A page is what these say. Its actions, links, notes, thumbnails and metadata are left behind.
OF_A_PAGE = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group", "/Resources", "/Contents")
# What fonts, pictures and forms carry besides what is drawn, or fetch from elsewhere.
NOT_DRAWN = (
    "/Metadata", "/PieceInfo", "/LastModified", "/AF", "/OPI", "/Ref", "/Alternates", "/PS", "/F", "/FFilter",
    "/FDecodeParms", "/Measure", "/PtData", "/StructParent", "/StructParents",
)  # fmt: skip
TAIL = 2048


def rewritten(received: bytes) -> Read:
    """The PDF in `received`, which begins like one."""
    if b"%%EOF" not in received[-TAIL:]:
        # Recovering what a broken-off upload still holds would lose pages, and nobody would notice.
        return Refused("damaged")
    try:
        with pikepdf.open(io.BytesIO(received), suppress_warnings=True) as pdf, pikepdf.new() as kept:
            return _rewritten(pdf, kept)
    except pikepdf.PasswordError:
        return Refused("locked")
    except MemoryError:
        raise
    except Exception:
        # What a broken PDF makes fail can be a RuntimeError, a TypeError, a KeyError, …
        return Refused("damaged")


def _rewritten(pdf: Pdf, kept: Pdf) -> Read:
    pages = len(pdf.pages)
    if not pages:
        return Refused("damaged")
    if pages > MOST_PAGES:
        return Refused("too_many_pages")
    if len(pdf.objects) > MOST_OBJECTS:
        return Refused("too_much_inside")
    # What somebody filled into a form, or signed, stands in a note over the page; it becomes a part of the page.
    pdf.generate_appearance_streams()
    pdf.flatten_annotations("print")
    for page in pdf.pages:
        _bare(page.obj)
    kept.pages.extend(pdf.pages)
    if any(_is_too_large(stream) for stream in _streams(kept)) or _unpacked(kept) > MOST_UNPACKED:
        return Refused("too_much_inside")
    for stream in _streams(kept):
        for name in NOT_DRAWN:
            if name in stream:
                del stream[name]
        if stream.get("/Filter") in (Name.DCTDecode, Array([Name.DCTDecode])):
            stream.write(without_metadata(stream.read_raw_bytes()), filter=Name.DCTDecode)
    written = io.BytesIO()
    kept.save(written, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return Accepted(written.getvalue(), "application/pdf", pages)


def _bare(page: pikepdf.Object) -> None:
    for name in list(page.keys()):
        if name not in (*OF_A_PAGE, "/Type", "/Parent"):
            del page[name]


def _streams(pdf: Pdf) -> Iterator[pikepdf.Stream]:
    return (each for each in pdf.objects if isinstance(each, pikepdf.Stream))


def _is_too_large(stream: pikepdf.Stream) -> bool:
    width, height = stream.get("/Width"), stream.get("/Height")
    return isinstance(width, int) and isinstance(height, int) and width * height > MOST_PIXELS


def _unpacked(pdf: Pdf) -> int:
    """Bytes that the packed streams come to; a little over MOST_UNPACKED where it is more."""
    total = 0
    for stream in _streams(pdf):
        filters = stream.get("/Filter", Array())
        names = [filters] if isinstance(filters, Name) else list(filters)
        layers = [name for name in names if name == Name.FlateDecode]
        raw = stream.read_raw_bytes()
        for _ in layers:
            raw = _inflated(raw, MOST_UNPACKED - total + 1)
        total += len(raw)
        if total > MOST_UNPACKED or len(names) > 2:
            return MOST_UNPACKED + 1
    return total


def _inflated(packed: bytes, most: int) -> bytes:
    """Up to `most` bytes of what is packed; as far as it goes where that is broken."""
    try:
        return zlib.decompressobj().decompress(packed, most)
    except zlib.error:
        return b""


def without_metadata(jpeg: bytes) -> bytes:
    """A JPEG inside a PDF, without the segments that say where, when and by what it was made. Kept as it is where its
    segments can't be followed: then no reader finds them either."""
    if not jpeg.startswith(b"\xff\xd8"):
        return jpeg
    kept, at = [jpeg[:2]], 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF:
        marker, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if marker == 0xDA:
            break
        # APP1 to APP15 and comments, but for colour: APP2 (a profile) and APP14 (Adobe's mark of CMYK).
        if not (0xE1 <= marker <= 0xEF or marker == 0xFE) or marker in (0xE2, 0xEE):
            kept.append(jpeg[at : at + 2 + length])
        at += 2 + length
    return b"".join(kept) + jpeg[at:]
