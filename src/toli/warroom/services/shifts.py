"""Rosters, shifts, hand-over notes and flags."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.elections import queries as elections
from toli.kit import dates
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, NotAllowed, WrongState
from toli.org import access
from toli.org import queries as org
from toli.org import services as org_services
from toli.org.models import TeamKind, Unit
from toli.people.models import Person
from toli.warroom import queries, rules
from toli.warroom.models import Flag, HandOver, Shift
from toli.warroom.queries.shifts import count_flags, members_of_team

TEXT_LIMIT = 1000


@transaction.atomic
def make_roster(
    *, actor: Actor, unit_ref: UUID, team_kind_key: str, start: datetime, watches: int, now: datetime
) -> list[Shift]:
    """Give everybody of a team one watch of the 24 hours from `start`; who already has a shift then keeps it.

    Raises NotFound, NotAllowed, BadInput for a day that is over, WrongState for a team without people.
    """
    unit = org.get_unit(actor=actor, ref=unit_ref, right="warroom.shifts")
    team_kind = _team_kind(unit, team_kind_key)
    spans = rules.watches(start, watches)
    rules.check_shift(spans[-1].starts_at, spans[-1].ends_at, now=now)
    Unit.objects.select_for_update().get(pk=unit.pk)
    people = members_of_team(unit=unit, team_kind=team_kind)
    if not people:
        raise WrongState(_("Nobody has accepted a seat in this team yet. Offer the seats first."))
    taken = set(queries.roster(unit=unit, start=start, end=spans[-1].ends_at).values_list("person_id", flat=True))
    taken |= elections.must_leave(people, unit, starts=start, ends=spans[-1].ends_at)
    dealt = rules.deal(people, spans, offset=-dates.local_day(start).toordinal())
    shifts = Shift.objects.bulk_create(
        Shift(unit=unit, team_kind=team_kind, person_id=person, starts_at=span.starts_at, ends_at=span.ends_at)
        for person, span in dealt
        if person not in taken and span.ends_at > now
    )
    if shifts:
        audit.record(actor, "warroom.roster_made", shifts[0], unit=unit, data={"shifts": len(shifts)})
    return shifts


def _team_kind(unit: Unit, key: str) -> TeamKind:
    found = next((kind for kind in queries.teams_of(unit) if kind.key == key), None)
    if found is None:
        raise BadInput(fields={"team_kind": _("This unit has no such team.")})
    return found


@transaction.atomic
def take_shift(
    *, actor: Actor, unit_ref: UUID, team_kind_key: str, starts_at: datetime, ends_at: datetime, now: datetime
) -> Shift:
    """Put oneself on duty. Raises NotFound, NotAllowed without a seat in the team, BadInput, WrongState when taken."""
    unit = org.get_unit(actor=actor, ref=unit_ref, right="warroom.own_shift")
    team_kind = _team_kind(unit, team_kind_key)
    rules.check_shift(starts_at, ends_at, now=now)
    person = _person(actor)
    rules.check_member(person in members_of_team(unit=unit, team_kind=team_kind))
    if elections.must_leave([person], unit, starts=starts_at, ends=ends_at):
        raise WrongState(_("You do not vote in this seat, so you cannot be on duty there in its silence hours."))
    Person.objects.select_for_update().get(pk=person)  # two taps at once ask one after the other
    overlapping = queries.duty_of(person, now=now).filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
    if overlapping.exists():
        raise WrongState(_("You already have a shift in these hours."))
    try:
        with transaction.atomic():
            shift = Shift.objects.create(
                unit=unit, team_kind=team_kind, person_id=person, starts_at=starts_at, ends_at=ends_at
            )
    except IntegrityError:
        raise WrongState(_("You already have a shift in these hours."))
    audit.record(actor, "warroom.shift_taken", shift, unit=unit)
    return shift


@transaction.atomic
def drop_shift(*, actor: Actor, ref: UUID, now: datetime) -> Shift:
    """Give a shift back, or take it away from somebody. Raises NotFound, NotAllowed or WrongState."""
    shift = queries.get_shift(actor=actor, ref=ref, lock=True)
    rules.check_droppable(
        dropped=shift.dropped_at is not None, ends_at=shift.ends_at, own=shift.person_id == actor.person_id,
        may_make=access.may(actor, "warroom.shifts", shift.unit), now=now,
    )  # fmt: skip
    shift.dropped_at = now
    shift.save(update_fields=["dropped_at"])
    audit.record(actor, "warroom.shift_dropped", shift, unit=shift.unit)
    return shift


@transaction.atomic
def hand_over(*, actor: Actor, unit_ref: UUID, text: str, now: datetime, team_kind_key: str = "") -> HandOver:
    """Write what the next shift must know. Raises NotFound or BadInput."""
    unit = org.get_unit(actor=actor, ref=unit_ref, right="warroom.own_shift")
    team_kind = _team_kind(unit, team_kind_key) if team_kind_key else None
    note = HandOver.objects.create(
        unit=unit, team_kind=team_kind, written_by_id=_person(actor), text=_words(text), written_at=now,
        open_flags=count_flags(unit),
    )  # fmt: skip
    audit.record(actor, "warroom.handed_over", note, unit=unit)
    org_services.note_act(person_id=_person(actor), now=now)
    return note


@transaction.atomic
def raise_flag(*, actor: Actor, unit_ref: UUID, kind: str, text: str, now: datetime) -> Flag:
    """Open a matter that everybody above the unit sees until it is closed. Raises NotFound or BadInput."""
    unit = org.get_unit(actor=actor, ref=unit_ref, right="warroom.own_shift")
    if kind not in Flag.Kind.values:
        raise BadInput(fields={"kind": _("Choose what it is about.")})
    flag = Flag.objects.create(unit=unit, kind=kind, text=_words(text), raised_by_id=_person(actor), raised_at=now)
    audit.record(actor, "warroom.flag_raised", flag, unit=unit, data={"kind": kind})
    org_services.note_act(person_id=_person(actor), now=now)
    return flag


@transaction.atomic
def close_flag(*, actor: Actor, ref: UUID, outcome: str, now: datetime) -> Flag:
    """Close a matter with what came of it. Raises NotFound, BadInput or WrongState when somebody closed it before."""
    flag = queries.get_flag(actor=actor, ref=ref, right="warroom.shifts", lock=True)
    if not flag.is_open:
        raise WrongState(_("Somebody has already closed this."))
    flag.closed_by_id, flag.closed_at, flag.outcome = _person(actor), now, _words(outcome)
    flag.save(update_fields=["closed_by", "closed_at", "outcome"])
    audit.record(actor, "warroom.flag_closed", flag, unit=flag.unit)
    return flag


def _words(text: str) -> str:
    words = " ".join(text.split(" ")).strip().replace("\x00", "")
    if not words:
        raise BadInput(fields={"text": _("Please write a few words.")})
    if len(words) > TEXT_LIMIT:
        raise BadInput(fields={"text": _("Please keep it under 1,000 characters.")})
    return words


def _person(actor: Actor) -> int:
    if actor.person_id is None:
        raise NotAllowed()
    return actor.person_id


# Who left the team (ended, suspended, the poll closed) leaves its roster too.
DROP_LEAVERS = """
UPDATE warroom_shift x SET dropped_at = %(now)s
WHERE x.dropped_at IS NULL AND x.ends_at > %(now)s AND NOT EXISTS (
    SELECT FROM org_appointment a JOIN org_seat s ON s.id = a.seat_id
    WHERE a.person_id = x.person_id AND a.state = 'accepted' AND a.suspended_at IS NULL
      AND s.unit_id = x.unit_id AND s.team_kind_id = x.team_kind_id AND s.closed_at IS NULL
)
"""

# Shifts that began or ended since the last look change the figure "on duty" of their unit and who may be reached at
# night: run every few seconds, right again after any pause because each shift carries whether it is counted.
BEGIN_SHIFTS = """
UPDATE warroom_shift SET counted = true
WHERE NOT counted AND dropped_at IS NULL AND starts_at <= %(now)s AND ends_at > %(now)s
RETURNING unit_id, wing_id, person_id, ends_at
"""
END_SHIFTS = """
UPDATE warroom_shift SET counted = false
WHERE counted AND (ends_at <= %(now)s OR dropped_at IS NOT NULL) RETURNING unit_id, wing_id, person_id
"""


@transaction.atomic
def count_duty(*, now: datetime) -> int:
    """Bring the figure "on duty" and the list of people on duty in line with the shifts; how many shifts changed."""
    with connection.cursor() as cursor:
        cursor.execute(DROP_LEAVERS, {"now": now})
        cursor.execute(END_SHIFTS, {"now": now})
        ended = cursor.fetchall()
        cursor.execute(BEGIN_SHIFTS, {"now": now})
        begun = cursor.fetchall()
    org_services.end_duty(_without_a_shift({person for _unit, _wing, person in ended}))
    org_services.begin_duty({person: ends_at for _unit, _wing, person, ends_at in sorted(begun, key=lambda r: r[3])})
    change: Counter[tuple[int, int | None]] = Counter()
    for sign, rows in ((1, begun), (-1, ended)):
        for row in rows:
            change.update({(row[0], wing): sign for wing in {None, row[1]}})
    org_services.add_counts([(unit, wing, "on_duty", n, None) for (unit, wing), n in change.items()])
    return len(begun) + len(ended)


def _without_a_shift(person_ids: set[int]) -> set[int]:
    still = Shift.objects.filter(person_id__in=person_ids, counted=True).values_list("person_id", flat=True)
    return person_ids - set(still)
