"""The command line: `portal --help`."""

import click


@click.group()
def main() -> None:
    """Leeway, a repayment portal."""
