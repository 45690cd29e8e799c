"""toli texts"""

from __future__ import annotations

import argparse
from pathlib import Path

EXAMPLE = "toli texts > /etc/toli/texts.toml"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", type=Path, metavar="FILE", help="say which ids this file lacks; 1 when it lacks any")


def run(options: argparse.Namespace) -> int:
    """Needs no database and no settings: the operators are asked before anything runs."""
    from toli.config import texts

    if options.check is None:
        print(texts.beginning(), end="")
        return 0
    faults = texts.faults_of(options.check)
    print("\n".join(faults) or "Every text has its id.")
    return int(bool(faults))
