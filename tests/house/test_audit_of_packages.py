"""What `make check` makes of the answers of pip-audit and npm, in the forms they come in."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from tests import audit_dependencies as audit

TODAY = date(2026, 11, 22)


def pip_says(*packages: dict) -> audit.Answer:
    return audit.read_pip_audit(json.dumps({"dependencies": list(packages), "fixes": []}))


def test_a_weakness_of_a_package_fails_the_check(capsys):
    fault = {"id": "PYSEC-2099-1", "fix_versions": ["2.0"], "aliases": [], "description": "x"}
    answer = pip_says({"name": "good", "version": "1", "vulns": []}, {"name": "bad", "version": "1", "vulns": [fault]})
    assert audit.report("python", answer, TODAY) is False
    said = capsys.readouterr().out
    assert "bad 1: PYSEC-2099-1 (mended in 2.0)" in said
    assert "2 of 2 packages" in said


def test_packages_that_could_not_be_looked_up_are_not_called_sound(capsys):
    """pip-audit itself ends with "no known vulnerabilities" and status 0 here."""
    answer = pip_says({"name": "a", "skip_reason": "not found"}, {"name": "b", "skip_reason": "not found"})
    assert audit.report("python", answer, TODAY) is True
    assert "not reachable: skipped" in capsys.readouterr().out


def test_a_judged_advisory_passes_until_its_day(monkeypatch):
    finding = audit.Finding("bad 1", "PYSEC-2099-1", "")
    monkeypatch.setitem(audit.ACCEPTED, "PYSEC-2099-1", ("never called", date(2026, 12, 1)))
    assert not audit.still_stands(finding, TODAY)
    assert audit.still_stands(finding, date(2026, 12, 1))


def test_npm_fails_for_what_is_serious_only():
    def said(severity: str) -> audit.Answer:
        fault = {"severity": severity, "via": [{"source": 1234, "title": "x"}]}
        return audit.read_npm_audit(
            json.dumps({"vulnerabilities": {"bad": fault}, "metadata": {"dependencies": {"total": 9}}})
        )

    assert audit.report("npm", said("critical"), TODAY) is False
    assert audit.report("npm", said("moderate"), TODAY) is True


@pytest.mark.parametrize("text", ['{"message": "405 Method Not Allowed - POST http://x/y"}', '{"error": {}}'])
def test_an_npm_that_was_not_answered_is_skipped_and_names_no_address(text, capsys):
    assert audit.report("npm", audit.read_npm_audit(text), TODAY) is True
    said = capsys.readouterr().out
    assert "not reachable: skipped" in said
    assert "http" not in said


def test_no_answer_at_all_is_skipped_too(monkeypatch, capsys):
    def broken() -> audit.Answer:
        return audit.read_npm_audit("")

    monkeypatch.setattr(audit, "ask_npm", broken)
    monkeypatch.setattr(audit, "ask_pip_audit", broken)
    assert audit.main() == 0
    assert capsys.readouterr().out.count("not reachable: skipped") == 2


def test_the_check_is_part_of_make_check_and_its_tool_is_locked():
    from tests import run_all

    assert any("tests.audit_dependencies" in command for command in run_all.CHECKS.values())
    locked = (Path(audit.REQUIREMENTS) / "audit.txt").read_text()
    assert "pip-audit==" in locked
    assert "--hash=sha256:" in locked
