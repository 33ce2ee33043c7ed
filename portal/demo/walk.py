"""`make demo CHECK=1`: the whole main job over HTTP, as borrowers and staff do it, on a fresh database, a line a step.

Time stands where PORTAL_NOW set it. What the contact rules defer is met by setting the clock on: the web server is
started anew at the hour when the message may go, as if that hour had come.
"""

import html
import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from portal import public_holidays
from portal.clock import Clock
from portal.demo.browser import Browser, Form, Page
from portal.demo.people import FEATURED, FEATURED_BORN, GUARANTOR, GUARANTOR_BORN, OFFICER, PASSWORD, PLACES, SUPERVISOR
from portal.demo.run import DidNotStart, demo_environment, free_port, portal, running, wait_until_it_answers


def born(on: date) -> dict[str, str]:
    """A birth date as the form asks for it."""
    return {f"birth_date-{part}": f"{on:{sign}}" for part, sign in (("year", "%Y"), ("month", "%m"), ("day", "%d"))}


BORN = born(FEATURED_BORN)
PHONE, GUARANTOR_PHONE = (PLACES[person.place][2].format(100 + at) for at, person in enumerate((FEATURED, GUARANTOR)))
MORNING = 10  # o'clock, where the borrower lives: within every rule's hours


class StepFailed(Exception):
    """What a step expected is not so."""


def expect(holds: object, otherwise: str, page: Page | None = None) -> None:
    """Raises StepFailed, with what the page said instead."""
    if not holds:
        raise StepFailed(f"{otherwise}{f' ({page.status} {page.url}: {page.text[:600]})' if page else ''}")


def _is_holiday(zone: str, local: datetime) -> bool:
    return any(holiday.on == local.date() for holiday in public_holidays.around(zone, local.date()))


class Walk:
    """One walk: a folder of its own, a port of its own, and a clock that only goes forward."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.environment = demo_environment(folder, self.port)
        given = os.environ.get("PORTAL_NOW")
        self.now = Clock(datetime.fromisoformat(given) if given else None).now()
        self.borrower = Browser(self.base, "zh-CN")
        self.officer = Browser(self.base)
        self.supervisor = Browser(self.base)
        self.page: Page | None = None
        self.case = ""
        self.stale: Form | None = None

    def command(self, *arguments: str) -> str:
        """What `portal …` prints, at this walk's hour."""
        done = subprocess.run(portal(*arguments), env=self.at_this_hour(), capture_output=True, text=True)
        expect(done.returncode == 0, f"portal {' '.join(arguments)} ended with {done.returncode}: {done.stderr[-900:]}")
        return done.stdout

    def at_this_hour(self) -> dict[str, str]:
        return {**self.environment, "PORTAL_NOW": self.now.isoformat()}

    @contextmanager
    def serving(self) -> Iterator[None]:
        """The web server at this walk's hour."""
        serve = portal("serve", "--port", str(self.port))
        with running([serve], self.at_this_hour(), self.folder / "demo.log") as processes:
            wait_until_it_answers(f"{self.base}/health", processes[0])
            yield

    def set_clock_to_morning(self) -> None:
        """On to the next morning of the featured borrower that is no holiday, unless it is her day already."""
        zone = PLACES[FEATURED.place][0]
        local = self.now.astimezone(ZoneInfo(zone))
        while not MORNING <= local.hour < MORNING + 7 or _is_holiday(zone, local):
            on = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
            local = on if on > local else on + timedelta(days=1)
        self.now = local

    def texts(self, to: str = PHONE) -> list[str]:
        """The texts in the outbox to this number, the newest first."""
        page = Browser(self.base).get("/demo/outbox")
        parts = re.split(r'<p class="small soft"><bdi>', page.html)[1:]
        return [html.unescape(part) for part in parts if part.startswith(to)]

    def link(self, to: str = PHONE) -> str:
        """The link in the newest text to this number, the featured borrower's unless it is named."""
        texts = self.texts(to)
        expect(texts, f"no text to {to} in the outbox")
        found = re.search(r'href="([^"]+/l/\w+)"', texts[0])
        expect(found, "the newest text has no link")
        return found.group(1) if found else ""

    def sign_in(self, browser: Browser, email: str) -> Page:
        form = browser.get("/staff/sign-in").form(name="password")
        return browser.send(form, email=email, password=PASSWORD)


# Steps, in order; each says what it does and raises StepFailed or LookupError where that is not so.


def makes_the_data(walk: Walk) -> None:
    """a database is made, migrated and filled"""
    told = walk.command("demo-data")
    expect(FEATURED.name in told and "/staff/sign-in" in told, f"what to open was not said: {told}")


def sends_a_reminder(walk: Walk) -> None:
    """a reminder is in the outbox, in her language, with a link of at most 12 characters and nothing about money"""
    walk.set_clock_to_morning()
    counts = json.loads(walk.command("reminders", "plan", "--json").splitlines()[-1])
    sent = json.loads(walk.command("reminders", "send", "--json").splitlines()[-1])
    expect(counts["planned"] + sent["sent"] > 0, f"no reminder was planned or sent: {counts} {sent}")
    before = len(walk.texts())
    walk.command("reminders", "plan")
    walk.command("reminders", "send")
    expect(len(walk.texts()) == before, "the same reminder went out twice")
    text, token = walk.texts()[0], walk.link().rsplit("/", 1)[1]
    expect(len(token) <= 12, f"the token {token} is longer than 12 characters")
    expect(not re.search(r"[¥$]|\d+[.,]\d\d|贷款|欠", text), f"the text speaks of money: {text}")


def opens_the_link(walk: Walk) -> None:
    """the link opens a neutral page, and previews change nothing"""
    link = walk.link()
    expect(walk.borrower.get(link, "HEAD").status == 200, "HEAD is not answered")
    for _ in range(3):
        page = walk.borrower.get(link)
    expect(page.status == 200 and FEATURED.name not in page.html, "the page before verifying shows a name", page)
    expect("NF-20418" not in page.html and "¥" not in page.html, "the page before verifying speaks of a loan", page)
    walk.page = page


def verifies(walk: Walk) -> None:
    """a wrong birth date is refused, hers opens the letter"""
    page = walk.borrower.get(walk.link())
    wrong = walk.borrower.send(page.form(name="way"), way="birth_date", **{**BORN, "birth_date-day": "13"})
    expect(wrong.status == 422 and "/l/" in wrong.url, "a wrong birth date was not refused", wrong)
    home = walk.borrower.send(wrong.form(name="way"), way="birth_date", **BORN)
    expect(home.status == 200 and home.url.endswith("/my/"), "her birth date did not open the letter", home)
    expect("陈女士" in home.text and "NF-20418" in home.text and "¥" in home.text, "home does not know her", home)
    walk.page = home


def sees_the_schedule(walk: Walk) -> None:
    """every installment stands on her schedule"""
    page = walk.borrower.get(walk.borrower.get("/my/").link("/schedule"))
    expect(page.status == 200 and page.html.count("<tr>") > 15, "the schedule is short", page)


def tells_of_difficulty(walk: Walk) -> None:
    """she answers one question a page, each saved as it is sent"""
    browser = walk.borrower
    page = browser.get(browser.get("/my/").link("/difficulty"))
    page = browser.get(page.link("/difficulty/change"))
    page = browser.send(page.form(name="change"), change="less_work")
    page = browser.send(page.form(name="lasting"), lasting="three_months")
    page = browser.send(page.form(name="words"), words="九月起，店里的班从每周六天减到三天。")
    expect("/budget" in page.url, "the budget does not follow", page)
    kept = browser.get(page.url.replace("budget", "words"))
    expect("九月起" in kept.html, "her words were not kept", kept)


def fills_in_a_budget(walk: Walk) -> None:
    """her budget is added up, in any digits"""
    browser = walk.borrower
    page = browser.get(browser.get(browser.get("/my/").link("/difficulty")).link("/budget"))
    wrong = browser.send(page.form(name="wages"), wages="1,,200", home="900")
    expect(wrong.status == 422 and "1,,200" in wrong.html, "a badly grouped amount was not refused and kept", wrong)
    page = browser.send(wrong.form(name="wages"), wages="１，４８０", home="900", food="360")
    expect(page.url.endswith("/plans") and "220" in page.text, "the budget was not added up", page)
    walk.page = page


def proposes_a_plan(walk: Walk) -> None:
    """she sees plans from her own figures, and proposes the first"""
    browser = walk.borrower
    page = walk.page or browser.get("/my/")
    form = page.form(name="plan")
    values = [value for value in form.choices["plan"] if "." in value]
    codes = {value.split(".")[0] for value in values}
    expect({"smaller_for_longer", "pause_then_on", "spread_overdue"} <= codes, f"only {codes} are offered", page)
    page = browser.send(form, plan=values[0])
    expect(page.url.endswith("/check"), "the check does not follow", page)
    page = browser.send(page.form(name="version"))
    expect("/my/requests/" in page.url and page.status == 200, "the request was not sent", page)
    walk.page = page


def is_left_in_peace(walk: Walk) -> None:
    """while her request is open no reminder goes out"""
    before = len(walk.texts())
    walk.command("reminders", "plan")
    walk.command("reminders", "send")
    expect(len(walk.texts()) == before, "a text went out while the request is open")


def officer_opens_the_case(walk: Walk) -> None:
    """the officer signs in, sees who waits longest, and opens her case"""
    refused = walk.officer.send(walk.officer.get("/staff/sign-in").form(name="password"), email=OFFICER, password="no")
    expect(refused.status in (401, 422), "a wrong password was not refused", refused)
    queue = walk.sign_in(walk.officer, OFFICER)
    expect(queue.status == 200 and FEATURED.name in queue.text, "her request is not in the queue", queue)
    walk.case = next(to for to, words in queue.links if FEATURED.name in words)
    case = walk.officer.get(walk.case)
    expect("九月起" in case.text, "her words are not on the case page", case)
    walk.page = case


def officer_asks(walk: Walk) -> None:
    """the officer asks a question, she answers"""
    case = walk.officer.get(walk.case)
    case = walk.officer.send(case.form(button="take"), "take")
    asked = walk.officer.send(case.form(button="ask"), "ask", words="您大概什么时候会多一些班？")
    expect(asked.status == 200, "the question was not taken", asked)
    browser = walk.borrower
    page = browser.get(browser.get("/my/").link("/requests/"))
    expect("多一些班" in page.text, "the question is not on her page", page)
    page = browser.send(page.form(name="answer"), answer="过完年可能会多一天。")
    expect(page.status == 200 and "/my/requests/" in page.url, "her answer was not taken", page)
    expect("过完年可能会多一天" in walk.officer.get(walk.case).text, "her answer is not on the case page")


def officer_offers(walk: Walk) -> None:
    """the officer works out something else, sees its figures, and offers it"""
    case = walk.officer.get(walk.case)
    walk.sign_in(walk.supervisor, SUPERVISOR)
    walk.stale = walk.supervisor.get(walk.case).form(button="decline")
    terms = {"pause": "1", "amount": "200", "extend_by": "", "first_on": "", "arrears": "at_end"}
    shown = walk.officer.send(case.form(button="offer"), "preview", **terms)
    expect(shown.status == 200 and "200.00" in shown.text, "the preview shows no figures", shown)
    made = walk.officer.send(shown.form(button="offer"), "offer", letter="先停一期，之后每月还款 200 元。")
    expect(made.status == 200, "the offer was not made", made)


def colleague_is_told(walk: Walk) -> None:
    """a colleague who decides on what is no longer so is refused, with what happened"""
    expect(walk.stale, "there was no stale page to decide on")
    if walk.stale is not None:
        late = walk.supervisor.send(
            walk.stale, "decline", letter="这次先不能同意。", next_step="我们可以先停一期。", reason="need_to_talk"
        )
        expect(late.status == 409 and "Grace Lim" in late.text, "the second decision was not refused", late)


def accepts(walk: Walk) -> None:
    """she reads the offer and accepts it; saying so twice changes nothing, and her guarantor is asked"""
    browser = walk.borrower
    page = browser.get(browser.get("/my/").link("/requests/"))
    expect("先停一期，之后每月还款 200 元" in page.text, "the officer's letter is not on her page", page)
    form = page.form("/offer")
    agreed = browser.send(form, "accept")
    expect(agreed.status == 200 and GUARANTOR.name in agreed.text, "it is not said who is asked as well", agreed)
    again = browser.send(form, "accept")
    expect(again.status == 200 and again.text == agreed.text, "accepting twice is not one acceptance", again)
    expect(not any("/agreements/" in to for to, _ in again.links), "a plan holds before the guarantor's yes", again)
    walk.page = again


def guarantor_agrees(walk: Walk) -> None:
    """her guarantor reads what would change, on a link of his own, and says yes; from then on the plan holds"""
    walk.command("reminders", "send")
    guarantor = Browser(walk.base, "zh-CN")
    page = guarantor.get(walk.link(GUARANTOR_PHONE))
    page = guarantor.send(page.form(name="way"), way="birth_date", **born(GUARANTOR_BORN))
    expect(page.status == 200 and "/my/consents/" in page.url, "his link does not lead to the question", page)
    expect("九月起" not in page.text and "1,480" not in page.text, "he is shown what she told", page)
    agreed = guarantor.send(page.form(name="form_key"), "agree")
    expect(agreed.status == 200, "his yes was not taken", agreed)
    asked = walk.borrower.get(walk.page.url if walk.page else "/my/")
    walk.page = walk.borrower.get(asked.link("/agreements/"))
    expect("200.00" in walk.page.text and "NF-20418" in walk.page.text, "the agreement has no figures", walk.page)


def follows_the_new_schedule(walk: Walk) -> None:
    """home and schedule follow the agreed plan, and nothing is overdue"""
    home = walk.borrower.get("/my/")
    expect("还没收到" not in home.text and "200.00" in home.text, "home does not follow the plan", home)


def approves_what_is_asked(walk: Walk) -> None:
    """another request is approved as it was asked, by whom the lender's limits let"""
    queue = walk.supervisor.get("/staff/")
    cases = [to for to, _ in queue.links if re.search(r"/staff/requests/\w+$", to)]
    for address in cases:
        case = walk.supervisor.get(address)
        if any(value == "approve" for form in case.forms for _, value, _ in form.buttons):
            done = walk.supervisor.send(case.form(button="approve"), "approve")
            expect(done.status == 200, "the approval was not taken", done)
            return
    raise StepFailed("no request could be approved")


def hears_a_dispute(walk: Walk) -> None:
    """'the amount is not right' reaches staff"""
    browser = walk.borrower
    page = browser.get(browser.get("/my/").link("/dispute"))
    page = browser.send(page.form(name="kind"), kind="amount", words="上个月我转过一笔钱。")
    expect(page.status == 200 and "/my/disputes/" in page.url, "the dispute was not taken", page)
    notices = walk.officer.get("/staff/notices")
    told = next((to for to, words in notices.links if "/disputes/" in to and FEATURED.name in words), "")
    expect(told, "staff do not see the dispute", notices)
    expect("上个月我转过一笔钱" in walk.officer.get(told).text, "staff do not see her words")


def signs_out(walk: Walk) -> None:
    """signing out ends the session everywhere"""
    home = walk.borrower.get("/my/")
    walk.borrower.send(home.form("/sign-out"))
    closed = walk.borrower.get("/my/")
    expect(closed.status == 401 and FEATURED.name not in closed.html, "home is still open", closed)


def is_not_the_one(walk: Walk) -> None:
    """'that isn't me' stops every text to the number and tells staff"""
    stranger = Browser(walk.base, "zh-CN")
    link = walk.link()
    page = stranger.get(stranger.get(link).link("/not-me"))
    page = stranger.send(page.form())
    expect(page.status == 200, "'that isn't me' was not taken", page)
    expect(stranger.get(link).status == 404, "the link still opens")
    notices = walk.officer.get("/staff/notices")
    expect(FEATURED.name in notices.text, "staff are not told of the wrong number", notices)


STEPS: tuple[Callable[[Walk], None], ...] = (
    opens_the_link,
    verifies,
    sees_the_schedule,
    tells_of_difficulty,
    fills_in_a_budget,
    proposes_a_plan,
    is_left_in_peace,
    officer_opens_the_case,
    officer_asks,
    officer_offers,
    colleague_is_told,
    accepts,
    guarantor_agrees,
    follows_the_new_schedule,
    approves_what_is_asked,
    hears_a_dispute,
    signs_out,
    is_not_the_one,
)


def walk(folder: Path) -> int:
    """Walks; 0 where every step holds, 1 at the first that doesn't, named."""
    walked = Walk(folder)
    step: Callable[[Walk], None] = makes_the_data
    try:
        _step(walked, makes_the_data)
        walked.set_clock_to_morning()
        with walked.serving():
            for step in (sends_a_reminder, *STEPS):
                _step(walked, step)
    except (StepFailed, LookupError, DidNotStart) as failure:
        click.echo(f"FAILED  {step.__doc__}: {failure}")
        for line in _errors(folder / "demo.log"):
            click.echo(f"log     {line}")
        return 1
    click.echo(f"The main job was walked at {walked.now.isoformat(timespec='minutes')}.")
    return 0


def _step(walked: Walk, step: Callable[[Walk], None]) -> None:
    step(walked)
    click.echo(f"ok      {step.__doc__}")


def _errors(log: Path) -> list[str]:
    """What the log says went wrong: the lines of errors, or its end where it has none."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    return [line for line in lines if '"level": "error"' in line] or lines[-5:]
