"""What a lender's gateway and mail server need to know of us, and what a mail server hands over."""

import sys

import click


@click.group()
def gateway() -> None:
    """What gateways need to know."""


@gateway.command()
def addresses() -> None:
    """Prints the addresses at which a gateway tells what it received: they are secrets."""
    from portal.app import create_app
    from portal.db import transaction
    from portal.operating_commands import settings_or_exit
    from portal.services.replies import kannel_key

    app = create_app(settings_or_exit())
    base = app.extensions["settings"].base_url
    with app.app_context(), transaction() as session:
        key = kannel_key(session)
    click.echo("Kannel, group sms-service (keyword = default, max-messages = 0):")
    click.echo(f'  get-url = "{base}/in/kannel/{key}?from=%p&text=%a&id=%I"')
    click.echo("A gateway of your own, by POST, signed with PORTAL_GATEWAY_SECRET:")
    click.echo(f"  texts that come in  {base}/in/texts")
    click.echo(f"  receipts            {base}/in/receipts")


@gateway.command()
def bounce() -> None:
    """Reads one email from standard input, as a mail server pipes it: a report of what could not be delivered."""
    from portal.app import create_app
    from portal.db import transaction
    from portal.messaging.bounces import read_report
    from portal.operating_commands import settings_or_exit
    from portal.services.receipts import record_receipt

    report = read_report(sys.stdin.buffer.read(LARGEST_EMAIL))
    if report is None:
        click.echo("This is no report about an email of ours.")
        return
    app = create_app(settings_or_exit())
    with app.app_context(), transaction() as session:
        now = app.extensions["clock"].now()
        known = record_receipt(session, int(report.reference), report.state, report.code, now)
    click.echo("Noted." if known else "No email of ours has this reference.")


LARGEST_EMAIL = 1024 * 1024
