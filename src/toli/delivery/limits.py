"""The dated limits of sending, and the hours in which nothing goes out."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from toli.kit.dates import local, local_at

_FILE = Path(__file__).parent / "rules" / "limits.toml"


@dataclass(frozen=True, slots=True)
class SmsLimits:
    """Hours are Asia/Kolkata; `retry` are the pauses between tries."""

    quiet_from: int
    quiet_until: int
    per_second: int
    tries: int
    retry: tuple[timedelta, ...]
    keep_trying: timedelta


@cache
def _rules() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def _in_force(name: str, now: datetime) -> dict[str, Any]:
    blocks = sorted(_rules()[name], key=lambda block: block["from"])
    day = local(now).date()
    return [block for block in blocks if block["from"] <= day][-1]


def sms_limits(now: datetime) -> SmsLimits:
    """The limits in force at that instant. Source: rules/limits.toml."""
    rule = _in_force("sms", now)
    return SmsLimits(
        rule["quiet_from"], rule["quiet_until"], rule["per_second"], rule["tries"],
        tuple(timedelta(seconds=seconds) for seconds in rule["retry_seconds"]),
        timedelta(hours=rule["keep_trying_hours"]),
    )  # fmt: skip


def code_timeout(now: datetime) -> float:
    """Seconds one provider has to take a login code."""
    return float(_in_force("login_code", now)["timeout_seconds"])


def rest_time(now: datetime) -> timedelta:
    """How long a provider that failed is asked second."""
    return timedelta(seconds=_in_force("login_code", now)["rest_seconds"])


def quiet_ends(now: datetime) -> datetime | None:
    """When the quiet hours end, if they hold now; None when messages may go."""
    limits, here = sms_limits(now), local(now)
    if limits.quiet_until <= here.hour < limits.quiet_from:
        return None
    day = here.date() + timedelta(days=1) if here.hour >= limits.quiet_from else here.date()
    return local_at(day, time(limits.quiet_until))


def next_try(attempts: int, now: datetime) -> datetime | None:
    """When to try again after that many tries; None when it was enough."""
    limits = sms_limits(now)
    if attempts >= limits.tries:
        return None
    return now + limits.retry[min(attempts, len(limits.retry)) - 1]
