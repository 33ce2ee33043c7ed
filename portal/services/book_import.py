"""Taking in a loan book: loans are made or brought along, and what the file states is kept beside our own figures.

The whole book is one transaction of the caller's: an import that ends half-way leaves nothing. What a file states of a loan
has a fingerprint; where that is the same, the loan is left alone, so the same file again changes nothing. No reminder
follows from an import: loans come in with reminders off.
"""

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, text
from sqlalchemy.orm import Session, selectinload

from portal.db import keyring
from portal.domain.allocation import statement
from portal.domain.errors import DomainError
from portal.exchange.loan_book import LoanRow
from portal.exchange.mapping import Mapping
from portal.exchange.row_errors import RowError, Unreadable
from portal.models import (
    Borrower,
    Branch,
    HardshipRequest,
    ImportRun,
    LedgerEntry,
    Lender,
    Loan,
    LoanPerson,
    Product,
    Staff,
)
from portal.queries.accounts import loan_account, terms_columns
from portal.services.book_figures import Figures, above_ceilings, figures
from portal.services.book_people import People, Wanted
from portal.services.book_report import ImportReport, Told
from portal.services.loans import refresh_due
from portal.services.records import SYSTEM, audit, emit

BATCH = 500
FIRST_BRANCH = "Main"


def import_book(
    session: Session,
    rows: Iterable[LoanRow | RowError],
    mapping: Mapping,
    as_of: date,
    now: datetime,
    today: date,
    file_name: str,
    file_hash: str,
    told: Told = lambda what: None,
) -> ImportReport:
    """Takes in `rows`, the loans of a book as they stood on `as_of`, and flushes.

    today: a date of the lender's zone. file_hash: SHA-256 of the file. told: is given every row that is refused and every
    figure that disagrees, as they are found. Raises NoZone where the mapping names people and nobody says where they live.
    """
    _one_at_a_time(session)
    return _Import(session, mapping, as_of, now, today, told).run(rows, file_name, file_hash)


def _one_at_a_time(session: Session) -> None:
    """A second import waits for the first to end, and then finds its loans. (On SQLite the transaction itself waits.)"""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE import_run IN EXCLUSIVE MODE"))


class NoZone(Exception):
    """People are in the file, and neither the mapping nor a lender says in which time zone they live."""


@dataclass(frozen=True)
class _Known:
    """A loan that the books hold already."""

    id: int
    fingerprint: str | None
    run_id: int | None


class _Import:
    def __init__(self, session: Session, mapping: Mapping, as_of: date, now: datetime, today: date, told: Told) -> None:
        self.session, self.mapping = session, mapping
        self.as_of, self.now, self.today = as_of, now, today
        self.told = told
        self.report = ImportReport(as_of)
        self.product = _product(session, mapping, now)
        self.branches: dict[str, int] = dict(session.execute(select(Branch.name, Branch.id)).all())
        self.officers: dict[str, int] = dict(session.execute(select(Staff.email, Staff.id)).all())
        lender = session.scalars(select(Lender)).first()
        self.places = lender.ceilings if lender else []
        self.people = self._people(lender)
        # Whose loan a number is: of this book, or of another that numbers alike.
        self.book_of_run: dict[int | None, str] = {
            run_id: source["book"]["name"]
            for run_id, source in session.execute(select(ImportRun.id, ImportRun.mapping))
        }

    def _people(self, lender: Lender | None) -> People | None:
        if self.mapping.people is None:
            return None
        zone = self.mapping.people.zone or (lender.zone if lender else None)
        if zone is None:
            raise NoZone("[people] zone is missing in the mapping, and there is no lender whose zone could stand in.")
        return People(self.session, zone, self.mapping.people.language, self.now)

    def run(self, rows: Iterable[LoanRow | RowError], file_name: str, file_hash: str) -> ImportReport:
        report = self.report
        report.before.loans, report.before.principal = self._totals()
        before = self._loans_of_book()
        self.import_run = ImportRun(
            file_name=file_name,
            file_hash=file_hash,
            mapping=_plain(self.mapping.source),
            as_of=self.as_of,
            totals={},
            recorded_at=self.now,
        )
        self.session.add(self.import_run)
        self.session.flush()
        self.book_of_run[self.import_run.id] = self.mapping.book
        readable = self._sift(rows)
        while batch := list(islice(readable, BATCH)):
            self._take(batch)
        report.after.loans, report.after.principal = self._totals()
        report.not_in_file = max(before - report.changed - report.same, 0)
        report.waiting = self._loans_of_book(~Loan.people.any())
        if self.people:
            report.people_created, report.people_changed = self.people.created, self.people.changed
        run = self.import_run
        run.totals = report.to_dict()
        counts = {"loans": report.loans, "created": report.created, "changed": report.changed, "errors": report.errors}
        emit(self.session, "book.imported", "import_run", run.id, self.now, counts)
        audit(self.session, SYSTEM, "import_book", "done", "import_run", run.id, self.now, counts)
        self.session.flush()
        return report

    def _totals(self) -> tuple[int, Counter[str]]:
        """Loans of the whole books, and their principal by currency."""
        found = self.session.execute(
            select(Loan.currency, func.count(), func.sum(Loan.principal)).group_by(Loan.currency)
        )
        loans, principal = 0, Counter[str]()
        for currency, count, total in found:
            loans += count
            principal[currency] = int(total)
        return loans, principal

    def _loans_of_book(self, *where: ColumnElement[bool]) -> int:
        runs = [run_id for run_id, book in self.book_of_run.items() if book == self.mapping.book]
        query = select(func.count()).select_from(Loan).where(Loan.import_run_id.in_(runs), *where)
        return self.session.scalar(query) or 0

    def _sift(self, rows: Iterable[LoanRow | RowError]) -> Iterator[LoanRow]:
        line = 0
        for row in rows:
            if isinstance(row, LoanRow):
                yield row
                continue
            self.told(row)
            if row.is_duplicate:
                self.report.duplicates += 1
            elif row.line != line:
                self.report.errors += 1
                line = row.line

    def _refuse(self, row: LoanRow, ours: str, value: str | None, code: str, **details: object) -> None:
        reason = Unreadable(code, **details)
        self.report.errors += 1
        self.told(RowError(row.line, self.mapping.columns.get(ours, ""), value or "", code, reason.details))

    def _take(self, batch: list[LoanRow]) -> None:
        """Makes, brings along or leaves alone the loans of one batch."""
        known = self._known([self.mapping.prefix + row.loan_number for row in batch])
        made: list[tuple[LoanRow, dict[str, Any]]] = []
        moved: dict[int, tuple[LoanRow, dict[str, Any], Figures]] = {}
        for row in batch:
            reference = self.mapping.prefix + row.loan_number
            loan = known.get(reference)
            if loan and self.book_of_run.get(loan.run_id) != self.mapping.book:
                book = self.book_of_run.get(loan.run_id, "none: it was entered here")
                self._refuse(row, "loan_number", row.loan_number, "other_book", book=book)
                continue
            if row.officer and row.officer.lower() not in self.officers:
                self._refuse(row, "officer", row.officer, "unknown_officer")
                continue
            try:
                ours = figures(row, self.mapping, self.as_of, self.today)
            except DomainError as error:
                self._refuse(row, "principal", str(row.principal), "terms_refused", why=error.sentence)
                continue
            fingerprint = self._fingerprint(row)
            if loan and loan.fingerprint == fingerprint:
                self._compare(row, ours)
                self.report.same += 1
                self.report.before.not_received[row.currency] += _awaited(row, ours)
                continue
            columns = self._columns(row, ours) | {"fingerprint": fingerprint}
            if loan:
                moved[loan.id] = (row, columns, ours)
            else:
                self._compare(row, ours)
                made.append((row, columns | {"reference": reference}))
        self._insert(made)
        self._bring_along(moved)

    def _known(self, references: list[str]) -> dict[str, _Known]:
        query = select(Loan.reference, Loan.id, Loan.fingerprint, Loan.import_run_id).where(
            Loan.reference.in_(references)
        )
        found = self.session.execute(query)
        return {reference: _Known(loan_id, mark, run_id) for reference, loan_id, mark, run_id in found}

    def _fingerprint(self, row: LoanRow) -> str:
        """Of all that the file states of the loan, and of the product that the mapping gives it. Keyed, since a person's
        details are in it."""
        terms = self.mapping.product
        stated = repr((row[1:], self.product.id, terms.method.value, terms.frequency, self.mapping.branch))
        return keyring(self.session).lookup("loan_row", stated)

    def _compare(self, row: LoanRow, ours: Figures) -> None:
        report = self.report
        if ours.installment_agrees is not None:
            report.installment_compared += 1
            report.installment_agrees += ours.installment_agrees
        if ours.balance_agrees is not None:
            report.balance_compared += 1
            report.balance_agrees += ours.balance_agrees
        for disagreement in ours.disagreements:
            report.overdue_disagrees += disagreement.what == "overdue"
            self.told(disagreement)
        dear = above_ceilings(row, ours, self.places)
        report.above_ceiling += bool(dear)
        for one in dear:
            self.told(one)
        report.after.not_received[row.currency] += _awaited(row, ours)

    def _columns(self, row: LoanRow, ours: Figures) -> dict[str, Any]:
        """The loan's columns as the row states them."""
        is_open = row.status in ("current", "overdue") and not ours.today.is_paid_off
        stated = {"principal": row.paid_principal, "interest": row.paid_interest, "fees": row.paid_fees}
        return {
            "branch_id": self._branch(row.branch),
            "product_id": self.product.id,
            **terms_columns(ours.terms),
            "status": "open" if is_open else "written_off" if row.status == "written_off" else "paid_off",
            "next_due_on": ours.today.next_due_on if is_open else None,
            "overdue_since": ours.today.overdue_since if is_open else None,
            # The lender's own word of what was paid stays beside the position that follows from it.
            "opening": ours.opening.to_dict() | {"stated_paid": stated},
            "import_run_id": self.import_run.id,
            "stated_status": row.status_word,
            "stated_installment": row.stated_installment,
            "stated_balance": row.stated_balance,
            "stated_overdue": row.stated_overdue,
        }

    def _branch(self, name: str | None) -> int:
        name = name or self.mapping.branch or next(iter(self.branches), FIRST_BRANCH)
        if name not in self.branches:
            branch = Branch(name=name)
            self.session.add(branch)
            self.session.flush()
            self.branches[name] = branch.id
        return self.branches[name]

    def _insert(self, made: list[tuple[LoanRow, dict[str, Any]]]) -> None:
        if not made:
            return
        new = {"reminders_on": False, "recorded_at": self.now}
        self.session.execute(insert(Loan), [columns | new | {"public_id": secrets.token_hex(8)} for _, columns in made])
        self.report.created += len(made)
        named = [(row, columns) for row, columns in made if row.person]
        if not named:
            return
        ids = self._known([columns["reference"] for _, columns in named])
        for (_, columns), borrower in zip(named, self._borrowers(named), strict=True):
            if borrower is not None:
                loan_id = ids[columns["reference"]].id
                self.session.add(LoanPerson(loan_id=loan_id, borrower_id=borrower.id, role="borrower"))
        self.session.flush()

    def _borrowers(self, named: list[tuple[LoanRow, dict[str, Any]]]) -> list[Borrower | None]:
        if self.people is None:
            return [None] * len(named)
        wanted = [
            Wanted(row.person, columns["branch_id"], self.officers[row.officer.lower()] if row.officer else None)
            for row, columns in named
            if row.person
        ]
        return self.people.find_or_add(wanted)

    def _bring_along(self, moved: dict[int, tuple[LoanRow, dict[str, Any], Figures]]) -> None:
        """Changes loans that the books have with other contents. Payments that the books know and the file's day
        includes are counted as part of the new opening position, so that none counts twice."""
        if not moved:
            return
        loading = (selectinload(Loan.entries), selectinload(Loan.versions), selectinload(Loan.people))
        query = select(Loan).where(Loan.id.in_(moved)).options(*loading).execution_options(populate_existing=True)
        loans = {loan.id: loan for loan in self.session.scalars(query)}
        waiting = set(self.session.scalars(_open_requests(list(moved))))
        named = [(loan_id, (row, columns)) for loan_id, (row, columns, _) in moved.items() if row.person]
        borrowers = dict(
            zip((loan_id for loan_id, _ in named), self._borrowers([one for _, one in named]), strict=True)
        )
        for loan_id, (row, columns, ours) in moved.items():
            loan, borrower = loans[loan_id], borrowers.get(loan_id)
            if not self._link(loan, borrower, row):
                continue
            self._compare(row, ours)
            if loan.status != "written_off":
                self.report.before.not_received[loan.currency] += _not_received(self.session, loan, self.as_of)
            self.report.changed += 1
            self.report.in_request += loan_id in waiting
            counted = [str(entry.id) for entry in loan.entries if _is_held(entry, self.as_of)]
            opening = columns["opening"] | {"counted": counted}
            if loan.versions:
                # An agreed schedule is the portal's own; the file's terms and position are not laid over it.
                self.report.in_plan += 1
                columns = {name: value for name, value in columns.items() if name in _STATED}
            else:
                columns = columns | {"opening": opening}
            for name, value in columns.items():
                setattr(loan, name, value)
            self.session.flush()
            if (loan.entries or loan.versions) and loan.status == "open":
                self.session.expire(loan, ["product"])
                refresh_due(self.session, loan, self.today)
        self.session.flush()

    def _link(self, loan: Loan, borrower: Borrower | None, row: LoanRow) -> bool:
        """Links the loan to its borrower. Whether that could be: a loan never changes hands by a file."""
        now = [person.borrower_id for person in loan.people if person.role == "borrower"]
        if borrower is None or borrower.id in now:
            return True
        if now:
            self._refuse(row, "client_number", row.person.client_number if row.person else None, "other_person")
            return False
        loan.people.append(LoanPerson(borrower_id=borrower.id, role="borrower"))
        return True


# What an agreed schedule leaves standing of a changed row.
_STATED = ("fingerprint", "import_run_id", "stated_status", "stated_installment", "stated_balance", "stated_overdue")


def _product(session: Session, mapping: Mapping, now: datetime) -> Product:
    """The version of the mapping's product that has its conventions; the next version where none has."""
    name, conventions = mapping.product.name, mapping.product.conventions.to_dict()
    versions = session.scalars(select(Product).where(Product.name == name).order_by(Product.version.desc())).all()
    for product in versions:
        if product.conventions == conventions:
            return product
    product = Product(
        name=name, version=versions[0].version + 1 if versions else 1, conventions=conventions, recorded_at=now
    )
    session.add(product)
    session.flush()
    return product


def _not_received(session: Session, loan: Loan, on: date) -> int:
    return statement(loan_account(session, loan), on).overdue


def _awaited(row: LoanRow, ours: Figures) -> int:
    """What is not received; nothing more is awaited of a loan that was written off."""
    return 0 if row.status == "written_off" else ours.then.overdue


def _is_held(entry: LedgerEntry, as_of: date) -> bool:
    return entry.effective_on <= as_of


def _open_requests(loan_ids: list[int]) -> Any:
    return select(HardshipRequest.loan_id).where(HardshipRequest.loan_id.in_(loan_ids), HardshipRequest.is_open)


def _plain(value: Any) -> Any:
    """TOML's values as JSON holds them."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
