"""Known weaknesses in what we build on: asks pip-audit and `npm audit`; says so and passes where nobody answers.

pip-audit lives in an environment of its own (build/audit), so that what it needs never mixes with what we ship.
An advisory that does not touch us is named in `ACCEPTED` with the reason and the day it is looked at again.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from toli.cli.setup_command import node

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "requirements"
HOME = ROOT / "build" / "audit"
SECONDS = 240
SERIOUS = ("high", "critical")

ACCEPTED: dict[str, tuple[str, date]] = {}
"""Advisory: why it does not touch us, and until when we believe that."""


@dataclass(frozen=True)
class Finding:
    package: str
    advisory: str
    words: str

    def __str__(self) -> str:
        return f"{self.package}: {self.advisory} {self.words}".strip()


@dataclass(frozen=True)
class Answer:
    """What one source said. `looked_up` of `asked` packages were known to it; none: it was not reachable."""

    asked: int
    looked_up: int
    findings: tuple[Finding, ...] = ()
    why_not: str = ""

    @property
    def is_reached(self) -> bool:
        return self.looked_up > 0


def read_pip_audit(text: str) -> Answer:
    """The answer in pip-audit's JSON. A package it could not look up is no package without weaknesses."""
    found = json.loads(text)["dependencies"]
    known = [package for package in found if "skip_reason" not in package]
    findings = tuple(
        Finding(f"{package['name']} {package['version']}", fault["id"], mended_in(fault.get("fix_versions", [])))
        for package in known
        for fault in package["vulns"]
    )
    return Answer(len(found), len(known), findings, "" if known else "no package could be looked up")


def mended_in(versions: Sequence[str]) -> str:
    return f"(mended in {', '.join(versions)})" if versions else ""


def read_npm_audit(text: str) -> Answer:
    """The answer in npm's JSON: only what is serious."""
    said: dict[str, Any] = json.loads(text)
    if "vulnerabilities" not in said:
        return Answer(0, 0, why_not=str(said.get("message", "no answer"))[:60].split(" http")[0])
    findings = tuple(
        Finding(name, via["source"] if isinstance(via, dict) else str(via), fault["severity"])
        for name, fault in said["vulnerabilities"].items()
        if fault["severity"] in SERIOUS
        for via in fault["via"][:1]
    )
    asked = said["metadata"]["dependencies"]["total"]
    return Answer(asked, asked, findings)


def tool() -> Path:
    """pip-audit in its own environment, made when its locked list changed. Raises CalledProcessError."""
    locked = REQUIREMENTS / "audit.txt"
    digest, stamp = hashlib.sha256(locked.read_bytes()).hexdigest(), HOME / "stamp"
    if not stamp.exists() or stamp.read_text() != digest:
        venv.create(HOME, with_pip=True, clear=True)
        install = [HOME / "bin" / "python", "-m", "pip", "install", "-qq", "--require-hashes", "-r", locked]
        subprocess.run([str(word) for word in install], check=True, timeout=SECONDS, capture_output=True)
        stamp.write_text(digest)
    return HOME / "bin" / "pip-audit"


def ask_pip_audit() -> Answer:
    everything = str(REQUIREMENTS / "dev.txt")  # holds what base.txt holds
    command = [str(tool()), "--disable-pip", "--require-hashes", "--progress-spinner", "off", "-f", "json"]
    return read_pip_audit(said_by([*command, "-r", everything]))


def ask_npm() -> Answer:
    return read_npm_audit(said_by([*node(), "audit", "--json", "--package-lock-only"]))


def said_by(command: list[str]) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)
    return done.stdout[done.stdout.find("{") :]


def still_stands(finding: Finding, today: date) -> bool:
    """Whether a finding counts: not one that was judged and whose day has not come."""
    accepted = ACCEPTED.get(finding.advisory)
    return accepted is None or accepted[1] <= today


def report(name: str, answer: Answer, today: date) -> bool:
    """Print what was said; False when something serious stands."""
    if not answer.is_reached:
        print(f"{name}: not reachable: skipped ({answer.why_not})")
        return True
    print(f"{name}: {answer.looked_up} of {answer.asked} packages looked up")
    standing = [finding for finding in answer.findings if still_stands(finding, today)]
    for finding in standing:
        print(f"  {finding}")
    return not standing


def main() -> int:
    fine = True
    for name, ask in (("python", ask_pip_audit), ("npm", ask_npm)):
        try:
            answer = ask()
        except (subprocess.SubprocessError, OSError, ValueError, KeyError) as fault:
            answer = Answer(0, 0, why_not=type(fault).__name__)
        fine = report(name, answer, date.today()) and fine  # noqa: DTZ011 - a day, no moment
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
