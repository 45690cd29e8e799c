"""toli makemigrations"""

from __future__ import annotations

import argparse
import warnings

EXAMPLE = "toli makemigrations tasks"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rooms", nargs="*", help="the rooms whose models changed; all when none is named")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when something is missing")


def run(options: argparse.Namespace) -> int:
    import django
    from django.core.management import call_command

    django.setup()
    warnings.filterwarnings("ignore", category=RuntimeWarning)  # no server is needed for this
    call_command("makemigrations", *options.rooms, check_changes=options.check, dry_run=options.check)
    return 0
