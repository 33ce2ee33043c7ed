"""Nobody reads or changes what is another's, and nobody learns whether there is anything to read."""

import re

import pytest
from sqlalchemy import select

from portal.db import Model
from portal.exchange.papers import Accepted
from portal.models import CheckIn, Document, GuarantorConsent, Loan, LoanPerson, Plan
from portal.services import complaints, disputes, documents, requests
from portal.services.documents import Received
from tests.factories import BORN, NOW, a_borrower, a_loan, a_request
from tests.pages import Pages


@pytest.fixture
def owner(session, lender, officer):
    """Somebody with a loan, a request that is offered an answer, an agreement and a dispute of their own."""
    return a_borrower(session, officer=officer, name="Lin Ta-wei", greeting="Mr Lin")


@pytest.fixture
def named(session, owner, offer):
    """What the addresses of the owner's pages hold."""
    loan = a_loan(session, owner, missed=2)
    dispute = disputes.raise_dispute(session, owner, loan, "amount", None, "900", "A transfer is missing.", NOW)
    plan = agreed(session, owner, offer)
    request = offer(a_request(session, loan))
    consent = GuarantorConsent(
        public_id="c0c0c0c0",
        request_id=request.id,
        guarantor_id=owner.id,
        status="ended",
        terms=request.offers[0].terms,
        figures=request.offers[0].figures,
        fingerprint="",
        asked_at=NOW,
        language="en",
    )
    session.add(consent)
    return {
        "loan_id": loan.public_id,
        "request_id": request.public_id,
        "plan_id": plan.public_id,
        "dispute_id": dispute.public_id,
        "document_id": a_paper(session, owner, dispute),
        "consent_id": consent.public_id,
        "check_in_id": session.scalars(select(CheckIn).where(CheckIn.plan_id == plan.id)).first().public_id,
        "receipt_id": f"R-{loan.entries[0].id:06d}",
        "complaint_id": complaints.raise_complaint(session, owner, "other", None, None, "It was loud.", NOW).public_id,
    }


def a_paper(session, owner, dispute):
    read = Accepted(b"a picture", "image/jpeg", 1)
    assert documents.keep(session, owner, dispute, [Received("a.jpg", b"received", read)], NOW) == []
    return session.scalars(select(Document.public_id)).one()


def agreed(session, owner, offer):
    case = offer(a_request(session, a_loan(session, owner, missed=2)))
    requests.accept(session, owner, case, 1, case.version, NOW)
    return session.scalars(select(Plan)).one()


def addresses(app, named):
    """Every (method, address) of the borrower's pages, with `named` in it; those that name nothing apart."""
    naming, bare = [], []
    for rule in app.url_map.iter_rules():
        if "borrower" not in app.view_functions[rule.endpoint].open_to:
            continue
        chosen = re.sub(r"<any\((\w+).*?\):\w+>", r"\1", rule.rule)
        unknown = set(re.findall(r"<(\w+)>", chosen)) - set(named)
        assert not unknown, f"{rule.rule}: give the fixture `named` what the owner has for {sorted(unknown)}"
        filled = re.sub(r"<(\w+)>", lambda found: named[found[1]], chosen)
        found = [(method, filled) for method in sorted(rule.methods - {"HEAD", "OPTIONS"})]
        (bare if filled == rule.rule else naming).extend(found)
    return naming, bare


@pytest.fixture
def open_app(app, monkeypatch):
    """An app that asks no form for its token, so that what is tried is who may open a page."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    return app


def everything(session):
    return {table.name: session.execute(table.select()).all() for table in Model.metadata.sorted_tables}


def test_the_owner_gets_every_page(open_app, session, owner, named):
    """So that what follows is refused for whose it is, and not for being nowhere."""
    pages = Pages(open_app, session).sign_in(owner)
    naming, bare = addresses(open_app, named)
    assert len(naming) >= 14
    for method, address in naming + bare:
        if method == "GET":
            session.commit()
            answer = pages.client.get(address, follow_redirects=True)
            assert answer.status_code == 200, address
            assert answer.headers["Cache-Control"] == "no-store", address
            # Browsers inside other apps keep no files, so whatever there is opens.
            assert "attachment" not in answer.headers.get("Content-Disposition", ""), address


def test_another_borrower_gets_the_same_404_for_what_is_there_and_what_is_not(open_app, mine, session, named):
    session.commit()
    before = everything(session)
    session.rollback()
    guessed = {name: "0" * len(value) for name, value in named.items()}
    answers = set()
    for names in (named, guessed):
        for method, address in addresses(open_app, names)[0]:
            answer = mine.client.open(address, method=method, data={"form_key": "0" * 32})
            said = re.sub(r'value="[^"]{20,}"', "", answer.get_data(as_text=True))
            answers.add((answer.status_code, said))
            assert answer.status_code == 404, (method, address)
            assert "Lin" not in said and "NF-" not in said
    assert len(answers) == 1
    assert everything(session) == before


def test_without_a_session_every_page_gives_the_same_401(open_app, pages, session, named):
    session.commit()
    answers = set()
    for names in (named, dict.fromkeys(named, "none")):
        naming, bare = addresses(open_app, names)
        for method, address in naming + bare:
            answer = pages.client.open(address, method=method)
            answers.add((answer.status_code, answer.get_data(as_text=True), answer.headers.get("Set-Cookie")))
    assert [(code, cookie) for code, _, cookie in answers] == [(401, None)]


@pytest.mark.parametrize("role", ["guarantor", "nominated_contact"])
def test_who_only_stands_beside_a_loan_reads_nothing_of_it(mine, session, owner, borrower, role):
    loan = a_loan(session, owner)
    session.add(LoanPerson(loan=loan, borrower=borrower, role=role))
    assert loan.reference not in mine.get("/my/").text
    assert mine.get(f"/my/loans/{loan.public_id}/schedule").status == 404


def test_a_co_borrower_sees_the_loan_and_not_what_the_other_told(mine, session, owner, borrower, named):
    loan = session.scalars(select(Loan).where(Loan.public_id == named["loan_id"])).one()
    session.add(LoanPerson(loan=loan, borrower=borrower, role="co_borrower"))
    home = mine.get("/my/")
    assert loan.reference in home.text
    assert "An answer is waiting" not in home.text and "not right" not in home.text.split("What would you like")[0]
    for page in (
        f"loans/{loan.public_id}/difficulty",
        f"requests/{named['request_id']}",
        f"disputes/{named['dispute_id']}",
    ):
        answer = mine.get(f"/my/{page}")
        assert answer.status == 404 and "hours were cut" not in answer.text


def test_one_borrower_is_never_named_to_another_in_an_address(named):
    assert not [value for value in named.values() if BORN in value or value.isdigit()]
