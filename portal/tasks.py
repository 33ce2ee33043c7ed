"""The background jobs: plain functions of the app, and their binding to Huey.

The rows are the truth and a task is only a nudge: whatever is lost, the next run finds. Each function tells the time by
the app's clock; Huey's own clock, which is true time, only says how often they run.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from huey import SqliteHuey, crontab
from sqlalchemy.engine import make_url

from portal.clock import local_date
from portal.config import Settings
from portal.db import transaction
from portal.logs import logger
from portal.messaging.gateway import Email, Gateway, Outcome, Sendable
from portal.messaging.kannel import KannelGateway
from portal.messaging.outbox import OutboxGateway
from portal.messaging.smtp import SmtpGateway
from portal.messaging.webhook import WebhookGateway
from portal.queries.lender import the_lender
from portal.services import (
    check_ins,
    consents,
    kept_forms,
    loans,
    messages,
    new_links,
    paid_notices,
    promises,
    reminders,
    requests,
    settlements,
)

CHUNK = 200
FORMS = ("text", "email")
# So that a backlog goes out over hours, and those who come by its links find a portal that answers.
TEXTS_A_MINUTE = 30


def plan(app: Flask) -> Counter[str]:
    """Plans today's reminders, a chunk of the book in each transaction. Counts as of reminders.plan_reminders."""
    counts: Counter[str] = Counter(planned=0, held=0, thinned=0, cancelled=0)
    with app.app_context():
        _refresh_passed(app)
        after: int | None = 0
        while after is not None:
            with transaction() as session:
                done = reminders.plan_reminders(session, app.extensions["clock"].now(), after)
            counts.update(done.counts)
            after = done.last_loan_id
    return counts


def _refresh_passed(app: Flask) -> None:
    found = CHUNK
    while found == CHUNK:
        with transaction() as session:
            today = local_date(app.extensions["clock"].now(), the_lender(session).zone)
            found = loans.refresh_passed(session, today, CHUNK)


def send(app: Flask, most: int | None = None) -> Counter[str]:
    """Sends what is due now, at most `most` messages; what became of them: sent, deferred, held, cancelled, failed,
    unknown. Where there is no gateway they stay planned and are counted as waiting."""
    counts: Counter[str] = Counter(sent=0, deferred=0, held=0, cancelled=0, failed=0, unknown=0, waiting=0)
    gateways = gateways_of(app)
    without = [form for form in FORMS if form not in gateways]
    with app.app_context():
        due = _due(app, CHUNK if most is None else min(most, CHUNK), list(gateways))
        while due:
            counts.update(_send_one(app, gateways, message_id) for message_id in due)
            left = CHUNK if most is None else min(most - counts.total(), CHUNK)
            due = _due(app, left, list(gateways)) if left > 0 else []
        counts["waiting"] = len(_due(app, None, without))
    return counts


def _due(app: Flask, limit: int | None, forms: list[str]) -> list[int]:
    with transaction() as session:
        return messages.due_messages(session, app.extensions["clock"].now(), limit, forms) if forms else []


def _send_one(app: Flask, gateways: Mapping[str, Gateway], message_id: int) -> str:
    """Claims in one transaction, sends with none open, records in another."""
    now = app.extensions["clock"].now
    try:
        with transaction() as session:
            claimed = messages.claim(session, message_id, app.extensions["settings"].base_url, now())
    except Exception:
        logger().error("claim_failed", message=message_id, exc_info=True)
        with transaction() as session:
            messages.give_up(session, message_id, now())
        return "failed"
    if isinstance(claimed, messages.NotNow):
        return "deferred" if claimed.status == "planned" else claimed.status
    form = "email" if isinstance(claimed.message, Email) else "text"
    outcome = _hand_over(gateways[form], claimed.message)
    with transaction() as session:
        became = messages.record(session, claimed, outcome, now())
        return "deferred" if became == "planned" else became


def _hand_over(gateway: Gateway, message: Sendable) -> Outcome | None:
    """What the gateway answered; None where it failed to, and the message may be out or not."""
    try:
        return gateway.send(message)
    except Exception:
        logger().error("gateway_failed", reference=message.reference, exc_info=True)
        return None


def gateways_of(app: Flask) -> dict[str, Gateway]:
    """The gateways that the settings name, by the form of contact; one that was put into the app's extensions is for all."""
    given: Gateway | None = app.extensions.get("gateway")
    now, settings = app.extensions["clock"].now, app.extensions["settings"]
    if given is None and settings.gateway == "outbox":
        given = OutboxGateway(app.extensions["engine"], now)
    if given is not None:
        return dict.fromkeys(FORMS, given)
    found: dict[str, Gateway] = {}
    if settings.gateway == "webhook":
        found["text"] = WebhookGateway(settings.gateway_url, settings.gateway_secret, now)
    elif settings.gateway == "kannel":
        found["text"] = KannelGateway(
            settings.gateway_url, settings.gateway_user, settings.gateway_secret, settings.gateway_sender
        )
    if settings.smtp is not None:
        found["email"] = SmtpGateway(settings.smtp, now)
    return found


def sweep(app: Flask) -> int:
    """Marks what was claimed and never recorded as unknown; how many."""
    with app.app_context(), transaction() as session:
        return messages.sweep_unknown(session, app.extensions["clock"].now())


def expire_offers(app: Flask) -> int:
    """Ends offers whose last day is over; how many."""
    with app.app_context(), transaction() as session:
        return requests.expire_offers(session, app.extensions["clock"].now())


def end_settlements(app: Flask) -> int:
    """Ends settlements that came in whole, or not by their last day; how many."""
    with app.app_context(), transaction() as session:
        return settlements.end_settlements(session, app.extensions["clock"].now())


def lapse_drafts(app: Flask) -> int:
    """Puts away drafts that nobody touched for long; how many."""
    with app.app_context(), transaction() as session:
        return requests.lapse_drafts(session, app.extensions["clock"].now())


def miss_consents(app: Flask) -> int:
    """Gives requests back to their officers whose guarantors did not answer in time; how many."""
    with app.app_context(), transaction() as session:
        return consents.miss_unanswered(session, app.extensions["clock"].now())


def look_for_payments(app: Flask) -> int:
    """Looks in the books for the payments that borrowers told of; how many were found."""
    with app.app_context(), transaction() as session:
        return paid_notices.look_again(session, app.extensions["clock"].now())


def judge_promises(app: Flask) -> int:
    """Judges promises whose day and grace are over; how many."""
    with app.app_context(), transaction() as session:
        return promises.judge(session, app.extensions["clock"].now())


def ask_check_ins(app: Flask) -> int:
    """Asks those with a plan how it goes, where a question's day has come; how many."""
    with app.app_context(), transaction() as session:
        return check_ins.ask_due(session, app.extensions["clock"].now())


def answer_link_asks(app: Flask) -> int:
    """Plans the texts with new links that were asked for; how many."""
    with app.app_context(), transaction() as session:
        return new_links.answer(session, app.extensions["clock"].now(), CHUNK)


def erase_kept_forms(app: Flask) -> int:
    """Erases what was typed into forms of sessions that ran out and nobody came back for; how many."""
    with app.app_context(), transaction() as session:
        return kept_forms.erase_old(session, app.extensions["clock"].now())


def make_huey(settings: Settings) -> SqliteHuey:
    """The queue: an SQLite file beside the database, under var/ where that is a server."""
    url = make_url(settings.database_url)
    beside = Path(url.database).parent if url.get_backend_name() == "sqlite" and url.database else Path("var")
    beside.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("leeway", filename=str(beside / "tasks.db"), results=False)


def bind(huey: SqliteHuey, app: Flask) -> None:
    """Tells Huey what to run how often, and once when a worker starts."""

    def every(when: Callable[..., Any], job: Callable[[Flask], object]) -> None:
        name = job.__name__
        huey.periodic_task(when, name=name)(_guarded(name, lambda: job(app)))

    every(crontab(minute="*"), answer_link_asks)
    every(crontab(minute="*"), send_some)
    every(crontab(minute="*/5"), sweep)
    every(crontab(minute="5"), plan)
    every(crontab(minute="10"), expire_offers)
    every(crontab(minute="12"), end_settlements)
    every(crontab(minute="15"), lapse_drafts)
    every(crontab(minute="20"), miss_consents)
    every(crontab(minute="25"), look_for_payments)
    every(crontab(minute="30"), judge_promises)
    every(crontab(minute="35"), ask_check_ins)
    every(crontab(minute="40"), erase_kept_forms)
    huey.on_startup("plan")(_guarded("plan", lambda: plan(app)))


def send_some(app: Flask) -> Counter[str]:
    """Sends what is due, as many as may go in a minute."""
    return send(app, TEXTS_A_MINUTE)


def _guarded(name: str, job: Callable[[], object]) -> Callable[[], None]:
    """A job whose failure is a line in the log, without what a database error would quote, and no end of the worker."""

    def run() -> None:
        try:
            logger().info("job", job=name, result=job())
        except Exception:
            logger().error("job_failed", job=name, exc_info=True)

    return run
