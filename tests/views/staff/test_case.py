"""One request at the lender's: read by those who may, decided on what they saw, once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from portal.domain.plan_terms import Arrears, PauseInterest, PlanTerms
from portal.models import (
    AuditEntry,
    Borrower,
    Contact,
    HardshipRequest,
    LoanPerson,
    Message,
    Offer,
    Plan,
    Question,
    Staff,
)
from portal.services import decisions, requests
from portal.services.loans import record_payment
from tests.factories import (
    TODAY,
    a_borrower,
    a_branch,
    a_draft,
    a_loan,
    a_proposal,
    a_request,
    a_supervisor,
    an_officer,
)
from tests.pages import Page, Pages, parsed


@pytest.fixture
def officer(session, lender) -> Staff:
    return an_officer(session)


@pytest.fixture
def borrower(session, officer) -> Borrower:
    return a_borrower(session, officer=officer)


@pytest.fixture
def request_(session, borrower) -> HardshipRequest:
    """75.00 each time is proposed on a loan with two missed installments."""
    return a_proposal(session, a_loan(session, borrower, missed=2))


@pytest.fixture
def desk(pages, officer) -> Pages:
    return pages.sign_in(officer)


def opened(pages: Pages, request: HardshipRequest, **more: str) -> Page:
    query = "&".join(f"{name}={value}" for name, value in more.items())
    return pages.get(f"/staff/requests/{request.public_id}" + (f"?{query}" if query else ""))


def line(page: Page, name: str) -> list[str]:
    """The cells of the comparison's line that begins with `name`."""
    return next(row for row in page.rows() if row[0] == name)


def field(page: Page, element_id: str) -> str:
    found = next(e for e in page.root.iter() if e.get("id") == element_id)
    return "".join(found.itertext()).strip() if found.tag == "textarea" else found.get("value", "")


def rows(session, kind) -> int:
    return session.scalar(select(func.count()).select_from(kind))


def buttons(page: Page) -> set[str]:
    return {b.get("value") for b in page.root.iter("button") if b.get("name") == "act"}


def test_a_case_says_what_the_borrower_said(desk, session, officer, now):
    who = a_borrower(session, officer=officer, language="zh-Hans", name="陈美玲")
    loan = a_loan(session, who, missed=2)
    draft = a_draft(session, loan)
    requests.save(session, who, draft, now, words="餐馆的班减到三天。\n\n谢谢。")
    requests.send(session, who, draft, draft.version, now)
    page = opened(desk, draft)
    quote = next(page.root.iter("blockquote"))
    assert quote.get("lang") == "zh-Hans"
    assert "".join(quote.itertext()).split() == ["餐馆的班减到三天。", "谢谢。"]
    assert page.h1 == "陈美玲"
    assert "What changed: Less work, or no work. How long: Up to three months. They read 简体." in page.text
    assert "They leave the plan to us." in page.text


def test_the_budget_is_added_up_and_set_beside_the_payment(desk, request_):
    page = opened(desk, request_)
    for said in ("Wages $2,000.00", "Rent or home $1,500.00", "Money in $2,000.00", "Left over each month: $500.00."):
        assert said in page.text
    assert line(page, "Left over after paying") == ["Left over after paying", "$389.98", "$425.00"]


def test_today_stands_beside_what_is_asked(desk, request_):
    page = opened(desk, request_)
    assert line(page, "Next payment") == ["Next payment", "$330.0620 Dec 2026", "$75.0020 Dec 2026"]
    assert line(page, "Each month") == ["Each month", "$110.02", "$75.00"]
    assert line(page, "Last payment") == ["Last payment", "20 May 2027", "20 Dec 2027"]
    seen = request_.proposed_figures
    total, extra = (f"${seen['comparison'][name] / 100:.2f}" for name in ("left_to_pay_new", "extra"))
    assert line(page, "Left to pay, in all") == ["Left to pay, in all", "$880.12", total]
    assert line(page, "More for them than today") == ["More for them than today", "", extra]
    assert line(page, "20 Oct 2026Not received yet") == ["20 Oct 2026Not received yet", "$110.02", ""]
    assert line(page, "20 Dec 2027") == ["20 Dec 2027", "", f"${sum(seen['future'][-1][1:]) / 100:.2f}"]


def test_the_limits_are_told_line_by_line(desk, session, borrower):
    page = opened(desk, a_proposal(session, a_loan(session, borrower), PlanTerms(pause=4)))
    assert "4 payments, your limit 3 payments A supervisor decides" in page.text
    assert "0%, your limit 0% Within" in page.text
    assert "This goes beyond what an officer may agree to alone." in page.text
    assert "approve" not in buttons(page)
    assert "approve" in buttons(
        opened(desk.sign_in(a_supervisor(session)), session.scalars(select(HardshipRequest)).one())
    )


@pytest.mark.case("R029")
@pytest.mark.parametrize(
    ("language", "counted", "in_all"),
    [
        ("en", "Payments from now on", "14 in all with the 4 paid"),
        ("zh-Hans", "从现在起的期数", "连同已还的 4 期，共 14 期"),
        ("zh-Hant", "從現在起的期數", "連同已繳的 4 期，共 14 期"),
    ],
)
def test_how_many_payments_is_said_from_now_on_and_in_all(desk, session, borrower, language, counted, in_all):
    loan = a_loan(session, borrower, disbursed_on=date(2026, 7, 20), first_due_on=date(2026, 8, 20))
    page = opened(desk, a_proposal(session, loan, PlanTerms(extend_by=2)), lang=language)
    _, today, asked = line(page, counted)
    assert (today[:1], asked.replace("\N{NO-BREAK SPACE}", " ")) == ("8", f"10{in_all}")
    future = session.scalars(select(HardshipRequest)).one().proposed_figures["future"]
    assert len(future) == 10


def test_every_view_is_written_to_the_log(desk, session, officer, request_):
    def viewed() -> list[tuple[str, int, int]]:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "view_case").order_by(AuditEntry.id))
        return [(entry.actor, entry.staff_id, entry.subject_id) for entry in entries]

    opened(desk, request_)
    assert viewed() == [("officer", officer.id, request_.id)]
    auditor = an_officer(session, role="auditor")
    opened(desk.sign_in(auditor), request_)
    assert viewed()[1:] == [("auditor", auditor.id, request_.id)]


@pytest.mark.parametrize("role", ["admin", "auditor"])
def test_those_who_only_read_see_no_button_and_can_do_nothing(pages, session, lender, request_, role):
    pages.sign_in(an_officer(session, role=role))
    page = opened(pages, request_)
    assert buttons(page) == set() and "Deciding is for officers and supervisors." in page.text
    for act in ("take", "approve", "offer", "ask", "decline", "preview"):
        opened(pages, request_)
        refused = pages.post(
            f"/staff/requests/{request_.public_id}", act=act, version=str(request_.version), form_key="0" * 32
        )
        assert refused.status == 403
    assert (request_.status, rows(session, Message)) == ("sent", 0)
    refusals = session.scalars(select(AuditEntry).where(AuditEntry.outcome == "not_allowed")).all()
    assert len(refusals) == 6


def test_another_branch_does_not_find_it(pages, session, lender):
    north, south = a_branch(session), a_branch(session)
    request = a_proposal(session, a_loan(session, a_borrower(session, branch=south), missed=1))
    pages.sign_in(an_officer(session, branch_id=north.id))
    address = f"/staff/requests/{request.public_id}"
    assert opened(pages, request).status == 404
    for target in (address, f"{address}/preview"):
        pages.get("/staff/")
        assert pages.post(target, act="take", version=str(request.version), form_key="0" * 32).status == 404
    assert request.status == "sent"
    assert not session.scalars(select(AuditEntry).where(AuditEntry.action == "view_case")).all()


def test_what_nobody_sent_is_the_borrowers_alone(desk, session, borrower):
    assert opened(desk, a_draft(session, a_loan(session, borrower))).status == 404


@pytest.mark.parametrize(
    ("status", "drawn"),
    [
        ("sent", {"take", "approve", "preview", "offer", "ask", "decline"}),
        ("being_read", {"approve", "preview", "offer", "ask", "decline"}),
        ("asked", {"approve", "preview", "offer", "ask", "decline"}),
        ("offered", {"preview", "offer", "decline"}),
        ("talking", {"preview", "offer", "decline"}),
        ("agreed", set()),
        ("declined", set()),
        ("withdrawn", set()),
    ],
)
def test_the_buttons_are_those_of_the_status(desk, session, officer, borrower, request_, now, status, drawn):
    def offer() -> None:
        decisions.offer(session, officer, request_, request_.version, PlanTerms(amount=6_000), "yes", now)

    ways = {
        "sent": lambda: None,
        "being_read": lambda: decisions.take(session, officer, request_, now),
        "asked": lambda: decisions.ask(session, officer, request_, request_.version, "Why?", now),
        "offered": offer,
        "talking": lambda: (offer(), requests.talk_first(session, borrower, request_, None, request_.version, now)),
        "agreed": lambda: decisions.approve(session, officer, request_, request_.version, "yes", now),
        "declined": lambda: decisions.decline(session, officer, request_, request_.version, "need_to_talk", "no", now),
        "withdrawn": lambda: requests.withdraw(session, borrower, request_, now),
    }
    ways[status]()
    assert request_.status == status
    assert buttons(opened(desk, request_)) == drawn


def test_taking_a_request_names_its_reader(desk, session, request_, officer):
    page = opened(desk, request_).submit("Take it")
    assert page.status == 200 and "Being read" in page.text and "Grace Lim began to read it" in page.text
    assert (request_.status, request_.officer_id) == ("being_read", officer.id)


def test_agreeing_sends_the_letter_in_the_borrowers_language(desk, session, officer, keys):
    who = a_borrower(session, officer=officer, language="zh-Hans", greeting="陈女士")
    request = a_proposal(session, a_loan(session, who, missed=2))
    page = opened(desk, request)
    letter = field(page, "approve-letter")
    assert letter.startswith("陈女士") and "2026年12月20日" in letter
    assert "They read it in 简体" in page.text
    page = page.submit("Agree and send", letter=letter + "\n\n佩仪")
    assert (page.status, request.status) == (200, "agreed")
    assert keys.open("letter", request.steps[-1].letter_sealed).endswith("佩仪")
    assert "Grace Lim agreed to what was asked" in page.text
    assert "This request has ended." in page.text


def test_asking_and_being_answered(desk, session, borrower, request_, now):
    page = opened(desk, request_).submit("Send the question", words="May your hours return?")
    assert request_.status == "asked" and "May your hours return?" in page.text and "Not answered yet." in page.text
    question = session.scalars(select(Question)).one()
    requests.answer(session, borrower, request_, question.id, "In spring, perhaps.", now)
    page = opened(desk, request_)
    assert "In spring, perhaps." in page.text and "Not answered yet." not in page.text


def test_declining_needs_a_reason_a_letter_and_a_next_step(desk, session, request_, keys):
    page = opened(desk, request_).submit("Decline and send", reason=[], letter="", next_step="")
    assert page.status == 422 and request_.status == "sent"
    for said in ("The reason: Please choose one of these.", "Your letter: Please write a few words."):
        assert said in page.text
    page = page.submit(
        "Decline and send", reason="need_to_talk", letter="We cannot agree.", next_step="Please call me."
    )
    assert (page.status, request_.status) == (200, "declined")
    step = request_.steps[-1]
    assert keys.open("letter", step.letter_sealed) == "We cannot agree.\n\nPlease call me."
    assert step.reason == "need_to_talk" and "We need to talk first" in page.text


def test_the_figures_of_a_draft_stand_beside_the_others_and_nothing_changes(desk, session, request_):
    version = request_.version
    page = opened(desk, request_).submit("Show the figures", amount="60", pause="1")
    assert page.status == 200
    assert line(page, "Each month") == ["Each month", "$110.02", "$75.00", "$60.00"]
    assert line(page, "Next payment")[3] == "$60.0020 Jan 2027"
    assert field(page, "offer-amount") == "60"
    assert (request_.version, request_.status, rows(session, Offer)) == (version, "sent", 0)
    page = page.submit("Send the offer")
    assert page.status == 200 and request_.status == "offered"
    terms = PlanTerms.from_dict(request_.offers[0].terms)
    assert terms == PlanTerms(amount=6_000, pause=1, arrears=Arrears.spread)


def test_an_offer_begins_with_what_was_asked(desk, session, borrower):
    asked = PlanTerms(pause=2, pause_interest=PauseInterest.spread, arrears=Arrears.at_end)
    page = opened(desk, a_proposal(session, a_loan(session, borrower, missed=1), asked))
    page = page.submit("Send the offer")
    assert PlanTerms.from_dict(session.scalars(select(Offer)).one().terms) == asked


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ({"amount": "60.50"}, PlanTerms(amount=6_050, arrears=Arrears.spread)),
        ({"extend_by": "4", "amount": ""}, PlanTerms(extend_by=4, arrears=Arrears.spread)),
        ({"due_day": "5", "amount": ""}, PlanTerms(due_day=5, arrears=Arrears.spread)),
        ({"first_on": "2027-01-05"}, PlanTerms(amount=7_500, first_on=date(2027, 1, 5), arrears=Arrears.spread)),
        ({"amount": "", "arrears_over": "3"}, PlanTerms(arrears=Arrears.spread, arrears_over=3)),
        ({"amount": "", "pause": "１", "arrears": "at_end"}, PlanTerms(pause=1, arrears=Arrears.at_end)),
        # What is spread over nothing is no term of a plan that spreads nothing.
        ({"amount": "", "arrears": "capitalise", "arrears_over": "3"}, PlanTerms(arrears=Arrears.capitalise)),
    ],
)
def test_what_is_typed_becomes_one_plan(desk, session, request_, typed, terms):
    page = opened(desk, request_).submit("Send the offer", **typed)
    assert page.status == 200, page.text
    assert PlanTerms.from_dict(session.scalars(select(Offer)).one().terms) == terms


@pytest.mark.parametrize(
    ("typed", "at", "sentence"),
    [
        (
            {"amount": "1"},
            "Each payment",
            "This does not cover the interest, so the loan would never be repaid. From $",
        ),
        ({"amount": "sixty"}, "Each payment", "Please write the amount in figures"),
        ({"amount": "0"}, "Each payment", "Please write an amount above zero."),
        ({"extend_by": "2"}, "Longer by, in payments", "Two of these cannot both be chosen"),
        ({"extend_by": "two"}, "Longer by, in payments", "Please write a whole number from 0 to 600."),
        ({"due_day": "32"}, "Day of the month", "Please write a whole number from 1 to 31."),
        ({"first_on": "soon"}, "First payment on", "Please write the date as 2026-12-31."),
        (
            {"first_on": "2026-11-01"},
            "First payment on",
            "The first payment can be on 2 December 2026 at the earliest.",
        ),
        (
            {"amount": "", "arrears_over": "50"},
            "Spread over, in payments",
            "There are 6 payments left to spread it over.",
        ),
    ],
)
@pytest.mark.parametrize("button", ["Show the figures", "Send the offer"])
def test_a_plan_that_cannot_be_is_told_at_its_field(desk, session, request_, button, typed, at, sentence):
    page = opened(desk, request_).submit(button, letter="What I wrote.", **typed)
    assert page.status == 422
    assert f"{at}: {sentence}" in page.text
    for name, value in typed.items():
        assert field(page, f"offer-{name}") == value
    assert field(page, "offer-letter") == "What I wrote."
    assert (request_.status, rows(session, Offer)) == ("sent", 0)


def test_the_script_gets_the_parts_that_a_draft_changes(desk, session, request_, officer):
    page = opened(desk, request_)
    assert any(script.get("src", "").startswith("/static/preview.js") for script in page.root.iter("script"))
    form = next(form for form in page.root.iter("form") if form.get("id") == "offer")
    keys = {i.get("name"): i.get("value") for i in form.iter("input") if i.get("type") == "hidden"}
    fields = {"amount": "60", "arrears": "spread", "pause_interest": "at_end", "letter": ""} | keys
    answer = desk.client.post(form.get("data-preview"), data=fields)
    assert answer.status_code == 200
    html = answer.get_data(as_text=True)
    assert 'data-part="compare"' in html and 'data-part="draft"' in html and "$60.00" in html
    assert (request_.status, rows(session, Offer)) == ("sent", 0)
    refused = desk.client.post(form.get("data-preview"), data=fields | {"amount": "1"}).get_data(as_text=True)
    assert "This does not cover the interest" in refused
    session.rollback()
    looked = session.scalars(select(AuditEntry).where(AuditEntry.action == "preview_plan")).all()
    assert [(entry.staff_id, entry.subject_id) for entry in looked] == [(officer.id, request_.id)] * 2


@pytest.mark.case("R022")
def test_a_proposal_that_changed_under_the_officers_hands_is_shown_beside_what_was_read(
    desk, session, borrower, request_, now
):
    page = opened(desk, request_)
    requests.propose(session, borrower, request_, "own_amount", PlanTerms(amount=5_000, arrears=Arrears.spread), now)
    page = page.submit("Agree and send", letter="What I wrote.")
    assert page.status == 409 and request_.status == "sent"
    assert "The last thing that happened: The borrower changed the proposal, 2 December 2026, 10:00." in page.text
    assert "On the page that you read: $75.00 each time until 20 December 2027" in page.text
    assert "Asked for now: $50.00 each time until" in page.text
    assert field(page, "approve-letter") == "What I wrote."
    # What is pressed now is decided on what this page shows.
    assert page.submit("Agree and send").status == 200
    assert session.scalars(select(Plan)).one().agreement["after"][0]["amount"] == 50_00


@pytest.mark.case("R020")
@pytest.mark.parametrize("button", ["Agree and send", "Send the offer", "Send the question", "Decline and send"])
def test_a_colleague_who_decided_first_is_named_and_nothing_written_is_lost(desk, session, request_, now, button):
    more = {"Send the question": {"words": "What I wrote."}}.get(button, {"letter": "What I wrote."})
    more |= {"reason": "need_to_talk"} if button.startswith("Decline") else {}
    page = opened(desk, request_)
    decisions.decline(session, a_supervisor(session), request_, request_.version, "need_to_talk", "no", now)
    messages = rows(session, Message)
    page = page.submit(button, **more)
    assert page.status == 409
    assert "Nothing was sent" in page.text
    assert "The last thing that happened: Daniel Osei declined, 2 December 2026, 10:00." in page.text
    assert field(page, "kept").startswith("What I wrote.")
    assert (request_.status, rows(session, Message), rows(session, Plan)) == ("declined", messages, 0)


def test_figures_that_moved_cannot_be_agreed_to_and_can_be_offered_anew(desk, session, request_, now):
    page = opened(desk, request_)
    record_payment(session, request_.loan, 50_00, TODAY, now, TODAY)
    page = page.submit("Agree and send", letter="What I wrote.")
    assert page.status == 409
    assert "The figures changed since the borrower proposed this" in page.text
    assert field(page, "kept") == "What I wrote."
    assert "approve" not in buttons(page)
    assert page.submit("Send the offer").status == 200 and request_.status == "offered"


def test_an_offer_beyond_the_limits_is_for_a_supervisor(desk, session, request_):
    page = opened(desk, request_).submit("Send the offer", pause="6", amount="", letter="What I wrote.")
    assert page.status == 409 and request_.status == "sent"
    assert "This goes beyond what an officer may agree to alone, so nothing was sent." in page.text
    assert field(page, "offer-letter") == "What I wrote." and field(page, "offer-pause") == "6"
    page = opened(desk.sign_in(a_supervisor(session)), request_).submit("Send the offer", pause="6", amount="")
    assert page.status == 200 and request_.status == "offered"


@pytest.mark.parametrize(
    ("button", "more"),
    [
        ("Take it", {}),
        ("Agree and send", {}),
        ("Send the offer", {}),
        ("Send the question", {"words": "May your hours return?"}),
        ("Decline and send", {"reason": "need_to_talk"}),
    ],
)
def test_a_double_click_is_one_decision_and_no_error(desk, session, request_, button, more):
    page = opened(desk, request_)
    first = page.submit(button, **more)
    steps, messages = len(request_.steps), rows(session, Message)
    second = page.submit(button, **more)
    assert (first.status, second.status) == (200, 200)
    assert second.path == first.path and second.h1 == first.h1
    assert (len(request_.steps), rows(session, Message)) == (steps, messages)


def test_a_version_that_was_tampered_with_is_refused(desk, session, request_):
    opened(desk, request_)
    for version in ("", "abc", "-1", "9" * 30):
        answer = desk.post(
            f"/staff/requests/{request_.public_id}",
            act="approve", version=version, letter="yes", form_key=f"{len(version):032x}", seen="x y z",
        )  # fmt: skip
        assert answer.status == 409
    assert request_.status == "sent"


def test_what_is_no_decision_is_refused(desk, request_):
    opened(desk, request_)
    assert desk.post(f"/staff/requests/{request_.public_id}", act="accept", form_key="0" * 32).status == 400
    assert request_.status == "sent"


def test_contacts_are_listed_and_counted(desk, session, borrower, request_, officer, now):
    for days, form, staff_id in ((2, "text", None), (20, "call", officer.id), (60, "text", None)):
        session.add(
            Contact(
                borrower_id=borrower.id,
                form=form,
                unit="attempt",
                purpose="reminder",
                staff_id=staff_id,
                at=now - timedelta(days=days),
            )
        )
    page = opened(desk, request_)
    assert "2 contacts by us in 30 days. Reminders are paused." in page.text
    assert ["12 November 2026, 10:00", "Grace Lim", "Callnot answered, or not known", "Reminder"] in page.rows()


def test_a_guarantor_is_named_and_told_nothing(desk, session, borrower, officer):
    loan = a_loan(session, borrower)
    session.add(LoanPerson(loan=loan, borrower=a_borrower(session, name="Chen Da-wei"), role="guarantor"))
    page = opened(desk, a_request(session, loan))
    assert "Guarantor: Chen Da-wei, who is not told what stands here." in page.text


def test_a_loan_that_is_paid_by_the_week_has_no_day_of_the_month(desk, session, borrower):
    weekly = a_loan(session, borrower, unit="weeks", disbursed_on=date(2026, 10, 26), first_due_on=date(2026, 11, 2))
    page = opened(desk, a_proposal(session, weekly, PlanTerms(extend_by=2)))
    assert page.status == 200 and "Each week" in page.text
    assert not [e for e in page.root.iter("input") if e.get("name") == "due_day"]
    assert page.submit("Show the figures", extend_by="3").status == 200


def test_a_loan_that_was_paid_off_meanwhile_has_nothing_to_offer(desk, session, request_, now):
    record_payment(session, request_.loan, 2_000_00, TODAY, now, TODAY)
    page = opened(desk, request_)
    assert page.status == 200 and "There is nothing left to pay on this loan." in page.text
    assert buttons(page) == {"take", "ask", "decline"}


def test_what_a_borrower_typed_is_text_and_no_code(desk, session, borrower, now):
    draft = a_draft(session, a_loan(session, borrower))
    requests.save(session, borrower, draft, now, words="<script>alert(1)</script> {{ 7*7 }}")
    requests.send(session, borrower, draft, draft.version, now)
    assert "<script>alert(1)</script> {{ 7*7 }}" in "".join(next(opened_quote(desk, draft)).itertext())


def opened_quote(desk: Pages, request: HardshipRequest):
    desk.session.commit()
    answer = desk.client.get(f"/staff/requests/{request.public_id}")
    return parsed(answer.get_data(as_text=True), "case").iter("blockquote")
