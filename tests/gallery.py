"""Sample data for every page of the borrower's side, so that templates can be read without a database."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace as Sample
from typing import Any

from flask import Flask, g, render_template

from portal import catalogues, languages, pictures, presentation
from portal.csrf import csrf_field
from portal.domain.contact_facts import Window
from portal.domain.contact_wishes import Wish
from portal.domain.hardship import STATUSES
from portal.domain.lender_promises import LenderPromise
from portal.forms.access import NewLinkForm, WordForm
from portal.forms.answer import OfferAnswerForm, QuestionAnswerForm
from portal.forms.check_in import ANSWER_LABELS, CheckInForm
from portal.forms.complaint import OUTCOMES, WISHES, ComplaintForm, MoreWordsForm
from portal.forms.consent import ConsentForm
from portal.forms.contact_wishes import ContactWishesForm
from portal.forms.correction import DETAILS, CorrectionForm
from portal.forms.difficulty import (
    BudgetForm,
    ChangeForm,
    LastingForm,
    PlanForm,
    SeasonForm,
    SendForm,
    WithdrawForm,
    WordsForm,
)
from portal.forms.dispute import DisputeForm
from portal.forms.documents import KINDS, PapersForm, TakeBackPaperForm
from portal.forms.letter import LetterForm
from portal.forms.payment import PaidForm, PayForm, PromiseForm, ReceiptForm, SkipForm, TakeBackForm
from portal.forms.verify import EnterForm, VerifyForm
from portal.paging import PageOf, page_of
from portal.pay_pictures import code_39, qr, skipped_box
from portal.queries.home_news import News
from portal.queries.lender import Body
from portal.queries.lender_promises import Judged
from portal.queries.own_details import CorrectionView, Seen
from portal.queries.passbook import ContactLine, Lately, OtherPerson, Planned, PlannedLine
from portal.services.kept_forms import Kept

REPOSITORY = Path(__file__).parent.parent
TODAY = date(2026, 11, 25)
LENDERS = {
    "en": ("Northfield Co-operative", "12 Mill Road", "Monday to Saturday, 9 to 6"),
    "zh-Hans": ("北田服务中心", "磨坊路 12 号", "周一至周六 9:00–18:00"),
    "zh-Hant": ("北田服務中心", "磨坊路 12 號", "週一至週六 9:00–18:00"),
    "ar": ("تعاونية نورثفيلد", "12 شارع الطاحونة", "من الاثنين إلى السبت، من 9 إلى 6"),
}
PEOPLE = {
    "en": ("Ms Chen", "Grace Lim", "GL"),
    "zh-Hans": ("陈女士", "林佩仪", "林"),
    "zh-Hant": ("陳女士", "林佩儀", "林"),
    "ar": ("السيدة سميرة حداد", "ليلى منصور", "ل"),
}
MONEY = {"en": ("USD", None), "zh-Hans": ("CNY", None), "zh-Hant": ("TWD", 0), "ar": ("USD", None)}


@dataclass(frozen=True)
class Line:
    due_on: date
    total: int
    paid: int
    state: str
    left_after: int

    @property
    def open(self) -> int:
        return self.total - self.paid


def lines(count: int = 24, paid: int = 8, unit: str = "month", amount: int = 30000) -> tuple[Line, ...]:
    """Installments of which the first `paid` are paid and the next in part, up to one that was not received at all."""
    made: list[Line] = []
    for at in range(count):
        months = 1 + at
        day = (
            date(2026 + months // 12, months % 12 + 1, 5) if unit == "month" else date(2026, 9, 16) + timedelta(7 * at)
        )
        received = amount if at < paid else 12000 if at == paid and day < TODAY else 0
        late = "part_paid" if received else "not_received"
        ahead = "to_come" if any(line.state == "next" for line in made) else "next"
        made.append(
            Line(
                day,
                amount,
                received,
                "paid" if received == amount else late if day < TODAY else ahead,
                amount * (count - at - 1),
            )
        )
    return tuple(made)


@dataclass
class Loan:
    loan_id: str = "kq7"
    ref: str = "NF-20418"
    currency: str = "USD"
    decimals: int | None = None
    lines: tuple[Line, ...] = field(default_factory=lines)
    frequency_unit: str = "month"
    frequency_every: int = 1
    rate_percent: str = "18"
    interest_kind: str = "declining"
    late_fee: str = "none"
    guarantors: tuple[str, ...] = ()
    open_request: Any = None
    open_dispute: Any = None
    agreed_plan: Any = None

    def __post_init__(self) -> None:
        late = [line for line in self.lines if line.open and line.due_on < TODAY]
        ahead = [line for line in self.lines if line.open and line.due_on >= TODAY]
        self.paid_so_far = sum(line.paid for line in self.lines)
        self.left_to_pay = sum(line.open for line in self.lines)
        self.next_due_on = ahead[0].due_on if ahead else None
        self.next_amount = ahead[0].open if ahead else 0
        self.overdue_total = sum(line.open for line in late)
        self.overdue_lines = [(line.due_on, line.open, line.paid > 0) for line in late]
        self.card = pictures.stamp_card(self.lines)


def loan(language: str, **more: Any) -> Loan:
    currency, decimals = MONEY[language]
    return Loan(currency=currency, decimals=decimals, **more)


def officer(language: str) -> Sample:
    _, name, initials = PEOPLE[language]
    return Sample(name=name, initials=initials, spoken=("en", "zh-Hans", "yue"), phone="555 0142")


def make_app(folder: Path = REPOSITORY / "translations") -> Flask:
    """Templates, filters and catalogues as the portal has them, and every endpoint a stub."""
    app = Flask("portal")
    app.config.update(SECRET_KEY="of the gallery", BABEL_TRANSLATION_DIRECTORIES=str(folder))
    catalogues.init_app(app, lambda: g.language)
    presentation.init_app(app)
    app.jinja_env.globals["csrf_field"] = csrf_field
    app.url_build_error_handlers.append(lambda error, endpoint, values: f"/{endpoint}")
    return app


def render(app: Flask, page: str, language: str, signed_in: bool = True) -> str:
    """One page of PAGES as a reader of `language` gets it."""
    template, make = PAGES[page]
    return render_with(app, template, language, make, signed_in)


def render_with(
    app: Flask, template: str, language: str, make: Callable[[str], dict[str, Any]], signed_in: bool = True
) -> str:
    name, address, hours = LENDERS[language]
    lender = Sample(
        name=name,
        address=address,
        hours=hours,
        phone="555 0100",
        credit_record=None,
        time_limit=None,
        crisis_lines=[Sample(name="Lifeline", phone="555 0199")],
    )
    with app.test_request_context("/here", query_string={"lang": language}):
        g.language = language
        page = {"lender": lender, "today": TODAY, "signed_in": signed_in, "staff": None}
        return render_template(template, **page, **make(language))


def option(language: str, code: str = "smaller_for_longer", **more: Any) -> Sample:
    """A plan as pages show one; the figures are those of the drawn pages."""
    now_due = [78000] + [30000] * 12 + [29902]
    plan = {
        "smaller_for_longer": [20000] * 25 + [13432],
        "pause_then_on": [0, 0] + [30000] * 16 + [15940],
        "spread_overdue": [38000] * 6 + [30000] * 8 + [2043],
        "another_day": [30000] * 16 + [3483],
    }.get(code, [25000] * 20)
    last = date(2026 + (11 + len(plan)) // 12, (11 + len(plan) - 1) % 12 + 1, 5)
    values: dict[str, Any] = {
        "code": code, "value": code, "periods": 2 if code == "pause_then_on" else 6, "day": 20, "amount": plan[2],
        "amount_after": 30000 if code == "spread_overdue" else None, "first_on": date(2026, 12, 5), "last_on": last,
        "last_amount": plan[-1], "total": sum(plan), "extra": sum(plan) - sum(now_due), "longer_by": len(plan) - 14,
        "fits": True, "over_by": 0, "left_with": 1200, "cheapest": False,
        "chart": pictures.before_after(now_due, plan, 48000, 27), "chart_from": date(2026, 12, 5),
        "chart_to": date(2029, 2, 5), "terms": Sample(seasons=()),
    }  # fmt: skip
    return Sample(**(values | more))


def schedule(language: str) -> dict[str, Any]:
    found = frame(language)
    unpaid = [line for line in found["loan"].lines if line.open]
    return found | {"page": page_of(unpaid, 24, None)}


def draft(language: str, **more: Any) -> Sample:
    values = {"change": None, "lasting": None, "words": None, "budget": None, "left_over": None, "plan": None}
    return Sample(**(values | {"plan_title": None, "option": None} | more))


def difficulty(language: str, told: bool) -> dict[str, Any]:
    return frame(language) | {
        "days_to_answer": 5,
        "pause_days": 7,
        "paused_until": date(2026, 12, 2) if told else None,
        "draft": draft(language, change="less_work", lasting="six_months", budget="done", left_over=21200)
        if told
        else draft(language),
        "withdraw_form": WithdrawForm() if told else None,
    }


def question(language: str, name: str) -> dict[str, Any]:
    form = {"change": ChangeForm, "lasting": LastingForm, "words": WordsForm}[name]()
    number = ("change", "lasting", "words").index(name) + 1
    return frame(language) | {
        "name": name,
        "form": form,
        "number": number,
        "of": 3,
        "pause_days": 7 if number == 1 else None,
    }


def budget(language: str) -> dict[str, Any]:
    its_loan = loan(language)
    form = BudgetForm(of=its_loan, data={"wages": 148000, "benefits": 22000, "home": 72000, "food": 42000})
    totals = Sample(money_in=170000, money_out=114000, left_over=56000)
    return frame(language) | {"form": form, "totals": totals}


def plans(language: str, left_over: int | None) -> dict[str, Any]:
    hard = {"fits": False if left_over is not None else None, "over_by": 8800, "left_with": None}
    options = [
        option(language, "smaller_for_longer")
        if left_over is not None
        else option(language, "smaller_for_longer", fits=None, left_with=None),
        option(language, "pause_then_on", first_on=date(2027, 2, 5), **hard),
        option(language, "spread_overdue", **hard),
        option(language, "another_day", **hard),
    ]
    form = PlanForm(
        of=loan(language), values=[each.value for each in options], starts=[date(2026, 12, 5), date(2027, 1, 5)]
    )
    today_plan = Sample(
        amount=30000,
        next_on=date(2026, 12, 5),
        next_amount=78000,
        catch_up=True,
        last_on=date(2028, 1, 5),
        total=467902,
    )
    return frame(language) | {
        "options": options, "form": form, "left_over": left_over, "carries": None, "today_plan": today_plan,
    }  # fmt: skip


def check(language: str, ready: bool) -> dict[str, Any]:
    told = draft(
        language, change="separation", lasting="not_known", words="Two lines.", budget="done", left_over=21200,
        plan="done", option=option(language),
    )  # fmt: skip
    return frame(language, guarantors=("Wei Chen",)) | {
        "draft": told if ready else draft(language),
        "form": SendForm(data={"version": 3}),
        "missing": () if ready else ("change", "lasting", "plan"),
        "answer_by": date(2026, 12, 2),
        "problem": "figures_changed" if ready else None,
    }


LETTERS = {
    "en": "Thank you for telling me about the restaurant. You asked to pay less each month. I can agree to that, and I "
    "would like to add one thing: nothing in December.\n\nIt makes the loan one month longer.",
    "zh-Hans": "谢谢您告诉我餐馆的事。您提出每月少还一点，我可以同意：12 月不用还款，先缓一缓。\n\n这样会晚一个月还完。",
    "zh-Hant": "謝謝您告訴我餐廳的事。您提出每月少還一點，我可以同意：12 月不用還款，先緩一緩。\n\n這樣會晚一個月還完。",
    "ar": "شكرًا لإخباري.",
}


def request(language: str, status: str) -> dict[str, Any]:
    _, name, initials = PEOPLE[language]
    own = WithdrawForm(data={"version": 4})
    answered = status in ("offered", "talking", "declined", "agreed", "refused", "expired")
    with_offer = status in ("offered", "talking")
    moves = [("save", 20, None), ("send", 22, None), ("take", 23, name)]
    moves += [("ask", 23, name)] if status == "asked" else []
    moves += [("offer", 25, name)] if answered and status != "declined" else []
    moves += {
        "declined": [("decline", 25, name)],
        "agreed": [("accept", 25, None)],
        "talking": [("talk", 25, None)],
    }.get(status, [])
    can = {"offered": {"accept", "refuse", "talk", "withdraw"}, "talking": {"accept", "refuse", "withdraw"}}
    return frame(language) | {
        "case": Sample(public_id="r", status=status, version=4, answer_by=date(2026, 12, 2)),
        "can": can.get(status, {"withdraw", "change"} if not answered else set()),
        "letter": Sample(words=LETTERS[language], name=name, initials=initials, on=TODAY) if answered else None,
        "asked": option(language),
        "offer": option(language, number=1, expires_on=date(2026, 12, 9), by=name, first_on=date(2027, 1, 5))
        if answered and status != "declined"
        else None,
        "question": Sample(words="Is it the same every week?", by=name, asked_on=TODAY) if status == "asked" else None,
        "steps": [Sample(action=action, on=date(2026, 11, day), who=who) for action, day, who in moves],
        "plan_id": "p" if status == "agreed" else None,
        "decline_reason": "below_interest" if status == "declined" else None,
        "may_ask_again": status != "agreed",
        "offer_form": OfferAnswerForm(data={"version": 4, "offer": 1}) if with_offer else None,
        "question_form": QuestionAnswerForm(data={"version": 4}) if status == "asked" else None,
        "withdraw_form": own if not answered or with_offer else None,
        "problem": "figures_changed" if status == "talking" else None,
    }


def agreement(language: str) -> dict[str, Any]:
    currency, decimals = MONEY[language]
    months = [date(2026 + (11 + at) // 12, (11 + at) % 12 + 1, 5) for at in range(27)]
    return frame(language) | {
        "agreement": Sample(
            lender=Sample(name=LENDERS[language][0], address=LENDERS[language][1]),
            people=[Sample(role="borrower", name="Mei Ling Chen"), Sample(role="guarantor", name="Wei Chen")],
            reference="NF-20418", contract_on=date(2026, 1, 5), principal=600000, currency=currency, decimals=decimals,
            rate_percent="18", interest_kind="declining", late_fee="none", frequency_unit="month", frequency_every=1,
            before=list(zip(months, [78000] + [30000] * 12 + [29902], strict=False)),
            after=list(zip(months[1:], [20000] * 25 + [13432], strict=True)),
            not_received=48000, credit_record=None, time_limit="…", officer=PEOPLE[language][1],
            accepted_at=datetime(2026, 11, 26, 4, 20, tzinfo=UTC), zone="Asia/Shanghai", in_force=True,
            fingerprint="3f9c71be04a2d8e5" * 4,
        )
    }  # fmt: skip


def frame(language: str, **more: Any) -> dict[str, Any]:
    """What every page about one loan has."""
    return {"loan": loan(language, **more), "officer": officer(language), "reference": "NF-20418"}


def home(language: str, *loans: Loan) -> dict[str, Any]:
    return {
        "greeting_name": PEOPLE[language][0],
        "loans": loans or (loan(language),),
        "officer": officer(language),
        "reference": "NF-20418",
        "news": NO_NEWS,
        "endpoints": ("borrower.pay", "borrower.letters", "borrower.check_in", "borrower.word"),
    }


NO_NEWS = News(0, None, None, ())


def home_with_news(language: str) -> dict[str, Any]:
    answered = Sample(is_open=False, public_id="c", answer_by=date(2026, 12, 16))
    return home(language) | {"news": News(2, PEOPLE[language][1], "q", (answered,))}


def two_loans(language: str) -> dict[str, Any]:
    asked = Sample(public_id="r", status="sent", answer_by=date(2026, 12, 2))
    weekly = Loan("b", "NF-7", "JPY", None, lines(104, 9, "week", 8333), "week", guarantors=("Wei Chen",))
    return home(language, loan(language, loan_id="a", open_request=asked), weekly)


def dispute(language: str) -> dict[str, Any]:
    doubts = [
        Sample(code="left", kind="left", on=None, amount=467902),
        Sample(code="paid:1", kind="paid", on=date(2026, 10, 5), amount=12000),
        Sample(code="missing:2026-11-05", kind="missing", on=date(2026, 11, 5), amount=30000),
        Sample(code="interest", kind="interest", on=None, amount=0),
    ]
    its = frame(language, guarantors=("Wei Chen",))
    return its | {"form": DisputeForm(), "answer_by": date(2026, 12, 9), "doubts": doubts}


BODIES = [Body("ODR", "", "555 0160", "", ""), Body("TAC", "", "555 0131", "", "")]


def passbook(language: str, promised: int = 24, made: int = 24) -> dict[str, Any]:
    """As long as a page gets: a year of promises, and a whole page of contacts."""
    kinds = ("answer_request", "quiet", "offer_open", "answer_letter", "look_for_payment", "calls")
    noon = datetime(2026, 11, 20, 4, tzinfo=UTC)
    promises = [
        Judged(
            LenderPromise(
                kinds[at % 6], date(2026, 1 + at % 11, 3), date(2026, 1 + at % 11, 9), broken_on=date(2026, 11, 20),
                broken_at=noon, wish=Wish(window=Window(time(16), time(0))), contact_id=4,
            ),
            "missed" if at == 0 else "running" if at < 3 else "kept",
            None,
        )
        for at in range(promised)
    ]  # fmt: skip
    lines = [
        ContactLine(
            contact_id=at, at=noon - timedelta(days=at), form=("text", "call", "visit")[at % 3], unit="answered",
            purpose="reminder", template=None, about=date(2026, 12, 5), days=-3, who=PEOPLE[language][1] if at % 3 else None,
            said=LETTERS[language][:60], language=language, outcome="needs_help" if at % 3 else None,
            words=LETTERS[language][:80] if at % 3 else None, next_step="call", next_on=None, complaint_id=None,
        )
        for at in range(made)
    ]  # fmt: skip
    return {
        "promises": promises,
        "shown": 5,
        "card": pictures.stamp_card([pictures.Box("paid")] * promised),
        "counts": {"kept": promised - 3, "missed": 1, "running": 2},
        "since": date(2026, 1, 3),
        "page": PageOf(lines, 1, 2, 0),
        "planned": Planned(
            (PlannedLine(date(2026, 12, 2), "text", "reminder", date(2026, 12, 5), -3),), ("complaint",)
        ),
        "lately": Lately(4, 1, 10),
        "others": [OtherPerson("Wei Chen", "guarantor", 2, TODAY)] if made else [],
        "zone": "Asia/Shanghai",
        "lender_zone": "Asia/Shanghai",
        "local_day": lambda at: at.date(),
    }


def contact(language: str) -> dict[str, Any]:
    days = [languages.locale(language).days["stand-alone"]["wide"][day] for day in range(7)]
    form = ContactWishesForm(
        days=days, data={"forms": ["text"], "opens": "16:00", "often": "usual", "language": language}
    )
    return {
        "form": form, "saved": True, "often": "usual", "rests_until": None, "would_rest_until": date(2026, 12, 25),
        "phone_ending": "81", "before": 3, "on_the_day": True, "after": "3, 10",
        "hours": {"opens": "9:00", "closes": "19:00", "none_left": False}, "beside": [],
    }  # fmt: skip


def complain(language: str) -> dict[str, Any]:
    form = ComplaintForm()
    form.contact.choices = [(str(at), f"2026-11-{at:02d}") for at in range(1, 9)]
    return {
        "form": form, "handler": PEOPLE[language][1], "officer": officer(language), "answer_by": date(2026, 12, 16),
        "card": pictures.stamp_card([pictures.Box("to_come")] * 14 + [pictures.Box("next")], 15), "days": 15,
        "bodies": BODIES,
    }  # fmt: skip


def complaint(language: str, answer: str | None) -> dict[str, Any]:
    told = Sample(
        is_open=answer is None, contact=object(), outcome="partly", answer_by=date(2026, 12, 9), public_id="c"
    )
    return {
        "complaint": told, "form": MoreWordsForm(), "too_late": False, "words": LETTERS[language], "answer": answer,
        "wish": WISHES["apology"], "outcome": OUTCOMES["partly"], "about": None, "sent_on": date(2026, 11, 18),
        "read_on": date(2026, 11, 19), "answered_on": TODAY if answer else None, "handler": officer(language), "day": 5,
        "days": 15, "late": answer is None, "bodies": BODIES,
        "card": pictures.stamp_card([pictures.Box("paid")] * 14 + [pictures.Box("not_received")], 15),
    }  # fmt: skip


def my_data(language: str) -> dict[str, Any]:
    counted = ("loans", "requests", "agreements", "letters", "complaints", "disputes", "contacts", "papers")
    correction = Sample(detail="name", status="open")
    return {
        "form": CorrectionForm(), "person": Sample(name=PEOPLE[language][0], client_number="C1"), "phone_ending": "81",
        "counts": dict.fromkeys(counted, 3), "email": None, "has_birth_date": True, "has_id": True, "payments": 12,
        "corrections": [CorrectionView(correction, "Chen", None, TODAY, None)], "details": DETAILS,
        "seen": [Seen(TODAY - timedelta(days=at), "officer", "hardship_request") for at in range(30)], "asked": True,
    }  # fmt: skip


PAPER = {"public_id": "d", "is_picture": True, "pages": 1, "kind": "payslip", "name": "收据 😀.jpg"}
NOON = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)


def papers(count: int) -> list[Sample]:
    return [Sample(number=at + 1, recorded_at=NOON, **PAPER) for at in range(count)]


def papers_that_help(language: str) -> dict[str, Any]:
    return frame(language) | {
        "case": Sample(public_id="r", status="draft", is_open=True), "form": PapersForm(), "papers": papers(4),
        "kinds": KINDS,
        "refused": [Sample(name="장부.hwp", code="not_a_paper"), Sample(name="a.pdf", code="locked")], "most": 10,
        "back_form": TakeBackPaperForm(), "zone": "Asia/Shanghai",
    }  # fmt: skip


def letters(language: str) -> dict[str, Any]:
    common = {"language": language, "at": NOON, "urgency": "usual"}
    return frame(language) | {
        "form": LetterForm(), "refused": (), "urgent": "despair", "longest": 5000, "zone": "Asia/Shanghai",
        "page": Sample(number=1, pages=2, items=[
            Sample(who=PEOPLE[language][1], words=LETTERS[language], read_at=None, papers=(), **common),
            Sample(who=None, words=LETTERS[language], read_at=NOON, papers=papers(2), **common),
        ] * 3),
    }  # fmt: skip


def dispute_account(language: str) -> dict[str, Any]:
    kinds = ["lent", "interest", *["payment", "recalculated", "reversal"] * 7, "plan"]
    lines = [
        Sample(kind=kind, on=date(2026, 11, 5), amount=30000, change=-30000, left_after=467902, to_principal=12000,
               entered_on=TODAY, corrected=kind == "payment")
        for kind in kinds
    ]  # fmt: skip
    account = Sample(on=TODAY, left_before=497902, left=467902, paid=252000, overdue=48000)
    return frame(language) | {
        "dispute": Sample(kind="amount", answer_by=date(2026, 12, 9)), "answer": LETTERS[language],
        "answered_by": PEOPLE[language][1], "answered_on": TODAY, "account": account, "refused": (),
        "page": Sample(items=lines, number=1, pages=2, begins=0),
    }  # fmt: skip


def paying(language: str, **more: Any) -> dict[str, Any]:
    """What the pages about payments have: the loan also as the books have it."""
    found = frame(language)
    found["loan"].loan = Sample(disbursed_on=date(2026, 1, 5))
    return found | more


def told_paid(language: str, status: str = "open") -> Sample:
    answer = LETTERS[language] if status == "not_found" else None
    return Sample(
        public_id=f"n-{status}",
        status=status,
        amount=30000,
        paid_on=TODAY,
        rests_until=date(2026, 12, 2),
        answer=answer,
    )


def promised(status: str = "open") -> Sample:
    return Sample(
        status=status, amount=30000, promised_on=date(2026, 12, 4), rests_until=date(2026, 12, 7), public_id="p"
    )


def pay(language: str) -> dict[str, Any]:
    """Every way there is: to copy, to scan, at a store, on a page, in cash."""
    of = loan(language)
    bank = Sample(bank="Mill Bank", bank_code="004")
    common = {"name": "", "reference": "NF20418", "refusal": "", "payee": LENDERS[language][0], "account": "0412 7730"}
    scan = qr("https://pay.example/NF20418?a=300.00")
    lines = ("260101FAL", "0000NF20418TEST1", "112600000000300")
    ways = [
        Sample(kind="bank_transfer", way=bank, **common),
        Sample(kind="epc_qr", codes=(("NF20418", scan),), **common),
        Sample(kind="store_barcode", until=date(2026, 12, 2), codes=[(at, code_39(at)) for at in lines], **common),
        Sample(kind="payment_page", link="https://pay.example/NF20418", **common),
        Sample(kind="in_person", place=LENDERS[language][1], **common),
    ]
    amounts = {"overdue": 48000, "next": 30000, "payoff": 467902}
    received = [Sample(receipt_id=f"R-{at:06d}", received_on=date(2026, 11, at), amount=30000) for at in (9, 5, 2)]
    return paying(
        language, form=PayForm(codes=tuple(amounts), most=467902, of=of), amounts=amounts, chosen="overdue",
        amount=48000, ways=ways, lowers_interest=True, notices=[told_paid(language)], promise=promised(),
        receipts=received, may_skip=True,
    )  # fmt: skip


def paid(language: str) -> dict[str, Any]:
    form = PaidForm(
        ways=[("bank_transfer", "Mill Bank")], earliest=date(2026, 9, 25), today=TODAY, of=loan(language),
        data={"amount": 48000, "paid_on": TODAY},
    )  # fmt: skip
    told = [told_paid(language), told_paid(language, "not_found")]
    return paying(
        language, form=form, notices=told, papers={told[0].public_id: papers(2)}, back_form=TakeBackForm(),
        receipt_form=ReceiptForm(), refused=[Sample(name="장부.hwp", code="not_a_paper")], newest_receipt=None,
        rests_until=date(2026, 12, 2),
    )  # fmt: skip


def promise(language: str) -> dict[str, Any]:
    days = [date(2026, 11, 27), date(2026, 11, 30), date(2026, 12, 5)]
    latest = date(2026, 12, 25)
    form = PromiseForm(days=days, today=TODAY, latest=latest, of=loan(language), data={"amount": 48000})
    return paying(
        language, form=form, days=days, latest=latest, rests={day: day + timedelta(3) for day in days},
        promise=promised(), back_form=TakeBackForm(),
    )  # fmt: skip


def receipt(language: str) -> dict[str, Any]:
    parts = [
        Sample(due_on=date(2026, 10, 5), amount=18000, open=0),
        Sample(due_on=date(2026, 11, 5), amount=12000, open=18000),
    ]
    after = Sample(paid_so_far=252000, left_to_pay=467902, overdue=48000)
    came = Sample(
        receipt_id="R-000012", received_on=date(2026, 11, 9), entered_on=date(2026, 11, 11), amount=30000,
        taken_back=False, parts=parts, fees=0, after=after,
    )  # fmt: skip
    return paying(language, receipt=came)


def skip(language: str, why_not: str | None = None) -> dict[str, Any]:
    found = Sample(
        skipped_on=date(2026, 12, 5), next_on=date(2027, 1, 5), next_amount=30000, added_on=date(2028, 2, 5),
        last_on=date(2028, 3, 5), last_amount=7431, last_today=date(2028, 1, 5), amount=30000, cost=7431,
        total=475333, total_today=467902, asks_guarantor=False, cost_alone=True, picture=skipped_box(14),
    )  # fmt: skip
    return paying(
        language, skip=None if why_not else found, why_not=why_not, form=None if why_not else SkipForm(),
        allowance=Sample(a_year=2, used=0, left=2), problem=None,
    )  # fmt: skip


def history(language: str) -> dict[str, Any]:
    kinds = ["lent", "interest", *["payment", "recalculated", "reversal"] * 7, "plan"]
    moments = [
        Sample(
            kind=kind, on=date(2026, 11, 5), amount=30000, change=-30000, left_after=467902, to_principal=12000,
            entered_on=TODAY, plan_id="p" if kind == "plan" else None,
        )
        for kind in kinds
    ]  # fmt: skip
    return paying(
        language, page=PageOf(moments, 1, 2, 0), left=467902, conventions=[],
        sums={"lent": 600000, "interest": 119902, "plans": 1200, "paid": -253200},
    )  # fmt: skip


def season(language: str) -> dict[str, Any]:
    form = SeasonForm(of=loan(language), data={"months": {8, 9}, "more": 90000})
    return frame(language) | {"form": form, "months": [date(2001, month, 1) for month in range(1, 13)]}


def check_in(language: str, answer: str | None) -> dict[str, Any]:
    return frame(language) | {
        "check_in": Sample(kind="before_end", answer=answer), "is_open": True, "labels": ANSWER_LABELS,
        "form": CheckInForm(), "greeting_name": PEOPLE[language][0],
    }  # fmt: skip


def consent(language: str, status: str) -> dict[str, Any]:
    return frame(language) | {
        "consent": Sample(public_id="c", status=status), "form": ConsentForm(), "problem": None,
        "borrower_name": PEOPLE[language][0], "greeting_name": "Wei Chen", "plan": option(language, months_longer=12),
        "today_side": Sample(total=467902, amount=30000, last_on=date(2028, 1, 5)), "open_until": date(2026, 12, 9),
        "answered_on": TODAY,
    }  # fmt: skip


def verify(problem: str | None, *methods: str) -> dict[str, Any]:
    return {"token": "t", "problem": problem, "form": VerifyForm(methods=methods, today=TODAY)}


def enter(problem: str | None) -> dict[str, Any]:
    return {"problem": problem, "form": EnterForm(methods=("birth_date", "id_last_four"), today=TODAY)}


# Page -> its template, and what makes its data for a language.
PAGES: dict[str, tuple[str, Callable[[str], dict[str, Any]]]] = {
    "verify": ("links/verify.html", lambda at: verify(None, "birth_date", "id_last_four", "phone_last_four")),
    "verify-mismatch": ("links/verify.html", lambda at: verify("mismatch", "birth_date")),
    "verify-too-many": ("links/verify.html", lambda at: verify("too_many", "id_last_four")),
    "not-me": ("links/not_me.html", lambda at: {"token": "t"}),
    "not-me-done": ("links/not_me_done.html", lambda at: {}),
    "ended": ("links/ended.html", lambda at: {"form": NewLinkForm()}),
    "new-link": ("links/new_link.html", lambda at: {"form": NewLinkForm()}),
    "new-link-too-many": ("links/new_link.html", lambda at: {"form": NewLinkForm(), "problem": "too_many"}),
    "new-link-asked": ("links/new_link_asked.html", lambda at: {"typed": "0912 345 678"}),
    "enter": ("links/enter.html", lambda at: enter(None)),
    "enter-mismatch": ("links/enter.html", lambda at: enter("mismatch")),
    "today": ("links/today.html", lambda at: {"form": None, "waiting": None, "zone": "Asia/Shanghai", "advice": ()}),
    "word": ("borrower/word.html", lambda at: {"form": WordForm(), "set_at": None}),
    "word-set": ("borrower/word.html", lambda at: {"form": WordForm(), "set_at": datetime(2026, 11, 2, tzinfo=UTC)}),
    "kept": ("borrower/kept.html", lambda at: {"kept": Kept(1, "/my/x", (("words", LETTERS[at]),), True)}),
    "home": ("borrower/home.html", home),
    "home-two-loans": ("borrower/home.html", two_loans),
    "home-paid": ("borrower/home.html", lambda at: home(at, loan(at, lines=lines(6, 6)))),
    "home-nobody": (
        "borrower/home.html",
        lambda at: {"greeting_name": None, "loans": (), "officer": None, "reference": None, "news": NO_NEWS},
    ),
    "home-news": ("borrower/home.html", home_with_news),
    "passbook": ("borrower/passbook.html", passbook),
    "passbook-empty": ("borrower/passbook.html", lambda at: passbook(at, promised=0, made=0)),
    "contact": ("borrower/contact.html", contact),
    "complain": ("borrower/complain.html", complain),
    "complaint": ("borrower/complaint.html", lambda at: complaint(at, None)),
    "complaint-answered": ("borrower/complaint.html", lambda at: complaint(at, LETTERS[at])),
    "my-data": ("borrower/my_data.html", my_data),
    "advice": ("links/advice.html", lambda at: {"bodies": BODIES}),
    "schedule": ("borrower/schedule.html", schedule),
    "difficulty": ("borrower/difficulty.html", lambda at: difficulty(at, told=False)),
    "difficulty-begun": ("borrower/difficulty.html", lambda at: difficulty(at, told=True)),
    "question-change": ("borrower/question.html", lambda at: question(at, "change")),
    "question-lasting": ("borrower/question.html", lambda at: question(at, "lasting")),
    "question-words": ("borrower/question.html", lambda at: question(at, "words")),
    "budget": ("borrower/budget.html", budget),
    "plans": ("borrower/plans.html", lambda at: plans(at, 21200)),
    "plans-without-budget": ("borrower/plans.html", lambda at: plans(at, None)),
    "check": ("borrower/check.html", lambda at: check(at, ready=True)),
    "check-missing": ("borrower/check.html", lambda at: check(at, ready=False)),
    **{
        f"request-{status}": ("borrower/request.html", lambda at, status=status: request(at, status))
        for status in sorted(STATUSES - {"draft"})
    },
    "agreement": ("borrower/agreement.html", agreement),
    "pay": ("borrower/pay.html", pay),
    "paid": ("borrower/paid.html", paid),
    "promise": ("borrower/promise.html", promise),
    "receipt": ("borrower/receipt.html", receipt),
    "skip": ("borrower/skip.html", skip),
    "skip-not-now": ("borrower/skip.html", lambda at: skip(at, "used_up")),
    "history": ("borrower/history.html", history),
    "season": ("borrower/season.html", season),
    "check-in": ("borrower/check_in.html", lambda at: check_in(at, None)),
    "check-in-answered": ("borrower/check_in.html", lambda at: check_in(at, "hard")),
    "consent": ("borrower/consent.html", lambda at: consent(at, "asked")),
    "consent-given": ("borrower/consent.html", lambda at: consent(at, "given")),
    "dispute": ("borrower/dispute.html", dispute),
    "dispute-sent": (
        "borrower/dispute_sent.html",
        lambda at: frame(at) | {"dispute": Sample(kind="not_mine", answer_by=date(2026, 12, 9))},
    ),
    "dispute-answered": (
        "borrower/dispute_sent.html",
        lambda at: (
            frame(at)
            | {
                "dispute": Sample(kind="amount", answer_by=date(2026, 12, 9)),
                "answer": LETTERS[at],
                "answered_by": PEOPLE[at][1],
                "answered_on": TODAY,
            }
        ),
    ),
    "dispute-account": ("borrower/dispute_sent.html", dispute_account),
    "documents": ("borrower/documents.html", papers_that_help),
    "letters": ("borrower/letters.html", letters),
    "signed-out": ("borrower/signed_out.html", lambda at: {"by_choice": True}),
    "closed": ("borrower/signed_out.html", lambda at: {}),
    **{f"error-{name}": (f"errors/{name}.html", lambda at: {}) for name in ("404", "403", "413", "429", "csrf")},
    "error-500": ("errors/500.html", lambda at: {"error_reference": "R7B-41K"}),
}
# Pages that a stranger may see.
NEUTRAL = {page for page, (template, _) in PAGES.items() if template.startswith(("links/", "errors/"))} | {
    "signed-out",
    "closed",
}
