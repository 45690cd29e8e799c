"""toli docs: write the reference pages from the code."""

from __future__ import annotations

import argparse

EXAMPLE = "toli docs"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a page is not current")


def run(options: argparse.Namespace) -> int:
    import django

    django.setup()
    from toli.cli import reference

    found = reference.pages()
    if options.check:
        old = reference.stale(found)
        print(f"Not current: {', '.join(old)}. Run: toli docs" if old else "Every page is current.")
        return int(bool(old))
    print(f"Written: {', '.join(reference.write(found)) or 'nothing, all was current'}.")
    return 0
