"""Breach cases: their clocks, whom they touched, and what those are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from toli.audit.queries import refs_touched
from toli.consent import clocks
from toli.consent.clocks import Clock
from toli.consent.models import Breach, BreachPerson
from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access
from toli.people.models import Person

RIGHT = "consent.breach"


def breaches(actor: Actor) -> QuerySet[Breach]:
    """Every case, open ones first, for whoever holds the right: a breach knows no district. Raises NotFound."""
    if not access.may_anywhere(actor, RIGHT):
        raise NotFound()
    return Breach.objects.order_by("closed_at", "-noticed_at")


def get_breach(*, actor: Actor, ref: UUID, lock: bool = False) -> Breach:
    """The case. Raises NotFound or NeedsSecondFactor."""
    rows = breaches(actor).filter(ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    access.require_second_factor(actor, RIGHT)
    return found


@dataclass(frozen=True, slots=True)
class Terms:
    """What the law wants and whether it was done: tell persons and the Board without delay, the full report in 72 h."""

    persons: Clock
    board_first: Clock
    board_full: Clock
    source: dict[str, str]


def terms_of(breach: Breach, *, now: datetime) -> Terms:
    """The clocks at a moment. "Without delay" has no number: it is counted from the notice on and shown."""
    at_once = breach.noticed_at
    return Terms(
        Clock(at_once, now, breach.told_at),
        Clock(at_once, now, breach.board_first_at),
        Clock(clocks.board_by(breach.noticed_at), now, breach.board_full_at),
        clocks.source(breach.noticed_at),
    )


def told_of(person: Person) -> list[Breach]:
    """Breaches that touched this person and of which persons were told, newest first."""
    rows = BreachPerson.objects.filter(person__in=person.ids, breach__told_at__isnull=False)
    return list(Breach.objects.filter(pk__in=rows.values("breach_id")).order_by("-told_at"))


def to_be_told(record_ids: list[int]) -> list[tuple[Breach, list[int]]]:
    """The cases of these records, each with the ids of the persons it touched: for the room that sends."""
    rows = Breach.objects.filter(ref__in=refs_touched(record_ids), told_at__isnull=False)
    return [(b, list(b.persons.order_by("person_id").values_list("person_id", flat=True))) for b in rows]


def parts_of(breach: Breach, language: str) -> dict[str, Any]:
    """The words of a case in a language, in any other where that one is missing."""
    return breach.texts.get(language) or next(iter(breach.texts.values()), {})
