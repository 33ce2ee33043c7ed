"""`portal check-wording`."""

import json

import click

from portal.domain.wording import ACCEPT, AFTER, BEFORE
from portal.wording_rules import NoSuchLanguage, judge


@click.command("check-wording")
@click.option("--lang", "language", required=True, help="A tag or a locale's name: en, zh-Hans, zh_Hant_TW, ar.")
@click.option("--stage", type=click.Choice([BEFORE, AFTER]), required=True, help="Who reads: anybody, or the borrower.")
@click.argument("text")
@click.option("--json", "as_json", is_flag=True)
def check_wording(language: str, stage: str, text: str, as_json: bool) -> None:
    """Whether TEXT may be sent to a borrower. Exit 1 where it may not, or a second reader has to see it."""
    try:
        verdict = judge(text, language, stage)
    except NoSuchLanguage:
        raise click.UsageError(f"No rules are written for {language}.") from None
    if as_json:
        why = list(dict.fromkeys(found.why for found in verdict.findings))
        words = list(dict.fromkeys(found.words for found in verdict.findings))
        click.echo(json.dumps({"verdict": verdict.verdict, "why": why, "words": words}, ensure_ascii=False))
    else:
        click.echo(verdict.verdict)
        for found in verdict.findings:
            click.echo(f"  {found.words}: {found.why}")
    raise SystemExit(0 if verdict.verdict == ACCEPT else 1)
