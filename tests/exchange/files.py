"""Photos and PDFs as people and attackers make them."""

import io
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
import pillow_heif
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image, ImageDraw

pillow_heif.register_heif_opener()

# Stands in every place of a file that nobody is meant to see.
SECRET = "SecretOfThePhone"
A4 = (595, 842)


def sheet(mode: str = "RGB", size: tuple[int, int] = (600, 800)) -> Image.Image:
    """Black lines on white paper; the upper half is grey, so that one sees which way up it is."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, size[0], size[1] // 2), fill=(150, 150, 150))
    for y in range(40, size[1] - 40, 40):
        draw.line((40, y, size[0] - 100, y), fill="black", width=4)
    if mode == "I;16":
        return image.convert("L").convert("I").point(lambda value: value * 257).convert("I;16")
    image = image.convert(mode)
    if mode in ("RGBA", "LA"):
        image.putalpha(200)
    return image


def saved(image: Image.Image, format: str, **options: Any) -> bytes:
    written = io.BytesIO()
    image.save(written, format, **options)
    return written.getvalue()


def phone_photo(format: str = "JPEG", turned: int = 1, size: tuple[int, int] = (600, 800)) -> bytes:
    """With the place where it was taken, the phone's number, a thumbnail and a comment."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0xA431] = turned, SECRET, SECRET
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (25.0, 2.0, 5.5), "E", (121.0, 33.0, 52.5)
    more = {"comment": SECRET.encode()} if format == "JPEG" else {}
    made = saved(sheet(size=size), format, exif=exif.tobytes(), **more)
    assert SECRET.encode() in made
    return made


def a_pdf(pages: int = 2, change: Callable[[Pdf], None] | None = None, **options: Any) -> bytes:
    """Pages that say “Payslip”; `change` does something to them before they are written."""
    with pikepdf.new() as pdf:
        for _ in range(pages):
            page = pdf.add_blank_page(page_size=A4).obj
            page.Contents = Stream(pdf, b"BT /F1 24 Tf 100 700 Td (Payslip) Tj ET")
            font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
            page.Resources = Dictionary(Font=Dictionary(F1=font))
        if change is not None:
            change(pdf)
        written = io.BytesIO()
        pdf.save(written, **options)
        return written.getvalue()


def acting(pdf: Pdf) -> None:
    """A script that runs when it is opened, a file inside, a form that is filled in, an author, a photo with its place."""
    script = Dictionary(S=Name.JavaScript, JS=SECRET)
    page = pdf.pages[0].obj
    pdf.Root.OpenAction = script
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["a", script])))
    pdf.attachments["a.txt"] = pikepdf.AttachedFileSpec(pdf, SECRET.encode(), filename="a.txt")
    with pdf.open_metadata() as metadata:
        metadata["dc:creator"] = [SECRET]
    pdf.docinfo["/Author"] = SECRET
    page.AA = Dictionary(O=Dictionary(S=Name.URI, URI=f"http://{SECRET}.example"))
    photo = Stream(pdf, phone_photo(), Type=Name.XObject, Subtype=Name.Image, Width=600, Height=800)
    photo.ColorSpace, photo.BitsPerComponent, photo.Filter = Name.DeviceRGB, 8, Name.DCTDecode
    photo.Metadata = Stream(pdf, SECRET.encode())
    page.Resources.XObject = Dictionary(Photo=photo)
    shown = Stream(pdf, b"BT /F1 12 Tf 10 10 Td (Filled in) Tj ET", Type=Name.XObject, Subtype=Name.Form)
    shown.BBox, shown.Resources = [0, 0, 100, 20], Dictionary(Font=page.Resources.Font)
    field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=SECRET, Rect=[100, 500, 300, 520], F=4)
    field.AP, field.A = Dictionary(N=shown), script
    page.Annots = Array([pdf.make_indirect(field)])
    pdf.Root.AcroForm = Dictionary(Fields=page.Annots, XFA=SECRET)


def unpacking_to(size: int, layers: int = 1) -> Callable[[Pdf], None]:
    """A page whose content is small in the file and `size` bytes when it is read."""

    def change(pdf: Pdf) -> None:
        packed = bytes(size)
        for _ in range(layers):
            packed = zlib.compress(packed, 9)
        content = Stream(pdf, b"")
        content.write(packed, filter=Array([Name.FlateDecode] * layers))
        pdf.pages[0].obj.Contents = content

    return change


def of_many_parts(count: int) -> Callable[[Pdf], None]:
    def change(pdf: Pdf) -> None:
        pdf.pages[0].obj.Resources.Parts = Array([pdf.make_indirect(Dictionary(A=at)) for at in range(count)])

    return change


def with_a_picture_of(width: int, height: int) -> Callable[[Pdf], None]:
    def change(pdf: Pdf) -> None:
        picture = Stream(pdf, b"\0", Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height)
        pdf.pages[0].obj.Resources.XObject = Dictionary(I=picture)

    return change


def all_of(pdf: bytes) -> bytes:
    """Everything that a reader of the PDF could come across, unpacked."""
    with pikepdf.open(io.BytesIO(pdf)) as found:
        streams = [each.read_bytes(pikepdf.StreamDecodeLevel.generalized) if _is_packed(each) else each.read_raw_bytes()
                   for each in found.objects if isinstance(each, Stream)]  # fmt: skip
        objects = [each.unparse() for each in found.objects]
        return b"\n".join([pdf, *streams, *objects, found.trailer.unparse()])


def _is_packed(stream: Stream) -> bool:
    return stream.get("/Filter") != Name.DCTDecode
