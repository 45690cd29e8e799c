"""Who sits where: accepted, offered and vacant seats, filled in sets; the deltas follow from the facts."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from django.db import connection

from toli.demo.people import Made
from toli.demo.planning import hash_joins
from toli.kit.dates import local_day
from toli.org.importing.copying import copy_in, refs
from toli.org.services.counts import FACTS, VERIFIED_FOR_DAYS


class OpenSeat(NamedTuple):
    id: int
    unit_id: int
    team: str
    role: str
    number: int
    path: str
    closes_at: datetime | None


def open_seats(teams: Sequence[str] = ()) -> list[OpenSeat]:
    """Every open seat of these teams (of all when none is named) in the order of the tree."""
    with hash_joins(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.id, s.unit_id, t.key, r.key, s.number, u.path, s.closes_at FROM org_seat s"
            " JOIN org_teamkind t ON t.id = s.team_kind_id JOIN org_role r ON r.id = s.role_id"
            " JOIN org_unit u ON u.id = s.unit_id"
            " WHERE s.closed_at IS NULL AND s.wing_id IS NULL AND (t.key = ANY(%s) OR %s)"
            " ORDER BY u.path, t.id, r.id, s.number",
            [list(teams), not teams],
        )
        return [OpenSeat(*row) for row in cursor.fetchall()]


def wing_seats() -> list[tuple[OpenSeat, str]]:
    """Open seats of wing teams with the wing's key."""
    with hash_joins(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.id, s.unit_id, t.key, r.key, s.number, u.path, s.closes_at, w.key FROM org_seat s"
            " JOIN org_teamkind t ON t.id = s.team_kind_id JOIN org_role r ON r.id = s.role_id"
            " JOIN org_unit u ON u.id = s.unit_id JOIN org_wing w ON w.id = s.wing_id"
            " WHERE s.closed_at IS NULL ORDER BY u.path, w.id, s.number"
        )
        return [(OpenSeat(*row[:7]), row[7]) for row in cursor.fetchall()]


def seat_people(pairs: Sequence[tuple[OpenSeat, Made]], *, random: Random, now: datetime) -> None:
    """Put each person on the seat: accepted some time after they joined, at the latest an hour ago."""
    copy_in(
        "COPY org_appointment (ref, seat_id, person_id, state, acting, offered_at, accepted_at, valid_from, valid_to,"
        " end_reason) FROM STDIN",
        _held(pairs, random, now),
    )


def _held(pairs: Sequence[tuple[OpenSeat, Made]], random: Random, now: datetime) -> Iterator[str]:
    for (seat, person), ref in zip(pairs, refs(len(pairs)), strict=True):
        accepted = min(person.joined + timedelta(hours=random.uniform(1, 60)), now - timedelta(hours=1))
        offered = accepted - timedelta(hours=random.uniform(0.5, 20))
        until = seat.closes_at or "\\N"
        yield f"{ref}\t{seat.id}\t{person.id}\taccepted\tf\t{offered}\t{accepted}\t{accepted}\t{until}\t\n"


def offer_seats(pairs: Sequence[tuple[OpenSeat, Made]], *, random: Random, now: datetime) -> None:
    """Offer each person the seat, within the last two days; they have three to answer."""
    copy_in(
        "COPY org_appointment (ref, seat_id, person_id, state, acting, offered_at, offer_expires_at, end_reason)"
        " FROM STDIN",
        (
            f"{ref}\t{seat.id}\t{person.id}\toffered\tf\t{now - ago}\t{now - ago + timedelta(days=3)}\t\n"
            for ((seat, person), ref), ago in (
                (pair, timedelta(hours=random.uniform(1, 40))) for pair in zip(pairs, refs(len(pairs)), strict=True)
            )
        ),
    )


def count_facts(*, now: datetime) -> None:
    """Append what the facts written in sets amount to, as deltas; the norm's own deltas stand already."""
    with hash_joins(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO org_delta (unit_id, wing_id, metric, day, n)"
            f" SELECT unit_id, wing_id, metric, day, n FROM ({FACTS}) facts WHERE metric <> 'norm'",
            {"verified_since": now - timedelta(days=VERIFIED_FOR_DAYS), "today": local_day(now)},
        )
