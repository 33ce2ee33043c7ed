"""What `portal import-book` tells on a terminal, and the files that it leaves beside the book."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from unicodedata import east_asian_width

import click

from portal import formats
from portal.domain.money import to_decimal
from portal.exchange.loan_book import LoanRow
from portal.exchange.preview import CellPreview, Preview
from portal.exchange.row_errors import RowError
from portal.exchange.spreadsheet import ERROR_COLUMNS, SpreadsheetFile, error_cells
from portal.services.book_figures import AboveCeiling, Disagreement
from portal.services.book_report import ImportReport

LANGUAGE = "en"
SHOWN = 10
LONGEST_CELL = 30
DISAGREEMENT_COLUMNS = ("line", "loan_number", "what", "file", "ours", "difference", "currency")
CEILING_COLUMNS = ("line", "loan_number", "place", "measure", "percent_a_year", "ceiling")
MEASURES = {"rate": "rate", "effective": "effective rate", "apr": "APR"}
WHAT = {
    "installment": "the installment",
    "balance": "the principal left",
    "principal_paid": "the principal paid",
    "overdue": "what is overdue",
}


class Findings:
    """Rows that were refused, figures that disagree and loans above a ceiling: the first of each to show, all of them in
    files. Refused rows go beside the book unless another place is named, loans above a ceiling beside them; figures go where
    a place is named."""

    def __init__(self, book: Path, errors_file: Path | None, disagreements_file: Path | None) -> None:
        self.errors = SpreadsheetFile(errors_file or book.with_name(f"{book.stem}.errors.csv"), ERROR_COLUMNS)
        self.disagreements = (
            SpreadsheetFile(disagreements_file, DISAGREEMENT_COLUMNS) if disagreements_file is not None else None
        )
        beside = self.errors.path
        self.ceilings = SpreadsheetFile(beside.with_name(f"{book.stem}.above_ceiling.csv"), CEILING_COLUMNS)
        self.first_above: list[AboveCeiling] = []
        self.disagreeing = 0
        self.first_errors: list[RowError] = []
        self.first_disagreements: list[Disagreement] = []

    def add(self, found: RowError | Disagreement | AboveCeiling) -> None:
        if isinstance(found, RowError):
            self.errors.add(error_cells(found))
            if len(self.first_errors) < SHOWN:
                self.first_errors.append(found)
            return
        if isinstance(found, AboveCeiling):
            self.ceilings.add((found.line, found.loan_number, found.place, found.measure, found.cost, found.ceiling))
            if len(self.first_above) < SHOWN:
                self.first_above.append(found)
            return
        self.disagreeing += 1
        if self.disagreements is not None:
            figures = (found.stated, found.ours, found.stated - found.ours)
            amounts = [to_decimal(minor, found.currency) for minor in figures]
            self.disagreements.add((found.line, found.loan_number, found.what, *amounts, found.currency))
        if len(self.first_disagreements) < SHOWN:
            self.first_disagreements.append(found)

    def close(self) -> None:
        self.errors.close()
        self.ceilings.close()
        if self.disagreements is not None:
            self.disagreements.close()

    def files(self) -> dict[str, str]:
        """The files that were written, by what they hold."""
        files = {
            "errors_file": self.errors,
            "disagreements_file": self.disagreements,
            "above_ceiling_file": self.ceilings,
        }
        return {name: str(file.path) for name, file in files.items() if file is not None and file.rows}


def _money(minor: int, currency: str) -> str:
    return formats.money(minor, currency, LANGUAGE)


def print_preview(book: Path, shown: Preview) -> None:
    """Each column with its first cell and what it was taken for, and what a person has to look at."""
    click.echo(f"What we understood of {book.name}")
    width = max(_columns(column.column) for column in shown.columns)
    for column in shown.columns:
        first = next((cell for cell in column.cells if cell.raw.strip()), None)
        name = column.column + " " * (width - _columns(column.column))
        click.echo(f"  {name}  {column.read_as or '(left out)':19} {_cell(first, column.read_as)}")
    refused = [cell for column in shown.columns for cell in column.cells if cell.refusal]
    for cell in refused[:SHOWN]:
        click.echo(f"  Can't be read: {_cut(cell.raw)}. {cell.refusal}")
    for concern in shown.concerns:
        click.echo(f"  Please check {concern.column}. {concern.sentence}")


def _cell(cell: CellPreview | None, read_as: str | None) -> str:
    if cell is None:
        return ""
    if read_as is None or cell.refusal or cell.read in (None, cell.raw):
        return _cut(cell.raw)
    return f"{_cut(cell.raw)} → {_cut(cell.read or '')}"


def _columns(text: str) -> int:
    """How many columns of a terminal `text` takes: Chinese takes two a character."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def print_file_totals(rows: Iterable[LoanRow | RowError]) -> None:
    """The file's own totals, to be compared with what the lender's system says before anything is stored."""
    loans, refused = 0, set()
    principal, balance = Counter[str](), Counter[str]()
    for row in rows:
        if isinstance(row, RowError):
            refused.add(row.line)
            continue
        loans += 1
        principal[row.currency] += row.principal
        balance[row.currency] += row.stated_balance or 0
    click.echo(f"In the file: {_count(loans, 'loan')}; {_count(len(refused), 'row')} can't be taken in.")
    for currency, total in principal.items():
        click.echo(f"  Principal {_money(total, currency)}, of which left {_money(balance[currency], currency)}.")


def print_report(report: ImportReport, findings: Findings, kept: bool, seconds: float) -> None:
    """Counts, control totals, and the first of what was refused or disagrees."""
    lines = _control_totals(report)
    widths = [max(len(line[place]) for line in lines) for place in range(3)]
    click.echo(f"\nControl totals, as of {report.as_of}")
    for name, before, after in lines:
        click.echo(f"  {name:{widths[0]}}  {before:>{widths[1]}}  {after:>{widths[2]}}")
    click.echo(
        f"\nInstallments that agree with ours: {report.installment_agrees:,} of {report.installment_compared:,}. "
        f"Balances of current loans: {report.balance_agrees:,} of {report.balance_compared:,}."
    )
    notes = (
        (report.waiting, "wait to be linked to a person"),
        (report.in_plan, "follow an agreed schedule, and their position is left as it is"),
        (report.in_request, "have a request open"),
        (report.not_in_file, "of this book are not in the file, and are left as they are"),
    )
    for count, what in notes:
        if count:
            click.echo(f"{_count(count, 'loan')} {what}.")
    if findings.disagreeing:
        click.echo(f"\nFigures that disagree: {findings.disagreeing:,}. Both stand until somebody decides.")
        for one in findings.first_disagreements:
            file, ours = _money(one.stated, one.currency), _money(one.ours, one.currency)
            click.echo(
                f"  line {one.line}, loan {one.loan_number}: {WHAT[one.what]} is {file} in the file, {ours} by us"
            )
        where = findings.files().get("disagreements_file", "name a file with --disagreements")
        click.echo(f"  All of them: {where}")
    if report.above_ceiling:
        click.echo(
            f"\nAbove a ceiling on the cost of credit: {_count(report.above_ceiling, 'loan')}. Taken in all the same."
        )
        for dear in findings.first_above:
            click.echo(
                f"  line {dear.line}, loan {dear.loan_number}: {MEASURES[dear.measure]} {dear.cost} % a year, "
                f"at most {dear.ceiling} % in {dear.place}"
            )
        click.echo(f"  All of them: {findings.ceilings.path}")
    if findings.errors.rows:
        click.echo(f"\nRows that can't be taken in: {report.errors:,}. Said twice: {report.duplicates:,}.")
        for error in findings.first_errors:
            click.echo(f"  line {error.line}{', ' if error.column else ''}{error.column}: {_cut(error.value)}")
            click.echo(f"    {error.sentence}")
        click.echo(f"  All of them: {findings.errors.path}")
    click.echo(f"\n{'Taken in' if kept else 'Nothing was kept'}, after {seconds} s.")


def _control_totals(report: ImportReport) -> list[tuple[str, str, str]]:
    before, after = report.before, report.after
    lines = [
        ("", "before", "after"),
        ("Loans", f"{before.loans:,}", f"{after.loans:,}"),
        ("New", "", f"{report.created:,}"),
        ("Changed", "", f"{report.changed:,}"),
        ("As they were", "", f"{report.same:,}"),
    ]
    for name, was, now in (
        ("Principal", before.principal, after.principal),
        ("Not received", before.not_received, after.not_received),
    ):
        for currency in sorted(set(was) | set(now)):
            lines.append((f"{name}, {currency}", _money(was[currency], currency), _money(now[currency], currency)))
    return lines


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
