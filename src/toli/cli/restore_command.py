"""toli restore"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from time import perf_counter

EXAMPLE = "TOLI_HOME=/new/place toli restore toli.backup --keys toli.keys"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--keys", type=Path, metavar="FILE", help="the keys of the backup, sealed or plain")
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="its first line is the passphrase")
    parser.add_argument("--replace", metavar="NAME", default="", help="erase what is there; the refusal says the name")
    parser.add_argument("--check", action="store_true", help="only read the file and its keys; change nothing")


def run(options: argparse.Namespace) -> int:
    import psycopg

    from toli.cli.restoring import check, restore
    from toli.config.backups.archive import BadBackup
    from toli.config.launcher import CannotStart
    from toli.config.postgres import ServerFault
    from toli.kit.secrets import SecretsError

    began = perf_counter()
    act = check if options.check else restore
    try:
        said = act(options)
    except (BadBackup, SecretsError, ServerFault, CannotStart) as fault:
        print(fault, file=sys.stderr)
        return 1
    except psycopg.Error as fault:
        print(f"The database refused: {str(fault).strip()}\nWhat was there before is there still.", file=sys.stderr)
        return 1
    except OSError as fault:
        print(f"Nothing was restored: {fault.strerror or fault}. What was there is there still.", file=sys.stderr)
        return 1
    print(f"{said} ({perf_counter() - began:.1f} s)")
    return 0
