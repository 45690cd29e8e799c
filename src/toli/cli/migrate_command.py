"""toli migrate"""

from __future__ import annotations

import argparse
import sys

EXAMPLE = "OWNER_DATABASE_URL=postgresql://toli_owner@/toli toli migrate"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 when something is to do")


def run(options: argparse.Namespace) -> int:
    from toli.config.owner import connect_as_owner

    connect_as_owner()
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from toli import flows
    from toli.config import fresh, grants, releases, versions
    from toli.config.launcher import NEWER_DATA

    if versions.restore_was_cut_off():
        print(versions.CUT_OFF, file=sys.stderr)
        return NEWER_DATA
    if strangers := versions.newer_migrations():
        print(versions.sentence(strangers), file=sys.stderr)
        return NEWER_DATA
    if options.check:
        return int(versions.is_behind())
    call_command("migrate", verbosity=0, interactive=False)
    grants.apply()
    releases.become_follower(flows.FLOWS)
    with connection.cursor() as cursor:
        fresh.note(cursor)
    return 0
