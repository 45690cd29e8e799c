"""Who is interviewed when: given out in bulk, answered by the candidate, refilled where somebody does not come."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

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
Told = Callable[[str, Mapping[str, int]], None]
"""Hears which step begins (`SlotPlan.Step`), and how many people and times there are once that is known."""
CANDIDATE = SystemActor(request_id="recruitment.interview_link")
"""Who answers through the link of an SMS: nobody has signed in."""
LETTERS = "abcdefghjkmnpqrstuvwxyz"
CODE_LENGTH = 14
"""63 bits: too many to guess, short enough for an SMS, and never like a number."""


def _nobody(_step: str, _counts: Mapping[str, int]) -> None:
    """Where nobody watches."""


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


def _waiting(of: Round, condition: str, bound: Sequence[Any], tail: str = "", **more: Any) -> list[tuple[Any, ...]]:
    values: dict[str, Any] = {"drive": of.drive_id, "round": of.pk, "before": of.number - 1, **more}
    for place, value in enumerate(bound):
        condition = condition.replace("%s", f"%(b{place})s", 1)
        values[f"b{place}"] = value
    with connection.cursor() as cursor:
        cursor.execute(f"{WAITING} AND {condition} {tail}", values)
        return cursor.fetchall()


# Whoever got a time, said no or left since who waits was read is passed over.
INSERT_INTERVIEWS = """
INSERT INTO recruitment_interview
    (ref, round_id, application_id, slot_id, state, code, moves, reminded, made_at, changed_at)
SELECT t.ref, %(round)s, t.application, t.slot, 'proposed', t.code, 0, 0, %(now)s, %(now)s
FROM unnest(%(refs)s::uuid[], %(applications)s::bigint[], %(slots)s::bigint[], %(codes)s::text[])
     AS t(ref, application, slot, code)
JOIN recruitment_application a ON a.id = t.application AND a.state = 'submitted'
WHERE NOT EXISTS (SELECT FROM recruitment_interview i WHERE i.application_id = a.id AND i.round_id = %(round)s
                  AND i.state = 'declined')
ON CONFLICT DO NOTHING
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """Who would get which time, worked out and not yet written; a slot is None for a work sample."""

    pairs: Sequence[tuple[int, int | None]]
    first_choice: int
    waiting: int
    beyond_best: int


def assign(*, actor: Actor, round_ref: UUID, now: datetime, told: Told = _nobody) -> dict[str, int]:
    """Give times to all of my charge who wait for one, at the least cost together (`slots.py`), and tell them by SMS.

    Nobody who has a time is moved; where slots are few, the units whose turn it is come first (`ranking.py`), then who
    waits longest. What is worked out is written in one transaction or not at all. Returns how many were given one, how
    many at the nearest panel, how many wait on, and how far from the best possible this is at most ("beyond_best",
    tenths of a day). Raises NotFound or WrongState.
    """
    plan = work_out(actor=actor, round_ref=round_ref, now=now, told=told)
    told("writing", {})
    return write_plan(actor=actor, round_ref=round_ref, plan=plan, now=now)


def work_out(*, actor: Actor, round_ref: UUID, now: datetime, told: Told = _nobody) -> Plan:
    """Find who gets which time; reads only. 150,000 people take up to a minute. Raises NotFound or WrongState."""
    of = queries.get_round(actor=actor, ref=round_ref)
    is_sample = of.kind == Round.Kind.WORK_SAMPLE
    if is_sample and interviewing.hand_in_until(of) <= now:
        raise WrongState(_("The last day of this round has passed. Nobody was asked for a sample."))
    told("reading", {})
    condition, bound = access.visible(actor, queries.INTERVIEW).sql("u.path")
    waiting = _waiting(of, condition, bound)
    if is_sample:
        return Plan([(pk, None) for pk, *_rest in waiting], len(waiting), 0, 0)
    found = _match(actor, of, waiting, now, told)
    return Plan(found.pairs, found.first_choice, len(found.waiting), found.cost - found.bound)


@transaction.atomic
def write_plan(*, actor: Actor, round_ref: UUID, plan: Plan, now: datetime) -> dict[str, int]:
    """Write what was worked out, and tell everybody. Raises NotFound."""
    of = queries.get_round(actor=actor, ref=round_ref, lock=True)
    made = _insert(of, plan.pairs, now)
    passed_over = len(plan.pairs) - len(made)
    result = {
        "given": len(made), "first_choice": max(0, plan.first_choice - passed_over), "waiting": plan.waiting,
        "beyond_best": plan.beyond_best,
    }  # fmt: skip
    _record_assigned(actor, of, made, result)
    if of.kind == Round.Kind.WORK_SAMPLE:
        telling.ask_for_samples(made, until=interviewing.hand_in_until(of), now=now)
    else:
        telling.propose(made, now=now)
    return result


def _match(actor: Actor, of: Round, waiting: Sequence[tuple[Any, ...]], now: datetime, told: Told) -> slots.Matching:
    speaks = people.languages_of([person for _id, person, *_rest in waiting])
    turns = queries.interview_turns(of.drive, now=now)
    candidates = [
        slots.Candidate(pk, path, speaks[person], turns.at(path), since)
        for pk, person, _unit, path, since in waiting
        if person in speaks
    ]
    panels = queries.panels_in_charge(actor).filter(round=of, closed_at=None)
    places = [slots.Place(p.pk, p.unit.path, frozenset(p.languages)) for p in panels]
    rows = queries.free_slots().filter(panel__in=panels, starts_at__gt=now + interviewing.NOTICE)
    today = local_day(now)
    free = [_free(pk, panel, at, today) for pk, panel, at in rows.values_list("pk", "panel_id", "starts_at")]
    told("matching", {"people": len(waiting), "times": len(free)})
    return slots.match(candidates, places, free, queries.climbs(of))


def _free(pk: int, panel: int, starts_at: datetime, today: Any) -> slots.FreeSlot:
    at = local(starts_at)
    return slots.FreeSlot(pk, panel, (at.date() - today).days, at.hour * 60 + at.minute)


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
    chosen = _next_for(panel, of, now)
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


# Each unit's turn by its id; the nearest above counts.
IN_TURN = """
ORDER BY coalesce((SELECT (%(turns)s::jsonb ->> step.id)::int
                   FROM unnest(string_to_array(rtrim(u.path, '/'), '/')) WITH ORDINALITY AS step(id, depth)
                   WHERE jsonb_exists(%(turns)s::jsonb, step.id) ORDER BY step.depth DESC LIMIT 1), %(rest)s),
    a.submitted_at, a.id LIMIT 100 FOR UPDATE OF a SKIP LOCKED
"""


def _next_for(panel: Any, of: Round, now: datetime) -> int | None:
    """The first in turn within reach who speaks one of the panel's languages and is not just taken by another."""
    lo, hi = paths.subtree(queries.reach_of(panel.unit.path, of))
    turns = queries.interview_turns(of.drive, now=now)
    in_turn = {"turns": json.dumps(turns.of_unit), "rest": turns.rest}
    rows = _waiting(of, NEAR_AND_RELIABLE, [lo, hi, of.pk], IN_TURN, **in_turn)
    speaks = people.languages_of([person for _id, person, *_rest in rows])
    spoken = set(panel.languages)
    return next((row[0] for row in rows if speaks.get(row[1], frozenset()) & spoken), None)


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
