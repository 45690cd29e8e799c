"""What follows a signed placement: offers, and the wait-lists that move when one is not taken.

Nothing here depends on a message arriving once. Each step looks at what stands, takes its rows with a lock that others
skip, and leaves them in their next state in one transaction: a worker that dies in between loses nothing, and running
a step again does nothing twice. One application never has two live offers; the database refuses the second.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from toli.audit import queries as records
from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.errors import WrongState
from toli.org import services as org
from toli.recruitment import outcomes, queries
from toli.recruitment.models import PlaceOffer
from toli.recruitment.services import offer_sql

AT_ONCE = 10_000
"""Offers of one step, each step one transaction."""
MANY = 1_000
Row = tuple[Any, ...]

TO_A_HIGHER_WISH = "moved to a place wished more"
GONE_FOR = {"person_gone": "applicant_left", "in_team": "has_seat"}
"""Refusals of `org.offer_seats` that will not change by waiting, as reasons of an offer."""


def _rows(sql: str, **values: Any) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _note(actor: Actor, verb: str, kind: str, rows: Iterable[Row], **data: Any) -> int:
    """One record for what a step touched: rows of (ref, unit id)."""
    batch = [audit.BatchTarget(kind, ref, unit_id) for ref, unit_id in rows]
    if batch:
        audit.record(actor, verb, None, data={"offers": len(batch), **data}, batch=batch)
    return len(batch)


def _plan_anew(written: int) -> None:
    """After many rows: the next step comes before autovacuum does, and would be planned as if there were none."""
    if written >= MANY:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE recruitment_placeoffer, org_appointment")


@transaction.atomic
def prepare_offers(*, actor: Actor, record_ids: Sequence[int], now: datetime) -> int:
    """Write the offers of the runs these records signed; how many are new. Safe to repeat."""
    runs = records.refs_touched(record_ids)
    with connection.cursor() as cursor:
        cursor.execute(offer_sql.REPLACED, {"runs": runs, "now": now})
    rows = _rows(offer_sql.WRITE, runs=runs, now=now)
    _plan_anew(len(rows))
    return _note(actor, "recruitment.offers_prepared", "recruitment.placeoffer", rows)


def move_offers(*, actor: Actor, now: datetime, at_once: int = AT_ONCE) -> int:
    """One step of everything that waits: answers followed, lost offers closed, the next called, due offers made.

    How many rows moved; 0 when nothing waits.
    """
    moved = follow_answers(actor=actor, now=now)
    moved += close_lost(actor=actor, now=now, at_once=at_once)
    moved += call_next(actor=actor, now=now, at_once=at_once)
    return moved + make_offers(actor=actor, now=now, at_once=at_once)


@transaction.atomic
def follow_answers(*, actor: Actor, now: datetime) -> int:
    """Let each offer, and its application, say what the appointment says. How many offers changed.

    A yes to a place wished more ends the term in the one that was held, in the same transaction.
    """
    left = _rows(offer_sql.LEAVE, now=now)
    for _ref, appointment, _unit in left:
        with suppress(WrongState):  # they gave the seat back by themselves
            org.end_appointment(actor=actor, ref=appointment, reason=TO_A_HIGHER_WISH, now=now)
    _note(actor, "recruitment.seats_left", "recruitment.placeoffer", [(ref, unit) for ref, _seat, unit in left])
    rows = _rows(offer_sql.ANSWERED, now=now)
    settled = _rows(offer_sql.SETTLED, offers=[row[0] for row in rows], now=now)
    for verb, state in (("recruitment.placed", "placed"), ("recruitment.reopened", "submitted")):
        mine = [
            audit.BatchTarget("recruitment.application", ref, unit) for ref, unit, now_is in settled if now_is == state
        ]
        if mine:
            audit.record(actor, verb, None, data={"applications": len(mine)}, batch=mine)
    states = {state: sum(1 for row in rows if row[1] == state) for state in ("accepted", "declined", "lapsed", "void")}
    batch = [(ref, unit_id) for ref, _state, unit_id in rows]
    return _note(actor, "recruitment.offers_answered", "recruitment.placeoffer", batch, **states)


@transaction.atomic
def close_lost(*, actor: Actor, now: datetime, at_once: int = AT_ONCE) -> int:
    """Take back offers whose seat was filled meanwhile or whose place is gone; how many. The person waits again."""
    lost = _rows(offer_sql.LOST, limit=at_once)
    if not lost:
        return 0
    refs = [row[1] for row in lost]
    back = org.withdraw_offers(actor=actor, refs=refs, now=now)
    rows = _rows(offer_sql.LOSE, refs=refs, reasons=[row[2] for row in lost], back=back, now=now)
    return _note(actor, "recruitment.offers_lost", "recruitment.application", rows)


@transaction.atomic
def make_offers(*, actor: Actor, now: datetime, at_once: int = AT_ONCE) -> int:
    """Offer the seats of what is due, the lowest number first; void, with the reason, what cannot be offered."""
    with connection.cursor() as cursor:
        cursor.execute(offer_sql.NO_UPGRADE)
    ids = [row[0] for row in _rows(offer_sql.TAKE_DUE, limit=at_once)]
    if not ids:
        return 0
    void = _rows(offer_sql.VOID_DUE, ids=ids, now=now)
    found = _rows(offer_sql.MATCH, ids=ids, now=now)
    made, refused = _offer(actor, [row for row in found if row[2] is not None], now)
    refused += [(row[0], "seat_taken") for row in found if row[2] is None]
    void += _rows(offer_sql.VOID, ids=[i for i, _ in refused], reasons=[why for _, why in refused], now=now)
    given = _rows(offer_sql.GIVE, ids=list(made), refs=list(made.values()), now=now)
    _plan_anew(len(given))
    _note(actor, "recruitment.offers_void", "recruitment.placeoffer", void)
    return len(void) + _note(actor, "recruitment.offered_many", "recruitment.application", given)


def _offer(actor: Actor, found: Sequence[Row], now: datetime) -> tuple[dict[int, Any], list[tuple[int, str]]]:
    """Make the appointments: {offer id: ref}, and [(offer id, reason)] of those that can never be.

    A seat that went in this very moment leaves the offer due: the next step finds another one, or says so.
    """
    made: dict[int, Any] = {}
    refused: list[tuple[int, str]] = []
    for days in {row[3] for row in found}:
        mine = [row for row in found if row[3] == days]
        wanted = [(seat, person) for _id, person, seat, _days, _upgrade in mine]
        moving = [person for _id, person, _seat, _days, upgrade in mine if upgrade]
        offered = org.offer_seats(actor=actor, wanted=wanted, lives=timedelta(days=days), moving=moving, now=now)
        for row, one in zip(mine, offered, strict=True):
            if one.ref is not None:
                made[row[0]] = one.ref
            elif one.refusal in GONE_FOR:
                refused.append((row[0], GONE_FOR[one.refusal]))
    return made, refused


@transaction.atomic
def call_next(*, actor: Actor, now: datetime, at_once: int = AT_ONCE) -> int:
    """Call the next of the wait-list for each seat that came free in a place; how many were called.

    First whoever had this very place promised and found the seat taken, then the wait-list of the signed run in the
    place's own order, shares included (`outcomes.next_in_line`). Nobody is called who has an offer in hand or said no
    here; of those who hold a place, whoever stays on the lists is called for a place wished more.
    """
    freed = _rows(offer_sql.FREED, limit=at_once)
    if not freed:
        return 0
    PlaceOffer.objects.filter(pk__in=[row[0] for row in freed]).update(followed_at=now)
    called: list[Row] = []
    for place, run, slots in _rows(offer_sql.SLOTS, places=sorted({row[1] for row in freed}), now=now):
        line = _in_line(run, place, slots)
        called += _rows(offer_sql.CALL, run=run, place=place, called=line, now=now)
    return _note(actor, "recruitment.next_called", "recruitment.placeoffer", called)


def _in_line(run_id: int, place_id: int, slots: int) -> list[int]:
    """Whom to call, the first first. Who holds a place is in line only for places they wished more."""
    held: dict[int, int] = dict(_rows(offer_sql.STAYERS, place=place_id))
    settled = queries.settled_run(run_id) if held else None
    content = {
        one for one, place in held.items()
        if settled is None or not outcomes.wished_more(settled, one, place_id, than=place)
    }  # fmt: skip
    promised = [row[0] for row in _rows(offer_sql.PROMISED, place=place_id) if row[0] not in content][:slots]
    if len(promised) == slots:
        return promised
    gone = {row[0] for row in _rows(offer_sql.GONE, place=place_id)} | set(promised) | content
    return promised + queries.next_in_line(run_id=run_id, place_id=place_id, gone=gone, seats=slots - len(promised))


@transaction.atomic
def look_again(*, record_ids: Sequence[int]) -> int:
    """After a seat came free: whoever found it taken is looked at again by the next step. How many offers."""
    with connection.cursor() as cursor:
        cursor.execute(offer_sql.LOOK_AGAIN, {"refs": records.refs_touched(record_ids)})
        return int(cursor.rowcount)
