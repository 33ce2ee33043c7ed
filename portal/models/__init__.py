"""Every table of the portal. Import from here."""

from portal.models.access import Attempt, Link, Submission, WebSession
from portal.models.audit import AuditEntry, Event
from portal.models.borrower import Borrower, StoppedNumber
from portal.models.contact import Contact, Hold
from portal.models.dispute import Dispute
from portal.models.hardship import HardshipRequest, HardshipStep, Offer, Question
from portal.models.lender import Branch, Lender, Product
from portal.models.loan import ImportRun, LedgerEntry, Loan, LoanPerson, ScheduleVersion
from portal.models.message import Message, OutboxText
from portal.models.plan import Plan
from portal.models.staff import Staff

__all__ = [
    "Attempt",
    "AuditEntry",
    "Borrower",
    "Branch",
    "Contact",
    "Dispute",
    "Event",
    "HardshipRequest",
    "HardshipStep",
    "Hold",
    "ImportRun",
    "LedgerEntry",
    "Lender",
    "Link",
    "Loan",
    "LoanPerson",
    "Message",
    "Offer",
    "OutboxText",
    "Plan",
    "Product",
    "Question",
    "ScheduleVersion",
    "Staff",
    "StoppedNumber",
    "Submission",
    "WebSession",
]
