"""The dated limits of sending, and the hours in which nothing goes out."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Protocol

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


@dataclass(frozen=True, slots=True)
class Allowance:
    """`cap` in `window`, `burst` of them at once. `per`: way, account, chat or person."""

    provider: str
    per: str
    cap: int
    window: timedelta
    burst: int

    @property
    def cost(self) -> timedelta:
        """How far ahead of the clock one of them spends: with a burst, no window of that length holds more than cap."""
        return self.window / (self.cap - self.burst if self.burst < self.cap else self.cap)

    @property
    def room(self) -> timedelta:
        """How far ahead it may be spent."""
        return self.cost * self.burst


def allowances(provider: str, now: datetime) -> list[Allowance]:
    """What a way may send, the newest rule of each kind. Source: rules/limits.toml."""
    day = local(now).date()
    newest = {
        (row["provider"], row["per"], row["seconds"]): row
        for row in sorted(_rules()["allowance"], key=lambda row: row["from"])
        if row["from"] <= day and row["provider"] == provider
    }
    return [_allowance(row) for row in newest.values()]


def _allowance(row: dict[str, Any]) -> Allowance:
    window = timedelta(seconds=row["seconds"])
    return Allowance(row["provider"], row["per"], row["cap"], window, row.get("burst", row["cap"]))


def key_of(allowance: Allowance, *, account: str = "", chat: str = "", person: int | None = None) -> str:
    """The row an allowance is counted in."""
    whose = {"way": "", "account": account, "chat": f"{account}:{chat}", "person": str(person or "")}[allowance.per]
    return f"{allowance.provider}:{allowance.per}:{whose}:{int(allowance.window.total_seconds())}"


class Spent(Protocol):
    """A row of `Budget`."""

    used_until: datetime


def places_left(allowance: Allowance, row: Spent | None, now: datetime) -> int:
    """How many places there are now."""
    ahead = max(row.used_until, now) - now if row else timedelta(0)
    return max(0, int((allowance.room - ahead) / allowance.cost + 0.000001))


@dataclass(frozen=True, slots=True)
class PostingRules:
    """How a post is tried, and how keys are looked after."""

    timeout: float
    tries: int
    retry: tuple[timedelta, ...]
    faults_before_rest: int
    rest: timedelta
    longest_rest: timedelta
    look_every: timedelta
    tell_before: timedelta

    def next_try(self, attempts: int, now: datetime) -> datetime | None:
        """When to try again after so many tries; None when it was enough."""
        return now + self.retry[min(attempts, len(self.retry)) - 1] if attempts < self.tries else None

    def rest_after(self, faults: int) -> timedelta | None:
        """How long an account rests after so many faults in a row; None while it need not."""
        if faults < self.faults_before_rest:
            return None
        return min(self.rest * 2 ** min(faults - self.faults_before_rest, 20), self.longest_rest)


def posting_rules(now: datetime) -> PostingRules:
    """The rules in force at that instant. Source: rules/limits.toml."""
    rule = _in_force("posting", now)
    return PostingRules(
        rule["timeout_seconds"], rule["tries"], tuple(timedelta(seconds=one) for one in rule["retry_seconds"]),
        rule["faults_before_rest"], timedelta(seconds=rule["rest_seconds"]),
        timedelta(seconds=rule["longest_rest_seconds"]), timedelta(minutes=rule["look_every_minutes"]),
        timedelta(days=rule["tell_days_before"]),
    )  # fmt: skip


def push_hosts(now: datetime) -> tuple[str, ...]:
    """The push services a browser's subscription may name."""
    return tuple(_in_force("push_services", now)["hosts"])


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


def quiet_begins(now: datetime) -> datetime:
    """When the quiet hours of that day begin."""
    return local_at(local(now).date(), time(sms_limits(now).quiet_from))


def pace(channel: str, now: datetime) -> timedelta:
    """How long each message of a way takes at the most that its allowances give in the long run."""
    costs = [one.cost for one in allowances(channel, now) if one.per in ("way", "account")]
    return max(costs, default=timedelta(0))


def price_of(channel: str, now: datetime) -> int:
    """What one message (of an SMS: one part) costs, in paise. Source: rules/limits.toml."""
    day = local(now).date()
    rows = [row for row in _rules()["price"] if row["channel"] == channel and row["from"] <= day]
    return int(max(rows, key=lambda row: row["from"])["paise"]) if rows else 0


def next_try(attempts: int, now: datetime) -> datetime | None:
    """When to try again after that many tries; None when it was enough."""
    limits = sms_limits(now)
    if attempts >= limits.tries:
        return None
    return now + limits.retry[min(attempts, len(limits.retry)) - 1]
