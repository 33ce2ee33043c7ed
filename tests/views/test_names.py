"""A name is one text in any script: shown as it was given, never cut, upper-cased or taken apart."""

import re
from pathlib import Path

import pytest

from tests.factories import a_borrower, a_loan, a_proposal, an_officer
from tests.pages import text_of

RLO, ISOLATE, NO_BREAK = "\u202e", "\u2067", "\N{NO-BREAK SPACE}"
NAMES = {
    "one word": "Budi",
    "one letter": "O",
    "one character": "一",
    "an apostrophe": "Siobhán O’Brien-d'Arc",
    "a long one": "Wolfeschlegelsteinhausenbergerdorff " * 3 + "Sr.",
    "without a space": "พระบาทสมเด็จพระปรเมนทรรามาธิบดี",
    "marks on letters": "Nguyễn Ánh",
    "letters that join": "می‌خواهم سارا",
    "Arabic": "سميرة حداد",
    "an emoji": "Mei 👩🏽‍🌾 Ling",
    "a no-break space": f"Chen{NO_BREAK}Mei-ling",
    "small letters": "bell hooks",
    "an iota and a sharp s": "Weiß ΐ",
    "beyond the basic plane": "𠮷田 𡈽屋",
    "a sign of HTML": "Ana <b>& Co</b>",
}


@pytest.fixture
def shown(pages, session, lender):
    """`shown(name)`: what the borrower and their officer read of it: their home, the queue, the case."""

    def show(name):
        officer = an_officer(session)
        borrower = a_borrower(session, officer=officer, name=name, greeting=None)
        request = a_proposal(session, a_loan(session, borrower))
        home = pages.sign_in(borrower).get("/my/")
        desk = pages.sign_in(officer)
        return home, desk.get("/staff/"), desk.get(f"/staff/requests/{request.public_id}")

    return show


@pytest.mark.case("R104", "R106")
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_name_is_shown_as_it_was_given(shown, name):
    for page in shown(name):
        names = [text_of(bdi) for bdi in page.root.iter("bdi")]
        assert " ".join(name.split()) in [" ".join(shown.split()) for shown in names], page.path


@pytest.mark.case("R107")
@pytest.mark.parametrize("name", [f"Amir{RLO}00.001", f"Amir{ISOLATE} 00.001", "Am\u200bir\u2066 \x0700.001"])
def test_nothing_in_a_name_turns_what_stands_beside_it(shown, name):
    for page in shown(name):
        assert not re.search("[\u200b\u202a-\u202e\u2066-\u2069\x07]", page.html)
        assert "Amir" in page.text


def test_the_stylesheet_changes_no_letters():
    style = Path("portal/static/leeway.css").read_text()
    assert not re.search(r"text-transform|font-variant[^;]*caps|::first-letter", style)
