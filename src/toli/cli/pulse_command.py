"""toli pulse"""

from __future__ import annotations

import argparse
import os

EXAMPLE = "DATABASE_URL=postgresql:///toli toli pulse --port 8001"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, help="default: PORT + 1")
    parser.add_argument("--host", help="default: TOLI_HOST or 127.0.0.1")


def run(options: argparse.Namespace) -> int:
    from toli.broadcasts.pulse import server
    from toli.config import env, postgres

    found = env.read()
    os.environ["TOLI_SECRET_KEY"] = env.secret_of_pages()
    return server.main(
        [
            "--host",
            options.host or found.host,
            "--port",
            str(options.port or found.port + 1),
            "--database",
            found.database_url or postgres.url(postgres.socket_folder(found.home)),
        ]
    )
