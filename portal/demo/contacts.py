"""What the lender did and promised in the last months, for one borrower of each language: texts, a visit, a call that broke
a promise, and what came of the complaint about it."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import local_date
from portal.db import keyring
from portal.demo.people import FEATURED, OFFICER, SUPERVISOR, ZONE
from portal.messaging.texts import Signature, sms
from portal.models import Borrower, Contact, Lender, Loan, LoanPerson, Message, Staff
from portal.queries.accounts import loan_account
from portal.queries.lender import lender_text, officer_text, the_lender
from portal.services import complaints, contact_wishes, disputes

# One borrower of each language; the last has a complaint that is open still.
TOLD_OF = (FEATURED.name, "林淑惠", "سميرة حداد", "Ravi Menon")
# A link that opens nothing, as it stood in an old text.
OLD_LINK = "https://northfield.example/l/2b3c4d5f6g7"


def tell(session: Session, staff: dict[str, Staff], now: datetime) -> None:
    """Every step at its instant; what follows from it is the services'."""
    lender = the_lender(session)
    for name in TOLD_OF:
        borrower = session.scalars(select(Borrower).where(Borrower.name == name)).one()
        loan = session.scalars(
            select(Loan).join(LoanPerson).where(LoanPerson.borrower_id == borrower.id).order_by(Loan.id).limit(1)
        ).one()
        _months(session, lender, borrower, loan, staff, now)
        if name == TOLD_OF[-1]:
            met = _spoken(session, borrower, loan, "call", staff[OFFICER], _at(borrower, now, 9, 11), "asked")
            complaints.raise_complaint(
                session,
                borrower,
                "contact",
                met,
                "other_times",
                STILL_OPEN[borrower.language],
                _at(borrower, now, 8, 19),
            )


def _months(
    session: Session, lender: Lender, borrower: Borrower, loan: Loan, staff: dict[str, Staff], now: datetime
) -> None:
    grace, daniel, language = staff[OFFICER], staff[SUPERVISOR], borrower.language
    _reminders(session, lender, borrower, loan, now)
    _spoken(session, borrower, loan, "visit", grace, _at(borrower, now, 80, 17), "visit", "needs_help")
    contact_wishes.choose(session, borrower, ["text", "call"], [], "16:00", "24:00", _at(borrower, now, 75, 20))
    asked_at, answered_at = _at(borrower, now, 72, 19), _at(borrower, now, 68, 12)
    dispute = disputes.raise_dispute(session, borrower, loan, "amount", None, None, DISPUTE[language], asked_at)
    disputes.answer_dispute(session, grace, dispute, FOUND[language], answered_at)
    _went_out(session, lender, borrower, answered_at)
    called = _spoken(session, borrower, loan, "call", grace, _at(borrower, now, 49, 10), "call", "other_time")
    complaint = complaints.raise_complaint(
        session, borrower, "contact", called, "apology", COMPLAINT[language], _at(borrower, now, 48, 20)
    )
    complaints.open_complaint(session, daniel, complaint, _at(borrower, now, 47, 10))
    answered_at = _at(borrower, now, 42, 15)
    complaints.answer_complaint(session, daniel, complaint, "upheld", ANSWER[language], answered_at)
    _went_out(session, lender, borrower, answered_at)
    contact_wishes.choose(session, borrower, ["text", "email", "letter"], [], None, None, _at(borrower, now, 41, 9))


def _at(borrower: Borrower, now: datetime, days_ago: int, hour: int) -> datetime:
    """An hour of the borrower's clock, so many days ago."""
    day = local_date(now, borrower.zone) - timedelta(days=days_ago)
    return datetime.combine(day, time(hour, 15), ZoneInfo(borrower.zone))


def _spoken(
    session: Session,
    borrower: Borrower,
    loan: Loan,
    form: str,
    staff: Staff,
    at: datetime,
    said: str,
    outcome: str | None = None,
) -> Contact:
    contact = Contact(
        borrower_id=borrower.id,
        loan_id=loan.id,
        form=form,
        unit="conversation",
        purpose="reminder",
        phone_hash=borrower.phone_hash if form == "call" else None,
        staff_id=staff.id,
        outcome=outcome,
        words_sealed=keyring(session).seal("words", SAID[said][borrower.language]),
        at=at,
    )
    session.add(contact)
    session.flush()
    return contact


def _reminders(session: Session, lender: Lender, borrower: Borrower, loan: Loan, now: datetime) -> None:
    """Texts of the last months, three days before a payment."""
    today = local_date(now, ZONE)
    rows = [row.due_on for row in loan_account(session, loan).schedule.installments]
    due = [day for day in rows if timedelta(days=25) < today - day < timedelta(days=110)][-3:]
    for due_on in due:
        at = _at(borrower, now, (local_date(now, borrower.zone) - due_on).days + 3, 16)
        _text(session, lender, borrower, loan, due_on, at)


def _text(session: Session, lender: Lender, borrower: Borrower, loan: Loan, due_on: date, at: datetime) -> None:
    message = Message(
        borrower_id=borrower.id,
        loan_id=loan.id,
        due_on=due_on,
        step="due-3",
        purpose="reminder",
        form="text",
        template="reminder_before",
        facts={},
        status="planned",
        send_after=at,
        planned_at=at,
    )
    session.add(message)
    session.flush()
    _went_out(session, lender, borrower, at)


def _went_out(session: Session, lender: Lender, borrower: Borrower, at: datetime) -> None:
    """What was planned at this instant went out then, as the outbox would have written it down."""
    planned = select(Message).where(
        Message.borrower_id == borrower.id, Message.status == "planned", Message.planned_at == at
    )
    for message in session.scalars(planned).all():
        language = borrower.language
        officer = officer_text(borrower.officer, language).name if borrower.officer else None
        words = sms(message.template, language, Signature(lender_text(lender, language).name, officer), OLD_LINK)
        message.status, message.settled_at, message.claimed_at, message.language = "sent", at, at, language
        message.text_sealed = keyring(session).seal("text", words)
        session.add(
            Contact(
                borrower_id=borrower.id,
                loan_id=message.loan_id,
                form="text",
                unit="attempt",
                purpose=message.purpose,
                phone_hash=borrower.phone_hash,
                message_id=message.id,
                at=at,
            )
        )
    session.flush()


SAID = {
    "visit": {
        "en": "You chose the place, the tea house on Mill Road. You said: fewer shifts since September. Agreed: you write "
        "when you are ready.",
        "zh-Hans": "地点是您选的，磨坊路茶室。您说：九月起排班少了。说好：您想清楚了就提申请。",
        "zh-Hant": "地點是您選的，磨坊路茶館。您說：九月起排班少了。說好：您想清楚了再提申請。",
        "ar": "اخترتم المكان، وهو المقهى في شارع الطاحونة. قلتم إن أيام العمل قلّت. اتفقنا أن تكتبوا حين تكونون مستعدين.",
    },
    "call": {
        "en": "You said that you cannot talk at work. It was before 4, and we had promised not to call then.",
        "zh-Hans": "您说上班不方便接。我们答应过四点以后才打，这次没做到。",
        "zh-Hant": "您說上班不方便接。我們答應過四點以後才打，這次沒做到。",
        "ar": "قلتم إنكم لا تستطيعون التحدث في العمل. كان ذلك قبل الرابعة، وكنا وعدنا ألا نتصل حينها.",
    },
    "asked": {"en": "We asked whether the new day suits you. You said that you had asked for no calls."},
}
DISPUTE = {
    "en": "A transfer of last month is not here.",
    "zh-Hans": "上个月有一笔转账没有算进去。",
    "zh-Hant": "上個月有一筆轉帳沒有算進去。",
    "ar": "حوالة من الشهر الماضي غير ظاهرة هنا.",
}
FOUND = {
    "en": "You are right. It had come under another number, and stands on your account now. Thank you for looking.",
    "zh-Hans": "您说得对。这笔钱记在别的编号下了，现在已经算到您的账上。谢谢您仔细看。",
    "zh-Hant": "您說得對。這筆錢記在別的編號下了，現在已經算到您的帳上。謝謝您仔細看。",
    "ar": "أنتم على حق. كانت مسجّلة تحت رقم آخر، وهي الآن في حسابكم. شكرًا لانتباهكم.",
}
COMPLAINT = {
    "en": "The call came at 10.15 while I was serving. I had said after 4. My boss was standing there.",
    "zh-Hans": "我正在招呼客人，10:15 打来。我说过四点以后。老板就站在旁边。",
    "zh-Hant": "我正在招呼客人，10:15 打來。我說過四點以後。老闆就站在旁邊。",
    "ar": "جاءت المكالمة في 10:15 وأنا أخدم الزبائن. كنت قد قلت بعد الرابعة. وكان المدير واقفًا.",
}
ANSWER = {
    "en": "You are right, and I am sorry. You had said after 4, and we did not look. I have spoken with the team: whoever "
    "calls now sees your hours first.",
    "zh-Hans": "您说得对，很抱歉。您说过四点以后，我们没有看。我已经跟同事说清楚了：现在打电话之前，先看到您选的时间。",
    "zh-Hant": "您說得對，很抱歉。您說過四點以後，我們沒有看。我已經跟同事說清楚了：現在打電話之前，先看到您選的時間。",
    "ar": "أنتم على حق، وأعتذر لكم. كنتم قد قلتم بعد الرابعة ولم ننتبه. تحدثت مع الفريق: من يتصل الآن يرى ساعاتكم أولًا.",
}
STILL_OPEN = {"en": "I had asked for no calls at all, and one came again."}
