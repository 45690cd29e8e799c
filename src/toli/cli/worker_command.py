"""toli worker"""

from __future__ import annotations

import argparse

EXAMPLE = "DATABASE_URL=postgresql:///toli toli worker"


def arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(options: argparse.Namespace) -> int:
    import gc

    gc.disable()  # nothing that is made while starting is garbage
    import django

    django.setup()
    from toli.config import background

    gc.freeze()  # and no collection looks at it again
    gc.enable()
    return background.run()
