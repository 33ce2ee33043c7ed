"""What is stored of a loan and of an agreed schedule is read back to the last figure: nothing is dropped on the way."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.domain.allocation import LoanAccount, statement
from portal.domain.conventions import Component
from portal.domain.errors import DomainError
from portal.domain.loan_account import Charge
from portal.domain.restructuring import account_after, restructure
from portal.domain.schedule import Method
from portal.models import LedgerEntry, Loan, Product, ScheduleVersion
from portal.queries.accounts import account_under, loan_terms, store_account, terms_columns
from tests import factories
from tests.domain.loans import DATES, RATES, accounts, charges, plans
from tests.domain.loans import loan_terms as any_terms


@st.composite
def whole_terms(draw):
    """Terms with everything that terms can have."""
    terms = draw(any_terms(most=24))
    changes = draw(st.lists(st.tuples(DATES, RATES), max_size=2))
    pauses = [(day, day + timedelta(days=9)) for day in draw(st.lists(DATES, max_size=2))]
    return replace(
        terms,
        due_day=draw(st.one_of(st.none(), st.integers(1, 31))),
        down_payment=draw(st.integers(0, terms.principal - 1)),
        rate_changes=tuple(changes),
        interest_pauses=tuple(pauses),
        closed_days=frozenset(draw(st.lists(DATES, max_size=3))),
    )


def through_json(values):
    return json.loads(json.dumps(values))


def row_of(terms):
    """A loan's row as the database gives it back."""
    columns = terms_columns(terms)
    more = through_json(columns.pop("terms_more"))
    product = Product(conventions=through_json(terms.conventions.to_dict()))
    return Loan(**columns, terms_more=more, product=product)


@given(whole_terms())
@settings(max_examples=100)
def test_the_terms_of_a_loan_are_read_as_they_were_stored(terms):
    assert loan_terms(row_of(terms)) == terms


@given(accounts(most=18), plans(), st.integers(0, 400), st.data())
@settings(max_examples=100)
def test_an_agreed_schedule_is_read_as_it_was_stored(account, plan, days, data):
    on = account.terms.disbursed_on + timedelta(days=days)
    account = replace(account, charges=data.draw(charges(account)), pauses=((on, on + timedelta(days=5)),))
    try:
        after = account_after(account, restructure(account, plan, on), on)
    except DomainError:
        after = account
    read = LoanAccount.from_dict(through_json(store_account(after)), after.payments)
    assert read == after
    assert statement(read, on) == statement(after, on)


def test_a_charge_and_rarer_terms_go_through_the_database(session, lender):
    loan = factories.a_loan(session, factories.a_borrower(session))
    loan.method, loan.terms_more = Method.principal_share.value, {"principal_percent": "5", "principal_grace": 1}
    session.flush()
    account = account_under(loan, None)
    assert (account.terms.principal_percent, account.terms.principal_grace) == (Decimal(5), 1)
    charged = replace(account, charges=(Charge(Component.fees, date(2027, 1, 5), 12_34),))
    version = ScheduleVersion(
        loan_id=loan.id,
        number=1,
        account=store_account(charged),
        agreed_on=factories.TODAY,
        recorded_at=factories.NOW,
    )
    session.add(version)
    session.flush()
    session.expire_all()
    assert account_under(loan, session.scalars(select(ScheduleVersion)).one()) == charged
    assert session.scalars(select(LedgerEntry)).all() == loan.entries
