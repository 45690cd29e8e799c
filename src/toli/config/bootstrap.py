"""Makes a clone ready to run, with nothing but Python's own library: `python3 bootstrap.py [dev] [browser]`.

Every step remembers what it was made from, so a second call does nothing and takes a few milliseconds.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "toli-stamps.json"
PACKAGE = ROOT / "src" / "toli"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class CannotSetUp(Exception):
    """The message says what is missing and what to do."""


def contents(*paths: Path) -> str:
    """A digest of the files' contents."""
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()


def facts(paths: Iterable[Path]) -> str:
    """A digest of the files' names, sizes and times: cheap, for many files."""
    lines = [f"{path} {(found := path.stat()).st_size} {found.st_mtime_ns}" for path in sorted(paths)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def read_stamps() -> dict[str, str]:
    try:
        return dict(json.loads(STAMPS.read_text()))
    except (OSError, ValueError):
        return {}


def remember(**stamps: str) -> None:
    part = STAMPS.with_suffix(".new")
    part.write_text(json.dumps(read_stamps() | stamps, indent=1))
    part.replace(STAMPS)


def run(what: str, *command: str | Path) -> None:
    """Say what is done and do it. Raises CannotSetUp when it fails."""
    print(f"setup: {what}", flush=True)
    if subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode:
        raise CannotSetUp(f"This step failed: {what}. The lines above say why; mend it and run the same again.")


def make_venv() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - this file runs before we know
        raise CannotSetUp(f"Toli needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}.")
    if not works(PYTHON):
        try:
            run("make .venv", sys.executable, "-m", "venv", "--clear", VENV)
        except CannotSetUp:
            raise CannotSetUp("Python could not make .venv. On Debian and Ubuntu: apt install python3-venv")


def works(python: Path) -> bool:
    return python.exists() and os.access(python, os.X_OK)


def pip(what: str, *arguments: str | Path) -> None:
    run(what, PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "-qq", *arguments)


def install(kinds: list[str]) -> None:
    """The locked packages of each kind (base, dev), then Toli itself in place."""
    for kind in kinds:
        locked = ROOT / "requirements" / f"{kind}.txt"
        if read_stamps().get(kind) != (digest := contents(locked)):
            pip(f"install the locked packages of {locked.name}", "--require-hashes", "--no-deps", "-r", locked)
            remember(**{kind: digest})
    if read_stamps().get("toli") != (digest := contents(ROOT / "pyproject.toml")):
        pip("install toli in place", "--no-build-isolation", "--no-deps", "--editable", ROOT)
        remember(toli=digest)


def files(pattern: str) -> list[Path]:
    return [path for path in PACKAGE.glob(pattern) if path.is_file()]


def build() -> None:
    """Compiled code, translations, front-end files and collected static files, each only when its sources changed."""
    wanted = {
        "bytecode": facts(files("**/*.py")),
        "messages": facts(files("*/locale/*/LC_MESSAGES/*.po")),
        "front-end": contents(ROOT / "package-lock.json", PACKAGE / "ui" / "vendor.py"),
        "static": facts(path for path in files("*/static/**/*") if "vendor" not in path.parts),
    }
    built = {
        "bytecode": (PACKAGE / "config" / "__pycache__").is_dir(),
        "messages": all(path.with_suffix(".mo").exists() for path in files("*/locale/*/LC_MESSAGES/*.po")),
        "front-end": (PACKAGE / "ui" / "static" / "vendor").is_dir(),
        "static": (ROOT / "build" / "static").is_dir(),
    }
    stamps = read_stamps()
    changed = [name for name, digest in wanted.items() if stamps.get(name) != digest or not built[name]]
    if "front-end" in changed and "static" not in changed:
        changed.append("static")
    if changed:
        run(f"build {', '.join(changed)}", PYTHON, "-m", "toli.cli", "setup", *changed)
        remember(**{name: wanted[name] for name in changed})


def find_browser() -> str | None:
    places = os.pathsep.join([os.environ.get("PATH", ""), "/usr/bin", "/usr/local/bin", "/snap/bin"])
    return next((found for name in BROWSERS if (found := shutil.which(name, path=places))), None)


def get_browser() -> None:
    """Install Debian's chromium where that is possible; where it is not, say which tests will not run."""
    if find_browser():
        return
    apt = shutil.which("apt-get", path="/usr/bin:/usr/local/bin")
    if apt and os.getuid() == 0:
        print("setup: install chromium for the browser journeys", flush=True)
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
        wanted = [apt, "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-lohit-deva"]
        for command in (wanted, [apt, "update", "-qq"], wanted):
            subprocess.run(command, env=env, stdout=subprocess.DEVNULL, check=False)
            if find_browser():
                return
    print("setup: there is no chromium; the browser journeys in tests/journeys will not run", flush=True)


def main(words: list[str]) -> int:
    (ROOT / "build").mkdir(exist_ok=True)
    try:
        with open(ROOT / "build" / "setup.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            make_venv()
            install(["base", "dev"] if "dev" in words else ["base"])
            build()
            if "browser" in words:
                get_browser()
    except CannotSetUp as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
