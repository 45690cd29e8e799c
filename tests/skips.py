"""What a run says at its end: skipped tests by reason (what TOLI_REQUIRE names must not skip), the slowest files."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator

import pytest

SLOWEST = 15
WORDS = {"browser": ("browser", "chromium"), "shared": ("shared",)}


def required() -> list[str]:
    return [word for word in os.environ.get("TOLI_REQUIRE", "").split(",") if word]


def reason_of(report: pytest.TestReport | pytest.CollectReport) -> str:
    longrepr = report.longrepr
    text = longrepr[2] if isinstance(longrepr, tuple) else str(longrepr)
    return text.removeprefix("Skipped: ")


def is_refused(reason: str, marks: set[str]) -> bool:
    """Whether a skip for this reason is not allowed in this run."""
    return any(name in marks or any(word in reason.lower() for word in WORDS.get(name, (name,))) for name in required())


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.CallInfo, None]:
    outcome = yield
    report = outcome.get_result()
    if report.skipped and is_refused(reason_of(report), {mark.name for mark in item.iter_markers()}):
        report.longrepr = f"required but absent: {reason_of(report)}"
        report.outcome = "failed"


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, pytest.CollectReport, None]:
    outcome = yield
    report = outcome.get_result()
    if report.outcome == "skipped" and is_refused(reason_of(report), set()):
        report.longrepr = f"required but absent: {reason_of(report)}"
        report.outcome = "failed"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    counted = Counter(reason_of(report) for report in terminalreporter.stats.get("skipped", []))
    if counted:
        terminalreporter.section("skipped tests by reason")
        for reason, number in counted.most_common():
            terminalreporter.line(f"{number:5}  {reason}")
    taken = seconds_by_file(terminalreporter)
    if sum(taken.values()) > 60:
        terminalreporter.section("slowest files, in seconds of one of the runners")
        for name, seconds in taken.most_common(SLOWEST):
            terminalreporter.line(f"{seconds:5.0f}  {name}")


def seconds_by_file(terminalreporter: pytest.TerminalReporter) -> Counter[str]:
    taken: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                taken[report.nodeid.split("::")[0]] += report.duration
    return taken
