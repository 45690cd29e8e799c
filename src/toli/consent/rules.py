"""Whether a person may be contacted: the decision, apart from where the facts lie."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NoReturn

from django.utils.translation import gettext_lazy as _

from toli.consent.purposes import BASE, PURPOSES

LIFE: Final = timedelta(minutes=5)
"""A withdrawal must stop every send within minutes, so a verdict is not kept longer."""

_TOKEN: Final = object()

REASONS = {
    "": _("May be contacted."),
    "unknown_person": _("There is no such person, or their data is sealed."),
    "unknown_purpose": _("Nobody was ever asked about this purpose."),
    "wrong_channel": _("This purpose does not cover this way of contact."),
    "no_consent": _("The person has not agreed to this."),
    "no_channel_consent": _("The person has not agreed to be reached this way."),
    "stopped": _("The number said STOP."),
    "prefers_app": _("The person wants to be reached in the app only."),
    "no_number": _("There is no number to reach."),
}

LEGAL: Final = "legal_notice"
"""What the law obliges us to tell (a breach of data): needs no consent, no preference and no STOP stands against it."""

# What must have been agreed to beside the purpose itself before this channel is used.
CHANNEL_CONSENT = {"sms": "sms", "call": "calls"}

OUTSIDE_APP: Final = frozenset({"sms", "call", "email", "telegram"})
"""Who wants the app only is not reached by these. A mail address or chat is there only where the person opened it."""

STOPPABLE: Final = frozenset({"sms", "email", "telegram"})
"""A STOP said by one of them ends all of them."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a person at this moment: the newest answer per purpose, and what stands against it."""

    person_id: int
    active: bool
    given: frozenset[str]
    prefers: str = "any"
    stopped: bool = False
    has_number: bool = True
    sealed: bool = False


class ContactVerdict:
    """The gate's answer for one person, purpose and channel. Only the gate makes one; it ends after 5 minutes."""

    __slots__ = ("allowed", "channel", "expires_at", "person_id", "purpose", "reason", "women_only")

    allowed: bool
    reason: str
    person_id: int
    purpose: str
    channel: str
    expires_at: datetime
    women_only: bool

    def __new__(cls, token: object = None, /, **_values: Any) -> ContactVerdict:
        if token is not _TOKEN:
            raise TypeError("only the gate makes a ContactVerdict: call may_contact")
        return object.__new__(cls)

    def __init__(self, _token: object, /, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise TypeError("a ContactVerdict does not change")

    def __init_subclass__(cls) -> NoReturn:
        raise TypeError("a ContactVerdict has no other kinds")

    def __bool__(self) -> bool:
        return self.allowed

    @property
    def sentence(self) -> str:
        return str(REASONS[self.reason])

    def is_for(self, person_id: int, purpose: str, channel: str, now: datetime) -> bool:
        """True when this verdict lets exactly this contact happen now."""
        asked = (self.person_id, self.purpose, self.channel) == (person_id, purpose, channel)
        return self.allowed and asked and now < self.expires_at


def decide(facts: Facts, purpose: str, channel: str, now: datetime) -> ContactVerdict:
    """The verdict on these facts."""
    reason = _reason(facts, purpose, channel)
    return ContactVerdict(
        _TOKEN, allowed=not reason, reason=reason, person_id=facts.person_id, purpose=purpose, channel=channel,
        expires_at=now + LIFE, women_only=channel == "call" and facts.prefers == "women",
    )  # fmt: skip


def _reason(facts: Facts, purpose: str, channel: str) -> str:
    if purpose == LEGAL:
        return _legal_reason(facts, channel)
    known = PURPOSES.get(purpose)
    channel_purpose = CHANNEL_CONSENT.get(channel)
    checks = (
        ("unknown_person", not facts.active),
        ("unknown_purpose", known is None),
        ("no_consent", purpose not in facts.given),
        ("wrong_channel", known is not None and not _covers(purpose, channel)),
        ("no_channel_consent", channel_purpose is not None and channel_purpose not in facts.given),
        ("prefers_app", channel in OUTSIDE_APP and facts.prefers == "app"),
        ("no_number", channel in CHANNEL_CONSENT and not facts.has_number),
        ("stopped", channel in STOPPABLE and facts.stopped),
    )
    return next((reason for reason, holds in checks if holds), "")


def _legal_reason(facts: Facts, channel: str) -> str:
    """Told by SMS or in the app, sealed or not, as long as there is a number."""
    if not (facts.active or facts.sealed):
        return "unknown_person"
    if channel not in ("sms", "app"):
        return "wrong_channel"
    return "no_number" if channel == "sms" and not facts.has_number else ""


def _covers(purpose: str, channel: str) -> bool:
    """ "organise" reaches by SMS or call once those were agreed to as well; others only by their own ways."""
    return channel in PURPOSES[purpose].channels or (purpose == BASE and channel in CHANNEL_CONSENT)
