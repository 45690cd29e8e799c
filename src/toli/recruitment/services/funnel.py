"""Counting a drive: what its pages show of half a million applications is read anew from the facts by a tick.

Every room that has a part in it (calls, interviews, placement, offers) only writes its own facts; none has to keep a
total right, and no request touches one.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

import numpy as np
from django.db import connection, transaction

from toli.kit.dates import local_day
from toli.recruitment import agreement, queries
from toli.recruitment.models import Drive, FunnelReading, PanelReading, Round
from toli.recruitment.placement import Ints
from toli.recruitment.services import funnel_sql

VERIFIED_FOR = timedelta(days=180)
DAYS_KEPT = 60
SOONEST = timedelta(seconds=30)
REST = 15
"""A drive rests this many times as long as its last count took, so that counting stays a fifteenth of one core."""
BUSY_AFTER = timedelta(days=120)
"""Placement and offers follow long after a drive closed ..."""
REST_OF_OLD = timedelta(hours=1)
"""... and later only few things happen to it."""
LATE = timedelta(minutes=2)
"""A card may be committed this long after the time it carries."""
EVER = datetime(2000, 1, 1, tzinfo=UTC)


@transaction.atomic
def count_funnel(*, drive: Drive, now: datetime) -> FunnelReading:
    """Count one drive in every unit and by day, its rounds, and what went past it. Safe to repeat."""
    began = perf_counter()
    last, since = queries.reading_of(drive), now - timedelta(days=DAYS_KEPT)
    _run(funnel_sql.KEEP_PAST, drive=drive.pk, promised=queries.PROMISED_FOR)
    _run(funnel_sql.FUNNEL, drive=drive.pk, verified_since=now - VERIFIED_FOR)
    for of in Round.objects.filter(drive=drive):
        _run(funnel_sql.ROUND, drive=drive.pk, round=of.pk)
        was_read = last is not None and PanelReading.objects.filter(panel__round=of).exists()
        _run(funnel_sql.PANELS, round=of.pk)
        count_agreement(of, since=last.at - LATE if last and was_read else EVER)
    kept = {"at": now, "days": _days(drive, since), "seconds": perf_counter() - began}
    return FunnelReading.objects.update_or_create(drive=drive, defaults=kept)[0]


def _run(sql: str, **values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _days(drive: Drive, since: datetime) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(funnel_sql.BY_DAY, {"drive": drive.pk, "since": since})
        return {day: n for day, n in cursor.fetchall() if day > local_day(since).isoformat()}


def count_agreement(of: Round, *, since: datetime = EVER) -> None:
    """How far the scorers of each panel agree, of those panels that were given a card since then."""
    sql = funnel_sql.PAIRS.format(round="%(round)s", since="%(since)s")
    table = queries.read_integers(sql, {"round": of.pk, "since": since}, 3)
    ids, starts = np.unique(table[:, 0], return_index=True)
    panels = [part[:, 1:] for part in np.split(table, starts[1:])] if len(ids) else []
    enough = [pairs if len(pairs) >= agreement.FEWEST else pairs[:0] for pairs in panels]
    _run(
        funnel_sql.KEEP_AGREEMENT, panels=ids.tolist(), pairs=[len(pairs) for pairs in panels],
        kappas=[agreement.kappa_of_totals(pairs) for pairs in enough], iccs=[agreement.icc(pairs) for pairs in enough],
        aparts=[_apart(pairs) for pairs in panels],
    )  # fmt: skip


def _apart(pairs: Ints) -> int:
    return round(float(np.abs(pairs[:, 0] - pairs[:, 1]).mean()))


def count_funnels(*, now: datetime) -> int:
    """Count every drive whose rest is over; how many."""
    counted = 0
    for drive in Drive.objects.filter(opens_at__lte=now).select_related("reading"):
        last = getattr(drive, "reading", None)
        if last is None or now - last.at >= _rest(drive, last, now):
            count_funnel(drive=drive, now=now)
            counted += 1
    return counted


def _rest(drive: Drive, last: FunnelReading, now: datetime) -> timedelta:
    is_old = drive.closes_at is not None and drive.closes_at <= now - BUSY_AFTER
    return max(REST_OF_OLD if is_old else SOONEST, timedelta(seconds=REST * last.seconds))
