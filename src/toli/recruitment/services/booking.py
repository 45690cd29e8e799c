"""Who is interviewed when: given out in bulk, answered by the candidate, refilled where somebody does not come."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.kit.actor import Actor, SystemActor
from toli.kit.dates import local, local_day
from toli.kit.errors import WrongState
from toli.kit.ids import uuid7
from toli.org import access, paths
from toli.people import queries as people
from toli.recruitment import interviewing, queries, slots
from toli.recruitment.models import Interview, Round, Slot
from toli.recruitment.services import interview_messages as telling

State = Interview.State
CANDIDATE = SystemActor(request_id="recruitment.interview_link")
"""Who answers through the link of an SMS: nobody has signed in."""
LETTERS = "abcdefghjkmnpqrstuvwxyz"
CODE_LENGTH = 14
"""63 bits: too many to guess, short enough for an SMS, and never like a number."""


def new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _place in range(CODE_LENGTH))


# Applicants who are still to be interviewed in this round: no live interview, no "no", not missed twice, and the round
# before, where it has a minimum, reached.
WAITING = """
SELECT a.id, a.person_id, a.unit_id, u.path, extract(epoch FROM a.submitted_at)::float8
FROM recruitment_application a
JOIN org_unit u ON u.id = a.unit_id
JOIN people_person p ON p.id = a.person_id AND p.state = 'active'
WHERE a.drive_id = %(drive)s AND a.state = 'submitted'
  AND NOT EXISTS (SELECT FROM recruitment_interview i WHERE i.application_id = a.id AND i.round_id = %(round)s
                  AND i.state IN ('proposed', 'confirmed', 'held', 'declined'))
  AND (SELECT count(*) FROM recruitment_interview i WHERE i.application_id = a.id AND i.round_id = %(round)s
       AND i.state = 'no_show') < 2
  AND NOT EXISTS (SELECT FROM recruitment_round r LEFT JOIN recruitment_roundscore s
                      ON s.round_id = r.id AND s.application_id = a.id
                  WHERE r.drive_id = a.drive_id AND r.number = %(before)s AND r.minimum IS NOT NULL
                    AND coalesce(s.corrected, -1) < r.minimum)
"""


def _waiting(of: Round, condition: str, bound: Sequence[Any], tail: str = "") -> list[tuple[Any, ...]]:
    values: dict[str, Any] = {"drive": of.drive_id, "round": of.pk, "before": of.number - 1}
    for place, value in enumerate(bound):
        condition = condition.replace("%s", f"%(b{place})s", 1)
        values[f"b{place}"] = value
    with connection.cursor() as cursor:
        cursor.execute(f"{WAITING} AND {condition} {tail}", values)
        return cursor.fetchall()


INSERT_INTERVIEWS = """
INSERT INTO recruitment_interview
    (ref, round_id, application_id, slot_id, state, code, moves, reminded, made_at, changed_at)
SELECT t.ref, %(round)s, t.application, t.slot, 'proposed', t.code, 0, 0, %(now)s, %(now)s
FROM unnest(%(refs)s::uuid[], %(applications)s::bigint[], %(slots)s::bigint[], %(codes)s::text[])
     AS t(ref, application, slot, code)
ON CONFLICT DO NOTHING
RETURNING id
"""


@transaction.atomic
def assign(*, actor: Actor, round_ref: Any, now: datetime) -> dict[str, int]:
    """Give times to all of my charge who wait for one, at the least cost together (`slots.py`), and tell them by SMS.

    Nobody who has a time is moved. Returns how many were given one, how many at the nearest panel, how many wait on,
    and how far from the best possible this is at most ("beyond_best", tenths of a day). Raises NotFound or WrongState.
    """
    of = queries.get_round(actor=actor, ref=round_ref, lock=True)
    if of.kind == Round.Kind.WORK_SAMPLE:
        return _ask_samples(actor, of, now)
    condition, bound = access.visible(actor, queries.INTERVIEW).sql("u.path")
    waiting = _waiting(of, condition, bound)
    found = _match(actor, of, waiting, now)
    made = _insert(of, found.pairs, now)
    result = {
        "given": len(made), "first_choice": found.first_choice, "waiting": len(found.waiting),
        "beyond_best": found.cost - found.bound,
    }  # fmt: skip
    _record_assigned(actor, of, made, result)
    telling.propose(made, now=now)
    return result


def _match(actor: Actor, of: Round, waiting: Sequence[tuple[Any, ...]], now: datetime) -> slots.Matching:
    speaks = people.languages_of([person for _id, person, *_rest in waiting])
    ranks = queries.rank_of_units(of.drive)
    candidates = [
        slots.Candidate(pk, path, speaks[person], rank_at(path, ranks), since)
        for pk, person, _unit, path, since in waiting
        if person in speaks
    ]
    panels = queries.panels_in_charge(actor).filter(round=of, closed_at=None)
    places = [slots.Place(p.pk, p.unit.path, frozenset(p.languages)) for p in panels]
    rows = queries.free_slots().filter(panel__in=panels, starts_at__gt=now + interviewing.NOTICE)
    today = local_day(now)
    free = [_free(pk, panel, at, today) for pk, panel, at in rows.values_list("pk", "panel_id", "starts_at")]
    return slots.match(candidates, places, free, queries.climbs(of))


def _free(pk: int, panel: int, starts_at: datetime, today: Any) -> slots.FreeSlot:
    at = local(starts_at)
    return slots.FreeSlot(pk, panel, (at.date() - today).days, at.hour * 60 + at.minute)


def rank_at(path: str, ranks: dict[int, int]) -> int:
    """The rank of the nearest unit above that has one; without any the middle, so that a rank can raise or lower."""
    return next((ranks[unit] for unit in reversed(paths.ancestors(path)) if unit in ranks), slots.RANKS // 2)


def _insert(of: Round, pairs: Sequence[tuple[int, int | None]], now: datetime) -> list[int]:
    values: dict[str, Any] = {
        "round": of.pk, "now": now, "refs": [uuid7() for _pair in pairs], "codes": [new_code() for _pair in pairs],
        "applications": [application for application, _slot in pairs], "slots": [slot for _application, slot in pairs],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(INSERT_INTERVIEWS, values)
        return [row[0] for row in cursor.fetchall()]


def _record_assigned(actor: Actor, of: Round, made: Sequence[int], result: dict[str, int]) -> None:
    if made:
        rows = Interview.objects.filter(pk__in=made).values_list("ref", "application__unit_id")
        batch = [audit.BatchTarget("recruitment.interview", ref, unit_id) for ref, unit_id in rows]
        audit.record(actor, "recruitment.interviews_given", of, unit=of.drive.scope, data=result, batch=batch)


def _ask_samples(actor: Actor, of: Round, now: datetime) -> dict[str, int]:
    if interviewing.hand_in_until(of) <= now:
        raise WrongState(_("The last day of this round has passed. Nobody was asked for a sample."))
    condition, bound = access.visible(actor, queries.INTERVIEW).sql("u.path")
    made = _insert(of, [(pk, None) for pk, *_rest in _waiting(of, condition, bound)], now)
    result = {"given": len(made), "first_choice": len(made), "waiting": 0, "beyond_best": 0}
    _record_assigned(actor, of, made, result)
    telling.ask_for_samples(made, until=interviewing.hand_in_until(of), now=now)
    return result


# What the candidate answers


@transaction.atomic
def confirm(*, code: str, now: datetime) -> Interview:
    """The candidate will come. Raises NotFound or WrongState; again does nothing."""
    found = queries.get_interview_of_link(code=code, lock=True)
    interviewing.check_answerable(found, now=now)
    if found.state == State.PROPOSED:
        _become(found, State.CONFIRMED, now)
        audit.record(CANDIDATE, "recruitment.interview_confirmed", found, unit=found.application.unit)
    return found


def _become(interview: Interview, state: State, now: datetime) -> None:
    interview.state, interview.changed_at = state, now
    interview.save(update_fields=["state", "changed_at"])


@transaction.atomic
def move(*, code: str, slot_id: int, now: datetime) -> Interview:
    """Another time, chosen by the candidate; the old one goes to who waits. Returns the new appointment.

    Raises NotFound, or WrongState when somebody took that time a moment ago: then everything stays as it was.
    """
    old = queries.get_interview_of_link(code=code, lock=True)
    interviewing.check_movable(old, now=now)
    Slot.objects.select_for_update().filter(pk=slot_id).first()
    slot = next(iter(queries.other_times(old, now=now, only=slot_id)), None)
    if slot is None:
        raise WrongState(_("Somebody took this time a moment ago. Yours is kept; please choose among the others."))
    freed = old.slot
    old.code = None
    old.state, old.changed_at = State.MOVED, now
    old.save(update_fields=["state", "changed_at", "code"])
    new = Interview.objects.create(
        round=old.round, application=old.application, slot=slot, state=State.CONFIRMED, code=code, moves=old.moves + 1,
        made_at=now, changed_at=now,
    )  # fmt: skip
    telling.forget(old)
    audit.record(CANDIDATE, "recruitment.interview_moved", new, unit=old.application.unit)
    refill(freed, now=now)
    return new


@transaction.atomic
def decline(*, code: str, now: datetime) -> Interview:
    """The candidate does not want to be interviewed; the time goes to who waits. Raises NotFound or WrongState."""
    found = queries.get_interview_of_link(code=code, lock=True)
    if found.state == State.DECLINED:
        return found
    interviewing.check_answerable(found, now=now)
    _become(found, State.DECLINED, now)
    telling.forget(found)
    audit.record(CANDIDATE, "recruitment.interview_declined", found, unit=found.application.unit)
    refill(found.slot, now=now)
    return found


# Places that come free


@transaction.atomic
def mark_missed(*, actor: Actor, ref: Any, now: datetime) -> Interview:
    """Somebody did not come. The next free time of the panel goes to who waits. Raises NotFound or WrongState."""
    found = queries.get_interview_of_member(actor=actor, ref=ref, lock=True)
    if found.state == State.NO_SHOW:
        return found
    interviewing.check_missable(found, now=now)
    _become(found, State.NO_SHOW, now)
    audit.record(actor, "recruitment.interview_missed", found, unit=found.application.unit)
    assert found.slot is not None
    soon = now + interviewing.SHORT_NOTICE
    rows = queries.free_slots().filter(panel=found.slot.panel, starts_at__gt=soon)
    refill(rows.order_by("starts_at").first(), now=now)
    return found


def refill(slot: Slot | None, *, now: datetime) -> Interview | None:
    """Give a free time to the first in the queue who fits, and tell them by SMS; None when nobody does."""
    if slot is None or slot.starts_at <= now + interviewing.SHORT_NOTICE:
        return None
    of, panel = slot.panel.round, slot.panel
    chosen = _next_for(panel, of)
    made = _insert(of, [(chosen, slot.pk)], now) if chosen else []
    if not made:
        return None
    found = Interview.objects.select_related("application__unit").get(pk=made[0])
    system = SystemActor(request_id="recruitment.refill")
    audit.record(system, "recruitment.interview_refilled", found, unit=found.application.unit)
    telling.propose(made, now=now)
    return found


# Who missed a time waits for the next assignment, so that the time of one absence does not go to another.
NEAR_AND_RELIABLE = """u.path >= %s AND u.path < %s AND NOT EXISTS (
    SELECT FROM recruitment_interview m WHERE m.application_id = a.id AND m.round_id = %s AND m.state = 'no_show')"""


def _next_for(panel: Any, of: Round) -> int | None:
    """The first in turn within reach who speaks one of the panel's languages and is not just taken by another."""
    lo, hi = paths.subtree(queries.reach_of(panel.unit.path, of))
    tail = "ORDER BY a.submitted_at, a.id LIMIT 100 FOR UPDATE OF a SKIP LOCKED"
    rows = _waiting(of, NEAR_AND_RELIABLE, [lo, hi, of.pk], tail)
    speaks = people.languages_of([person for _id, person, *_rest in rows])
    ranks = queries.rank_of_units(of.drive)
    fits = [row for row in rows if speaks.get(row[1], frozenset()) & set(panel.languages)]
    fits.sort(key=lambda row: (rank_at(row[3], ranks), row[4], row[0]))
    return fits[0][0] if fits else None


# Records name the application; leavers are one record with a row for each.
CANCEL = """
WITH left_by AS (
    SELECT target_ref AS ref FROM audit_record WHERE id = ANY(%(records)s)
    UNION SELECT target_ref FROM audit_batch_row WHERE record_id = ANY(%(records)s)
)
UPDATE recruitment_interview i SET state = 'cancelled', changed_at = %(now)s
FROM left_by, recruitment_application a
WHERE a.ref = left_by.ref AND a.state = 'withdrawn' AND i.application_id = a.id AND i.state IN ('proposed', 'confirmed')
RETURNING i.id
"""
REFILLED_AT_ONCE = 200


@transaction.atomic
def cancel_interviews(*, record_ids: Sequence[int], now: datetime) -> int:
    """Call off interviews of applications that were taken back; who waits gets their times. How many; may run twice."""
    with connection.cursor() as cursor:
        cursor.execute(CANCEL, {"records": list(record_ids), "now": now})
        ids = [row[0] for row in cursor.fetchall()]
    if not ids:
        return 0
    rows = list(Interview.objects.select_related("application__unit", "slot__panel__round__drive").filter(pk__in=ids))
    system = SystemActor(request_id="recruitment.cancel_interviews")
    batch = [audit.BatchTarget("recruitment.interview", row.ref, row.application.unit_id) for row in rows]
    audit.record(system, "recruitment.interviews_cancelled", None, data={"interviews": len(rows)}, batch=batch)
    for row in rows:
        telling.forget(row)
    for row in rows[:REFILLED_AT_ONCE]:
        refill(row.slot, now=now)
    return len(rows)
