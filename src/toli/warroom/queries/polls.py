"""The by-election view: one row per constituency with a poll ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from toli.kit.actor import Actor
from toli.org import access
from toli.org.queries.rows import from_json

# A handful of rows: polls ahead that the actor sees, each with its own team, who is on duty, the last note and what is
# open. The team is counted from its seats, because the folded figures hold the blocks and booths below it too.
POLL_ROWS = """
SELECT u.id, u.ref, u.names, u.path, p.ref, v.poll_on, v.closes, v.quiet_kind, v.quiet_from, v.quiet_to, v.confirmed,
       (v.poll_on + v.opens) AT TIME ZONE 'Asia/Kolkata',
       t.seats, t.accepted, t.offered, t.verified, d.people, h.written_at, h.text, h.open_flags, f.open, f.oldest
FROM elections_pollversion v
JOIN elections_poll p ON p.id = v.poll_id AND p.closed_at IS NULL
JOIN org_unit u ON u.id = p.constituency_id AND {scope}
CROSS JOIN LATERAL (
    SELECT count(*) AS seats, count(*) FILTER (WHERE a.state = 'accepted') AS accepted,
           count(*) FILTER (WHERE a.state = 'offered') AS offered,
           count(*) FILTER (WHERE a.state = 'accepted' AND NOT w.duplicate_flag AND c.verified_at > %s) AS verified
    FROM org_seat s
    LEFT JOIN org_appointment a ON a.seat_id = s.id AND (a.state = 'offered'
        OR (a.state = 'accepted' AND a.suspended_at IS NULL AND a.handing_over_until IS NULL))
    LEFT JOIN people_person w ON w.id = a.person_id
    LEFT JOIN people_contactpoint c ON c.person_id = w.id AND c.valid_to IS NULL
    WHERE s.unit_id = u.id AND s.closed_at IS NULL
) t
CROSS JOIN LATERAL (
    SELECT count(DISTINCT x.person_id) AS people FROM warroom_shift x
    WHERE x.unit_id = u.id AND x.dropped_at IS NULL AND x.starts_at <= %s AND x.ends_at > %s
) d
LEFT JOIN LATERAL (
    SELECT written_at, text, open_flags FROM warroom_handover o WHERE o.unit_id = u.id ORDER BY written_at DESC LIMIT 1
) h ON true
CROSS JOIN LATERAL (
    SELECT count(*) AS open, min(g.raised_at) AS oldest FROM warroom_flag g JOIN org_unit b ON b.id = g.unit_id
    WHERE g.closed_at IS NULL AND b.path >= u.path AND b.path < left(u.path, -1) || '0'
) f
WHERE v.state = 'live' AND v.status = 'scheduled' AND v.quiet_to > %s
ORDER BY v.quiet_to, u.id
LIMIT 300
"""


@dataclass
class PollRow:
    """One constituency whose poll lies ahead."""

    id: int
    ref: UUID
    names: dict[str, str]
    path: str
    poll_ref: UUID
    poll_on: object
    closes: list[object]
    quiet_kind: str
    quiet_from: datetime
    quiet_to: datetime
    confirmed: bool
    opens_at: datetime | None
    seats: int
    accepted: int
    offered: int
    verified: int
    on_duty: int
    noted_at: datetime | None
    note: str | None
    noted_flags: int | None
    flags: int
    oldest_flag: datetime | None
    item: str = ""
    item_state: str = "none"
    grade: str = "D"

    @property
    def missing(self) -> int:
        return max(self.seats - self.accepted, 0)

    def phase(self, now: datetime) -> str:
        """before, silence (appeals stop) or over."""
        if now >= self.quiet_to:
            return "over"
        return "silence" if now >= self.quiet_from else "before"


def poll_rows(*, actor: Actor, now: datetime, verified_since: datetime) -> list[PollRow]:
    """Polls ahead in the actor's charge, the first to close first; one statement."""
    scope, bounds = access.visible(actor, "board.view").sql("u.path")
    with connection.cursor() as cursor:
        cursor.execute(POLL_ROWS.format(scope=scope), [*bounds, verified_since, now, now, now])
        rows = [PollRow(*values) for values in cursor.fetchall()]
    for row in rows:
        row.names = from_json(row.names)
    return rows
