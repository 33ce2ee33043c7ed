"""Photos and PDFs that strangers send: read by their content, made anew, or refused with a reason."""

import io
import sys
import threading

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from portal.exchange import papers
from portal.exchange.papers import CODES, Accepted, Refused, kind_of, read
from portal.exchange.papers_apart import read_apart
from portal.exchange.pdfs import MOST_PAGES, without_metadata
from portal.exchange.photos import LONG_SIDE
from tests.exchange.files import (
    SECRET,
    a_pdf,
    acting,
    all_of,
    of_many_parts,
    phone_photo,
    saved,
    sheet,
    unpacking_to,
    with_a_picture_of,
)

EXE = b"MZ\x90\x00" + bytes(200)
JPEG, PNG, WEBP, HEIC = (saved(sheet(), format) for format in ("JPEG", "PNG", "WEBP", "HEIF"))
PDF = a_pdf()
LOCKED = a_pdf(encryption=pikepdf.Encryption(owner="owner", user="user"))
FOR_READING = a_pdf(
    encryption=pikepdf.Encryption(
        owner="owner", user="", allow=pikepdf.Permissions(print_lowres=False, print_highres=False)
    )
)


def picture(found: papers.Read) -> Image.Image:
    assert isinstance(found, Accepted) and (found.media_type, found.pages) == ("image/jpeg", 1), found
    image = Image.open(io.BytesIO(found.content))
    assert (image.format, image.mode) == ("JPEG", "RGB")
    return image


@pytest.mark.case("R085")
@pytest.mark.parametrize("received", [JPEG, PNG, WEBP, HEIC], ids=["JPEG", "PNG", "WebP", "HEIC"])
def test_a_photo_of_any_kind_becomes_a_jpeg_that_everybody_can_open(received):
    image = picture(read(received))
    assert image.size == (600, 800)
    assert image.getpixel((590, 100))[0] in range(140, 160) and image.getpixel((590, 700))[0] > 245


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA", "I;16"])
def test_a_png_of_any_depth_looks_as_it_did_on_white(mode):
    image = picture(read(saved(sheet(mode), "PNG")))
    assert image.size == (600, 800) and image.getpixel((590, 700))[0] > 245
    assert image.getpixel((100, 440))[0] < 70


def test_a_print_shop_s_jpeg_keeps_its_colours():
    assert picture(read(saved(sheet("CMYK"), "JPEG"))).getpixel((590, 700))[0] > 245


@pytest.mark.parametrize("format", ["PNG", "WEBP", "MPO"])
def test_of_several_pictures_in_one_file_the_first_is_kept(format):
    second = Image.new("RGB", (600, 800), "black")
    assert picture(read(saved(sheet(), format, save_all=True, append_images=[second]))).getpixel((590, 700))[0] > 245


@pytest.mark.parametrize(("turned", "grey_at"), [(1, "top"), (3, "bottom"), (6, "right"), (8, "left")])
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_photo_stands_upright_as_the_phone_meant_it(format, turned, grey_at):
    image = picture(read(phone_photo(format, turned)))
    width, height = image.size
    assert (width > height) == (turned in (6, 8))
    # Between the lines, and beyond their ends.
    sides = {
        "top": (width // 2, 20),
        "bottom": (width // 2, height - 20),
        "left": (20, height // 2),
        "right": (width - 20, height // 2),
    }
    assert {side for side, at in sides.items() if image.getpixel(at)[0] < 200} >= {grey_at}


@pytest.mark.parametrize(("size", "kept"), [((3000, 4000), (1350, LONG_SIDE)), ((200, 100), (200, 100))])
def test_a_photo_is_as_large_as_reading_needs_and_never_blown_up(size, kept):
    assert picture(read(saved(sheet(size=size), "JPEG"))).size == kept


@pytest.mark.case("R086")
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_where_when_and_by_which_phone_a_photo_was_made_is_gone(format):
    found = read(phone_photo(format))
    image = picture(found)
    assert dict(image.getexif()) == {} and not {"exif", "comment", "icc_profile", "xmp"} & set(image.info)
    assert SECRET.encode() not in found.content and b"Exif" not in found.content


@pytest.mark.case("R086")
def test_a_pdf_is_its_pages_and_nothing_else():
    received = a_pdf(2, acting)
    assert SECRET.encode() in all_of(received)
    found = read(received)
    assert isinstance(found, Accepted) and (found.media_type, found.pages) == ("application/pdf", 2)
    said = all_of(found.content)
    for gone in (SECRET, "JavaScript", "OpenAction", "/AA", "/Annots", "AcroForm", "EmbeddedFile", "/Info", "Metadata"):
        assert gone.encode() not in said, gone
    assert b"(Payslip)" in said and b"(Filled in)" in said


def test_a_photo_in_a_pdf_keeps_its_picture():
    bare = without_metadata(phone_photo())
    assert SECRET.encode() not in bare
    assert Image.open(io.BytesIO(bare)).tobytes() == Image.open(io.BytesIO(phone_photo())).tobytes()


@pytest.mark.case("R091")
@pytest.mark.parametrize(
    ("received", "answer"),
    [
        pytest.param(LOCKED, "locked", id="a password to open it"),
        pytest.param(FOR_READING, 2, id="a password to print or change it"),
        pytest.param(a_pdf(200), "too_many_pages", id="200 pages"),
        pytest.param(a_pdf(MOST_PAGES), MOST_PAGES, id="as many pages as fit"),
        pytest.param(a_pdf(1)[:-30], "damaged", id="an upload that broke off"),
        pytest.param(b"%PDF-1.7\nnothing\n%%EOF", "damaged", id="no page in it"),
        pytest.param(PDF + b"PK\x03\x04" + bytes(64), 2, id="an archive behind its end"),
        pytest.param(b"\xef\xbb\xbf\n" + PDF, 2, id="a mark before its beginning"),
    ],
)
def test_a_pdf_is_taken_or_refused_for_a_reason(received, answer):
    found = read(received)
    assert (found.code if isinstance(found, Refused) else found.pages) == answer


def test_whoever_may_print_a_pdf_need_not_care_who_locked_it():
    found = read(FOR_READING)
    assert isinstance(found, Accepted)
    with pikepdf.open(io.BytesIO(found.content)) as pdf:
        assert not pdf.is_encrypted


@pytest.mark.parametrize(
    ("received", "code"),
    [
        pytest.param(b"", "empty", id="nothing"),
        pytest.param(EXE, "not_a_paper", id="a program"),
        pytest.param(b"<html><script>alert(1)</script>", "not_a_paper", id="a page"),
        pytest.param(b'<svg xmlns="http://www.w3.org/2000/svg"/>', "not_a_paper", id="a drawing that can act"),
        pytest.param(b"GIF89a" + bytes(100), "not_a_paper", id="a moving picture"),
        pytest.param(EXE + PDF, "not_a_paper", id="a program that hides a PDF"),
        pytest.param(b"\0\0\0\x18ftypmp42" + bytes(100), "not_a_paper", id="a film"),
        pytest.param(JPEG[: len(JPEG) // 2], "damaged", id="half a photo"),
        pytest.param(HEIC[: len(HEIC) // 2], "damaged", id="half a photo of an iPhone"),
        pytest.param(JPEG[:3] + EXE, "damaged", id="a program that begins like a photo"),
        pytest.param(saved(Image.new("RGB", (600, 800), (20, 20, 25)), "JPEG"), "too_dark", id="a dark room"),
        pytest.param(saved(Image.effect_noise((600, 800), 10).point(lambda v: max(v - 110, 0)), "JPEG"), "too_dark",
                     id="a dark room, grainy"),
        pytest.param(saved(Image.new("RGB", (600, 800), "white"), "JPEG"), "blank", id="an empty sheet"),
        pytest.param(JPEG + bytes(papers.LARGEST), "too_large", id="too many bytes"),
    ],
)  # fmt: skip
def test_what_can_t_be_read_is_refused_with_its_reason(received, code):
    assert read(received) == Refused(code)


def test_an_archive_behind_a_photo_does_not_come_along():
    found = read(JPEG + b"PK\x03\x04" + SECRET.encode())
    picture(found)
    assert SECRET.encode() not in found.content


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(unpacking_to(300 * 2**20), id="a small stream that is large when read"),
        pytest.param(unpacking_to(400 * 2**20, layers=2), id="packed twice"),
        pytest.param(of_many_parts(30_000), id="many parts"),
        pytest.param(with_a_picture_of(40_000, 40_000), id="a huge picture"),
    ],
)
def test_a_pdf_that_would_burst_a_reader_is_refused(change):
    assert read_apart(a_pdf(1, change)) == Refused("too_much_inside")


@pytest.mark.case("R088")
def test_small_files_that_unpack_to_huge_pictures_are_refused_and_an_honest_photo_is_taken():
    bombs = [saved(Image.new("1", (side, side)), "PNG") for side in (12_000, 14_000)]
    assert max(len(bomb) for bomb in bombs) < 25_000
    honest = saved(Image.new("L", (8160, 6120), 255), "JPEG", quality=30)
    honest = saved(_with_a_line(Image.open(io.BytesIO(honest))), "JPEG")
    answers = {}

    def send(name, received):
        answers[name] = read_apart(received)

    sent = [threading.Thread(target=send, args=item) for item in enumerate([*bombs, honest, *bombs])]
    for thread in sent:
        thread.start()
    for thread in sent:
        thread.join()
    assert [answers[at] for at in (0, 1, 3, 4)] == [Refused("too_many_pixels")] * 4
    assert picture(answers[2]).size == (LONG_SIDE, LONG_SIDE * 6120 // 8160)


def _with_a_line(image):
    image.paste(0, (500, 500, 7000, 900))
    return image


def test_a_reader_in_its_own_process_says_what_the_reader_says():
    for received in (JPEG, HEIC, PDF, LOCKED, EXE, b"", JPEG[:500]):
        apart, here = read_apart(received), read(received)
        assert type(apart) is type(here) and getattr(apart, "code", None) == getattr(here, "code", None)


@pytest.mark.parametrize("does", ["import os; os.kill(os.getpid(), 9)", "print('nonsense')", "raise SystemExit(3)"])
def test_a_process_that_is_led_astray_is_a_refusal_and_no_fault(tmp_path, monkeypatch, does):
    stand_in = tmp_path / "python"
    stand_in.write_text(f"#!{sys.executable}\nimport sys; sys.stdin.buffer.read()\n{does}\n")
    stand_in.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(stand_in))
    found = read_apart(JPEG)
    assert isinstance(found, Refused) and found.code in CODES


SEEDS = st.sampled_from([JPEG, PNG, WEBP, HEIC, PDF, phone_photo(), a_pdf(1, acting), LOCKED])
HEADS = st.sampled_from([b"", JPEG[:20], PNG[:33], WEBP[:30], HEIC[:40], b"%PDF-1.7\n"])


@st.composite
def broken(draw):
    """A real file with pieces cut out, doubled or written over."""
    received = bytearray(draw(SEEDS))
    for _ in range(draw(st.integers(1, 6))):
        begins = draw(st.integers(0, max(len(received) - 1, 0)))
        ends = min(begins + draw(st.integers(0, 400)), len(received))
        received[begins:ends] = draw(
            st.sampled_from([b"", bytes(received[begins:ends]) * 2, b"\xff" * (ends - begins)])
        )
        received[begins:begins] = draw(st.binary(max_size=8))
    return bytes(received)


@settings(max_examples=250)
@given(broken() | st.builds(lambda head, tail: head + tail, HEADS, st.binary(max_size=300)))
def test_whatever_is_sent_there_is_an_answer(received):
    """Here, and not in a process apart: a reader that only the wall round it saves is one to mend."""
    found = read(received)
    if isinstance(found, Refused):
        assert found.code in CODES
    else:
        assert kind_of(found.content) == {"image/jpeg": "JPEG", "application/pdf": "PDF"}[found.media_type]
        assert SECRET.encode() not in found.content and found.pages > 0
