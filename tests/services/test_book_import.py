"""A loan book is taken in whole or not at all, once, and what it states is kept beside what we reckon."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Event, Thread
from time import sleep

import pytest
from sqlalchemy import func, select, text

from portal.db import keyring, open_session, writing
from portal.domain.allocation import statement
from portal.exchange.loan_book import LoanRow, read_loans
from portal.exchange.mapping import mapping_from, read_mapping
from portal.exchange.row_errors import RowError
from portal.models import Borrower, ImportRun, LedgerEntry, Loan, LoanPerson, Message, Product, ScheduleVersion
from portal.queries.accounts import loan_account, store_account
from portal.services.book_figures import AboveCeiling, Disagreement, figures
from portal.services.book_import import NoZone, import_book
from portal.services.book_reminders import NoSuchBook, switch_reminders
from portal.services.loans import record_payment, refresh_due
from tests import factories
from tests.exchange.books import book, values

AS_OF = date(2026, 12, 1)
TODAY = factories.TODAY
NOW = factories.NOW

HEADER = "no,amount,term,rate,issued,left,pays,state"
COLUMNS = {
    "loan_number": "no",
    "principal": "amount",
    "installments": "term",
    "rate": "rate",
    "issued_on": "issued",
    "stated_balance": "left",
    "stated_installment": "pays",
    "status": "state",
}
# 1,200.00 at 12 % over 12 months from 10 August: the installment is 106.62; four were due by AS_OF, which leave 815.80.
FOUR_PAID = "{},1200.00,12,12,2026-07-10,815.80,106.62,Good"
THREE_PAID = "{},1200.00,12,12,2026-07-10,913.29,106.62,Late"
STATUS = {"Good": "current", "Late": "overdue", "Done": "paid_off", "Lost": "written_off"}


def a_mapping(**tables):
    given = {"columns": COLUMNS, "status": STATUS} | tables
    made = values(**given)
    made["columns"] = COLUMNS | given["columns"]
    return mapping_from(made)


def with_people(**tables):
    columns = {"client_number": "client", "name": "who", "phone": "tel", "birth_date": "born", "id_number": "id"}
    return a_mapping(columns=columns, people={"region": "TW", "language": "zh-TW", "zone": "Asia/Taipei"}, **tables)


PEOPLE_HEADER = HEADER + ",client,who,tel,born,id"


def taken_in(session, data, mapping=None, as_of=AS_OF, **others):
    """The report of an import of `data`, and what it told."""
    mapping = mapping or a_mapping()
    told = []
    rows = read_loans(data, mapping)
    report = import_book(session, rows, mapping, as_of, NOW, TODAY, "book.csv", "00", told.append, **others)
    return report, told


def the_loan(session, reference="L-1"):
    session.expire_all()
    return session.scalars(select(Loan).where(Loan.reference == reference)).one()


def count(session, kind):
    return session.scalar(select(func.count()).select_from(kind))


@pytest.fixture
def at_home(session, lender):
    factories.a_branch(session)
    return session


def test_a_row_becomes_a_loan_with_the_lender_s_word_beside_it(at_home):
    report, told = taken_in(at_home, book(HEADER, FOUR_PAID.format("0007")))
    loan = the_loan(at_home, "0007")
    assert (report.loans, report.created, report.changed, report.errors, told) == (1, 1, 0, 0, [])
    assert (loan.principal, loan.annual_rate, loan.installments, loan.currency) == (120_000, "12", 12, "USD")
    assert (loan.disbursed_on, loan.first_due_on, loan.status) == (date(2026, 7, 10), date(2026, 8, 10), "open")
    assert (loan.stated_status, loan.stated_balance, loan.stated_installment) == ("Good", 81_580, 10_662)
    assert (loan.next_due_on, loan.overdue_since) == (date(2026, 12, 10), None)
    assert report.installment_agrees == report.balance_agrees == 1


def test_a_loan_above_a_ceiling_is_taken_in_counted_and_named(at_home, lender):
    data = book(HEADER, FOUR_PAID.format("L-1"), FOUR_PAID.format("L-2").replace(",12,12,", ",12,40,"))
    report, told = taken_in(at_home, data)
    assert (report.created, report.above_ceiling) == (2, 0)
    lender.ceilings = ["tw", "hk"]
    report, told = taken_in(at_home, data)
    found = [one for one in told if isinstance(one, AboveCeiling)]
    assert (report.same, report.above_ceiling, report.to_dict()["above_ceiling"]) == (2, 1, 1)
    assert [(one.loan_number, one.place, one.cost, one.ceiling) for one in found] == [("L-2", "tw", 40, 16)]


def test_an_imported_loan_starts_with_what_had_been_paid(at_home):
    taken_in(at_home, book(HEADER, FOUR_PAID.format("L-1"), THREE_PAID.format("L-2")))
    found = statement(loan_account(at_home, the_loan(at_home)), AS_OF)
    assert (found.outstanding_principal, found.overdue) == (81_580, 0)
    late = statement(loan_account(at_home, the_loan(at_home, "L-2")), AS_OF)
    assert (late.overdue, late.overdue_since) == (10_662, date(2026, 11, 10))
    assert the_loan(at_home, "L-2").overdue_since == date(2026, 11, 10)


def test_nothing_is_sent_because_of_an_import(at_home):
    taken_in(at_home, book(HEADER, THREE_PAID.format("L-1")))
    assert the_loan(at_home).reminders_on is False
    assert count(at_home, Message) == 0


def test_reminders_are_switched_for_the_loans_of_one_book(at_home):
    taken_in(at_home, book(HEADER, FOUR_PAID.format("L-1"), FOUR_PAID.format("L-2")))
    taken_in(at_home, book(HEADER, FOUR_PAID.format("1")), a_mapping(book={"name": "other"}))
    assert switch_reminders(at_home, "small", True, NOW) == 2
    assert switch_reminders(at_home, "small", True, NOW) == 0
    assert [the_loan(at_home, number).reminders_on for number in ("L-1", "L-2", "1")] == [True, True, False]
    taken_in(at_home, book(HEADER, THREE_PAID.format("L-1"), FOUR_PAID.format("L-3")))
    assert [the_loan(at_home, number).reminders_on for number in ("L-1", "L-3")] == [True, False]
    assert switch_reminders(at_home, "small", False, NOW) == 2
    with pytest.raises(NoSuchBook):
        switch_reminders(at_home, "large", True, NOW)


def test_control_totals_before_and_after(at_home):
    taken_in(at_home, book(HEADER, THREE_PAID.format("L-1")))
    report, _ = taken_in(at_home, book(HEADER, FOUR_PAID.format("L-1"), THREE_PAID.format("L-2")))
    assert (report.before.loans, report.after.loans) == (1, 2)
    assert (report.before.principal["USD"], report.after.principal["USD"]) == (120_000, 240_000)
    assert (report.before.not_received["USD"], report.after.not_received["USD"]) == (10_662, 10_662)


@pytest.mark.case("R082")
def test_the_same_file_again_changes_nothing(at_home):
    data = book(HEADER, *(FOUR_PAID.format(f"L-{number}") for number in range(20)))
    taken_in(at_home, data)
    before = at_home.execute(select(Loan.__table__)).all()
    report, _ = taken_in(at_home, data)
    assert (report.loans, report.created, report.changed, report.same) == (20, 0, 0, 20)
    assert report.balance_agrees == 20
    assert at_home.execute(select(Loan.__table__)).all() == before


@pytest.mark.case("R082")
def test_five_hundred_rows_of_which_one_is_bad_are_four_hundred_ninety_nine_and_then_one(at_home):
    good = [FOUR_PAID.format(f"L-{number}") for number in range(500)]
    bad = [*good]
    bad[249] = bad[249].replace("1200.00", "twelve")
    first, told = taken_in(at_home, book(HEADER, *bad))
    assert (first.created, first.errors, [error.line for error in told]) == (499, 1, [251])
    second, _ = taken_in(at_home, book(HEADER, *good))
    assert (second.created, second.changed, second.same) == (1, 0, 499)
    third, _ = taken_in(at_home, book(HEADER, *good))
    assert (third.created, third.changed, third.same) == (0, 0, 500)
    assert count(at_home, Loan) == 500
    assert (count(at_home, LedgerEntry), count(at_home, Message)) == (0, 0)


@pytest.mark.case("R074")
def test_leading_zeros_tell_loans_apart(at_home):
    data = book(HEADER, *(FOUR_PAID.format(number) for number in ("00012345", '"00012345"', "12345")))
    report, told = taken_in(at_home, data)
    assert (report.created, report.duplicates, report.errors) == (2, 1, 0)
    assert [error.is_duplicate for error in told] == [True]


def test_another_book_that_numbers_alike_replaces_nothing(at_home):
    taken_in(at_home, book(HEADER, FOUR_PAID.format("1")))
    other = book(HEADER, FOUR_PAID.format("1").replace("1200", "9900"))
    report, told = taken_in(at_home, other, a_mapping(book={"name": "second branch"}))
    assert (report.loans, report.errors, told[0].code) == (0, 1, "other_book")
    assert the_loan(at_home, "1").principal == 120_000
    report, _ = taken_in(at_home, other, a_mapping(book={"name": "second branch", "prefix": "B2-"}))
    assert report.created == 1
    assert the_loan(at_home, "B2-1").principal == 990_000


def test_a_loan_that_was_entered_by_hand_is_not_overwritten_by_a_file(at_home):
    factories.a_loan(at_home, reference="L-1")
    report, told = taken_in(at_home, book(HEADER, FOUR_PAID.format("L-1")))
    assert (report.errors, told[0].code) == (1, "other_book")


def test_an_import_that_ends_half_way_leaves_nothing(engine, keys):
    def rows():
        for number, row in enumerate(read_loans(data, a_mapping())):
            if number == 700:
                raise KeyboardInterrupt
            yield row

    data = book(HEADER, *(FOUR_PAID.format(number) for number in range(900)))
    with open_session(engine, keys) as session, pytest.raises(KeyboardInterrupt), writing(session):
        import_book(session, rows(), a_mapping(), AS_OF, NOW, TODAY, "book.csv", "00")
    with open_session(engine, keys) as session:
        assert (count(session, Loan), count(session, ImportRun), count(session, Product)) == (0, 0, 0)


@pytest.mark.case("R082")
def test_import_pressed_twice_at_once_makes_each_loan_once(engine, keys):
    data = book(HEADER, *(FOUR_PAID.format(number) for number in range(30)))
    first_is_in, reports = Event(), []

    def press(hold):
        if not hold:
            first_is_in.wait(10)
        with open_session(engine, keys) as session, writing(session):
            report = import_book(session, read_loans(data, a_mapping()), a_mapping(), AS_OF, NOW, TODAY, "b.csv", "00")
            first_is_in.set()
            sleep(0.3 if hold else 0)
        reports.append((report.created, report.same))

    both = [Thread(target=press, args=(hold,)) for hold in (True, False)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert reports == [(30, 0), (0, 30)]


def test_a_changed_row_moves_the_loan_on(at_home):
    taken_in(at_home, book(HEADER, THREE_PAID.format("L-1"), FOUR_PAID.format("L-2")))
    report, _ = taken_in(at_home, book(HEADER, FOUR_PAID.format("L-1"), FOUR_PAID.format("L-2")))
    assert (report.created, report.changed, report.same) == (0, 1, 1)
    loan = the_loan(at_home)
    assert (loan.overdue_since, loan.next_due_on, loan.stated_balance) == (None, date(2026, 12, 10), 81_580)


def test_a_payment_that_the_file_s_day_includes_counts_once(at_home):
    taken_in(at_home, book(HEADER, THREE_PAID.format("L-1")), as_of=date(2026, 11, 12))
    record_payment(at_home, the_loan(at_home), 10_662, date(2026, 11, 20), NOW, TODAY)
    report, _ = taken_in(at_home, book(HEADER, FOUR_PAID.format("L-1")))
    found = statement(loan_account(at_home, the_loan(at_home)), TODAY)
    assert (report.changed, found.outstanding_principal) == (1, 81_580)


def test_a_payment_after_the_file_s_day_still_counts(at_home):
    taken_in(at_home, book(HEADER, THREE_PAID.format("L-1")), as_of=date(2026, 11, 12))
    record_payment(at_home, the_loan(at_home), 10_662, date(2026, 12, 1), NOW, TODAY)
    changed = book(HEADER, THREE_PAID.format("L-1").replace("Late", "Good"))
    report, _ = taken_in(at_home, changed, as_of=date(2026, 11, 30))
    loan = the_loan(at_home)
    assert (report.changed, loan.overdue_since, loan.next_due_on) == (1, None, date(2026, 12, 10))


def test_an_agreed_schedule_stands_whatever_the_file_says(at_home):
    taken_in(at_home, book(HEADER, THREE_PAID.format("L-1")))
    loan = the_loan(at_home)
    account = store_account(loan_account(at_home, loan))
    agreed = ScheduleVersion(loan_id=loan.id, number=1, account=account, agreed_on=TODAY, recorded_at=NOW)
    at_home.add(agreed)
    at_home.flush()
    report, _ = taken_in(at_home, book(HEADER, FOUR_PAID.format("L-1")))
    loan = the_loan(at_home)
    assert (report.changed, report.in_plan, loan.stated_balance) == (1, 1, 81_580)
    assert statement(loan_account(at_home, loan), TODAY).outstanding_principal == 91_329
    assert loan.overdue_since == date(2026, 11, 10)


def test_a_change_under_an_open_request_is_counted(at_home):
    taken_in(at_home, book(PEOPLE_HEADER, person("L-1", "C-1")), with_people())
    factories.a_request(at_home, the_loan(at_home))
    changed = book(PEOPLE_HEADER, person("L-1", "C-1").replace("815.80", "717.34"))
    report, _ = taken_in(at_home, changed, with_people())
    assert (report.changed, report.in_request) == (1, 1)


def test_loans_that_the_file_leaves_out_stay_as_they_are(at_home):
    taken_in(at_home, book(HEADER, FOUR_PAID.format("L-1"), FOUR_PAID.format("L-2")))
    report, _ = taken_in(at_home, book(HEADER, FOUR_PAID.format("L-2")))
    assert (report.not_in_file, count(at_home, Loan)) == (1, 2)


@pytest.mark.parametrize(
    ("row", "status", "paid_off"),
    [
        ("L-1,1200.00,12,12,2026-07-10,0,106.62,Done", "paid_off", True),
        ("L-1,1200.00,12,12,2026-07-10,0,106.62,Good", "paid_off", True),
        ("L-1,1200.00,12,12,2026-07-10,0,106.62,Lost", "written_off", None),
    ],
)
def test_a_loan_that_is_over_asks_for_nothing(at_home, row, status, paid_off):
    taken_in(at_home, book(HEADER, row))
    loan = the_loan(at_home)
    assert (loan.status, loan.next_due_on, loan.overdue_since) == (status, None, None)
    if paid_off is not None:
        assert statement(loan_account(at_home, loan), TODAY).is_paid_off is paid_off


@pytest.mark.parametrize(
    ("row", "what", "stated", "ours"),
    [
        (FOUR_PAID.replace("106.62", "106.61"), "installment", 10_661, 10_662),
        (FOUR_PAID.replace("815.80", "820.00"), "balance", 82_000, 81_580),
    ],
)
def test_figures_that_disagree_are_told_and_kept(at_home, row, what, stated, ours):
    report, told = taken_in(at_home, book(HEADER, row.format("L-1")))
    assert told == [Disagreement(2, "L-1", what, stated, ours, "USD")]
    assert report.installment_agrees + report.balance_agrees == 1
    assert getattr(the_loan(at_home), "stated_" + what) == stated


def test_a_balance_that_is_a_cent_off_agrees_and_makes_nobody_late(at_home):
    report, told = taken_in(at_home, book(HEADER, FOUR_PAID.format("L-1").replace("815.80", "815.81")))
    assert (report.balance_agrees, told) == (1, [])
    assert the_loan(at_home).overdue_since is None


def test_terms_from_which_no_schedule_follows_are_a_row_error(at_home):
    row = FOUR_PAID.format("L-1").replace("1200.00,12,", "9999999999999.00,1200,")
    mapping = a_mapping(dates={"form": "iso"})
    rows = [replace_rate(item) for item in read_loans(book(HEADER, row), mapping)]
    told = []
    report = import_book(at_home, rows, mapping, AS_OF, NOW, TODAY, "book.csv", "00", told.append)
    assert (report.loans, report.errors, told[0].code) == (0, 1, "terms_refused")


def replace_rate(row: LoanRow | RowError) -> LoanRow | RowError:
    return row._replace(rate=Decimal(20_000)) if isinstance(row, LoanRow) else row


def test_other_conventions_are_the_product_s_next_version(at_home):
    data = book(HEADER, FOUR_PAID.format("L-1"))
    taken_in(at_home, data)
    up = a_mapping(product={"installment_rounding": "up"})
    report, _ = taken_in(at_home, data, up)
    assert report.changed == 1
    assert the_loan(at_home).product.version == 2
    taken_in(at_home, data)
    assert the_loan(at_home).product.version == 1
    assert count(at_home, Product) == 2


def test_paid_out_on_the_31st_falls_due_on_the_31st_where_there_is_one(at_home):
    taken_in(at_home, book(HEADER, "L-1,1200.00,12,12,2027-01-31,1200.00,106.62,Good"))
    dates = [row.due_on for row in loan_account(at_home, the_loan(at_home)).schedule.installments[:3]]
    assert dates == [date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]


def person(loan, client="", who="王小明", tel="0912345678", born="1980-04-05", number="A123456789"):
    return f"{FOUR_PAID.format(loan)},{client},{who},{tel},{born},{number}"


def test_a_person_is_taken_in_sealed_and_found_by_a_keyed_hash(at_home):
    report, _ = taken_in(at_home, book(PEOPLE_HEADER, person("L-1", "C-1")), with_people())
    borrower = the_loan(at_home).people[0].borrower
    keys = keyring(at_home)
    assert (report.people_created, report.waiting) == (1, 0)
    assert (borrower.name, borrower.language, borrower.zone) == ("王小明", "zh-Hant", "Asia/Taipei")
    assert keys.open("phone", borrower.phone_sealed) == "+886912345678"
    assert keys.open("phone_typed", borrower.phone_typed_sealed) == "0912345678"
    assert keys.open("birth_date", borrower.birth_date_sealed) == "1980-04-05"
    assert keys.open("id_last_four", borrower.id_last_four_sealed) == "6789"
    assert borrower.phone_hash == keys.lookup("phone", "+886912345678")
    stored = at_home.execute(text("SELECT * FROM borrower")).all() + at_home.execute(text("SELECT * FROM loan")).all()
    assert not any(secret in str(stored) for secret in ("0912345678", "+886912345678", "1980-04-05", "A123456789"))


@pytest.mark.parametrize(
    ("first", "second", "people", "why"),
    [
        ({}, {}, 1, "the same phone and name"),
        ({"client": "C-1"}, {"client": "C-1", "tel": "0922345678"}, 1, "the lender's number, with a new phone"),
        ({}, {"tel": "+886 912 345 678"}, 1, "the same phone, typed in another way"),
        ({"who": "Nguyễn Ánh"}, {"who": "Nguyê\u0303n A\u0301nh"}, 1, "the same name in another normal form"),
        ({"who": "Wang Ming"}, {"who": "wang  ming"}, 1, "the same name in other case"),
        ({}, {"who": "王小華"}, 2, "a family shares a phone"),
        ({}, {"born": "1999-01-01"}, 2, "father and son share phone and name"),
        ({"client": "C-1"}, {"client": "C-2"}, 2, "the lender says that they are two"),
        ({"tel": ""}, {"tel": ""}, 2, "a name alone tells nobody apart"),
    ],
)
@pytest.mark.parametrize("in_one_file", [True, False])
@pytest.mark.case("R106")
@pytest.mark.case("R116")
def test_one_person_is_one_borrower(at_home, first, second, people, why, in_one_file):
    lines = person("L-1", **first), person("L-2", **second)
    for part in [lines] if in_one_file else [[line] for line in lines]:
        taken_in(at_home, book(PEOPLE_HEADER, *part), with_people())
    assert count(at_home, Borrower) == people, why
    assert count(at_home, LoanPerson) == 2


def test_what_the_file_states_of_a_person_is_brought_along(at_home):
    taken_in(at_home, book(PEOPLE_HEADER, person("L-1", "C-1")), with_people())
    changed = person("L-1", "C-1", who="王大明", tel="0922345678", born="")
    report, _ = taken_in(at_home, book(PEOPLE_HEADER, changed), with_people())
    borrower = the_loan(at_home).people[0].borrower
    assert (report.changed, report.people_changed, borrower.name) == (1, 1, "王大明")
    assert keyring(at_home).open("phone", borrower.phone_sealed) == "+886922345678"
    assert keyring(at_home).open("birth_date", borrower.birth_date_sealed) == "1980-04-05"


def test_loans_that_name_nobody_wait_and_are_linked_when_the_file_does(at_home):
    nobody = person("L-1", who="", tel="", born="", number="")
    report, _ = taken_in(at_home, book(PEOPLE_HEADER, nobody), with_people())
    assert (report.created, report.waiting, count(at_home, Borrower)) == (1, 1, 0)
    report, _ = taken_in(at_home, book(PEOPLE_HEADER, person("L-1", "C-1")), with_people())
    assert (report.changed, report.waiting) == (1, 0)
    assert the_loan(at_home).people[0].borrower.client_number == "C-1"


def test_a_loan_changes_hands_by_no_file(at_home):
    taken_in(at_home, book(PEOPLE_HEADER, person("L-1", "C-1")), with_people())
    other = person("L-1", "C-2", who="李四", tel="0922345678")
    report, told = taken_in(at_home, book(PEOPLE_HEADER, other), with_people())
    assert (report.changed, report.errors, told[0].code) == (0, 1, "other_person")
    assert [one.borrower.client_number for one in the_loan(at_home).people] == ["C-1"]


def test_a_number_that_nobody_has_yet_waits(at_home):
    mapping = a_mapping(columns={"client_number": "client"}, people={"region": "TW", "language": "en"})
    report, _ = taken_in(at_home, book(HEADER + ",client", FOUR_PAID.format("L-1") + ",C-9"), mapping)
    assert (report.created, report.waiting, count(at_home, Borrower)) == (1, 1, 0)


def test_people_need_a_zone_for_the_hours_at_which_they_are_written_to(session):
    mapping = with_people()
    mapping = replace(mapping, people=replace(mapping.people, zone=None))
    with pytest.raises(NoZone):
        taken_in(session, book(PEOPLE_HEADER, person("L-1")), mapping)


def test_branch_and_officer_are_those_that_the_row_names(at_home):
    officer = factories.an_officer(at_home, email="grace@northfield.example")
    columns = {"branch": "branch", "officer": "officer", "name": "who", "client_number": "client"}
    people = {"region": "TW", "language": "en", "zone": "Asia/Taipei"}
    mapping = a_mapping(columns=columns, people=people)
    rows = [
        FOUR_PAID.format("L-1") + ",North,Grace@northfield.example,Budi,C-1",
        FOUR_PAID.format("L-2") + ",North,nobody@northfield.example,Ani,C-2",
    ]
    report, told = taken_in(at_home, book(HEADER + ",branch,officer,who,client", *rows), mapping)
    borrower = the_loan(at_home).people[0].borrower
    assert (borrower.officer_id, borrower.branch_id) == (officer.id, the_loan(at_home).branch_id)
    assert (report.errors, told[0].code, told[0].column) == (1, "unknown_officer", "officer")


def test_what_is_due_stands_on_the_loan_as_a_payment_would_bring_it(at_home):
    rows = [
        f"L-{paid},1200.00,12,12,2026-0{month}-10,{left},106.62,Good"
        for paid, (month, left) in enumerate(
            [(7, "815.80"), (7, "913.29"), (7, "900.00"), (6, "700.00"), (7, "1200.00"), (7, "0.50")]
        )
    ]
    taken_in(at_home, book(HEADER, *rows))
    for loan in at_home.scalars(select(Loan)).all():
        ours = (loan.status, loan.next_due_on, loan.overdue_since)
        refresh_due(at_home, loan, TODAY)
        assert (loan.status, loan.next_due_on, loan.overdue_since) == ours


@pytest.mark.shared
def test_the_real_book_agrees_and_the_second_time_nothing_changes(session, shared):
    example = Path(__file__).parents[2] / "docs" / "examples" / "peer-to-peer.toml"
    mapping = read_mapping(example.read_bytes())
    path = shared / "data" / "peer-to-peer-loans-2018.csv"

    def once():
        return import_book(session, read_loans(path, mapping), mapping, mapping.as_of, NOW, TODAY, path.name, "00")

    first, second = once(), once()
    assert (first.loans, first.created, first.errors) == (8000, 8000, 0)
    assert first.installment_agrees >= 7997
    assert (first.balance_compared, first.balance_agrees >= 6700) == (7528, True)
    assert (second.loans, second.created, second.changed, second.errors) == (8000, 0, 0, 0)
    assert second.balance_agrees == first.balance_agrees
    late = session.scalar(select(func.count()).select_from(Loan).where(Loan.overdue_since.is_not(None)))
    assert late > 0


@pytest.mark.shared
def test_of_the_real_book_hardly_anybody_whom_the_lender_calls_current_is_late_on_its_day(shared):
    example = Path(__file__).parents[2] / "docs" / "examples" / "peer-to-peer.toml"
    mapping = read_mapping(example.read_bytes())
    path = shared / "data" / "peer-to-peer-loans-2018.csv"
    late = [
        row.loan_number
        for row in read_loans(path, mapping)
        if row.status == "current" and figures(row, mapping, mapping.as_of, mapping.as_of).then.overdue
    ]
    # One lacks a whole installment, one a part that is no difference of interest.
    assert late == ["1085", "9687"]
