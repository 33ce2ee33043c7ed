"""Loan products: their conventions read in plain words by all staff, and followed by a next version by an admin alone."""

import pytest
from sqlalchemy import select

from portal.domain.conventions import Conventions, InterestPeriod
from portal.domain.day_count import DayCount
from portal.domain.money import Rounding
from portal.models import AuditEntry, Product, Staff
from portal.queries.accounts import loan_terms
from portal.services import products
from tests.factories import a_loan, a_product, a_proposal, an_officer

BY_DAYS = Conventions(interest_period=InterestPeriod.daily, day_count=DayCount.actual_365)


@pytest.fixture
def admin(session, lender) -> Staff:
    return an_officer(session, role="admin", name="Layla Mansour")


@pytest.fixture
def product(session, lender) -> Product:
    return a_product(session, BY_DAYS, name="Household loan")


def draft(pages, admin, product):
    return pages.sign_in(admin).get(f"/staff/products/{product.id}/next")


def made(session) -> list[Product]:
    return list(session.scalars(select(Product).order_by(Product.version)))


@pytest.mark.parametrize("role", ["officer", "supervisor", "admin", "auditor"])
def test_every_member_of_staff_reads_the_conventions_in_force(pages, session, product, role):
    page = pages.sign_in(an_officer(session, role=role)).get("/staff/").click("Loan products")
    assert page.rows()[1] == ["Household loan", "Interest by days, 365 a year; rounded to the cent", "1", "0"]
    page = page.click("Household loan")
    for said in (
        "Interest counts each day",
        "Days are counted as they are, and a year has 365 days",
        "An installment is rounded to the cent: the nearest one, and a half goes up",
        "What is left over from rounding goes into the last installment",
        "A payment pays what is due in this order Penalties Fees Interest Principal",
        "The day after the due date is the first day past due",
    ):
        assert said in page.text, said
    assert ("Make the next version" in page.text) is (role == "admin")


def test_the_worked_example_is_what_the_domain_makes_of_it(pages, session, admin, product):
    page = pages.sign_in(admin).get(f"/staff/products/{product.id}")
    assert "$1,000.00 at 18% a year, paid out on 20 December 2027, 12 payments, monthly." in page.text
    # 42 days of 18 % a year on 1,000.00 are 20.71.
    assert page.rows()[1] == ["31 Jan 2028", "$92.17", "$20.71", "$71.46"]


def test_the_example_is_of_the_kind_that_most_loans_are(pages, session, admin, product):
    for _ in range(2):
        a_loan(session, product=product, currency="JPY", method="flat", annual_rate="12")
    a_loan(session, product=product)
    page = pages.sign_in(admin).get(f"/staff/products/{product.id}")
    assert "JP¥100,000 at 12% a year" in page.text
    assert "They are in JPY, USD; units of rounding are written in JPY here." in page.text


def test_the_effect_is_shown_before_anything_is_made(pages, session, admin, product):
    a_loan(session, product=product)
    page = draft(pages, admin, product)
    assert "1 loan made under version 1 keeps it." in page.text
    assert "Make version 2" not in page.text
    page = page.submit("Show the effect", installment_unit="1", installment_rounding="up")
    assert page.status == 200
    assert "Changed: Rounding the installment" in page.text
    assert "An installment is rounded to the whole unit: always up" in page.text
    assert "Until now: An installment is rounded to the cent" in page.text
    assert page.rows()[1] == ["31 Jan 2028", "$92.17", "$93.00", "+$0.83"]
    assert [p.version for p in made(session)] == [1]


def test_what_was_shown_can_be_made_and_old_loans_keep_their_version(pages, session, admin, product):
    loan = a_loan(session, product=product)
    page = draft(pages, admin, product).submit("Show the effect", installment_unit="1", installment_rounding="up")
    page = page.submit("Make version 2", reason="Whole amounts are easier to count out.")
    assert page.status == 200 and page.path.startswith("/staff/products/")
    first, second = made(session)
    assert (second.version, second.made_by_id) == (2, admin.id)
    assert Conventions.from_dict(second.conventions).installment_rounding is Rounding.up
    assert loan.product_id == first.id and loan_terms(loan).conventions == BY_DAYS
    assert "Whole amounts are easier to count out." in page.text
    assert "1 loan keeps it" in page.text
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "make_product_version")).one()
    assert (entry.outcome, entry.staff_id) == ("done", admin.id)
    assert entry.detail == {"version": 2, "changed": ["installment_rounding", "installment_unit"]}


def test_a_draft_that_changed_since_its_effect_was_shown_is_shown_again(pages, session, admin, product):
    page = draft(pages, admin, product).submit("Show the effect", installment_unit="1")
    page = page.submit("Make version 2", installment_unit="5", reason="Coins.")
    assert "The draft has changed since its effect was shown." in page.text
    assert len(made(session)) == 1
    page = page.submit("Make version 2")
    assert made(session)[-1].conventions["installment_unit"] == 500
    assert "Coins." in page.text


def test_a_version_asks_for_its_reason(pages, session, admin, product):
    page = draft(pages, admin, product).submit("Show the effect", remainder="smoothed").submit("Make version 2")
    assert page.status == 422 and "Please write a few words." in page.text
    assert len(made(session)) == 1


def test_of_two_admins_at_once_the_second_is_told_and_loses_nothing(pages, session, admin, product, now):
    page = draft(pages, admin, product).submit("Show the effect", grace_days="3")
    other = an_officer(session, role="admin", name="Daniel Osei")
    products.next_version(session, other, "Household loan", 1, Conventions(), "Months, not days.", now)
    page = page.submit("Make version 2", reason="Three days are for holidays.")
    assert page.status == 409
    assert "Nothing was saved. Daniel Osei made version 2 meanwhile, 2 December 2026, 10:00." in page.text
    # Beside the draft stands the new version: what it changed shows as a difference too.
    assert "Until now: Each period bears an equal part" in page.text
    assert [p.version for p in made(session)] == [1, 2]
    refused = session.scalars(select(AuditEntry).where(AuditEntry.outcome == "changed")).one()
    assert refused.staff_id == admin.id
    page = page.submit("Make version 3")
    third = made(session)[-1]
    assert (third.version, third.reason) == (3, "Three days are for holidays.")
    assert Conventions.from_dict(third.conventions).grace_days == 3


def test_a_draft_on_an_old_version_is_set_beside_the_newest(pages, session, admin, product, now):
    page = draft(pages, admin, product)
    products.next_version(session, admin, "Household loan", 1, Conventions(), "Months.", now)
    page = page.submit("Show the effect", grace_days="3")
    assert "made version 2 meanwhile" in page.text and "version 2 in force" in page.text


def test_the_same_again_makes_no_version(pages, session, admin, product):
    page = draft(pages, admin, product).submit("Show the effect")
    assert "Nothing differs from version 1." in page.text
    assert "Make version 2" not in page.text


def test_a_double_click_makes_one_version(pages, session, admin, product):
    page = draft(pages, admin, product).submit("Show the effect", grace_days="3")
    page.submit("Make version 2", reason="Holidays.")
    again = page.submit("Make version 2", reason="Holidays.")
    assert again.status == 200 and again.path == f"/staff/products/{made(session)[-1].id}"
    assert [p.version for p in made(session)] == [1, 2]


def test_contradictory_conventions_are_refused_by_name_and_stay_as_chosen(pages, session, admin, product):
    page = draft(pages, admin, product).submit("Show the effect", odd_period="as_whole", grace_days="7")
    assert page.status == 422
    assert (
        "A first period that is longer or shorter and What interest is worked out from: Where interest counts each day, "
        "a longer or shorter first period counts its days too." in page.text
    )
    assert page.submit("Show the effect", odd_period="by_days").text.count("The first 7 days past due") == 1
    assert len(made(session)) == 1


def test_an_order_that_names_one_twice_is_refused_with_nothing_lost(pages, session, admin, product):
    page = draft(pages, admin, product).submit("Show the effect", **{"order_due-1": "principal", "buckets": "90, 30"})
    assert page.status == 422
    assert "Please name each of the four once." in page.text
    assert "Please write rising numbers of days, like 30, 60, 90." in page.text
    assert 'value="90, 30"' in page.html


@pytest.mark.parametrize("role", ["officer", "supervisor", "auditor"])
def test_nobody_but_an_admin_makes_a_version(pages, session, product, role):
    pages.sign_in(an_officer(session, role=role))
    assert pages.get(f"/staff/products/{product.id}/next").status == 403
    pages.get("/staff/products")
    assert pages.post(f"/staff/products/{product.id}/next", act="make").status == 403
    assert len(made(session)) == 1


def test_a_product_that_is_none_is_not_found(pages, admin):
    pages.sign_in(admin)
    assert pages.get("/staff/products/999").status == 404
    assert pages.get("/staff/products/999/next").status == 404


def test_the_case_says_how_its_figures_are_made(pages, session, admin, product):
    request = a_proposal(session, a_loan(session, product=product, missed=2))
    page = pages.sign_in(admin).get(f"/staff/requests/{request.public_id}")
    assert "How figures are made: Interest by days, 365 a year; rounded to the cent." in page.text
    assert page.click("Household loan, version 1").h1 == "Household loan"


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_the_pages_are_chinese_for_who_reads_chinese(pages, admin, product, language):
    pages.sign_in(admin)
    for path in ("", f"/{product.id}", f"/{product.id}/next"):
        page = pages.get(f"/staff/products{path}?lang={language}")
        left = page.text
        for name in ("Household loan", "Northfield Co-operative", "Layla Mansour", "English", "Leeway"):
            left = left.replace(name, "")
        assert not [word for word in left.split() if word.isascii() and word.isalpha() and len(word) > 3]
