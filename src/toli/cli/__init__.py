"""The console command `toli`: one file per command, each with an example in its help.

Owns: no tables.
Records: config.restored.
Used by: people at a terminal, the Makefile, the launcher.
"""

from __future__ import annotations

import sys


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the result is the exit status."""
    from toli.cli.run import run

    return run(sys.argv[1:] if arguments is None else arguments)
