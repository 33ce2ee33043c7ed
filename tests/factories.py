"""Rows with sensible defaults: `a_loan(session)` is a loan, with whatever it stands on. Names say what differs.

Every function adds and flushes and never commits; keyword arguments that it doesn't name are columns of the row.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Model, keyring
from portal.domain.conventions import Conventions
from portal.domain.plan_terms import Arrears, PlanTerms
from portal.domain.policy import Limits
from portal.domain.schedule import build_schedule
from portal.models import Borrower, Branch, HardshipRequest, LedgerEntry, Lender, Loan, LoanPerson, Product, Staff
from portal.queries.accounts import loan_terms
from portal.queries.plan_views import plan_code
from portal.services import links, requests
from portal.services.loans import refresh_due
from portal.services.staff_access import hash_password

# A Wednesday, ten in the morning where the lender is.
NOW = datetime(2026, 12, 2, 2, 0, tzinfo=UTC)
TODAY = date(2026, 12, 2)
ZONE = "Asia/Taipei"
PASSWORD = "a password of the tests"
BORN = "1988-03-12"
# Hashed once: argon2id is slow on purpose.
PASSWORD_HASH = hash_password(PASSWORD)

numbers = count(1)
Row = TypeVar("Row", bound=Model)


def added(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row


def the_first(session: Session, kind: type[Row], make: Callable[[Session], Row]) -> Row:
    """A row of this kind that is there already, else a new one."""
    return session.scalars(select(kind).limit(1)).first() or make(session)


def a_lender(session: Session, **columns: Any) -> Lender:
    """The one lender of the deployment. Its public name tells nobody what it does."""
    defaults: dict[str, Any] = {
        "names": {"en": "Northfield Co-operative", "zh-Hans": "北田服务中心", "zh-Hant": "北田服務中心"},
        "addresses": {"en": "12 Mill Road", "zh-Hans": "磨坊路 12 号", "zh-Hant": "磨坊路 12 號"},
        "opening_hours": {"en": "Monday to Saturday, 9 to 6", "zh-Hans": "周一至周六 9:00–18:00"},
        "phone": "555 0100",
        "zone": ZONE,
        "language": "en",
        "verify_by": ["birth_date", "id_last_four", "phone_last_four"],
        "money_decimals": {"TWD": 0},
        "days_to_answer": 5,
        "days_offer_open": 14,
        "limits": Limits().to_dict(),
        "cadence": [-3, 0, 3, 10, 20],
        "contact_rules": ["safe-default"],
        "crisis_lines": [],
        "credit_record_lines": {"en": "Northfield reports this loan as “payments arranged”."},
        "time_limit_lines": {},
    }
    return added(session, Lender(**defaults | columns))


def a_branch(session: Session, name: str | None = None) -> Branch:
    return added(session, Branch(name=name or f"Branch {next(numbers)}"))


def an_officer(session: Session, **columns: Any) -> Staff:
    """A loan officer who sees every branch; `role=` makes somebody else of them. Signs in with PASSWORD."""
    number = next(numbers)
    defaults: dict[str, Any] = {
        "email": f"officer{number}@northfield.example",
        "name": "Grace Lim",
        "names": {"zh-Hans": "林佩仪", "zh-Hant": "林佩儀"},
        "spoken": ["en", "zh-Hans", "zh-Hant"],
        "phone": "555 0142",
        "role": "officer",
        "language": "en",
        "branch_id": None,
        "password_hash": PASSWORD_HASH,
        "recorded_at": NOW,
    }
    return added(session, Staff(**defaults | columns))


def a_supervisor(session: Session, **columns: Any) -> Staff:
    return an_officer(session, **{"role": "supervisor", "name": "Daniel Osei"} | columns)


def a_borrower(
    session: Session,
    *,
    born: str = BORN,
    phone: str | None = None,
    id_last_four: str = "041X",
    branch: Branch | None = None,
    officer: Staff | None = None,
    **columns: Any,
) -> Borrower:
    """Somebody with a phone (E.164; a new number where none is given), a birth date (ISO) and an ID."""
    keys = keyring(session)
    number = next(numbers)
    phone = phone or f"+8869{number:08d}"
    branch = branch or the_first(session, Branch, a_branch)
    officer = officer or the_first(session, Staff, an_officer)
    defaults: dict[str, Any] = {
        "public_id": f"borrower{number}",
        "client_number": f"C{number:05d}",
        "branch_id": branch.id,
        "officer_id": officer.id,
        "name": "Chen Mei-ling",
        "greeting": "Ms Chen",
        "language": "en",
        "zone": ZONE,
        "phone_sealed": keys.seal("phone", phone),
        "phone_typed_sealed": keys.seal("phone_typed", phone),
        "phone_hash": keys.lookup("phone", phone),
        "birth_date_sealed": keys.seal("birth_date", born),
        "id_last_four_sealed": keys.seal("id_last_four", id_last_four),
        "recorded_at": NOW,
    }
    return added(session, Borrower(**defaults | columns))


def a_product(session: Session, conventions: Conventions | None = None, **columns: Any) -> Product:
    conventions = conventions or Conventions()
    defaults = {"name": f"Household loan {next(numbers)}", "version": 1, "recorded_at": NOW}
    return added(session, Product(**defaults | {"conventions": conventions.to_dict()} | columns))


def a_loan(
    session: Session,
    borrower: Borrower | None = None,
    *,
    missed: int = 0,
    today: date = TODAY,
    product: Product | None = None,
    **columns: Any,
) -> Loan:
    """1,200.00 USD at 18 % over 12 months, six of which have come due by TODAY. All that came due was paid on its day, but
    for the last `missed` installments."""
    number = next(numbers)
    borrower = borrower or the_first(session, Borrower, a_borrower)
    product = product or the_first(session, Product, a_product)
    defaults: dict[str, Any] = {
        "public_id": f"loan{number}",
        "reference": f"NF-{number:05d}",
        "branch_id": borrower.branch_id,
        "currency": "USD",
        "principal": 120_000,
        "annual_rate": "18",
        "method": "equal_installments",
        "installments": 12,
        "every": 1,
        "unit": "months",
        "disbursed_on": date(2026, 5, 20),
        "first_due_on": date(2026, 6, 20),
        "terms_more": {},
        "status": "open",
        "reminders_on": True,
        "recorded_at": NOW - timedelta(days=200),
    }
    loan = added(session, Loan(**defaults | columns, product=product))
    session.add(LoanPerson(loan=loan, borrower=borrower, role="borrower"))
    due = [row for row in build_schedule(loan_terms(loan)).installments if row.due_on <= today]
    for row in due[: len(due) - missed]:
        a_payment(session, loan, row.total, row.due_on)
    refresh_due(session, loan, today)
    return loan


def a_payment(session: Session, loan: Loan, amount: int, effective_on: date) -> LedgerEntry:
    """Money that came in. `next_due_on` and the rest of the loan stay: portal.services.loans brings them along."""
    entry = LedgerEntry(
        kind="payment", amount=amount, effective_on=effective_on, recorded_at=NOW, source=f"test {next(numbers)}"
    )
    loan.entries.append(entry)
    session.flush()
    return entry


def a_link(session: Session, borrower: Borrower, purpose: str = "home", now: datetime = NOW) -> str:
    """The token of a link as it stands in a text."""
    token = links.mint_link(session, borrower, purpose, now)
    session.flush()
    return token


def a_draft(session: Session, loan: Loan, now: datetime = NOW) -> HardshipRequest:
    """What a borrower has told so far, with nothing sent."""
    borrower = loan.people[0].borrower
    request = requests.begin(session, borrower, loan, borrower.language, now)
    requests.save(
        session, borrower, request, now, change="less_work", lasting="three_months", words="My hours were cut."
    )
    return request


def a_request(session: Session, loan: Loan, now: datetime = NOW) -> HardshipRequest:
    """A request that was sent and waits for an officer, without a plan of the borrower's own."""
    request = a_draft(session, loan, now)
    requests.send(session, loan.people[0].borrower, request, request.version, now)
    return request


def a_proposal(
    session: Session,
    loan: Loan,
    terms: PlanTerms | None = None,
    *,
    option: str | None = None,
    left_over: int | None = 50_000,
    now: datetime = NOW,
) -> HardshipRequest:
    """A request that was sent with a plan of the borrower's own: 75.00 each time, unless `terms` say otherwise."""
    borrower = loan.people[0].borrower
    request = a_draft(session, loan, now)
    budget = None if left_over is None else {"wages": 200_000, "home": 200_000 - left_over}
    requests.save(session, borrower, request, now, budget=budget, left_over=left_over)
    terms = terms or PlanTerms(amount=7_500, arrears=Arrears.spread)
    requests.propose(session, borrower, request, option or plan_code(None, terms), terms, now)
    requests.send(session, borrower, request, request.version, now)
    return request
