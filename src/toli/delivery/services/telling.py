"""What records of other rooms are told about."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from toli.consent.queries import breaches
from toli.delivery import queries
from toli.delivery.limits import sms_limits
from toli.delivery.models import Message
from toli.delivery.services.queueing import Each, checked, columns, queue, queue_each, queue_many
from toli.elections import queries as elections
from toli.elections.models import PollVersion
from toli.kit.dates import datetime_text
from toli.org import queries as org
from toli.org.models import Appointment, SignInHelp

State = Message.State
TELL_FOR = timedelta(days=14)


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
    checked("offer", params)
    return Message(
        **columns("offer", params, language, None, None), key=f"offer:{offer.ref}", person=offer.person,
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


def tell_leave_by(*, record_ids: Collection[int], now: datetime) -> int:
    """Those who said that they do not vote in a seat are told to leave it before silence begins; how many are new.

    Once for each version of the poll's row, at any hour, while the silence lies ahead or runs (rule 26).
    """
    return sum(
        _tell_leave(version, now) for version in elections.polls_in_records(record_ids) if version.quiet_to > now
    )


@transaction.atomic
def _tell_leave(version: PollVersion, now: datetime) -> int:
    persons = queries.outsiders_in_teams(version.poll.constituency)
    words = {language: _leave_words(version, language) for language in ("hi", "en")}
    messages = [Each(person, f"leave_by:{version.ref}:{person}", words, version.quiet_to) for person in persons]
    return queue_each(template="leave_by", messages=messages, now=now) if messages else 0


def _leave_words(version: PollVersion, language: str) -> dict[str, str]:
    names = version.poll.constituency.names
    unit = names.get(language) or next(iter(names.values()))
    return {"unit": unit, "until": datetime_text(version.quiet_from, language)}


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
