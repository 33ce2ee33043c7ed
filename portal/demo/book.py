"""The demo's lender: made once, by the same services that serve real people, at the hours when it would have happened.

Every date is relative to today, so that somebody is always on time, somebody a few days late, and somebody waiting.
"""

import random
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import local_date
from portal.db import keyring
from portal.demo import contacts, histories
from portal.demo.outside import ADVICE, COMPLAINT_BODIES
from portal.demo.pay_ways import PAY_WAYS
from portal.demo.people import (
    ADMIN,
    FEATURED,
    FEATURED_BORN,
    GUARANTOR,
    GUARANTOR_BORN,
    OFFICER,
    PASSWORD,
    PEOPLE,
    PLACES,
    SUPERVISOR,
    ZONE,
    Person,
    noon,
)
from portal.domain.conventions import Conventions, LateFee
from portal.domain.due_dates import Frequency, Unit, shift
from portal.domain.money import Rounding, exponent
from portal.domain.policy import Limits
from portal.domain.schedule import Method, build_schedule
from portal.models import (
    Borrower,
    Branch,
    LedgerEntry,
    Lender,
    Loan,
    LoanPerson,
    Product,
    Staff,
)
from portal.queries.accounts import loan_terms
from portal.services.loans import refresh_due
from portal.services.staff_access import hash_password


@dataclass(frozen=True)
class Story:
    """How a loan stands: `missed` installments not received, the last of them due `days_late` ago; of the oldest,
    `part` percent has come. A negative `days_late` is how long the next payment is still off."""

    name: str
    days_late: int
    missed: int = 0
    part: int = 0


ON_TIME = Story("on_time", -9)
DUE_SOON = Story("due_soon", -3)
FEW_DAYS = Story("few_days_late", 4, 1)
PART_PAID = Story("part_paid", 4, 2, 40)
# Part of one payment is missing, and yesterday was the day of a reminder about it.
FEATURED_STORY = Story("featured", 4, 1, 40)
MONTHS_LATE = Story("months_late", 11, 3)
PAID_OFF = Story("paid_off", 0)
# What becomes of the loans in turn; the rest is on time.
STORIES = (
    *(FEW_DAYS,) * 10,
    *(PART_PAID,) * 3,
    *(MONTHS_LATE,) * 8,
    *(PAID_OFF,) * 5,
    *(DUE_SOON,) * 6,
    *(ON_TIME,) * 26,
)
# Amounts in units of the currency: smallest and largest loan, and the step between them.
SIZES = {
    "CNY": (3000, 30000, 500),
    "TWD": (30000, 240000, 5000),
    "USD": (600, 8000, 100),
    "JPY": (100000, 900000, 10000),
}


def load(session: Session, now: datetime) -> None:
    """Fills an empty database. Dates are relative to `now`; the dice are always the same."""
    dice = random.Random(20418)
    lender = _lender(session)
    main, south = Branch(name="Mill Road"), Branch(name="South Gate")
    session.add_all((main, south))
    session.flush()
    staff = _staff(session, main, now)
    products = _products(session, now)
    today = local_date(now, lender.zone)
    featured = _borrower(session, FEATURED, 0, main, staff[OFFICER], FEATURED_BORN, now)
    first = _loan(session, featured, "NF-20418", FEATURED_STORY, products, Frequency(1, Unit.months), 24, 600000, today)
    guarantor = _borrower(session, GUARANTOR, 1, main, staff[OFFICER], GUARANTOR_BORN, now)
    session.add(LoanPerson(loan_id=first.id, borrower_id=guarantor.id, role="guarantor"))
    loans = []
    stories = list(STORIES)
    dice.shuffle(stories)
    for number, (person, story) in enumerate(zip(PEOPLE, stories, strict=True), start=2):
        born = date(1955, 1, 1) + timedelta(days=dice.randrange(50 * 365))
        borrower = _borrower(session, person, number, south if number % 6 == 0 else main, staff[OFFICER], born, now)
        weekly = dice.random() < 0.3
        frequency = Frequency(1, Unit.weeks if weekly else Unit.months)
        count = dice.choice((26, 40, 52)) if weekly else dice.choice((12, 18, 24, 36))
        low, high, step = SIZES[PLACES[person.place][1]]
        principal = dice.randrange(low, high, step) * 10 ** exponent(PLACES[person.place][1])
        reference = f"NF-{18000 + 41 * number}"
        loans.append((story, _loan(session, borrower, reference, story, products, frequency, count, principal, today)))
        if person.name == "Ravi Menon":
            _loan(session, borrower, "NF-20991", ON_TIME, products, Frequency(1, Unit.weeks), 26, 90000, today)
    late = [loan for story, loan in loans if story is MONTHS_LATE]
    few = [loan for story, loan in loans if story is FEW_DAYS]
    histories.tell(session, late, few, staff, now)
    contacts.tell(session, staff, now)
    for loan in session.scalars(select(Loan)):
        refresh_due(session, loan, today)


def _lender(session: Session) -> Lender:
    lender = Lender(
        names={
            "en": "Northfield Co-operative",
            "zh-Hans": "北田服务中心",
            "zh-Hant": "北田服務中心",
            "ar": "تعاونية نورثفيلد",
        },
        addresses={
            "en": "12 Mill Road",
            "zh-Hans": "磨坊路 12 号",
            "zh-Hant": "磨坊路 12 號",
            "ar": "12 شارع الطاحونة",
        },
        opening_hours={
            "en": "Monday to Saturday, 9 to 6",
            "zh-Hans": "周一至周六 9:00–18:00",
            "zh-Hant": "週一至週六 9:00–18:00",
            "ar": "من الاثنين إلى السبت، من 9 إلى 6",
        },
        phone="555 0100",
        zone=ZONE,
        language="en",
        verify_by=["birth_date", "id_last_four", "phone_last_four"],
        money_decimals={"TWD": 0},
        days_to_answer=5,
        days_offer_open=14,
        limits=Limits(skips_a_year=2).to_dict(),
        cadence=[-3, 0, 3, 10, 20],
        contact_rules=["safe-default"],
        pay_ways=PAY_WAYS,
        crisis_lines=[
            {"phone": "12356", "names": {"zh-Hans": "心理援助热线"}},
            {"phone": "1925", "names": {"zh-Hant": "安心專線"}},
            {"phone": "988", "names": {"en": "Suicide and crisis lifeline", "ar": "خط المساندة في الأزمات"}},
        ],
        complaint_bodies=COMPLAINT_BODIES,
        advice=ADVICE,
        credit_record_lines={
            "en": "Northfield reports this loan as “payments arranged” from the day of the agreement. What was reported "
            "before stays as it was.",
            "zh-Hans": "从同意之日起，本中心按新的安排报送征信。以前已经报送的记录不会改动。",
            "zh-Hant": "從同意之日起，本中心按新的安排報送聯徵。以前已經報送的紀錄不會更動。",
            "ar": "تُبلغ نورثفيلد عن هذا القرض بوصفه «بترتيب متفق عليه» من يوم الاتفاق، وما أُبلغ عنه من قبل يبقى كما هو.",
        },
        time_limit_lines={
            "en": "By accepting, you confirm that you owe this money. In some places this starts the legal time limit "
            "for an old debt again.",
            "zh-Hans": "同意本协议，等于再次确认这笔贷款，诉讼时效会重新计算。",
            "zh-Hant": "同意本協議，等於再次確認這筆貸款，請求權的時效會重新起算。",
            "ar": "بموافقتكم تؤكدون هذا الدين، وفي بعض الأماكن تبدأ بذلك مدة التقادم من جديد.",
        },
    )
    session.add(lender)
    session.flush()
    return lender


def _staff(session: Session, branch: Branch, now: datetime) -> dict[str, Staff]:
    people = (
        (
            OFFICER,
            "Grace Lim",
            {"zh-Hans": "林佩仪", "zh-Hant": "林佩儀"},
            ["en", "zh-Hans", "zh-Hant"],
            "officer",
            "555 0142",
        ),
        (SUPERVISOR, "Daniel Osei", {"zh-Hans": "吴道宁", "zh-Hant": "吳道寧"}, ["en"], "supervisor", "555 0143"),
        (ADMIN, "Layla Mansour", {"ar": "ليلى منصور"}, ["ar", "en"], "admin", "555 0144"),
    )
    hashed = hash_password(PASSWORD)
    found = {}
    for email, name, names, spoken, role, phone in people:
        found[email] = Staff(
            email=email,
            name=name,
            names=names,
            spoken=spoken,
            phone=phone,
            role=role,
            language="en",
            branch_id=None,
            password_hash=hashed,
            recorded_at=now,
        )
    session.add_all(found.values())
    session.flush()
    return found


def _products(session: Session, now: datetime) -> dict[str, Product]:
    """One product a currency: in Taiwan's dollars every figure is whole, as it is shown."""
    whole = Conventions(
        late_fee=LateFee.none, installment_rounding=Rounding.up, installment_unit=100, interest_unit=100
    )
    conventions = {
        "CNY": Conventions(late_fee=LateFee.none, installment_rounding=Rounding.up, installment_unit=100),
        "USD": Conventions(late_fee=LateFee.none),
        "TWD": whole,
        "JPY": Conventions(late_fee=LateFee.none, installment_rounding=Rounding.up),
    }
    products = {
        currency: Product(name=f"Household loan {currency}", version=1, conventions=rules.to_dict(), recorded_at=now)
        for currency, rules in conventions.items()
    }
    session.add_all(products.values())
    session.flush()
    return products


def _borrower(
    session: Session, person: Person, number: int, branch: Branch, officer: Staff, born: date, now: datetime
) -> Borrower:
    keys = keyring(session)
    zone, _, form = PLACES[person.place]
    phone = form.format(100 + number)
    borrower = Borrower(
        public_id=secrets.token_hex(8),
        client_number=f"C{1000 + number:05d}",
        branch_id=branch.id,
        officer_id=officer.id,
        name=person.name,
        greeting=person.greeting,
        language=person.language,
        zone=zone,
        phone_sealed=keys.seal("phone", phone),
        phone_typed_sealed=keys.seal("phone_typed", phone),
        phone_hash=keys.lookup("phone", phone),
        birth_date_sealed=keys.seal("birth_date", born.isoformat()),
        id_last_four_sealed=keys.seal("id_last_four", f"{(number * 37 + 41) % 1000:03d}X"),
        recorded_at=now,
    )
    session.add(borrower)
    session.flush()
    return borrower


def _loan(
    session: Session,
    borrower: Borrower,
    reference: str,
    story: Story,
    products: dict[str, Product],
    frequency: Frequency,
    count: int,
    principal: int,
    today: date,
) -> Loan:
    """A loan whose payments came as `story` tells."""
    currency = PLACES_CURRENCY[borrower.zone]
    pivot = today - timedelta(days=story.days_late)
    # Where along its way the loan is: some begun lately, some nearly paid.
    gone = count if story is PAID_OFF else story.missed + 3 + (principal // 997) % max(2, count - story.missed - 6)
    first_due = shift(pivot, frequency, -gone)
    loan = Loan(
        public_id=secrets.token_hex(8),
        reference=reference,
        branch_id=borrower.branch_id,
        product_id=products[currency].id,
        product=products[currency],
        currency=currency,
        principal=principal,
        annual_rate="18",
        method=Method.equal_installments.value,
        installments=count,
        every=frequency.every,
        unit=frequency.unit.value,
        disbursed_on=shift(first_due, frequency, -1),
        first_due_on=first_due,
        terms_more={},
        status="open",
        reminders_on=True,
        recorded_at=noon(first_due),
    )
    session.add(loan)
    session.flush()
    session.add(LoanPerson(loan_id=loan.id, borrower_id=borrower.id, role="borrower"))
    rows = build_schedule(loan_terms(loan)).installments
    due = [row for row in rows if row.due_on <= today] if story is not PAID_OFF else list(rows)
    for row in due[: len(due) - story.missed]:
        _pay(loan, row.total, row.due_on)
    if story.part:
        oldest = due[-story.missed]
        unit = 100 if currency == "TWD" else 1
        _pay(loan, oldest.total * story.part // 100 // unit * unit, oldest.due_on)
    session.flush()
    return loan


PLACES_CURRENCY = {zone: currency for zone, currency, _ in PLACES.values()}


def _pay(loan: Loan, amount: int, day: date) -> None:
    loan.entries.append(
        LedgerEntry(kind="payment", amount=amount, effective_on=day, recorded_at=noon(day), source="demo")
    )


def is_empty(session: Session) -> bool:
    return session.scalar(select(Lender.id)) is None
