"""What happened to some of the demo's borrowers in the last weeks: asked, answered, agreed, kept, disputed.

Each step is taken by the service that takes it for real people, at the instant when it would have been taken.
"""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.clock import local_date
from portal.demo import correspondence
from portal.demo.people import OFFICER, SUPERVISOR, ZONE, noon
from portal.domain.options import plan_options
from portal.domain.policy import Limits
from portal.domain.restructuring import PlanTerms
from portal.models import HardshipRequest, Loan, Staff
from portal.queries.accounts import loan_account
from portal.services import decisions, disputes, requests
from portal.services import loans as ledger
from portal.services.hardship import Done, Outcome


class DemoWentWrong(Exception):
    """A step of the demo's history was refused, which no visitor should meet."""


def tell(session: Session, late: list[Loan], few: list[Loan], staff: dict[str, Staff], now: datetime) -> None:
    """Requests about loans that are months late (`late`) or a few days (`few`), up to `now`."""
    grace, daniel = staff[OFFICER], staff[SUPERVISOR]
    today = local_date(now, ZONE)
    for days, loan in zip((40, 33, 26, 19, 12), late[:5], strict=True):
        _in_plan(session, loan, daniel, noon(today - timedelta(days=days)), today)
    _asks(session, late[5], "less_work", now - timedelta(days=6, hours=3))
    _asks(session, late[6], "illness", now - timedelta(days=4, hours=20), with_budget=False)
    _asks(session, few[0], "slow_business", now - timedelta(days=1, hours=2))
    asked = _asks(session, few[1], "new_cost", now - timedelta(days=3))
    _done(decisions.ask(session, grace, asked, asked.version, QUESTION[asked.language], now - timedelta(days=2)))
    offered = _asks(session, few[2], "less_work", now - timedelta(days=3, hours=5))
    _offer_pause(session, offered, grace, now - timedelta(days=1, hours=6))
    told = few[3]
    disputes.raise_dispute(
        session,
        told.people[0].borrower,
        told,
        "amount",
        None,
        None,
        DISPUTE[told.people[0].borrower.language],
        now - timedelta(days=2, hours=1),
    )
    correspondence.exchange(session, asked.borrower, told.people[0].borrower, grace, now)
    correspondence.a_payslip(session, asked, now - timedelta(days=3))


def _asks(
    session: Session, loan: Loan, change: str, at: datetime, option: str | None = None, with_budget: bool = True
) -> HardshipRequest:
    """A borrower tells what happened, leaves a budget or not, proposes a plan and sends it, at the instant `at`."""
    borrower = next(part.borrower for part in loan.people if part.role == "borrower")
    request = requests.begin(session, borrower, loan, borrower.language, at)
    _done(requests.save(session, borrower, request, at, change=change))
    _done(requests.save(session, borrower, request, at, lasting="three_months"))
    _done(requests.save(session, borrower, request, at, words=WORDS[borrower.language]))
    account, today = loan_account(session, loan), local_date(at, ZONE)
    left_over = None
    if with_budget:
        usual = max(row.total for row in account.schedule.installments)
        out = usual * 5
        left_over = usual * 3 // 4 * (4 if loan.unit == "weeks" else 1)
        lines = {"wages": out + left_over, "home": out // 2, "food": out - out // 2}
        _done(requests.save(session, borrower, request, at, budget=lines, left_over=left_over))
    limits = Limits().options()
    options = plan_options(account, today, left_over, limits)
    chosen = next((found for found in options if found.code == option), options[0])
    _done(requests.propose(session, borrower, request, chosen.code, chosen.plan, at))
    _done(requests.send(session, borrower, request, request.version, at))
    return request


def _in_plan(session: Session, loan: Loan, staff: Staff, at: datetime, today: date) -> None:
    """A request that was agreed to the same day, and is being kept since."""
    request = _asks(session, loan, "less_work", at)
    agreed_at = at + timedelta(hours=3)
    _done(decisions.approve(session, staff, request, request.version, LETTER[request.language], agreed_at))
    for row in loan_account(session, loan).schedule.installments:
        if local_date(agreed_at, ZONE) <= row.due_on < today:
            ledger.record_payment(session, loan, row.total, row.due_on, noon(row.due_on), row.due_on, source="demo")


def _offer_pause(session: Session, request: HardshipRequest, staff: Staff, at: datetime) -> None:
    """The officer adds something to what was asked: nothing for one payment, then as asked."""
    asked = PlanTerms.from_dict(request.proposed or {})
    terms = PlanTerms(pause=1, amount=asked.amount, extend_by=asked.extend_by, arrears=asked.arrears)
    _done(decisions.offer(session, staff, request, request.version, terms, LETTER[request.language], at))


def _done(outcome: Outcome) -> None:
    if not isinstance(outcome, Done):
        raise DemoWentWrong(f"{outcome.code} {outcome.params}")


WORDS = {
    "zh-Hans": "上个月店里关了，工时少了一半，孩子也刚开学。等过完年应该会好一些。",
    "zh-Hant": "上個月店裡休息，工時少了一半，孩子也剛開學。過完年應該會好一點。",
    "en": "The shop closed last month and my hours were cut in half. My daughter has just started school. "
    "I expect it to get better in the new year.",
    "ar": "أُغلق المحل الشهر الماضي وانخفضت ساعات عملي إلى النصف. أتوقع أن تتحسن الأمور بعد أشهر قليلة.",
}
QUESTION = {
    "zh-Hans": "谢谢您告诉我。您现在大概知道工时什么时候会恢复吗？知道或不知道都没关系。",
    "zh-Hant": "謝謝您告訴我。您現在大概知道工時什麼時候會恢復嗎？知道或不知道都沒關係。",
    "en": "Thank you for telling me. Do you know yet when your hours may come back? Either answer is fine.",
    "ar": "شكرًا لإخباري. هل تعرفون متى قد تعود ساعات العمل؟ أي إجابة مناسبة.",
}
LETTER = {
    "zh-Hans": "谢谢您告诉我这些。您提的办法我可以同意。有什么变化，随时告诉我。",
    "zh-Hant": "謝謝您告訴我這些。您提的辦法我可以同意。有什麼變化，隨時告訴我。",
    "en": "Thank you for telling me. I can agree to what you propose. If anything changes, tell me at any time.",
    "ar": "شكرًا لإخباري. يمكنني الموافقة على ما تقترحونه. إذا تغيّر شيء فأخبروني في أي وقت.",
}
DISPUTE = {
    "zh-Hans": "上个月我转过一笔钱，这里没有看到。",
    "zh-Hant": "上個月我轉過一筆錢，這裡沒有看到。",
    "en": "I made a transfer last month that I do not see here.",
    "ar": "حوّلت مبلغًا الشهر الماضي ولا أراه هنا.",
}
