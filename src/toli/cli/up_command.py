"""toli up"""

from __future__ import annotations

import argparse
import os

EXAMPLE = "toli up --port 9000 --home /some/folder"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", help="default: PORT or 8000; the next two ports are used too")
    parser.add_argument("--host", help="default: 127.0.0.1; 0.0.0.0 lets phones on the same network in")
    parser.add_argument("--home", help="where data, keys and logs lie; default: TOLI_HOME or var/")
    sizes = ["small", "state", "full", "none"]
    parser.add_argument("--demo", choices=sizes, help="what to load into an empty database")


def run(options: argparse.Namespace) -> int:
    given = {
        "PORT": options.port,
        "TOLI_HOST": options.host,
        "TOLI_HOME": options.home,
        "TOLI_DEMO_SIZE": options.demo,
    }
    os.environ.update({name: value for name, value in given.items() if value})

    from toli.config import env, launcher

    return launcher.launch(env.read())
