"""What is due goes out when the gates say yes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import F

from toli.accounts import queries as code_queries
from toli.accounts import services as accounts
from toli.audit import services as audit
from toli.audit.services import BatchTarget
from toli.consent.rules import LEGAL
from toli.delivery import queries, sending
from toli.delivery.channels import BOT, NOT_REPEATABLE
from toli.delivery.limits import (
    Allowance,
    allowances,
    code_timeout,
    key_of,
    next_try,
    quiet_ends,
    rest_time,
    sms_limits,
)
from toli.delivery.models import Message, ProviderRest
from toli.delivery.providers import Outgoing, SendFault
from toli.delivery.routes import ways
from toli.delivery.services import addresses, budgets
from toli.delivery.services.quiet import LIFTED
from toli.delivery.templates import at_any_hour, templates
from toli.kit import secrets
from toli.kit.actor import SystemActor

State = Message.State
STALE = timedelta(minutes=2)
AT_ONCE = 8
"""Messages handed over at the same time: a provider that hangs holds one of eight, not the queue."""


# Oldest first, each message by one sender; one whose sender died is given back after two minutes.
TAKE_DUE = """
UPDATE delivery_message SET state = 'sending', taken_at = %(now)s, attempts = attempts + 1
 WHERE id IN (SELECT id FROM delivery_message
               WHERE state IN ('waiting', 'sending') AND next_try_at <= %(now)s
                 AND (state = 'waiting' OR taken_at < %(stale)s)
                 AND (NOT %(quiet)s OR template = ANY(%(any_hour)s) OR reason = %(lifted)s
                      OR person_id IN (SELECT person_id FROM org_duty WHERE until > %(now)s))
               ORDER BY next_try_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING id
"""


def _take_due(*, now: datetime, limit: int, quiet: bool = False) -> list[int]:
    """Take ids of messages that are ours to send now; in `quiet` hours only those to people on duty."""
    with connection.cursor() as cursor:
        given: dict[str, Any] = {"now": now, "stale": now - STALE, "limit": limit, "quiet": quiet}
        given["lifted"] = LIFTED
        cursor.execute(TAKE_DUE, {**given, "any_hour": at_any_hour()})
        return sorted(row[0] for row in cursor.fetchall())


def send_due(*, now: datetime, limit: int | None = None) -> dict[str, int]:
    """Send what is due, as many at once as one second allows. Returns how many were sent, held back, put off.

    In the quiet hours only people on duty are written to; the rest is due when they end. A message that died
    with its sender is sent again under the same client reference, which the provider takes once.
    """
    result = {"sent": 0, "refused": 0, "later": 0}
    _give_up_unsure(now)
    ends = quiet_ends(now)
    ids = _take_due(now=now, limit=limit or sms_limits(now).per_second, quiet=ends is not None)
    if ends is not None:
        held = Message.objects.filter(queries.off_duty(now), state=State.WAITING, next_try_at__lte=now)
        held = held.exclude(template__in=at_any_hour()).exclude(reason=LIFTED)
        held.update(next_try_at=ends)
    messages = _messages(ids)
    ready = [made for message in messages if (made := _prepare(message, result, now))]
    ready = _within_allowances(ready, {message.pk: message for message in messages}, result, now)
    for one, tried in zip(ready, _hand_over(ready, now), strict=True):
        _settle(one, tried, result, now)
    if result["sent"] or result["refused"]:
        batch = [BatchTarget("delivery.message", message.ref, message.unit_id) for message in messages]
        audit.record(SystemActor(request_id="delivery.send_due"), "delivery.sent_batch", None, data=result, batch=batch)
    return result


def _give_up_unsure(now: datetime) -> None:
    """What died with its sender on a way that cannot be asked is not sent again: nobody gets it twice."""
    lost = Message.objects.filter(state=State.SENDING, taken_at__lt=now - STALE, channel__in=NOT_REPEATABLE)
    lost.update(state=State.FAILED, reason="unsure")


def _messages(ids: Sequence[int]) -> list[Message]:
    return list(Message.objects.select_related("invitee").filter(pk__in=ids).order_by("pk"))


def _prepare(message: Message, result: dict[str, int], now: datetime) -> sending.Ready | None:
    try:
        if message.expires_at is not None and message.expires_at <= now:
            raise sending.Refused("too_late")
        return sending.prepare(message, now=now)
    except (sending.Refused, secrets.SecretsError) as refusal:
        again = getattr(refusal, "again", None)
        reason = refusal.reason if isinstance(refusal, sending.Refused) else "no_key"
        _hold(message, reason, again, result)
        return None


def _hold(message: Message, reason: str, again: datetime | None, result: dict[str, int]) -> None:
    """A gate said no. Where the law says until when, and the message still matters then, it waits for that hour."""
    waits = again is not None and (message.expires_at is None or again < message.expires_at)
    if waits and message.reason == LIFTED and not reason.startswith("law:"):
        reason = LIFTED  # a place was missing, not the reason why it may go at night
    if waits:
        Message.objects.filter(pk=message.pk).update(
            state=State.WAITING, next_try_at=again, reason=reason, attempts=F("attempts") - 1
        )
    else:
        Message.objects.filter(pk=message.pk).update(state=State.REFUSED, reason=reason)
    result["later" if waits else "refused"] += 1


def _within_allowances(
    ready: list[sending.Ready], messages: Mapping[int, Message], result: dict[str, int], now: datetime
) -> list[sending.Ready]:
    """Those that a person may still get today, and that their way may still take this second; the rest waits."""
    kept = ready
    for channel in {one.channel for one in ready}:
        for allowance in allowances(channel, now):
            if allowance.per in ("way", "account"):
                kept = _within_way(kept, channel, allowance, messages, result, now)
    return _within_persons(kept, messages, result, now)


def _within_persons(
    ready: list[sending.Ready], messages: Mapping[int, Message], result: dict[str, int], now: datetime
) -> list[sending.Ready]:
    [allowance] = allowances("person", now)
    waiting = [one for one in ready if _counts(one) and messages[one.message_id].attempts == 1]
    kept = [one for one in ready if one not in waiting]
    while waiting:  # one of each person at a time
        turn = {_person_ask(one, allowance).key: one for one in reversed(waiting)}
        had = budgets.take([budgets.Ask(key, allowance) for key in turn], now=now)
        for key, one in turn.items():
            if key in had:
                kept.append(one)
            else:
                again = budgets.free_at([budgets.Ask(key, allowance)], now=now)
                _hold(messages[one.message_id], "enough_today", again, result)
        waiting = [one for one in waiting if one not in turn.values()]
    return sorted(kept, key=lambda one: one.message_id)


def _counts(one: sending.Ready) -> bool:
    """Whether it is one of those a person gets only so many of: not what is about their sign-in, or the law's. Each
    counts once, at its first try.
    """
    return one.person_id is not None and one.purpose not in ("", LEGAL)


def _person_ask(one: sending.Ready, allowance: Allowance) -> budgets.Ask:
    return budgets.Ask(key_of(allowance, person=one.person_id), allowance)


def _within_way(
    ready: list[sending.Ready], channel: str, allowance: Allowance, messages: Mapping[int, Message],
    result: dict[str, int], now: datetime,
) -> list[sending.Ready]:  # fmt: skip
    asked = [one for one in ready if one.channel == channel]
    ask = budgets.Ask(key_of(allowance, account=BOT), allowance)
    places = budgets.take_some(ask, len(asked), now=now)
    late = asked[places:]
    for one in late:
        again = max(budgets.free_at([ask], now=now), now + timedelta(seconds=1))
        _hold(messages[one.message_id], "too_fast", again, result)
    return [one for one in ready if one not in late]


def _hand_over(ready: Sequence[sending.Ready], now: datetime) -> list[sending.Tried]:
    """Several at once, because a slow provider answers in seconds. No thread here touches the database."""
    if not ready:
        return []
    resting, timeout = set(queries.resting(now)), code_timeout(now)
    providers = {channel: ways(channel, now) for channel in {message.channel for message in ready}}

    def one(message: sending.Ready) -> sending.Tried:
        return sending.try_providers(message, providers[message.channel], resting, timeout=timeout, now=now)

    with ThreadPoolExecutor(max_workers=min(AT_ONCE, len(ready))) as pool:
        return list(pool.map(one, ready))


def _settle(ready: sending.Ready, tried: sending.Tried, result: dict[str, int], now: datetime) -> None:
    note_failures(tried, now)
    rows = Message.objects.filter(pk=ready.message_id)
    if tried.fault is None:
        rows.filter(state=State.SENDING).update(
            state=State.SENT, sent_at=now, provider=tried.provider, provider_ref=tried.provider_ref, reason=""
        )
        rows.update(provider=tried.provider, provider_ref=tried.provider_ref)
        result["sent"] += 1
        return
    if tried.fault.reason == "gone" and ready.point_id is not None:
        addresses.end_points(point_ids=[ready.point_id], now=now)
    again = None if tried.fault.final else next_try(rows.values_list("attempts", flat=True)[0], now)
    if tried.fault.unsure and ready.channel in NOT_REPEATABLE:
        again = None
    if again and tried.fault.reason == "too_fast":
        again = pause(ready.channel, tried.fault, again, now)
    fate = {"state": State.WAITING, "next_try_at": again} if again else {"state": State.FAILED}
    rows.update(**fate, provider=tried.provider, reason=tried.fault.reason)
    result["later" if again else "refused"] += 1


def pause(channel: str, fault: SendFault, again: datetime, now: datetime) -> datetime:
    """The last provider asked for a pause: nobody uses this way before."""
    until = max(again, now + timedelta(seconds=fault.retry_after or 1.0))
    for allowance in allowances(channel, now):
        if allowance.per in ("way", "account"):
            ask = budgets.Ask(key_of(allowance, account=BOT), allowance)
            budgets.rest(ask, until=now + timedelta(seconds=fault.retry_after or 1.0), now=now)
    return until


def note_failures(tried: sending.Tried, now: datetime) -> None:
    """Providers that failed rest a while; one that took a message is well again."""
    for name, reason in tried.failed:
        ProviderRest.objects.update_or_create(
            name=name,
            defaults={"rests_until": now + rest_time(now), "last_failure": reason, "changed_at": now},
        )
    if tried.fault is None:
        ProviderRest.objects.filter(name=tried.provider, rests_until__lte=now).delete()


def send_codes(*, now: datetime, limit: int = 50) -> int:
    """Send waiting login codes: the person asked for each, so no consent is asked and no hour is quiet. How many."""
    codes = accounts.take_waiting_codes(limit, now=now)
    if not codes:
        return 0
    began, resting, timeout = monotonic(), set(queries.resting(now)), code_timeout(now)
    providers = {channel: ways(channel, now) for channel in ("sms", "voice")}

    def one(out: tuple[str, Outgoing]) -> sending.Tried:
        channel, said = out
        return sending.hand_over(said, providers[channel], resting, timeout=timeout)

    with ThreadPoolExecutor(max_workers=min(AT_ONCE, len(codes))) as pool:
        tries = pool.map(one, [(str(code.channel), _code_out(code)) for code in codes])
        return sum(
            _settle_code(code, tried, now + timedelta(seconds=monotonic() - began))
            for code, tried in zip(codes, tries, strict=True)
        )


def _code_out(code: accounts.WaitingCode) -> Outgoing:
    """The same ask keeps its client reference over all tries, so a provider that took it sends it once."""
    called, asked = code.channel == "voice", code_queries.get_code(ref=code.ref).asked_times
    template = templates()["login_call" if called else "login_code"]
    # a voice says digits one by one, not as one large number
    text = template.fill(code.language, {"code": " ".join(code.code) if called else code.code})
    return Outgoing(code.phone, text, settings.SMS_SENDER, template.id_for(code.language), f"c-{code.ref}-{asked}")


def _settle_code(code: accounts.WaitingCode, tried: sending.Tried, now: datetime) -> int:
    note_failures(tried, now)
    if tried.fault is None:
        accounts.mark_code_sent(code.ref, provider=tried.provider, now=now)
        return 1
    accounts.mark_code_failed(code.ref, provider=tried.provider or "none", reason=tried.fault.reason, now=now)
    return 0
