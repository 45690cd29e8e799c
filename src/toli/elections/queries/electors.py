"""What people said of where they vote, and who has to leave a seat when silence begins."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from toli.audit.queries import refs_touched
from toli.elections.law import rule_on
from toli.elections.models import ElectorSaid, Poll, PollVersion
from toli.elections.queries.places import constituency_of
from toli.elections.queries.windows import rules_off
from toli.kit.dates import local_day
from toli.org.models import Unit


def said_by(person_id: int, constituency_ids: Sequence[int]) -> dict[int, bool]:
    """Constituency id to what this person said of voting there; without those they said nothing of."""
    rows = ElectorSaid.objects.filter(person_id=person_id, constituency_id__in=constituency_ids)
    return dict(rows.values_list("constituency_id", "is_elector"))


def all_said_by(person_id: int) -> list[ElectorSaid]:
    return list(ElectorSaid.objects.filter(person_id=person_id).select_related("constituency").order_by("said_at"))


def outsiders(constituency_id: int) -> list[int]:
    """Person ids who said that they do not vote in this constituency."""
    rows = ElectorSaid.objects.filter(constituency_id=constituency_id, is_elector=False)
    return list(rows.order_by("person_id").values_list("person_id", flat=True))


def _live(now: datetime) -> QuerySet[PollVersion]:
    """Versions in force whose silence is not over; none while the rule to leave is switched off."""
    if rules_off(now=now) & {"leave_by", "silence"}:
        return PollVersion.objects.none()
    rows = PollVersion.objects.filter(state="live", status="scheduled", quiet_kind="silence", quiet_to__gt=now)
    return rows.select_related("poll__constituency__level", "poll__election").order_by("quiet_from", "id")


def nearing(*, now: datetime) -> list[PollVersion]:
    """Polls whose silence begins within the hours of notice, or has begun, and was not announced yet (rule 26)."""
    hours = rule_on("leave_by", local_day(now)).numbers["notice_hours"]
    rows = _live(now).filter(quiet_from__lte=now + timedelta(hours=hours))
    return list(rows.filter(Q(poll__neared_version=None) | ~Q(poll__neared_version=F("number"))))


def begun(*, now: datetime) -> list[PollVersion]:
    """Polls whose silence has begun and whose outsiders' shifts were not ended yet."""
    rows = _live(now).filter(quiet_from__lte=now)
    return list(rows.filter(Q(poll__silenced_version=None) | ~Q(poll__silenced_version=F("number"))))


def live_in_records(record_ids: Collection[int]) -> list[PollVersion]:
    """The version in force of each poll these records are about, put off or not."""
    polls = Poll.objects.filter(ref__in=refs_touched(record_ids))
    rows = PollVersion.objects.filter(poll__in=polls, state="live")
    return list(rows.select_related("poll__constituency__level", "poll__election").order_by("poll_id"))


def must_leave(person_ids: Sequence[int], unit: Unit, *, starts: datetime, ends: datetime) -> set[int]:
    """Of these people, those who may not be on duty in this unit in [starts, ends) by its silence (rule 26)."""
    seat = constituency_of(unit)
    if seat is None:
        return set()
    held = _live(starts).filter(poll__constituency=seat, quiet_from__lt=ends, quiet_to__gt=starts)
    return set(outsiders(seat.pk)) & set(person_ids) if held.exists() else set()


def polls_in_records(record_ids: Collection[int]) -> list[PollVersion]:
    """Those of them that take place."""
    return [version for version in live_in_records(record_ids) if version.status == PollVersion.Status.SCHEDULED]
