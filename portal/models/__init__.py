"""Every table of the portal. Import from here."""

from portal.models.access import AccessCode, Attempt, KeptForm, Link, LinkAsked, Submission, WebSession
from portal.models.audit import AuditEntry, Event
from portal.models.borrower import Borrower, ContactWish, Correction, StoppedNumber
from portal.models.check_in import CheckIn
from portal.models.complaint import Complaint
from portal.models.consent import GuarantorConsent
from portal.models.contact import Contact, Hold
from portal.models.dispute import Dispute
from portal.models.document import Document
from portal.models.hardship import HardshipRequest, HardshipStep, Offer, Question
from portal.models.lender import Branch, Lender, Product
from portal.models.letter import Letter
from portal.models.loan import ImportRun, LedgerEntry, Loan, LoanPerson, ScheduleVersion
from portal.models.message import IncomingText, Message, MessageReceipt, OutboxText
from portal.models.payment_notice import PaidNotice, Promise
from portal.models.plan import Plan
from portal.models.staff import Staff

__all__ = [
    "AccessCode",
    "Attempt",
    "AuditEntry",
    "Borrower",
    "Branch",
    "CheckIn",
    "Complaint",
    "Contact",
    "ContactWish",
    "Correction",
    "Dispute",
    "Document",
    "Event",
    "GuarantorConsent",
    "HardshipRequest",
    "HardshipStep",
    "Hold",
    "ImportRun",
    "IncomingText",
    "KeptForm",
    "LedgerEntry",
    "Lender",
    "Letter",
    "Link",
    "LinkAsked",
    "Loan",
    "LoanPerson",
    "Message",
    "MessageReceipt",
    "Offer",
    "OutboxText",
    "PaidNotice",
    "Plan",
    "Product",
    "Promise",
    "Question",
    "ScheduleVersion",
    "Staff",
    "StoppedNumber",
    "Submission",
    "WebSession",
]
