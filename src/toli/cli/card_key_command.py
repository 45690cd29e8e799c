"""toli card-key show, toli card-key rotate"""

from __future__ import annotations

import argparse
import sys

EXAMPLE = "toli card-key rotate\n  toli card-key rotate --stolen"


def arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="show|rotate")
    acts.add_parser("show", help="which keys there are, and which one signs")
    rotate = acts.add_parser("rotate", help="sign new cards with a new key; old ones stay good until they run out")
    rotate.add_argument(
        "--stolen", action="store_true", help="forget every older key: cards signed with them are no longer valid"
    )


def run(options: argparse.Namespace) -> int:
    from toli.kit import secrets

    try:
        if options.act == "rotate":
            _rotate(stolen=options.stolen)
        for version in sorted(secrets.seal_keys()):
            signs = "signs new cards" if version == secrets.keyring().active_seal else "only checks older cards"
            print(f"key {version}: {signs}")
    except secrets.SecretsError as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


def _rotate(*, stolen: bool) -> None:
    from toli.kit import secrets

    secrets.keyring()
    version = secrets.add_seal_key(forget=stolen)
    print(f"Key {version} lies in {secrets.keyring_path()}. Restart Toli so that it signs; then back the keyring up.")
    if stolen:
        print("Cards of before are invalid from the restart on; holders get a new one by opening theirs again.")
    else:
        print("Cards signed before stay good, also without a network, until their 30 days are over.")
        print("A phone that checks without a network knows the new key once it has opened the verify page online.")
