"""The people whom a loan book names: found by the lender's number or by their phone, or taken in."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.db import keyring
from portal.exchange.loan_book import PersonRow
from portal.models import Borrower


@dataclass(frozen=True)
class Wanted:
    """Somebody whom a row names, and where their loan is looked after. officer_id: None where the row names nobody."""

    person: PersonRow
    branch_id: int
    officer_id: int | None


@dataclass
class People:
    """zone: IANA, and language: BCP 47, of people of whom the file says neither."""

    session: Session
    zone: str
    language: str
    now: datetime
    created: int = 0
    changed: int = 0
    _by_number: dict[str, Borrower] = field(default_factory=dict)
    _by_phone: dict[str, list[Borrower]] = field(default_factory=dict)

    def find_or_add(self, wanted: Sequence[Wanted]) -> list[Borrower | None]:
        """A borrower for each of `wanted`, with what the file states brought along. None where a number is all that the
        file states, and nobody has it."""
        self._load([one.person for one in wanted])
        found: list[Borrower | None] = []
        for one in wanted:
            borrower = self._find(one.person)
            if borrower is not None:
                self.changed += self._bring_along(borrower, one)
            elif one.person.name:
                borrower = self._add(one)
            found.append(borrower)
        self.session.flush()
        return found

    def _load(self, people: Sequence[PersonRow]) -> None:
        numbers = {person.client_number for person in people if person.client_number}
        hashes = {self._hash(person) for person in people if person.phone}
        self._by_number.clear()
        self._by_phone.clear()
        query = select(Borrower).where(or_(Borrower.client_number.in_(numbers), Borrower.phone_hash.in_(hashes)))
        for borrower in self.session.scalars(query.order_by(Borrower.id)):
            self._remember(borrower)

    def _remember(self, borrower: Borrower) -> None:
        if borrower.client_number:
            self._by_number[borrower.client_number] = borrower
        if borrower.phone_hash:
            self._by_phone.setdefault(borrower.phone_hash, []).append(borrower)

    def _hash(self, person: PersonRow) -> str:
        return keyring(self.session).lookup("phone", person.phone.e164) if person.phone else ""

    def _find(self, person: PersonRow) -> Borrower | None:
        """By the lender's number; else by phone and name. A phone alone names nobody: families share one."""
        if person.client_number and person.client_number in self._by_number:
            return self._by_number[person.client_number]
        for borrower in self._by_phone.get(self._hash(person), ()) if person.phone else ():
            other_number = borrower.client_number and person.client_number
            if not other_number and _same_name(borrower.name, person.name) and self._may_be_born(borrower, person):
                return borrower
        return None

    def _may_be_born(self, borrower: Borrower, person: PersonRow) -> bool:
        if borrower.birth_date_sealed is None or person.birth_date is None:
            return True
        return self._open("birth_date", borrower.birth_date_sealed) == person.birth_date.isoformat()

    def _open(self, kind: str, sealed: str | None) -> str | None:
        return keyring(self.session).open(kind, sealed) if sealed else None

    def _add(self, one: Wanted) -> Borrower:
        person = one.person
        borrower = Borrower(
            public_id=secrets.token_hex(8),
            client_number=person.client_number,
            branch_id=one.branch_id,
            officer_id=one.officer_id,
            name=person.name,
            greeting=person.greeting,
            language=person.language or self.language,
            zone=self.zone,
            recorded_at=self.now,
        )
        self._set_sealed(borrower, person)
        self.session.add(borrower)
        self._remember(borrower)
        self.created += 1
        return borrower

    def _bring_along(self, borrower: Borrower, one: Wanted) -> bool:
        """Sets what the file states and differs; what it leaves out stays. Whether anything changed."""
        person = one.person
        stated = {
            "client_number": person.client_number,
            "name": person.name,
            "greeting": person.greeting,
            "language": person.language,
            "officer_id": one.officer_id,
        }
        changed = False
        for column, value in stated.items():
            if value is not None and getattr(borrower, column) != value:
                setattr(borrower, column, value)
                changed = True
        return self._set_sealed(borrower, person) or changed

    def _set_sealed(self, borrower: Borrower, person: PersonRow) -> bool:
        keys = keyring(self.session)
        changed = False
        if person.phone and borrower.phone_hash != (hashed := self._hash(person)):
            borrower.phone_hash = hashed
            borrower.phone_sealed = keys.seal("phone", person.phone.e164)
            borrower.phone_typed_sealed = keys.seal("phone_typed", person.phone.typed)
            changed = True
        last_four = person.id_number[-4:].upper() if person.id_number else None
        born = person.birth_date.isoformat() if person.birth_date else None
        for kind, value in (("birth_date", born), ("id_last_four", last_four)):
            column = f"{kind}_sealed"
            if value and self._open(kind, getattr(borrower, column)) != value:
                setattr(borrower, column, keys.seal(kind, value))
                changed = True
        return changed


def _same_name(one: str, other: str | None) -> bool:
    """Whether two names are the same but for white space and case. (They are NFC already.)"""
    return "".join(one.split()).casefold() == "".join((other or "").split()).casefold()
