"""The lender of this deployment, in the words of a language."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import languages
from portal.models import Lender, Staff


@dataclass(frozen=True)
class CrisisLine:
    """Somebody who listens, day or night: whom one reaches, and the number."""

    name: str
    phone: str


@dataclass(frozen=True)
class LenderText:
    """What every page says of the lender. `crisis_lines` are those that speak the reader's language."""

    name: str
    address: str
    phone: str
    hours: str
    credit_record: str | None
    time_limit: str | None
    crisis_lines: tuple[CrisisLine, ...]


@dataclass(frozen=True)
class Body:
    """Somebody outside the lender: who advises freely, or where a complaint may go. `what` says what they do."""

    name: str
    what: str
    phone: str
    address: str
    hours: str


@dataclass(frozen=True)
class OfficerText:
    """How an officer is named and reached, in a reader's language. `languages` are the tags that they speak."""

    name: str
    initials: str
    phone: str
    spoken: tuple[str, ...]


def the_lender(session: Session) -> Lender:
    """The one lender, read once a session (and anew after what expires it). Raises NoResultFound where `portal init` or the
    demo has not made it yet."""
    held: Lender | None = session.info.get("lender")
    if held is None or held not in session:
        held = session.info["lender"] = session.scalars(select(Lender)).one()
    return held


def in_language(texts: dict[str, Any], language: str, default: str) -> str:
    """The text for `language`; where the lender wrote none, in its own language, or whichever there is. Never the other
    Chinese script in place of English."""
    for tag in (language, languages.base(language), languages.DEFAULT, default, *texts):
        if texts.get(tag):
            return str(texts[tag])
    return ""


def lender_text(lender: Lender, language: str) -> LenderText:
    def text(texts: dict[str, Any]) -> str:
        return in_language(texts, language, lender.language)

    spoken = languages.base(language)
    return LenderText(
        name=text(lender.names),
        address=text(lender.addresses),
        phone=lender.phone,
        hours=text(lender.opening_hours),
        credit_record=text(lender.credit_record_lines) or None,
        time_limit=text(lender.time_limit_lines) or None,
        crisis_lines=tuple(
            CrisisLine(line["names"][spoken], line["phone"]) for line in lender.crisis_lines if spoken in line["names"]
        ),
    )


def bodies(entries: list[Any], lender: Lender, language: str) -> list[Body]:
    """Lender.complaint_bodies or Lender.advice, in the words of a language."""

    def text(entry: dict[str, Any], name: str) -> str:
        return in_language(entry.get(name) or {}, language, lender.language)

    return [
        Body(
            text(entry, "names"),
            text(entry, "what"),
            entry.get("phone") or "",
            text(entry, "address"),
            text(entry, "hours"),
        )
        for entry in entries
    ]


def officer_text(staff: Staff, language: str) -> OfficerText:
    name = staff.names.get(language) or staff.names.get(languages.base(language)) or staff.name
    return OfficerText(name, initials(name), staff.phone, tuple(staff.spoken))


def initials(name: str) -> str:
    """Two letters of a name in letters; the first character of one in Han or any other script."""
    words = name.split()
    if len(words) > 1 and all(word[0].isascii() for word in words):
        return words[0][0] + words[-1][0]
    return name[:1]
