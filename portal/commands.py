"""The command line: `portal --help`. Each command lives beside what it does and is loaded when it is asked for."""

import importlib

import click

COMMANDS = {
    "access-codes": "portal.access_code_commands:access_codes",
    "check-wording": "portal.wording_command:check_wording",
    "demo": "portal.demo.command:demo",
    "demo-data": "portal.demo.command:demo_data",
    "doctor": "portal.doctor:doctor",
    "gateway": "portal.gateway_commands:gateway",
    "init": "portal.setting_up:init",
    "import-book": "portal.import_command:import_book",
    "lender": "portal.lender_commands:lender",
    "may-contact": "portal.contact_commands:may_contact",
    "reminders": "portal.contact_commands:reminders",
    "restructure": "portal.figures:restructure",
    "routes": "portal.operating_commands:routes",
    "schedule": "portal.figures:schedule",
    "serve": "portal.operating_commands:serve",
    "staff": "portal.operating_commands:staff",
    "upgrade": "portal.operating_commands:upgrade",
    "worker": "portal.worker:worker",
}


class Portal(click.Group):
    """Loads a command's module only when that command is wanted: `portal schedule` needs no database."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.command(cls=Portal)
def main() -> None:
    """Leeway, a repayment portal."""
