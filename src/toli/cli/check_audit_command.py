"""toli check-audit"""

from __future__ import annotations

import argparse
import sys

EXAMPLE = "toli check-audit"
BROKEN = 1


def arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(options: argparse.Namespace) -> int:
    import django

    django.setup()
    from toli.audit import queries

    found = queries.check_chain()
    if not found.is_whole:
        record = f", record {found.broken_record_id}" if found.broken_record_id else ""
        print(
            f"The chain is BROKEN at position {found.broken_position}{record}: {found.says}. "
            f"{found.checked} records before it are as they were written.",
            file=sys.stderr,
        )
        return BROKEN
    position, digest = queries.head()
    waiting = f" {found.unsealed} more wait to be sealed." if found.unsealed else ""
    print(f"The chain is whole: {found.checked} records.{waiting}\nhead {position} {digest}")
    return 0
