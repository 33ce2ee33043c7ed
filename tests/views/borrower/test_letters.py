"""Letters: what was written arrives once, what must not wait lies on top, and an answer tells no more than that it waits."""

import io

import pytest
from sqlalchemy import select

from portal.db import keyring
from portal.models import AuditEntry, Document, Letter, Message
from portal.services import letters
from portal.tasks import send
from tests.exchange.files import phone_photo
from tests.factories import NOW, a_borrower, a_branch, a_loan, an_officer

LINES = [{"phone": "555 0199", "names": {"en": "Lifeline"}}]


@pytest.fixture
def loan(session, borrower):
    return a_loan(session, borrower)


def written(session):
    return session.scalars(select(Letter).order_by(Letter.id)).all()


def test_a_letter_is_written_answered_and_read(mine, session, borrower, officer, loan):
    page = mine.get("/my/letters")
    assert page.h1 == "Letters with Grace Lim" and "Up to 5000 characters fit." in page.text
    page = page.submit("Send", words="Can we move the day?")
    assert page.path == "/my/letters" and "Can we move the day?" in page.text and "seen" not in page.text

    page = mine.sign_in(officer).get("/staff/notices").click("Chen Mei-ling").submit("Send the answer", words="Yes.")
    assert page.status == 200 and "Yes." in page.text
    assert "No letter waits for an answer." in mine.get("/staff/notices").text
    message = session.scalars(select(Message)).one()
    assert (message.template, message.loan_id) == ("letter_notice", loan.id)

    assert "One letter from Grace Lim is waiting" in mine.sign_in(borrower).get("/my/").text
    page = mine.get("/my/letters")
    assert page.text.index("Yes.") < page.text.index("Can we move the day?") and "You seen" in page.text
    assert "is waiting" not in mine.get("/my/").text


def test_a_double_click_sends_one_letter(mine, session):
    page = mine.get("/my/letters")
    page.submit("Send", words="Hello.")
    page.submit("Send", words="Hello.")
    assert len(written(session)) == 1


def test_what_is_too_long_or_missing_is_said_and_nothing_typed_is_lost(mine, session):
    page = mine.get("/my/letters").submit("Send", words="x" * 5001)
    assert page.status == 422 and "5001 characters long, and 5000 fit" in page.text and "x" * 5001 in page.text
    assert mine.get("/my/letters").submit("Send", words=" ").status == 422
    assert written(session) == []


def test_a_photo_comes_with_a_letter_and_one_that_cannot_be_read_holds_nothing_back(mine, session, officer):
    page = mine.get("/my/letters")
    key = next(field.get("value") for field in page.root.iter("input") if field.get("name") == "form_key")
    files = [(io.BytesIO(phone_photo()), "a.jpg"), (io.BytesIO(b"MZ" + bytes(90)), "b.jpg")]
    page = mine.post("/my/letters", words="Here it is.", papers=files, form_key=key)
    assert page.status == 422 and "Your letter is sent." in page.text and "neither a photo nor a PDF" in page.text
    paper = session.scalars(select(Document)).one()
    assert paper.letter_id == written(session)[0].id
    page = mine.sign_in(officer).get(f"/staff/letters/{paper.borrower.public_id}")
    assert page.links()["Paper 1"] == f"/staff/documents/{paper.public_id}"


def test_words_of_despair_are_answered_at_once_and_lie_on_top(mine, session, lender, borrower, officer):
    lender.crisis_lines = LINES
    other = a_borrower(session, officer=officer, name="Lin Ta-wei")
    letters.write(session, other, None, "Please call me.", "en", NOW, urgency="today")
    page = mine.get("/my/letters").submit("Send", words="I cannot go on like this.")
    for said in ("It was read by the system and not yet by a person", "Lifeline", "555 0199", "Talk to someone today"):
        assert said in page.text
    rows = mine.sign_in(officer).get("/staff/notices").rows()
    assert rows[1][0].startswith("Chen") and "Words of despair. Please call now" in rows[1][2]
    assert rows[2][0].startswith("Lin") and "Wants to talk to someone today" in rows[2][2]
    page = mine.get(f"/staff/letters/{borrower.public_id}")
    page.submit("No answer is needed")
    assert "not yet by a person" not in mine.sign_in(borrower).get("/my/letters").text


def test_what_came_while_somebody_answered_still_waits(mine, session, borrower, officer):
    letters.write(session, borrower, None, "First.", "en", NOW)
    page = mine.sign_in(officer).get(f"/staff/letters/{borrower.public_id}")
    letters.write(session, borrower, None, "Second.", "en", NOW)
    page.submit("Send the answer", words="About the first.")
    assert [letter.answered_at is None for letter in written(session)] == [False, True, True]
    assert "Chen Mei-ling" in mine.get("/staff/notices").text


def test_the_text_says_that_a_letter_waits_and_nothing_of_it(app, mine, session, borrower, officer, loan, clock):
    letters.reply(session, officer, borrower, "We lower it to 90.", 0, "en", NOW)
    session.commit()
    send(app)
    session.expire_all()
    message = session.scalars(select(Message)).one()
    text = keyring(session).open("text", message.text_sealed)
    assert "a letter is waiting for you" in text and "90" not in text and "Chen" not in text


def test_letters_are_read_in_their_branch_and_each_look_is_written_down(mine, session, borrower, officer):
    letters.write(session, borrower, None, "Hello.", "en", NOW)
    address = f"/staff/letters/{borrower.public_id}"
    assert mine.sign_in(an_officer(session, branch_id=a_branch(session).id)).get(address).status == 404
    assert "Hello." not in mine.get("/staff/notices").text
    mine.sign_in(officer).get(address)
    assert session.scalars(select(AuditEntry).where(AuditEntry.action == "view_letters")).one().staff_id == officer.id


def test_who_only_reads_answers_nothing_and_marks_nothing_as_seen(mine, session, borrower):
    letters.write(session, borrower, None, "Hello.", "en", NOW)
    mine.sign_in(an_officer(session, role="auditor"))
    page = mine.get(f"/staff/letters/{borrower.public_id}")
    assert "Answering is for officers and supervisors." in page.text and written(session)[0].read_at is None
    assert mine.post(page.path, act="reply", words="x", form_key="0" * 32).status == 403
