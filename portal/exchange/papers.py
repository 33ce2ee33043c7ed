"""Photos and PDFs that strangers send: bytes in, a picture or PDF of our own making out, or why not.

What a file is, its content says, and never its name or what the browser claims. A picture is decoded and drawn anew; a
PDF is taken apart and put together anew (portal.exchange.photos, portal.exchange.pdfs). What goes on besides the pages
is gone then: place, time, device, authors, scripts, attachments, whatever was hidden behind the end of the file.

Nothing here is a wall against a decoder's fault. Read what a stranger sent with `portal.exchange.papers_apart`.
"""

from dataclasses import dataclass

# Phones make photos of 3 to 15 MB.
LARGEST = 20 * 1024 * 1024
# What is kept is seldom over 0.6 MB for a photo; a PDF of scans may be larger.
LARGEST_KEPT = 8 * 1024 * 1024
HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
# Some programs begin a PDF with a mark or an empty line.
BEFORE_PDF = b"\xef\xbb\xbf \t\r\n"

CODES = frozenset(
    {
        "empty",  # no byte of content
        "too_large",  # more bytes than we take, as received or as it would be kept
        "not_a_paper",  # neither a photo of a kind that we read nor a PDF
        "too_many_pixels",  # unpacks to more than a photo has
        "too_dark",  # nothing on it can be told from black
        "blank",  # one colour all over
        "damaged",  # begins like a photo or PDF, and can't be read to its end
        "locked",  # a PDF that asks for a password
        "too_many_pages",
        "too_much_inside",  # a PDF that unpacks to more than papers do
        "took_too_long",
    }
)


@dataclass(frozen=True)
class Accepted:
    """A paper as it is kept. media_type: image/jpeg or application/pdf; pages: 1 for a picture."""

    content: bytes
    media_type: str
    pages: int


@dataclass(frozen=True)
class Refused:
    """code: one of CODES."""

    code: str


Read = Accepted | Refused


def kind_of(received: bytes) -> str | None:
    """What the content says it is: JPEG, PNG, WEBP, HEIF or PDF; None for anything else."""
    if received.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if received.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if received.startswith(b"RIFF") and received[8:12] == b"WEBP":
        return "WEBP"
    if received[4:8] == b"ftyp" and received[8:12] in HEIF_BRANDS:
        return "HEIF"
    return "PDF" if received[:64].lstrip(BEFORE_PDF).startswith(b"%PDF-") else None


def read(received: bytes) -> Read:
    """Reads one file. Always answers; sizes are looked at before anything is parsed."""
    if not received:
        return Refused("empty")
    if len(received) > LARGEST:
        return Refused("too_large")
    kind = kind_of(received)
    if kind is None:
        return Refused("not_a_paper")
    # Each decoder is loaded where there is something for it: the libraries are large, and so is what can go wrong.
    try:
        if kind == "PDF":
            from portal.exchange.pdfs import rewritten

            found = rewritten(received)
        else:
            from portal.exchange.photos import redrawn

            found = redrawn(received, kind)
    except MemoryError:
        return Refused("too_much_inside" if kind == "PDF" else "too_many_pixels")
    if isinstance(found, Accepted) and len(found.content) > LARGEST_KEPT:
        return Refused("too_large")
    return found
