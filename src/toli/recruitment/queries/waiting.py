"""Where the waiting line stands."""

from __future__ import annotations

from dataclasses import fields

from django.db import connection

from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access
from toli.org.models import Unit
from toli.recruitment.models import WaitingLine
from toli.recruitment.waiting import Line


def line_of(row: WaitingLine) -> Line:
    return Line(**{field.name: getattr(row, field.name) for field in fields(Line)})


def last_ticket() -> int:
    """The newest ticket given out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM recruitment_ticket")
        return int(cursor.fetchone()[0])


def get_line_root(*, actor: Actor) -> Unit:
    """The organisation's root, for whoever looks after all of it: there is one line for every call. Raises NotFound."""
    root = Unit.objects.select_related("level").filter(path__gt="", level__rank__gte=0).order_by("level__rank", "path")
    found = root.first()
    if found is None or not access.may(actor, "recruitment.view", found):
        raise NotFound
    return found


def may_see_line(actor: Actor) -> bool:
    """Whether to show the door to the page of the line."""
    try:
        get_line_root(actor=actor)
    except NotFound:
        return False
    return True


def get_line(*, actor: Actor) -> tuple[WaitingLine, int]:
    """The line and how many tickets are not let in yet. Raises NotFound."""
    get_line_root(actor=actor)
    row = WaitingLine.objects.filter(pk=1).first() or WaitingLine(
        mode="auto", most_busy=85, slowest_ms=2000, running=False, upto=0, speed=0.0
    )
    return row, max(0, last_ticket() - row.upto) if row.running else 0
