"""toli demo"""

from __future__ import annotations

import argparse
import sys
from time import perf_counter

EXAMPLE = "toli demo --size small"


def arguments(parser: argparse.ArgumentParser) -> None:
    sizes = "2,000, 75,000 or 603,000 people"
    parser.add_argument("--size", choices=["small", "state", "full"], default="small", help=sizes)
    parser.add_argument("--first", action="store_true", help="do nothing where something is already there")
    parser.add_argument("--people", action="store_true", help="print the named people with their login links")
    parser.add_argument("--address", default="http://localhost:8000/", help="where the links lead")


def run(options: argparse.Namespace) -> int:
    from toli.config.owner import connect_as_owner

    if not options.people:
        connect_as_owner()
    import django

    django.setup()
    return _introduce(options.address) if options.people else _load(options.size, first=options.first)


def _introduce(address: str) -> int:
    from toli.demo.introduce import introductions
    from toli.demo.load import is_loaded

    if not is_loaded():
        print("There is no demo in this database.", file=sys.stderr)
        return 1
    print(introductions(address))
    return 0


def _load(size: str, *, first: bool) -> int:
    from django.utils import timezone

    from toli.accounts.models import Deployment
    from toli.demo.load import is_loaded, load
    from toli.demo.sizes import SIZES
    from toli.kit.errors import ToliError
    from toli.org.models import Unit

    if is_loaded() or (first and Deployment.objects.exists()):
        print("" if first else "The demo is loaded already.", end="" if first else "\n")
        return 0
    if Unit.objects.exists():
        print("This database has a tree of its own. Load the demo into another TOLI_HOME.", file=sys.stderr)
        return 1
    started = perf_counter()
    print(f"Loading the demo campaign ({size}) ...", flush=True)
    try:
        load(size=SIZES[size], now=timezone.now(), say=lambda line: print(line, flush=True))
    except ToliError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Loaded in {perf_counter() - started:.1f} s.")
    return 0
