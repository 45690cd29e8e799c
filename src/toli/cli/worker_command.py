"""toli worker"""

from __future__ import annotations

import argparse

EXAMPLE = "DATABASE_URL=postgresql:///toli toli worker"


def arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(options: argparse.Namespace) -> int:
    import django

    django.setup()
    from toli.config import background

    return background.run()
