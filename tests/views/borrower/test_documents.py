"""Papers that may help: each kept or refused for a reason, seen again by whom they concern, gone when taken back."""

import io
import re

import pytest
from sqlalchemy import select

from portal import uploads
from portal.models import AuditEntry, Document, HardshipRequest
from portal.services import documents
from tests.exchange.files import SECRET, a_pdf, phone_photo, saved, sheet
from tests.factories import a_borrower, a_branch, a_draft, a_loan, a_request, an_officer

PHOTO = phone_photo()
EXE = b"MZ\x90\x00" + bytes(200)


@pytest.fixture
def loan(session, borrower):
    return a_loan(session, borrower, missed=1)


def send(pages, address, *files, consent="y", kind=""):
    """Chooses `files`, (name, bytes) each, and sends them from the page at `address`."""
    page = pages.get(address)
    key = next(f.get("value") for f in page.root.iter("input") if f.get("name") == "form_key")
    chosen = [(io.BytesIO(content), name) for name, content in files]
    return pages.post(address, papers=chosen, form_key=key, kind=kind, **({"consent": consent} if consent else {}))


def kept(session):
    return session.scalars(select(Document).order_by(Document.id)).all()


@pytest.fixture
def address(session, loan):
    return f"/my/requests/{a_draft(session, loan).public_id}/documents"


def test_a_paper_begins_the_request_that_it_belongs_to(mine, session, loan):
    page = mine.get(f"/my/loans/{loan.public_id}/difficulty").click("Documents")
    page = send(mine, page.path, ("photo.jpg", PHOTO), kind="payslip")
    request = session.scalars(select(HardshipRequest)).one()
    assert page.path == f"/my/requests/{request.public_id}/documents" and "A payslip" in page.text
    assert "Reminders are paused until" in mine.get(f"/my/loans/{loan.public_id}/difficulty").text


@pytest.mark.case("R085")
@pytest.mark.parametrize("name", ["IMG_0001.HEIC", "IMG_0001.jpg"])
def test_a_photo_of_an_iphone_is_shown_as_jpeg_whatever_it_is_called(mine, session, address, name):
    send(mine, address, (name, saved(sheet(), "HEIF")))
    shown = mine.client.get(f"/my/documents/{kept(session)[0].public_id}")
    assert shown.mimetype == "image/jpeg" and shown.data.startswith(b"\xff\xd8\xff")


@pytest.mark.case("R086")
def test_what_the_phone_stored_is_in_no_copy_and_what_is_kept_is_sealed(mine, session, address, keys):
    send(mine, address, ("a.jpg", PHOTO), ("b.pdf", a_pdf()))
    for paper in kept(session):
        assert b"JFIF" not in paper.content_sealed and b"%PDF" not in paper.content_sealed
        opened = keys.open_bytes(f"document:{paper.public_id}", paper.content_sealed)
        assert SECRET.encode() not in opened and b"Exif" not in opened
        assert mine.client.get(f"/my/documents/{paper.public_id}").data == opened


@pytest.mark.case("R089")
def test_files_go_by_our_names_and_their_own_are_only_shown(mine, session, address):
    names = [
        "收入证明.jpg",
        "工资单",
        "😀.pdf",
        "../../etc/passwd",
        "收据.jpg",
        "收据.jpg",
        "长" * 300,
        "\u202egpj.exe",
    ]
    contents = [saved(sheet(size=(300, 400 + at)), "JPEG") for at in range(7)] + [EXE]
    page = send(mine, address, *zip(names, contents, strict=True))
    papers = kept(session)
    assert page.status == 422 and len(papers) == 7 and len({paper.public_id for paper in papers}) == 7
    assert [paper.number for paper in papers] == [1, 2, 3, 4, 5, 6, 7]
    assert all(re.fullmatch("[0-9a-f]{24}", paper.public_id) for paper in papers)
    assert "This is neither a photo nor a PDF." in page.text and "Everything else is kept." in page.text
    assert "<bdi>收入证明.jpg</bdi>" in page.html and page.text.count("收据.jpg") == 2 and "\u202e" not in page.html
    answer = mine.client.get(f"/my/documents/{papers[3].public_id}")
    assert answer.headers["Content-Disposition"] == 'inline; filename="paper-4.jpg"'


@pytest.mark.case("R091")
def test_a_locked_pdf_is_told_what_to_do_and_the_rest_is_kept(mine, session, address):
    import pikepdf

    locked = a_pdf(encryption=pikepdf.Encryption(owner="o", user="u"))
    page = send(mine, address, ("a.pdf", locked), ("b.pdf", a_pdf(200)), ("c.jpg", PHOTO))
    assert "You could save it without one, or take a photo of the page." in page.text
    assert "This PDF has more than 40 pages." in page.text
    assert len(kept(session)) == 1


@pytest.mark.case("R091")
def test_more_than_fits_is_answered_with_a_page_that_can_be_read(mine, session, address, monkeypatch):
    monkeypatch.setattr(uploads, "LARGEST_UPLOAD", 300_000)
    page = send(mine, address, ("a.jpg", PHOTO + bytes(400_000)))
    assert page.status == 413 and page.h1 == "That was more than fits" and kept(session) == []


def test_every_other_form_stays_small(mine, session, loan):
    page = mine.get(f"/my/loans/{loan.public_id}/difficulty/words")
    assert page.submit("Save and continue", words="x" * 300_000).status == 413


def test_the_same_file_twice_is_one_paper(mine, session, address):
    send(mine, address, ("a.jpg", PHOTO), ("b.jpg", PHOTO))
    send(mine, address, ("c.jpg", PHOTO))
    assert len(kept(session)) == 1


def test_without_consent_or_a_file_nothing_is_kept(mine, session, address):
    page = send(mine, address, ("a.jpg", PHOTO), consent=None)
    assert page.status == 422 and "Please tick this" in page.text
    assert "Please choose a photo or a PDF." in send(mine, address).text
    assert kept(session) == []


def test_more_than_ten_at_once_or_forty_a_day_wait(mine, session, address, clock, monkeypatch):
    monkeypatch.setattr(documents, "MOST_AT_ONCE", 2)
    monkeypatch.setattr(documents, "MOST_A_DAY", 3)
    files = [(f"{at}.jpg", saved(sheet(size=(300, 400 + at)), "JPEG")) for at in range(5)]
    assert "You could add it later, or tomorrow." in send(mine, address, *files[:3]).text and len(kept(session)) == 2
    send(mine, address, *files[2:4])
    assert len(kept(session)) == 3
    clock.forward(hours=25)
    mine.sign_in(session.scalars(select(HardshipRequest)).one().borrower)
    send(mine, address, *files[3:5])
    assert len(kept(session)) == 5


def test_a_paper_that_is_taken_back_is_erased(mine, session, address):
    page = send(mine, address, ("a.jpg", PHOTO))
    page = page.submit("Take it back")
    paper = kept(session)[0]
    assert page.status == 200 and "What we have so far" not in page.text
    assert (paper.content_sealed, paper.name_sealed) == (b"", None) and paper.removed_at is not None
    assert mine.client.get(f"/my/documents/{paper.public_id}").status_code == 404


def test_what_was_sent_with_a_request_is_not_taken_back_and_more_can_be_added(mine, session, loan):
    request = a_request(session, loan)
    address = f"/my/requests/{request.public_id}/documents"
    page = send(mine, address, ("a.jpg", PHOTO))
    assert "Look at it" in page.text and "Take it back" not in page.text
    paper = kept(session)[0]
    mine.get(address)
    key = "0" * 32
    mine.post(f"/my/documents/{paper.public_id}/take-back", form_key=key)
    session.expire_all()
    assert kept(session)[0].removed_at is None


@pytest.mark.parametrize(("content", "media_type"), [(PHOTO, "image/jpeg"), (a_pdf(), "application/pdf")])
def test_a_paper_goes_out_with_nothing_that_it_could_do(mine, session, address, content, media_type):
    send(mine, address, ("a", content))
    headers = mine.client.get(f"/my/documents/{kept(session)[0].public_id}").headers
    assert headers["Content-Type"] == media_type and headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store" and "default-src 'none'" in headers["Content-Security-Policy"]
    assert ("sandbox" in headers["Content-Security-Policy"]) == (media_type == "image/jpeg")


def test_staff_look_at_a_paper_once_the_request_is_sent_and_every_look_is_written_down(
    mine, session, officer, loan, address
):
    send(mine, address, ("收入证明.jpg", PHOTO))
    paper = kept(session)[0]
    look = f"/staff/documents/{paper.public_id}"
    mine.sign_in(officer)
    session.commit()
    assert mine.client.get(look).status_code == 404
    request = a_request(session, loan)
    page = mine.get(f"/staff/requests/{request.public_id}")
    assert "Paper 1" in page.links() and "收入证明.jpg" in page.text
    assert mine.client.get(look).mimetype == "image/jpeg"
    viewed = session.scalars(select(AuditEntry).where(AuditEntry.action == "view_document")).one()
    assert (viewed.staff_id, viewed.subject_id) == (officer.id, paper.id)
    elsewhere = an_officer(session, branch_id=a_branch(session).id)
    mine.sign_in(elsewhere)
    session.commit()
    assert mine.client.get(look).status_code == 404


def test_nobody_opens_another_s_paper(mine, session, address):
    send(mine, address, ("a.jpg", PHOTO))
    paper = kept(session)[0]
    mine.sign_in(a_borrower(session))
    assert mine.get(f"/my/documents/{paper.public_id}").status == 404
    assert mine.get(address).status == 404
