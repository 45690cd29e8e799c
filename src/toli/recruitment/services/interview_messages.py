"""What candidates are told by SMS; each message passes the gates of `delivery` when it goes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from toli.audit import services as audit
from toli.delivery import services as delivery
from toli.delivery.services import Each
from toli.kit.actor import SystemActor
from toli.kit.dates import datetime_text
from toli.recruitment.models import Interview

KINDS = ("proposed", "day", "hours")
DAY_BEFORE = timedelta(hours=24)
SAME_DAY = timedelta(hours=3)
TOO_LATE = timedelta(minutes=30)
"""Nobody is reminded later than this before the beginning."""


def _each(interview_id: int, key: str, person_id: int, code: str, at: datetime, expires: datetime) -> Each:
    link = f"{settings.PUBLIC_URL}/i/{code}/"
    params = {tag: {"when": datetime_text(at, tag), "link": link} for tag in ("hi", "en")}
    return Each(person_id, f"interview:{interview_id}:{key}", params, expires)


def propose(interview_ids: Sequence[int], *, now: datetime) -> int:
    """Tell the time that is proposed; how many messages are new."""
    rows = Interview.objects.filter(pk__in=interview_ids, slot__isnull=False, code__isnull=False)
    columns = rows.values_list("pk", "application__person_id", "code", "slot__starts_at")
    messages = [_each(pk, "proposed", person, str(code), at, at) for pk, person, code, at in columns]
    return delivery.queue_each(template="interview", messages=messages, now=now)


def ask_for_samples(interview_ids: Sequence[int], *, until: datetime, now: datetime) -> int:
    """Ask for the work samples of these; how many messages are new."""
    rows = Interview.objects.filter(pk__in=interview_ids, code__isnull=False)
    columns = rows.values_list("pk", "application__person_id", "code")
    messages = [_each(pk, "proposed", person, str(code), until, until) for pk, person, code in columns]
    return delivery.queue_each(template="work_sample", messages=messages, now=now)


# Each step is taken once, whatever happens to the message; a time given at short notice skips the first one.
REMIND = """
UPDATE recruitment_interview i SET reminded = %(step)s
FROM recruitment_slot s, recruitment_application a
WHERE s.id = i.slot_id AND a.id = i.application_id AND i.state IN ('proposed', 'confirmed') AND i.code IS NOT NULL
  AND i.reminded < %(step)s AND s.starts_at > %(after)s AND s.starts_at <= %(until)s
  AND i.made_at < s.starts_at - %(lead)s
RETURNING i.id, a.person_id, i.code, s.starts_at
"""


@transaction.atomic
def remind(*, now: datetime) -> int:
    """Remind a day before and on the same day; how many messages are new. Safe to run as often as one likes."""
    return _remind(1, "day", DAY_BEFORE, SAME_DAY, now) + _remind(2, "hours", SAME_DAY, TOO_LATE, now)


def _remind(step: int, key: str, lead: timedelta, least: timedelta, now: datetime) -> int:
    bounds: dict[str, Any] = {"step": step, "after": now + least, "until": now + lead, "lead": lead}
    with connection.cursor() as cursor:
        cursor.execute(REMIND, bounds)
        rows = cursor.fetchall()
    if not rows:
        return 0
    messages = [_each(pk, key, person, code, at, at) for pk, person, code, at in rows]
    audit.record(SystemActor(request_id="recruitment.remind"), "recruitment.interviews_reminded", None,
                 data={"interviews": len(rows)})  # fmt: skip
    return delivery.queue_each(template="interview_reminder", messages=messages, now=now)


def forget(interview: Interview) -> None:
    """Stop messages that still wait about a time that holds no more."""
    keys = [f"interview:{interview.pk}:{kind}" for kind in KINDS]
    delivery.cancel_keys(actor=SystemActor(request_id="recruitment.interviews"), keys=keys)
