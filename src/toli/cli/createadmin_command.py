"""toli createadmin"""

from __future__ import annotations

import argparse
import sys

EXAMPLE = 'toli createadmin --phone 1000000001 --name "Asha Meena" --birth-year 1985 --state "राजस्थान" "Rajasthan"'


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--phone", required=True, help="the number this person logs in with")
    parser.add_argument("--name", required=True)
    parser.add_argument("--birth-year", type=int, required=True)
    parser.add_argument(
        "--state", nargs=2, metavar=("HINDI", "ENGLISH"), help="the top unit's names, when there is no tree yet"
    )


def run(options: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.utils.translation import override

    from toli.cli.first_admin import make_admin
    from toli.kit.errors import ToliError

    with override("en"):
        try:
            said = make_admin(
                phone=options.phone, name=options.name, birth_year=options.birth_year, state=options.state
            )
        except ToliError as fault:
            print(f"Nothing was made: {fault}", file=sys.stderr)
            return 1
    print(said)
    return 0
