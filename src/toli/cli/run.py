"""Finds the file of a command, lets it read its arguments, runs it, and turns faults into sentences."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from types import ModuleType

COMMANDS = {
    "up": "start everything: database, web, pulse, worker",
    "web": "serve the pages",
    "pulse": "serve the slogan streams",
    "worker": "do background work",
    "migrate": "bring the database to this version",
    "import": "read units or office-bearers from a file",
    "demo": "load the demo campaign",
    "bench": "measure Toli beside a peer",
    "backup": "put the whole campaign into one file, while it runs",
    "restore": "put a backup back and prove it",
    "check-audit": "verify the chain of records",
    "card-key": "change the key that signs ID cards",
    "texts": "list the SMS texts to register with the operators",
    "createadmin": "make the first state coordinator",
    "shots": "draw the pictures of the README from a running demo",
    "sms-server": "run the local SMS server of the demo",
    "docs": "write the reference pages from the code",
    "messages": "collect and compile the translations",
    "makemigrations": "write migrations for changed models",
    "setup": "compile messages, fetch front-end files, collect static files",
}


def load(name: str) -> ModuleType:
    return importlib.import_module(f"toli.cli.{name.replace('-', '_')}_command")


def usage() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {what}" for name, what in COMMANDS.items()]
    return "usage: toli COMMAND [options]\n\n" + "\n".join(lines) + "\n\ntoli COMMAND --help shows an example."


def run(arguments: list[str]) -> int:
    """The exit status of `toli ARGUMENTS`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toli.config.settings")
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(usage())
        return 0
    name, rest = arguments[0], arguments[1:]
    if name not in COMMANDS:
        print(f"There is no command {name!r}.\n\n{usage()}", file=sys.stderr)
        return 2
    return call(load(name), name, rest)


def call(module: ModuleType, name: str, rest: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog=f"toli {name}",
        description=COMMANDS[name][0].upper() + COMMANDS[name][1:] + ".",
        epilog=f"example:\n  {module.EXAMPLE}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.arguments(parser)
    try:
        return int(module.run(parser.parse_args(rest)) or 0)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0
