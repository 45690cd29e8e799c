"""Runs every check to its end, then says which failed: `run_all.py [check | journeys]`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from toli.config.bootstrap import find_browser

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PYTEST = [sys.executable, "-m", "pytest"]

CHECKS = {
    "ruff": [str(BIN / "ruff"), "check", "src", "tests"],
    "layout (ruff format)": [str(BIN / "ruff"), "format", "--check", "src", "tests"],
    "walls (import-linter)": [str(BIN / "lint-imports"), "--no-cache"],
    "types (mypy)": [str(BIN / "mypy")],
    "templates (djlint)": [str(BIN / "djlint"), "src/toli", "--lint", "--quiet", "--extension=html"],
    "migrations match models": [sys.executable, "-m", "toli.cli", "makemigrations", "--check"],
    "known weaknesses of packages": [sys.executable, "-m", "tests.audit_dependencies"],
}
TESTS = {"tests": [*PYTEST, "tests", "--ignore=tests/journeys", "-n", "2", "--dist", "loadfile"]}
JOURNEYS = {"browser journeys": [*PYTEST, "tests/journeys"]}


def chosen(words: list[str]) -> dict[str, list[str]]:
    if words == ["check"]:
        return CHECKS
    if words == ["journeys"]:
        return JOURNEYS
    return CHECKS | TESTS | JOURNEYS


def passes(name: str, command: list[str]) -> bool:
    print(f"\n== {name}", flush=True)
    began = time.monotonic()
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "toli.config.settings"}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of processes would each compile what they import
    if (browser := find_browser()) and "TOLI_BROWSER" not in env:
        env["TOLI_BROWSER"] = browser
    status = subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
    print(f"   {name}: {'passed' if status == 0 else 'FAILED'} in {time.monotonic() - began:.0f} s", flush=True)
    return status == 0


def main(words: list[str]) -> int:
    failed = [name for name, command in chosen(words).items() if not passes(name, command)]
    print(f"\n{'FAILED: ' + ', '.join(failed) if failed else 'All passed.'}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
