"""The statements that load the windows, shared by the pages and by the pulse, which has no Django."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from toli.elections.silence import Window
from toli.elections.windows import Span, UnitWindow, Windows

# Windows that ended more than a day ago decide nothing any more.
LIVE_WINDOWS = """
SELECT p.constituency_id, v.quiet_from, v.quiet_to, v.confirmed, v.quiet_kind, p.ref::text, v.notification,
       u.names::text
FROM elections_pollversion v
JOIN elections_poll p ON p.id = v.poll_id
JOIN org_unit u ON u.id = p.constituency_id
WHERE v.state = 'live' AND v.status = 'scheduled' AND v.quiet_to > %(since)s
"""

EXIT_WINDOWS = """
SELECT starts_at, ends_at, notification FROM elections_exitpollwindow
WHERE replaced_at IS NULL AND ends_at > %(since)s
"""

# Differs after every change of a row that makes a window: when it is the same, the windows are the same.
VERSION = """
SELECT ('x' || left(md5(concat(
    (SELECT string_agg(ref::text || state || status, ',' ORDER BY id)
       FROM elections_pollversion WHERE state IN ('live', 'replaced')), '/',
    (SELECT string_agg(ref::text || (replaced_at IS NULL)::text, ',' ORDER BY id) FROM elections_exitpollwindow), '/',
    (SELECT string_agg(concat(id, scope, announced_at, completed_at), ',' ORDER BY id) FROM elections_election), '/',
    (SELECT string_agg(rule || (off AND holds_from <= %(now)s)::text, ',' ORDER BY rule)
       FROM elections_ruleswitch WHERE state = 'live')
)), 15))::bit(60)::bigint
"""


def windows_from_rows(
    rows: Iterable[tuple[Any, ...]],
    exits: Iterable[tuple[datetime, datetime, str]] = (),
    *,
    codes: Iterable[Span] = (),
    off: Collection[str] = (),
    version: int = 0,
    loaded_at: datetime | None = None,
    doubt: timedelta = timedelta(0),
) -> Windows:
    """The compact value of the rows of LIVE_WINDOWS and EXIT_WINDOWS. Names may be JSON text or a mapping.

    Each window begins earlier and ends later by the doubt about the clock.
    """
    return Windows(
        (_widened(_unit_window(row), doubt) for row in rows),
        exits=(Span(starts - doubt, ends + doubt, notification) for starts, ends, notification in exits),
        codes=codes,
        off=off,
        version=version,
        loaded_at=loaded_at,
    )


def _widened(one: UnitWindow, doubt: timedelta) -> UnitWindow:
    window = replace(one.window, starts=one.window.starts - doubt, ends=one.window.ends + doubt)
    return replace(one, window=window) if doubt else one


def _unit_window(row: tuple[Any, ...]) -> UnitWindow:
    import json

    unit_id, starts, ends, confirmed, kind, poll_ref, notification, names = row
    parsed = json.loads(names) if isinstance(names, str) else names
    return UnitWindow(unit_id, Window(starts, ends, confirmed, kind), poll_ref, notification, parsed)
