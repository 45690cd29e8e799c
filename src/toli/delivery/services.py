"""Every write of delivery: a message is put in the outbox once, sent when the gates say yes, and followed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from toli.accounts import queries as code_queries
from toli.accounts import services as accounts
from toli.audit import services as audit
from toli.audit.services import BatchTarget
from toli.consent import services as consent
from toli.consent.queries import breaches, contact_filter
from toli.delivery import queries, sending
from toli.delivery.adapters import Outgoing
from toli.delivery.adapters.sms_local_server import sign
from toli.delivery.limits import code_timeout, next_try, quiet_ends, rest_time, sms_limits
from toli.delivery.models import Inbound, Message, ProviderRest, Receipt
from toli.delivery.providers import receipt_secret, sms_providers, voice_providers
from toli.delivery.templates import at_any_hour, templates
from toli.kit import secrets
from toli.kit.actor import Actor, SystemActor
from toli.kit.dates import datetime_text
from toli.kit.errors import BadInput, NotAllowed
from toli.kit.phone import parse as parse_number
from toli.org import queries as org
from toli.org.models import Appointment, SignInHelp, Unit
from toli.people.models import ContactPoint, Invitee, Person

State = Message.State
KEEP = timedelta(days=366)
KEEP_INBOUND = timedelta(days=30)
TELL_FOR = timedelta(days=14)
AT_ONCE = 8
"""Messages handed over at the same time: a provider that hangs holds one of eight, not the queue."""

_PERSONAL = re.compile(r"(?<!\w)(?:\+?91|0)?[16-9]\d{9}(?!\w)|[\w.]+@[\w.]+\.\w+")


def _checked(template: str, params: Mapping[str, str]) -> None:
    """Raises BadInput for a template nobody registered, a value missing, or one that holds a number."""
    found = templates().get(template)
    if found is None or not found.variables <= params.keys():
        raise BadInput(_("This message has no registered text, or a value is missing."))
    if any(_PERSONAL.search(str(value)) for value in params.values()):
        raise BadInput(_("A message may not carry a phone number or an address of a person."))


def hash_of(template: str, params: Mapping[str, str]) -> str:
    """What the publishing gate's verdict is bound to."""
    said = json.dumps([template, dict(params)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


@transaction.atomic
def queue(
    *, template: str, person: Person, key: str, params: Mapping[str, str], language: str = "", unit: Unit | None = None,
    now: datetime, not_before: datetime | None = None, expires_at: datetime | None = None,
    certificate: Mapping[str, str] | None = None, contact_point: ContactPoint | None = None,
) -> Message:  # fmt: skip
    """Put one SMS to a person in the outbox; the same `key` again gives the same message. Raises BadInput.

    The gates are asked when it is sent, so nothing needs to be taken back when a person or the law says no.
    """
    _checked(template, params)
    chosen = language or (person.holder.login.language if person.holder else "hi")
    message, _made = Message.objects.get_or_create(
        key=key,
        defaults={
            **_columns(template, params, chosen, unit, certificate), "person": person, "next_try_at": not_before or now,
            "created_at": now, "expires_at": expires_at or now + sms_limits(now).keep_trying,
            "contact_point": contact_point,
        },
    )  # fmt: skip
    return message


def _columns(
    template: str, params: Mapping[str, str], language: str, unit: Unit | None, certificate: Mapping[str, str] | None
) -> dict[str, Any]:
    found = templates()[template]
    return {
        "template": template, "params": dict(params), "language": language, "purpose": found.purpose,
        "kind": found.kind, "unit": unit, "subject_hash": hash_of(template, params),
        "certificate": dict(certificate) if certificate else None,
    }  # fmt: skip


# One pass over the audience: who may be reached is decided here for the choice, and again for each send.
QUEUE_MANY = """
INSERT INTO delivery_message
    (ref, key, template, channel, language, params, purpose, person_id, unit_id, kind, subject_hash, certificate, state,
     attempts, next_try_at, expires_at, provider, provider_ref, reason, created_at)
SELECT gen_random_uuid(), %(key)s || ':' || p.id, %(template)s, 'sms', coalesce(l.language, 'hi'), %(params)s::jsonb,
       %(purpose)s, p.id, %(unit)s, %(kind)s, %(hash)s, NULL, 'waiting', 0, %(at)s, %(expires)s, '', '', '', %(now)s
FROM people_person p
LEFT JOIN accounts_holder h ON h.id = p.holder_id LEFT JOIN accounts_login l ON l.id = h.login_id
WHERE p.id = ANY(%(people)s) AND """


@transaction.atomic
def queue_many(
    *, template: str, person_ids: Collection[int], key: str, params: Mapping[str, str], unit: Unit | None = None,
    now: datetime, not_before: datetime | None = None, keep_trying: timedelta | None = None,
) -> int:  # fmt: skip
    """One message to each of many people who may be reached, in one statement; how many are new. Raises BadInput."""
    _checked(template, params)
    found = templates()[template]
    condition, bound = contact_filter(found.purpose, sending.CHANNEL)
    named = {f"c{place}": value for place, value in enumerate(bound)}
    for name in named:
        condition = condition.replace("%s", f"%({name})s", 1)
    values = {
        "key": key, "template": template, "params": json.dumps(dict(params), ensure_ascii=False),
        "purpose": found.purpose, "unit": unit.pk if unit else None, "kind": found.kind,
        "hash": hash_of(template, params), "at": not_before or now, "now": now,
        "expires": (not_before or now) + (keep_trying or sms_limits(now).keep_trying), "people": list(person_ids),
        **named,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(QUEUE_MANY + condition + " ON CONFLICT (key) DO NOTHING", values)
        return cursor.rowcount


# Each with words of their own, in the person's language; who may be reached is decided as for QUEUE_MANY.
QUEUE_EACH = """
INSERT INTO delivery_message
    (ref, key, template, channel, language, params, purpose, person_id, unit_id, kind, subject_hash, certificate, state,
     attempts, next_try_at, expires_at, provider, provider_ref, reason, created_at)
SELECT gen_random_uuid(), e.key, %(template)s, 'sms', coalesce(l.language, 'hi'),
       CASE l.language WHEN 'en' THEN e.en ELSE e.hi END, %(purpose)s, p.id, NULL, %(kind)s,
       CASE l.language WHEN 'en' THEN e.en_hash ELSE e.hi_hash END, NULL, 'waiting', 0, %(now)s, e.expires, '', '', '',
       %(now)s
FROM unnest(%(people)s::bigint[], %(keys)s::text[], %(hi)s::jsonb[], %(en)s::jsonb[], %(hi_hashes)s::text[],
            %(en_hashes)s::text[], %(expires)s::timestamptz[]) AS e(person, key, hi, en, hi_hash, en_hash, expires)
JOIN people_person p ON p.id = e.person
LEFT JOIN accounts_holder h ON h.id = p.holder_id LEFT JOIN accounts_login l ON l.id = h.login_id
WHERE """


@dataclass(frozen=True, slots=True)
class Each:
    """One message of many: its own key, its own words in Hindi and English, good until `expires`."""

    person_id: int
    key: str
    params: Mapping[str, Mapping[str, str]]
    expires: datetime


@transaction.atomic
def queue_each(*, template: str, messages: Sequence[Each], now: datetime) -> int:
    """One message with its own words to each person who may be reached, in one statement; how many are new.

    Raises BadInput. 150,000 take about 15 s, most of it for their hashes.
    """
    found = templates()[template]
    for one in messages:
        for said in one.params.values():
            _checked(template, said)
    condition, bound = contact_filter(found.purpose, sending.CHANNEL)
    named = {f"c{place}": value for place, value in enumerate(bound)}
    for name in named:
        condition = condition.replace("%s", f"%({name})s", 1)
    words = {tag: [one.params[tag] for one in messages] for tag in ("hi", "en")}
    values: dict[str, Any] = {
        "template": template, "purpose": found.purpose, "kind": found.kind, "now": now,
        "people": [one.person_id for one in messages], "keys": [one.key for one in messages],
        "expires": [one.expires for one in messages],
        **{tag: [json.dumps(dict(said), ensure_ascii=False) for said in all_] for tag, all_ in words.items()},
        **{f"{tag}_hashes": [hash_of(template, said) for said in all_] for tag, all_ in words.items()},
        **named,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(QUEUE_EACH + condition + " ON CONFLICT (key) DO NOTHING", values)
        return cursor.rowcount


@transaction.atomic
def queue_invitation(
    *, invitee: Invitee, params: Mapping[str, str], unit: Unit | None, now: datetime
) -> Message | None:
    """The one message somebody gets whose number another gave; None when it was sent before or is erased."""
    _checked("invitation", params)
    rows = Invitee.objects.filter(pk=invitee.pk, invited_at=None, erased_at=None, cipher__isnull=False)
    if not rows.update(invited_at=now):
        return None
    return Message.objects.create(
        **_columns("invitation", params, "hi", unit, None), key=f"invitation:{invitee.ref}", invitee=invitee,
        next_try_at=now, created_at=now, expires_at=now + sms_limits(now).keep_trying,
    )  # fmt: skip


# Each number its one message, marked in the same statement: whoever was written to before gets none.
QUEUE_INVITATIONS = """
WITH asked AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(links)s::text[], %(units)s::bigint[]) AS a(id, link, unit_id)
), marked AS (
    UPDATE people_invitee i SET invited_at = %(now)s FROM asked a
    WHERE i.id = a.id AND i.invited_at IS NULL AND i.erased_at IS NULL AND i.cipher IS NOT NULL
    RETURNING i.id, i.ref, i.erase_on, a.link, a.unit_id
)
INSERT INTO delivery_message
    (ref, key, template, channel, language, params, purpose, invitee_id, unit_id, kind, subject_hash, certificate,
     state, attempts, next_try_at, expires_at, provider, provider_ref, reason, created_at)
SELECT gen_random_uuid(), 'invitation:' || ref, %(template)s, 'sms', 'hi',
       %(params)s::jsonb || jsonb_build_object('link', %(site)s || link), %(purpose)s, id, unit_id, %(kind)s, %(hash)s,
       %(certificate)s::jsonb, 'waiting', 0, %(now)s, erase_on::timestamp AT TIME ZONE 'Asia/Kolkata', '', '', '',
       %(now)s
FROM marked
"""


@transaction.atomic
def queue_invitations(
    *, template: str, values: Mapping[str, str], certificate: Mapping[str, str],
    invitations: Sequence[tuple[int, str, int | None]], now: datetime,
) -> int:  # fmt: skip
    """The one message of many invitations (invitee's id, token of the link, constituency of the law); how many.

    The certificate is for what all of them say; the link is each one's own. Until the numbers are erased a message
    waits for the end of a silence. Raises BadInput.
    """
    _checked(template, {**values, "link": ""})
    found = templates()[template]
    asked: dict[str, Any] = {
        "ids": [one[0] for one in invitations], "links": [one[1] for one in invitations],
        "units": [one[2] for one in invitations], "now": now, "template": template, "purpose": found.purpose,
        "params": json.dumps(dict(values), ensure_ascii=False), "site": f"{settings.PUBLIC_URL}/join/i/",
        "kind": found.kind, "hash": hash_of(template, values), "certificate": json.dumps(dict(certificate)),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(QUEUE_INVITATIONS, asked)
        return cursor.rowcount


@transaction.atomic
def tell_offered(*, record_ids: Collection[int], now: datetime) -> int:
    """One SMS to whom a seat was offered, while the offer is open; how many. Run again, it adds none.

    All of them in one statement: a placement offers thousands of seats with one record.
    """
    offers = queries.open_offers(record_ids)
    Message.objects.bulk_create([_offer_message(offer, now) for offer in offers], ignore_conflicts=True)
    return len(offers)


def _offer_message(offer: Appointment, now: datetime) -> Message:
    language = offer.person.holder.login.language if offer.person.holder else "hi"
    ends = offer.offer_expires_at or now + sms_limits(now).keep_trying
    names = offer.seat.unit.names
    params = {
        "unit": names.get(language) or next(iter(names.values())), "until": datetime_text(ends, language),
        "link": f"{settings.PUBLIC_URL}/me/",
    }  # fmt: skip
    _checked("offer", params)
    return Message(
        **_columns("offer", params, language, None, None), key=f"offer:{offer.ref}", person=offer.person,
        next_try_at=now, created_at=now, expires_at=ends,
    )  # fmt: skip


def tell_breach(*, record_ids: Collection[int], now: datetime) -> int:
    """The legal notice to everybody a breach touched: no consent is asked, once each; how many. Rule 7 of the
    Digital Personal Data Protection Rules 2025. The five parts stand on the person's own page.
    """
    params = {"link": f"{settings.PUBLIC_URL}/me/data/"}
    return sum(
        queue_many(
            template="breach", person_ids=persons, key=f"breach:{breach.ref}", params=params, now=now,
            keep_trying=TELL_FOR,
        )
        for breach, persons in breaches.to_be_told(list(record_ids))
    )  # fmt: skip


@transaction.atomic
def tell_helped(*, record_ids: Collection[int], step: str, now: datetime) -> int:
    """Tell people what happens to the help they asked for, at any hour; how many. Run again, it adds none.

    `step` is asked, confirmed, given, refused or cancelled. While a new number is asked for, the old one gets a link
    that stops it with one button; a number that was left gets one notice of its own.
    """
    found = queries.helps_in(record_ids)
    for one in found:
        # each officer's confirmation is told once, however often the job runs
        times = one.confirmations.count() if step == "confirmed" else 0
        template, params = _help_words(one, step)
        queue(template=template, person=one.person, key=f"help:{one.ref}:{step}:{times}", params=params, now=now)
        if step == "given" and one.old_contact is not None:
            key = f"help:{one.ref}:moved"
            queue(
                template="number_moved", person=one.person, key=key, params=params, contact_point=one.old_contact,
                now=now,
            )  # fmt: skip
    return len(found)


def _help_words(one: SignInHelp, step: str) -> tuple[str, dict[str, str]]:
    waits = one.state == SignInHelp.State.WAITING
    if one.kind == SignInHelp.Kind.NUMBER and waits and step in ("asked", "confirmed"):
        link = f"{settings.PUBLIC_URL}/n/{org.stop_token(one)}/"
        if step == "confirmed" and one.waits_until is not None:
            language = one.person.holder.login.language if one.person.holder else "hi"
            return "number_waits", {"link": link, "until": datetime_text(one.waits_until, language)}
        return f"help_{step}", {"link": link}
    return f"help_{step}", {"link": f"{settings.PUBLIC_URL}/me/security/help/"}


def erase_old(*, now: datetime) -> int:
    """Erase messages and receipts a year after they were made (DPDP Rules 2025, rule 8(3)). How many messages."""
    before = now - KEEP
    Receipt.objects.filter(received_at__lt=before).delete()
    Inbound.objects.filter(at__lt=now - KEEP_INBOUND).delete()
    old = Message.objects.filter(created_at__lt=before, receipts=None).exclude(state__in=[State.WAITING, State.SENDING])
    return old.delete()[0]


@transaction.atomic
def cancel(*, actor: Actor, key_prefix: str, now: datetime) -> int:
    """Stop waiting messages of one cause; those a provider has are gone. How many."""
    rows = Message.objects.filter(key__startswith=key_prefix, state=State.WAITING)
    stopped = rows.update(state=State.REFUSED, reason="cancelled")
    if stopped:
        audit.record(actor, "delivery.cancelled", None, data={"messages": stopped})
    return stopped


@transaction.atomic
def cancel_keys(*, actor: Actor, keys: Collection[str]) -> int:
    """Stop the waiting messages of exactly these keys; those a provider has are gone. How many."""
    stopped = Message.objects.filter(key__in=keys, state=State.WAITING).update(state=State.REFUSED, reason="cancelled")
    if stopped:
        audit.record(actor, "delivery.cancelled", None, data={"messages": stopped})
    return stopped


# Oldest first, each message by one sender; one whose sender died is given back after two minutes.
TAKE_DUE = """
UPDATE delivery_message SET state = 'sending', taken_at = %(now)s, attempts = attempts + 1
 WHERE id IN (SELECT id FROM delivery_message
               WHERE state IN ('waiting', 'sending') AND next_try_at <= %(now)s
                 AND (state = 'waiting' OR taken_at < %(stale)s)
                 AND (NOT %(quiet)s OR template = ANY(%(any_hour)s)
                      OR person_id IN (SELECT person_id FROM org_duty WHERE until > %(now)s))
               ORDER BY next_try_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING id
"""


def _take_due(*, now: datetime, limit: int, quiet: bool = False) -> list[int]:
    """Take ids of messages that are ours to send now; in `quiet` hours only those to people on duty."""
    with connection.cursor() as cursor:
        given: dict[str, Any] = {"now": now, "stale": now - timedelta(minutes=2), "limit": limit, "quiet": quiet}
        cursor.execute(TAKE_DUE, {**given, "any_hour": at_any_hour()})
        return sorted(row[0] for row in cursor.fetchall())


def send_due(*, now: datetime, limit: int | None = None) -> dict[str, int]:
    """Send what is due, as many at once as one second allows. Returns how many were sent, held back, put off.

    In the quiet hours only people on duty are written to; the rest is due when they end. A message that died
    with its sender is sent again under the same client reference, which the provider takes once.
    """
    result = {"sent": 0, "refused": 0, "later": 0}
    ends = quiet_ends(now)
    ids = _take_due(now=now, limit=limit or sms_limits(now).per_second, quiet=ends is not None)
    if ends is not None:
        held = Message.objects.filter(queries.off_duty(now), state=State.WAITING, next_try_at__lte=now)
        held = held.exclude(template__in=at_any_hour())
        held.update(next_try_at=ends)
    messages = _messages(ids)
    ready = [made for message in messages if (made := _prepare(message, result, now))]
    for one, tried in zip(ready, _hand_over(ready, now), strict=True):
        _settle(one, tried, result, now)
    if result["sent"] or result["refused"]:
        batch = [BatchTarget("delivery.message", message.ref, message.unit_id) for message in messages]
        audit.record(SystemActor(request_id="delivery.send_due"), "delivery.sent_batch", None, data=result, batch=batch)
    return result


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
    if waits:
        Message.objects.filter(pk=message.pk).update(
            state=State.WAITING, next_try_at=again, reason=reason, attempts=F("attempts") - 1
        )
    else:
        Message.objects.filter(pk=message.pk).update(state=State.REFUSED, reason=reason)
    result["later" if waits else "refused"] += 1


def _hand_over(ready: Sequence[sending.Ready], now: datetime) -> list[sending.Tried]:
    """Several at once, because a slow provider answers in seconds. No thread here touches the database."""
    if not ready:
        return []
    providers, resting, timeout = sms_providers(), set(queries.resting(now)), code_timeout(now)

    def one(message: sending.Ready) -> sending.Tried:
        return sending.try_providers(message, providers, resting, timeout=timeout, now=now)

    with ThreadPoolExecutor(max_workers=min(AT_ONCE, len(ready))) as pool:
        return list(pool.map(one, ready))


def _settle(ready: sending.Ready, tried: sending.Tried, result: dict[str, int], now: datetime) -> None:
    _note_failures(tried, now)
    rows = Message.objects.filter(pk=ready.message_id)
    if tried.fault is None:
        rows.filter(state=State.SENDING).update(
            state=State.SENT, sent_at=now, provider=tried.provider, provider_ref=tried.provider_ref, reason=""
        )
        rows.update(provider=tried.provider, provider_ref=tried.provider_ref)
        result["sent"] += 1
        return
    again = None if tried.fault.final else next_try(rows.values_list("attempts", flat=True)[0], now)
    fate = {"state": State.WAITING, "next_try_at": again} if again else {"state": State.FAILED}
    rows.update(**fate, provider=tried.provider, reason=tried.fault.reason)
    result["later" if again else "refused"] += 1


def _note_failures(tried: sending.Tried, now: datetime) -> None:
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
    ways = {"sms": sms_providers(), "voice": voice_providers()}

    def one(out: tuple[str, Outgoing]) -> sending.Tried:
        channel, said = out
        return sending.hand_over(said, ways[channel], resting, timeout=timeout)

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
    return Outgoing(code.phone, text, settings.SMS_SENDER, template.dlt_id, f"c-{code.ref}-{asked}")


def _settle_code(code: accounts.WaitingCode, tried: sending.Tried, now: datetime) -> int:
    _note_failures(tried, now)
    if tried.fault is None:
        accounts.mark_code_sent(code.ref, provider=tried.provider, now=now)
        return 1
    accounts.mark_code_failed(code.ref, provider=tried.provider or "none", reason=tried.fault.reason, now=now)
    return 0


STATUSES = {"delivered": State.DELIVERED, "failed": State.FAILED, "undelivered": State.FAILED, "sent": State.SENT}


def take_receipt(*, provider: str, body: bytes, signature: str, now: datetime) -> bool:
    """What a provider says of a message, once per status; True when it changed something.

    Raises NotAllowed without a valid signature (HMAC-SHA256 of the body, in hex), BadInput for what is no receipt.
    """
    secret = receipt_secret(provider)
    if not secret or not secrets.is_equal(signature, sign(secret, body)):
        raise NotAllowed(_("This receipt is not signed by the provider."))
    said = _parsed(body)
    if "reply" in said:
        return _take_reply(provider, said, now)
    status, ref = str(said.get("status", "")), str(said.get("client_ref", ""))
    if status not in STATUSES:
        raise BadInput(_("This is no receipt."))
    return _apply_receipt(provider, ref, status, _moment(said.get("at"), now), now)


@transaction.atomic
def _take_reply(provider: str, said: Mapping[str, Any], now: datetime) -> bool:
    """What somebody wrote to us: the word of a login code proves the number; STOP ends SMS to it, START lets them come.

    The provider's id of a message counts once, so one that is posted again does nothing. Other replies are not kept.
    """
    words, ref = str(said["reply"]), str(said.get("id", ""))[:100]
    if "\0" in ref:  # the one text of a reply that is kept, and the database keeps no such letter
        raise BadInput(_("This is no receipt."))
    number = parse_number(str(said.get("from", "")), demo=code_queries.is_demo())
    if ref and not Inbound.objects.get_or_create(provider=provider, provider_ref=ref, defaults={"at": now})[1]:
        return False
    if accounts.hear_word(phone=number, said=words, now=now):
        return True
    actor = SystemActor(request_id="delivery.reply")
    plain = words.strip().casefold().strip(".!")
    if plain in STOP_WORDS:
        consent.stop_number(actor=actor, number=number, now=now)
        return True
    return plain in START_WORDS and consent.lift_stop(actor=actor, number=number, now=now)


STOP_WORDS = frozenset({"stop", "stop all", "unsubscribe", "रोकें", "रोको", "बंद", "बंद करें", "नहीं चाहिए"})
START_WORDS = frozenset({"start", "शुरू", "चालू", "चालू करें"})


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
        json.dumps(said, ensure_ascii=False).encode()  # half a letter, written as an escape, is none
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise BadInput(_("This is no receipt."))
    return said


def _moment(text: object, now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return now
    return at if at.tzinfo is not None else now


@transaction.atomic
def _apply_receipt(provider: str, ref: str, status: str, at: datetime, now: datetime) -> bool:
    kind, _dash, tail = ref.partition("-")
    try:
        found = UUID(tail[:36])
    except ValueError:
        raise BadInput(_("This receipt names no message of ours.")) from None
    message = Message.objects.select_for_update().filter(ref=found).first() if kind == "m" else None
    if kind == "m" and message is None:
        raise BadInput(_("This receipt names no message of ours."))
    _row, made = Receipt.objects.get_or_create(
        message=message, code_ref=found if kind == "c" else None, provider=provider, status=status,
        defaults={"at": at, "received_at": now},
    )  # fmt: skip
    if made and message is not None:
        _follow(message, STATUSES[status], at)
    return made


def _follow(message: Message, state: str, at: datetime) -> None:
    """A receipt may overtake our own "sent"; "delivered" is never taken back by a late one."""
    if message.state == State.DELIVERED or (state == State.SENT and message.state != State.SENDING):
        return
    message.state = state
    message.delivered_at = at if state == State.DELIVERED else message.delivered_at
    message.save(update_fields=["state", "delivered_at"])
