"""What a lender chooses of its place: contact rules, ceilings on the cost of credit, crisis lines."""

import click

from portal import languages


def _crisis_line(ctx: click.Context, param: click.Parameter, given: tuple[tuple[str, str, str], ...]) -> object:
    for tag, _, _ in given:
        if tag not in languages.LANGUAGES:
            raise click.BadParameter(f"{tag} is none of {', '.join(languages.LANGUAGES)}.")
    return given


@click.command()
@click.option("--rules", multiple=True, help="A contact rule set; several times for several: the stricter wins.")
@click.option(
    "--ceilings", multiple=True, help="A place whose ceilings on the cost of credit hold; 'none' for no place."
)
@click.option(
    "--crisis-line",
    "lines",
    nargs=3,
    multiple=True,
    callback=_crisis_line,
    metavar="LANGUAGE PHONE NAME",
    help="Whom a reader of LANGUAGE may call today; all of them, since they take the place of those there were.",
)
def lender(rules: tuple[str, ...], ceilings: tuple[str, ...], lines: tuple[tuple[str, str, str], ...]) -> None:
    """Chooses what holds at the lender's place, and says what holds now."""
    from portal.app import create_app
    from portal.db import transaction
    from portal.operating_commands import settings_or_exit
    from portal.queries.lender import the_lender
    from portal.services.lender import NoSuchChoice, choose

    app = create_app(settings_or_exit())
    try:
        with app.app_context(), transaction() as session:
            now = app.extensions["clock"].now()
            choose(session, now, rules=list(rules), ceilings=list(ceilings), crisis_lines=list(lines))
            found = the_lender(session)
            click.echo(f"rules         {', '.join(found.contact_rules)}")
            click.echo(f"ceilings      {', '.join(found.ceilings) or 'none'}")
            for line in found.crisis_lines:
                for tag, name in line["names"].items():
                    click.echo(f"crisis line   {tag}: {name} {line['phone']}")
    except NoSuchChoice as error:
        raise click.UsageError(str(error)) from None
    finally:
        app.extensions["engine"].dispose()
