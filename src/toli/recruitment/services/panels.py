"""Setting interviews up: rounds, panels in bulk, who sits on them, and the slots of their hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.errors import BadInput, NotFound, WrongState
from toli.org import queries as org
from toli.org.models import Unit
from toli.recruitment import interviewing, queries, slots
from toli.recruitment.models import Panel, PanelMember, Round

Hours = Mapping[str, Sequence[Sequence[int]]]


@transaction.atomic
def add_round(
    *, actor: Actor, drive_key: str, names: dict[str, str], kind: str, criteria: Sequence[str], starts_on: date,
    ends_on: date, blind: bool, minutes: int, scores_needed: int, weight: int, minimum: int | None, now: datetime,
) -> Round:  # fmt: skip
    """One more interview round of a drive. `minimum` in hundredths of a point. Raises NotFound or BadInput."""
    drive = queries.get_drive_in_charge(actor=actor, key=drive_key, lock=True)
    interviewing.days_between(starts_on, ends_on)
    rubric = interviewing.criteria_of(criteria)
    last = drive.rounds.aggregate(last=Max("number"))["last"] or 0
    made = Round.objects.create(
        drive=drive, number=last + 1, names=names, kind=kind, criteria=rubric, starts_on=starts_on, ends_on=ends_on,
        blind=blind, minutes=minutes, scores_needed=scores_needed, weight=weight, minimum=minimum, made_at=now,
    )  # fmt: skip
    audit.record(actor, "recruitment.round_added", made, unit=drive.scope, data={"kind": kind})
    return made


@transaction.atomic
def add_panels(
    *, actor: Actor, round_ref: UUID, units: Sequence[Unit], each: int, languages: Sequence[str], hours: Hours,
    place_text: str = "", link: str = "",
) -> list[Panel]:  # fmt: skip
    """So many panels in each of these units, with the same hours. Raises NotFound or BadInput."""
    of = queries.get_round(actor=actor, ref=round_ref, lock=True)
    allowed = set(queries.panel_units(actor, of).filter(pk__in=[u.pk for u in units]).values_list("pk", flat=True))
    if allowed != {unit.pk for unit in units}:
        raise NotFound
    if not units or not languages or set(languages) - set(interviewing.LANGUAGES):
        raise BadInput(fields={"languages": _("Please choose where and in which languages.")})
    counts = Panel.objects.filter(round=of, unit__in=units).values("unit").annotate(last=Max("number"))
    last = {row["unit"]: row["last"] for row in counts}
    made = Panel.objects.bulk_create(
        Panel(
            round=of, unit=unit, number=last.get(unit.pk, 0) + n, languages=list(languages), hours=hours,
            place_text=place_text, link=link,
        )
        for unit in units for n in range(1, each + 1)
    )  # fmt: skip
    batch = [audit.BatchTarget("recruitment.panel", panel.ref, panel.unit_id) for panel in made]
    audit.record(actor, "recruitment.panels_added", of, unit=of.drive.scope, data={"panels": len(made)}, batch=batch)
    return made


@transaction.atomic
def change_panel(
    *, actor: Actor, ref: UUID, languages: Sequence[str], hours: Hours, place_text: str, link: str
) -> Panel:
    """Other hours, languages or another place; slots that exist stay. Raises NotFound or BadInput."""
    panel = queries.get_panel(actor=actor, ref=ref, lock=True)
    if not languages or set(languages) - set(interviewing.LANGUAGES):
        raise BadInput(fields={"languages": _("Please choose at least one language.")})
    panel.languages, panel.hours, panel.place_text, panel.link = list(languages), dict(hours), place_text, link
    panel.save(update_fields=["languages", "hours", "place_text", "link"])
    audit.record(actor, "recruitment.panel_changed", panel, unit=panel.unit)
    return panel


@transaction.atomic
def add_member(*, actor: Actor, panel_ref: UUID, person_ref: UUID, now: datetime) -> PanelMember:
    """Put somebody of one's charge on a panel; again does nothing. Raises NotFound."""
    panel = queries.get_panel(actor=actor, ref=panel_ref, lock=True)
    person = org.get_person(actor=actor, ref=person_ref)
    member, made = PanelMember.objects.get_or_create(panel=panel, person=person, until=None, defaults={"since": now})
    if made:
        audit.record(actor, "recruitment.panel_joined", panel, unit=panel.unit)
    return member


@transaction.atomic
def remove_member(*, actor: Actor, panel_ref: UUID, person_ref: UUID, now: datetime) -> PanelMember:
    """Take somebody off a panel: from this moment they see none of its candidates. Raises NotFound."""
    panel = queries.get_panel(actor=actor, ref=panel_ref, lock=True)
    member = queries.get_member(panel=panel, person=person_ref)
    member.until = now
    member.save(update_fields=["until"])
    audit.record(actor, "recruitment.panel_left", panel, unit=panel.unit)
    return member


# Times that exist already stay as they are, so that making slots again adds only what is missing.
INSERT_SLOTS = """
INSERT INTO recruitment_slot (panel_id, starts_at)
SELECT * FROM unnest(%(panels)s::bigint[], %(times)s::timestamptz[]) AS t(panel, at)
ON CONFLICT (panel_id, starts_at) DO NOTHING
"""


@transaction.atomic
def make_slots(*, actor: Actor, round_ref: UUID, first: date, last: date, now: datetime) -> int:
    """The slots of my panels' hours between two days; how many are new.

    Raises NotFound, BadInput or WrongState.
    """
    of = queries.get_round(actor=actor, ref=round_ref, lock=True)
    if of.kind == Round.Kind.WORK_SAMPLE:
        raise WrongState(_("A work sample needs no times: it is scored from a queue."))
    days = [day for day in interviewing.days_between(first, last) if day >= local_day(now)]
    panels: list[int] = []
    times: list[datetime] = []
    for panel in queries.panels_in_charge(actor).filter(round=of, closed_at=None):
        found = list(slots.slots_of(_spans(panel.hours), days, of.minutes))
        panels += [panel.pk] * len(found)
        times += found
    with connection.cursor() as cursor:
        cursor.execute(INSERT_SLOTS, {"panels": panels, "times": times})
        made = cursor.rowcount
    if made:
        audit.record(actor, "recruitment.slots_made", of, unit=of.drive.scope, data={"slots": made})
    return made


def _spans(hours: dict[str, Any]) -> dict[int, list[slots.Span]]:
    return {int(day): [(int(a), int(b)) for a, b in spans] for day, spans in hours.items()}
