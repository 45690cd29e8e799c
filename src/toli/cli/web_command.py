"""toli web"""

from __future__ import annotations

import argparse
import os

EXAMPLE = "DATABASE_URL=postgresql:///toli toli web --port 8000"
KILL_TIMEOUT = 5


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, help="default: PORT or 8000")
    parser.add_argument("--host", help="default: TOLI_HOST or 127.0.0.1")
    parser.add_argument("--workers", type=int, default=1, help="processes (default 1)")


def run(options: argparse.Namespace) -> int:
    from granian import Granian
    from granian.constants import Interfaces

    from toli.config import env

    found = env.read()
    os.environ.setdefault("TOLI_POOL", str(found.threads + 2))
    Granian(
        "toli.config.wsgi:application",
        address=options.host or found.host,
        port=options.port or found.port,
        interface=Interfaces.WSGI,
        workers=options.workers,
        blocking_threads=found.threads,
        workers_kill_timeout=KILL_TIMEOUT,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        websockets=False,
    ).serve()
    return 0
