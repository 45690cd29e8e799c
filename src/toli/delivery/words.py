"""What a person reads about a message: its kind, and why it did not go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from toli.consent.rules import REASONS as CONTACT_REASONS
from toli.delivery.models import Message

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
    "demo_number": _("A demo number is never sent to."),
    "no_provider": _("No provider is set up."),
    **{key: sentence for key, sentence in CONTACT_REASONS.items() if key},
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
