"""One text to many people at once: both gates, the allowances and the ways are those of a single message."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import connection

from toli.consent.queries import may_contact_each
from toli.consent.rules import ContactVerdict
from toli.delivery import queries, sending
from toli.delivery.channels import BOT, NOT_REPEATABLE, POINTS
from toli.delivery.limits import allowances, code_timeout, key_of, next_try, rest_time
from toli.delivery.providers import ManyWay, Outgoing, SendFault
from toli.delivery.providers.lines import Lines
from toli.delivery.routes import ways
from toli.delivery.services import addresses, budgets
from toli.delivery.services.going_out import AT_ONCE, note_failures, pause
from toli.delivery.templates import templates
from toli.elections import queries as elections
from toli.elections.gate import Subject, Verdict, may_publish
from toli.kit import secrets

SMS_TEMPLATE = "appeal"
"""The registered text that carries words of ours."""


@dataclass(frozen=True, slots=True)
class To:
    """One person, the constituency whose law holds for them, and the way to them. `attempts` were made before."""

    person_id: int
    unit_id: int | None
    channel: str
    language: str
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """What is said: by language (title, text, link), why it may be said, and the name under which twice is once."""

    key: str
    words: Mapping[str, Mapping[str, str]]
    subject: Subject
    purpose: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one: sent, failed or refused for good, or waiting until `again`. `tried`: a provider was asked."""

    person_id: int
    state: str
    reason: str = ""
    again: datetime | None = None
    tried: bool = False


REACH = """
SELECT t.person, t.channel, c.id, c.cipher, c.key_version
FROM unnest(%(people)s::bigint[], %(channels)s::text[], %(kinds)s::text[]) AS t(person, channel, kind)
JOIN LATERAL (SELECT p.id, p.cipher, p.key_version FROM people_contactpoint p
              WHERE p.person_id = t.person AND p.kind = t.kind AND p.valid_to IS NULL
              ORDER BY p.id DESC LIMIT 1) c ON true
"""


@dataclass(frozen=True, slots=True)
class _Gates:
    """The verdicts for these people, asked now: by person and channel, and by constituency and channel."""

    contact: Mapping[tuple[int, str], ContactVerdict]
    publish: Mapping[tuple[int | None, str], Verdict]


def send_many(*, to: Sequence[To], said: Said, lines: Lines, now: datetime) -> list[Outcome]:
    """Hand one text to each of these people; what became of each, in their order. Writes no message of the outbox: who
    asks keeps the outcomes. The gates are asked here, and again as each one's turn comes.
    """
    began = monotonic()
    gates, points = _gates(to, said, now), _points(to)
    found: dict[int, Outcome] = {}
    ready: list[sending.Ready] = []
    for one in to:
        try:
            ready.append(_ready(one, said, gates, points, now))
        except (sending.Refused, secrets.SecretsError) as refusal:
            found[one.person_id] = _refused(one.person_id, refusal)
    attempts = {one.person_id: one.attempts for one in to}
    ready = _allowed(ready, attempts, found, now)
    for channel in sorted({one.channel for one in ready}):
        turn = [one for one in ready if one.channel == channel]
        tries = _hand_over(channel, turn, lines, now, lambda: now + timedelta(seconds=monotonic() - began))
        found.update(_outcomes(turn, tries, attempts, now))
    return [found[one.person_id] for one in to]


def _gates(to: Sequence[To], said: Said, now: datetime) -> _Gates:
    windows = elections.load_windows(now=now)
    by_channel: dict[str, list[int]] = {}
    for one in to:
        by_channel.setdefault(one.channel, []).append(one.person_id)
    contact = {
        (pk, channel): verdict
        for channel, people in by_channel.items()
        for pk, verdict in may_contact_each(people, said.purpose, channel, now).items()
    }
    publish = {
        (unit, channel): may_publish(
            said.subject, unit, sending.channel_of(said.subject.kind, channel), now, windows=windows
        )
        for unit, channel in {(one.unit_id, one.channel) for one in to}
    }
    return _Gates(contact, publish)


def _points(to: Sequence[To]) -> Mapping[tuple[int, str], tuple[int, bytes, int]]:
    given: dict[str, Any] = {
        "people": [one.person_id for one in to], "channels": [one.channel for one in to],
        "kinds": [POINTS[one.channel] for one in to],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(REACH, given)
        return {(row[0], row[1]): (row[2], row[3], row[4]) for row in cursor.fetchall()}


def _ready(
    one: To, said: Said, gates: _Gates, points: Mapping[tuple[int, str], tuple[int, bytes, int]], now: datetime
) -> sending.Ready:
    contact, publish = gates.contact[one.person_id, one.channel], gates.publish[one.unit_id, one.channel]
    point = points.get((one.person_id, one.channel))
    if point is None:
        raise sending.Refused("no_address")
    address = secrets.decrypt(point[1], point[2], context=POINTS[one.channel])
    ready = sending.Ready(
        one.person_id, _out(one, said, address), contact, publish, one.person_id, said.purpose, said.subject.hash,
        one.unit_id, one.channel, point[0],
    )  # fmt: skip
    ready.require_cleared(now)
    return ready


def _out(one: To, said: Said, address: str) -> Outgoing:
    words = said.words.get(one.language) or said.words["hi"]
    ref = f"b-{said.key}-{one.person_id}"
    if one.channel != "sms":
        return Outgoing(address, words["text"], client_ref=ref, title=words["title"], link=words["link"])
    template = templates()[SMS_TEMPLATE]
    text = template.fill(one.language, {"text": words["text"], "link": words["link"]}).strip()
    return Outgoing(address, text, settings.SMS_SENDER, template.id_for(one.language), ref)


def _refused(person_id: int, refusal: Exception) -> Outcome:
    if not isinstance(refusal, sending.Refused):
        return Outcome(person_id, "refused", "no_key")
    return Outcome(person_id, "waiting" if refusal.again else "refused", refusal.reason, refusal.again)


def _allowed(
    ready: list[sending.Ready], attempts: Mapping[int, int], found: dict[int, Outcome], now: datetime
) -> list[sending.Ready]:
    """Those for whom there is a place: of what one person gets in a day, and of what each way takes now."""
    kept = _within_persons(ready, attempts, found, now)
    for channel in {one.channel for one in kept}:
        for allowance in allowances(channel, now):
            if allowance.per not in ("way", "account"):
                continue
            turn = [one for one in kept if one.channel == channel]
            ask = budgets.Ask(key_of(allowance, account=BOT), allowance)
            late = turn[budgets.take_some(ask, len(turn), now=now) :]
            again = max(budgets.free_at([ask], now=now), now + timedelta(seconds=0.2)) if late else now
            found.update({one.message_id: Outcome(one.message_id, "waiting", "too_fast", again) for one in late})
            gone = {one.message_id for one in late}
            kept = [one for one in kept if one.message_id not in gone]
    return kept


def _within_persons(
    ready: list[sending.Ready], attempts: Mapping[int, int], found: dict[int, Outcome], now: datetime
) -> list[sending.Ready]:
    """Each counts once, at its first try."""
    for allowance in allowances("person", now):
        asks = {
            one.message_id: budgets.Ask(key_of(allowance, person=one.person_id), allowance)
            for one in ready
            if not attempts[one.message_id]
        }
        had = budgets.take(asks.values(), now=now)
        late = {pk for pk, ask in asks.items() if ask.key not in had}
        again = now + allowance.cost
        found.update({pk: Outcome(pk, "waiting", "enough_today", again) for pk in late})
        ready = [one for one in ready if one.message_id not in late]
    return ready


def _hand_over(
    channel: str, ready: list[sending.Ready], lines: Lines, now: datetime, clock: Callable[[], datetime]
) -> list[sending.Tried | sending.Refused]:
    """By the first way that does not rest; over open lines where it can, else several at once."""
    resting = set(queries.resting(now))
    way = min(ways(channel, now), key=lambda one: one.name in resting, default=None)
    if way is None or way.name in resting:
        reason = "resting" if way else "no_provider"
        return [sending.Tried(way.name if way else "", fault=SendFault(reason, final=way is None)) for _ in ready]
    timeout = code_timeout(now)
    if isinstance(way, ManyWay):
        return sending.hand_over_many(ready, way, lines, timeout=timeout, clock=clock)

    def one(message: sending.Ready) -> sending.Tried | sending.Refused:
        try:
            return sending.try_providers(message, [way], set(), timeout=timeout, now=clock())
        except sending.Refused as refusal:
            return refusal

    with ThreadPoolExecutor(max_workers=min(AT_ONCE, len(ready))) as pool:
        return list(pool.map(one, ready))


def _outcomes(
    ready: Sequence[sending.Ready], tries: Sequence[sending.Tried | sending.Refused], attempts: Mapping[int, int],
    now: datetime,
) -> dict[int, Outcome]:  # fmt: skip
    """What is kept of each. Addresses that are gone end, a way that failed rests, one that asked for a pause has it."""
    _learn([(one, tried) for one, tried in zip(ready, tries, strict=True) if isinstance(tried, sending.Tried)], now)
    return {
        one.message_id: _refused(one.message_id, tried) if isinstance(tried, sending.Refused)
        else _outcome(one, tried, attempts[one.message_id] + 1, now)
        for one, tried in zip(ready, tries, strict=True)
    }  # fmt: skip


def _outcome(one: sending.Ready, tried: sending.Tried, attempts: int, now: datetime) -> Outcome:
    fault = tried.fault
    if fault is None:
        return Outcome(one.message_id, "sent", tried=True)
    if fault.reason == "resting":
        return Outcome(one.message_id, "waiting", "resting", now + rest_time(now))
    if fault.final or (fault.unsure and one.channel in NOT_REPEATABLE):
        return Outcome(one.message_id, "failed", "unsure" if fault.unsure else fault.reason, tried=True)
    again = next_try(attempts, now)
    if again is None:
        return Outcome(one.message_id, "failed", fault.reason, tried=True)
    if fault.retry_after:
        again = max(again, now + timedelta(seconds=fault.retry_after))
    return Outcome(one.message_id, "waiting", fault.reason, again, tried=True)


def _learn(tried: Collection[tuple[sending.Ready, sending.Tried]], now: datetime) -> None:
    gone = [one.point_id for one, what in tried if what.fault and what.fault.reason == "gone" and one.point_id]
    if gone:
        addresses.end_points(point_ids=gone, now=now)
    slow = {one.channel: what.fault for one, what in tried if what.fault and what.fault.reason == "too_fast"}
    for channel, fault in slow.items():
        pause(channel, fault, now, now)
    failed = [what for _one, what in tried if what.fault and what.failed and what.fault.reason != "too_fast"]
    if len(failed) >= sending.FAULTS_IN_A_ROW:
        note_failures(failed[-1], now)
