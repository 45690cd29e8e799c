"""What a person reads about a message: its kind, and why it did not go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from toli.consent.rules import REASONS as CONTACT_REASONS
from toli.delivery.limits import allowances, key_of, places_left
from toli.delivery.models import Account, Budget, Message, Post, ProviderRest
from toli.delivery.queries import Health

TEMPLATES: dict[str, Any] = {
    "invitation": _("Invitation"),
    "offer": _("A seat offered"),
    "task": _("New work"),
    "reminder": _("Reminder"),
    "interview": _("Interview: a time is proposed"),
    "interview_reminder": _("Interview: reminder"),
    "work_sample": _("Interview: a work sample is asked"),
    "appeal": _("Appeal"),
    "breach": _("Legal notice: a breach of data"),
    "leave_by": _("Notice to leave a seat before its silence"),
    "channel_key_ends": _("An account's key ends soon"),
    "channel_key_closed": _("An account's key opens nothing"),
}

REASONS: dict[str, Any] = {
    "law:1": _("Held back: the constituency is silent."),
    "law:3": _("Held back: the closing hour of the poll is not confirmed."),
    "law:28": _("Held back: the text names a silent constituency."),
    "quiet_lifted": _("Goes out in the quiet hours: somebody said why."),
    "law:7": _("Held back: the media committee's certificate is missing."),
    "too_late": _("It came too late to be of use."),
    "cancelled": _("It was cancelled."),
    "no_template": _("Its text is not registered."),
    "missing_value": _("A value of its text was missing."),
    "too_long": _("The text is too long for SMS."),
    "no_verdict": _("No gate had cleared it."),
    "no_key": _("The number could not be opened."),
    "timeout": _("The provider did not answer in time."),
    "unreachable": _("The provider could not be reached."),
    "garbage": _("The provider's answer could not be understood."),
    "provider_fault": _("The provider had a fault."),
    "too_fast": _("The provider asked for a pause."),
    "bad_number": _("The provider says the number does not exist."),
    "refused": _("The provider did not take it."),
    "not_authorised": _("The provider does not know this account."),
    "gone": _("That address takes nothing any more."),
    "bad_address": _("The mail server says the address does not exist."),
    "no_address": _("There is no address to reach this way."),
    "unsure": _("It may have gone out, and nobody can ask: it was not sent again."),
    "unknown": _("It may have gone out, and the platform cannot be asked: somebody has to look."),
    "enough_today": _("The person got enough for today; it waits."),
    "duplicate": _("The platform says these words stand there already."),
    "not_allowed_there": _("The platform does not let us post there."),
    "no_credit": _("The platform wants to be paid first."),
    "no_media": _("A picture or film is missing that this platform needs."),
    "no_film_here": _("Films are not posted here; post the film's link."),
    "media_refused": _("The platform could not use the picture or film."),
    "by_hand": _("This platform takes no post down for us: its operator must."),
    "refused_there": _("The site did not show it."),
    "not_declared": _("The account is not declared, or nobody is named for it."),
    "no_file": _("The file of the post is not there."),
    "file_changed": _("The file is not the one that was approved."),
    "day_used_up": _("The platform lets no more be posted today."),
    "demo_account": _("A demo posts to this machine only."),
    "law:5": _("Held back: opinion and exit polls may not be published now."),
    "law:9": _("Held back: what was made with AI is not labelled."),
    "demo_number": _("A demo number is never sent to."),
    "no_provider": _("No provider is set up."),
    **{key: sentence for key, sentence in CONTACT_REASONS.items() if key},
}


CHANNELS: dict[str, Any] = {
    "sms": _("SMS"),
    "voice": _("Calls"),
    "push": _("Notices on the phone"),
    "email": _("Mail"),
    "telegram": _("Telegram bot"),
}


@dataclass(frozen=True, slots=True)
class Row:
    message: Message
    what: Any
    why: Any


def rows_for(messages: Iterable[Message]) -> list[Row]:
    """Messages with their words."""
    return [
        Row(message, TEMPLATES.get(message.template, message.template), REASONS.get(message.reason, ""))
        for message in messages
    ]


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An official account as the desk shows it; `left` are places free now, with how many at once and what of."""

    account: Account
    left: int | None
    room: int | None
    rests_until: datetime | None
    fault: Any
    waiting: int = 0
    posted: int = 0
    failed: int = 0
    unsure: int = 0


def account_rows(
    accounts: Iterable[Account], counts: Mapping[tuple[int, str], int], rests: Mapping[str, ProviderRest],
    spent: Mapping[str, Budget], now: datetime,
) -> list[AccountRow]:  # fmt: skip
    """Accounts with their health, and what became of their posts of seven days."""
    return [
        replace(
            account_row(account, rests, spent, now),
            waiting=counts.get((account.pk, "waiting"), 0), posted=counts.get((account.pk, "posted"), 0),
            failed=counts.get((account.pk, "failed"), 0) + counts.get((account.pk, "refused"), 0),
            unsure=counts.get((account.pk, "unsure"), 0),
        )
        for account in accounts
    ]  # fmt: skip


def account_row(
    account: Account, rests: Mapping[str, ProviderRest], spent: Mapping[str, Budget], now: datetime
) -> AccountRow:
    """One account with its health."""
    found = [one for one in allowances(account.provider, now) if one.per == "account"]
    key = key_of(found[0], account=str(account.pk)) if found else ""
    rest, row = rests.get(f"{account.provider}:{account.pk}"), spent.get(key)
    pauses = [at for at in (rest.rests_until if rest else None, row.rests_until if row else None) if at and at > now]
    return AccountRow(
        account, places_left(found[0], row, now) if found else None, found[0].burst if found else None,
        max(pauses, default=None), REASONS.get(account.last_fault, ""),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class WayRow:
    """A way to persons as the desk shows it."""

    what: Any
    health: Health
    left: int | None
    room: int | None
    fault: Any


def way_rows(found: Iterable[Health], spent: Mapping[str, Budget], now: datetime) -> list[WayRow]:
    """Ways to persons with what is left of them this second."""
    return [_way_row(one, spent, now) for one in found]


def _way_row(one: Health, spent: Mapping[str, Budget], now: datetime) -> WayRow:
    of_way = [allowance for allowance in allowances(one.channel, now) if allowance.per == "way"]
    left = places_left(of_way[0], spent.get(key_of(of_way[0])), now) if of_way else None
    fault = REASONS.get(one.last_failure, "")
    return WayRow(CHANNELS[one.channel], one, left, of_way[0].burst if of_way else None, fault)


@dataclass(frozen=True, slots=True)
class PostRow:
    post: Post
    why: Any


def post_rows(posts: Iterable[Post]) -> list[PostRow]:
    """Posts with why they are where they are."""
    return [PostRow(post, REASONS.get(post.reason, "")) for post in posts]
