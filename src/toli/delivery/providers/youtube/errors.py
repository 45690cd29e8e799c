"""What YouTube's answers mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from toli.delivery.providers import SendFault, text_of
from toli.delivery.providers.http import Answer

PACIFIC = ZoneInfo("America/Los_Angeles")
DAY_USED_UP = ("quotaExceeded", "uploadLimitExceeded", "dailyLimitExceeded")
QUICK = ("rateLimitExceeded", "userRateLimitExceeded")


def until_reset(now: datetime) -> float:
    """Seconds to the next midnight of California, when the day's quota is new."""
    here = now.astimezone(PACIFIC)
    ends = datetime(here.year, here.month, here.day, tzinfo=PACIFIC) + timedelta(days=1)
    return (ends.astimezone(UTC) - now).total_seconds()


def fault(answer: Answer) -> SendFault:
    """Why an answer is no yes."""
    reason = text_of(answer.said(), "error", "errors", 0, "reason")
    if reason in DAY_USED_UP:
        return SendFault("too_fast", retry_after=until_reset(datetime.now(UTC)))
    if reason in QUICK or answer.status == 429:
        return SendFault("too_fast", retry_after=answer.retry_after or 60.0)
    if answer.status == 401:
        return SendFault("not_authorised")
    if answer.status == 403:
        return SendFault("not_allowed_there", final=True)
    if answer.status >= 500:
        return SendFault("provider_fault", unsure=True, retry_after=answer.retry_after)
    return SendFault("garbage" if answer.is_fine else "refused", final=not answer.is_fine)


def reached(answer: Answer) -> int:
    """How many bytes YouTube has, from the header of a 308."""
    last = answer.headers.get("range", "").rpartition("-")[2]
    return int(last) + 1 if last.isdigit() else 0
