"""The waiting line: what web processes say and see once a second, the tickets, and the worker's move.

Nothing is written of anybody who waits: a ticket is a number of a sequence, kept in the visitor's own signed cookie.
All hours are the database's, so that the machines' clocks do not matter.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, Sentence
from toli.org import access
from toli.org import queries as org
from toli.recruitment import queries, waiting
from toli.recruitment.models import WaitingLine
from toli.recruitment.waiting import Line, Load

# One round trip of each web process a second, and only while the join pages are asked for.
REPORT_AND_LOOK = """
WITH said AS (
    INSERT INTO recruitment_waitingreading (process, at, busy, forms, form_ms)
    VALUES (%(process)s, clock_timestamp(), %(busy)s, %(forms)s, %(form_ms)s)
    ON CONFLICT (process) DO UPDATE SET
        at = excluded.at, busy = excluded.busy, forms = excluded.forms, form_ms = excluded.form_ms
)
SELECT running AND moved_at > clock_timestamp() - make_interval(secs => %(stale)s), upto, speed, seconds
FROM recruitment_waitingline
"""
READINGS = """
SELECT coalesce(avg(busy), 0), coalesce(sum(forms * form_ms) / nullif(sum(forms), 0), 0), coalesce(sum(forms), 0)
FROM recruitment_waitingreading WHERE at > clock_timestamp() - interval '3 seconds'
"""
SAVE = """
UPDATE recruitment_waitingline SET
    running = %(running)s, upto = %(upto)s, rate = %(rate)s, speed = %(speed)s, credit = %(credit)s,
    seconds = %(seconds)s, over = %(over)s, calm = %(calm)s, moved_at = clock_timestamp(),
    began_at = CASE WHEN NOT %(running)s THEN NULL WHEN running THEN began_at ELSE clock_timestamp() END
"""
FORGET = "DELETE FROM recruitment_waitingreading WHERE at < clock_timestamp() - interval '1 minute'"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a web process knows of the line for a second."""

    running: bool = False
    upto: int = 0
    speed: float = 0.0
    seconds: int = 0


def report_and_look(*, process: str, load: Load) -> Seen:
    """Say how busy this process is and see where the line stands. Without a line, or with a stale one, nobody waits."""
    values: dict[str, Any] = {
        "process": process, "busy": load.busy, "forms": load.forms, "form_ms": load.form_ms,
        "stale": waiting.STALE_SECONDS,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(REPORT_AND_LOOK, values)
        row = cursor.fetchone()
    return Seen(*row) if row else Seen()


def draw_ticket() -> int:
    """The next place at the end of the line."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('recruitment_ticket')")
        return int(cursor.fetchone()[0])


@transaction.atomic
def move_line(*, actor: Actor) -> bool:
    """Move the line on by one second; whether people wait. Writes nothing while no line is on and nobody is busy."""
    row = WaitingLine.objects.select_for_update().get_or_create(pk=1)[0]
    row.refresh_from_db()
    before = queries.line_of(row)
    with connection.cursor() as cursor:
        cursor.execute(READINGS)
        load = Load(*(float(value) for value in cursor.fetchone()))
        after = waiting.next_second(before, load, last=queries.last_ticket())
        if after != before:
            cursor.execute(SAVE, _columns(after))
            cursor.execute(FORGET)
    if after.running != before.running:
        _say(actor, "recruitment.line_began" if after.running else "recruitment.line_ended")
    return after.running


def _columns(line: Line) -> dict[str, Any]:
    return asdict(line)


def _say(actor: Actor, verb: str) -> None:
    """A record of the organisation's root, so that the ticker of its board shows it."""
    for unit in org.roots(actor):
        audit.record(actor, verb, None, unit=unit)


@transaction.atomic
def switch_line(*, actor: Actor, mode: str, most_busy: int, slowest_ms: int) -> None:
    """Say when the line begins. Raises NotFound, NotAllowed or BadInput."""
    root = queries.get_line_root(actor=actor)
    access.require(actor, "recruitment.manage", root)
    faults: dict[str, Sentence] = {}
    if mode not in WaitingLine.Mode.values:
        faults["mode"] = _("Please choose from the list.")
    if not 10 <= most_busy <= 100:
        faults["most_busy"] = _("Please write a number from 10 to 100.")
    if not 100 <= slowest_ms <= 30_000:
        faults["slowest_ms"] = _("Please write a number from 100 to 30,000.")
    if faults:
        raise BadInput(fields=faults)
    row = WaitingLine.objects.select_for_update().get_or_create(pk=1)[0]
    row.refresh_from_db()
    if (row.mode, row.most_busy, row.slowest_ms) == (mode, most_busy, slowest_ms):
        return
    row.mode, row.most_busy, row.slowest_ms = mode, most_busy, slowest_ms
    row.save(update_fields=["mode", "most_busy", "slowest_ms"])
    audit.record(actor, "recruitment.line_switched", None, unit=root, data={"mode": mode})
