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
    keep_contact()
    with connection.cursor() as cursor:
        fresh.note(cursor)
    return 0


def keep_contact() -> None:
    """Where the deployment names somebody else by now, the notice says so from here on."""
    from django.utils import timezone

    from toli.accounts.queries import deployment
    from toli.consent.first_notice import ensure_notice
    from toli.consent.models import Notice
    from toli.kit.actor import SystemActor

    if deployment() is not None and Notice.objects.exists():
        ensure_notice(actor=SystemActor(request_id="migrate"), now=timezone.now())
