"""From a message to a provider: the verdicts, the text, the number, one try, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from toli.consent.queries import is_stopped, may_contact
from toli.consent.rules import LEGAL, ContactVerdict
from toli.delivery.adapters import Adapter, Outgoing, SendFault
from toli.delivery.models import Message
from toli.delivery.providers import callback_url, route
from toli.delivery.templates import Template, parts_of, templates
from toli.elections import gate
from toli.elections import queries as elections
from toli.elections.gate import Certificate, Subject, Verdict
from toli.kit import secrets
from toli.kit.phone import is_demo
from toli.people.models import ContactPoint, Invitee

CHANNEL = "sms"
LONGEST_PARTS = 6


class Refused(Exception):
    """A gate said no: the message goes nowhere, now or until `again`."""

    def __init__(self, reason: str, again: datetime | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.again = again


@dataclass(frozen=True, slots=True)
class Ready:
    """A message with both verdicts, its text and its number: the only thing `try_providers` takes."""

    message_id: int
    out: Outgoing
    contact: ContactVerdict | None
    publish: Verdict
    person_id: int | None
    purpose: str
    subject_hash: str
    unit_id: int | None

    def require_cleared(self, now: datetime) -> None:
        """Raises Refused unless both gates let exactly this out now."""
        cleared = self.publish.is_for(self.subject_hash, self.unit_id, now)
        if not cleared:
            raise Refused(f"law:{self.publish.rule}", self.publish.until)
        if self.person_id is not None and self.purpose:  # what is about one's own sign-in has no purpose to agree to
            contact = self.contact
            if contact is None or not contact.is_for(self.person_id, self.purpose, CHANNEL, now):
                raise Refused(contact.reason if contact is not None and not contact.allowed else "no_verdict")


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of one message: taken by a provider, or a fault; `failed` names providers that failed on the way."""

    provider: str = ""
    provider_ref: str = ""
    fault: SendFault | None = None
    failed: tuple[tuple[str, str], ...] = field(default=())


def prepare(message: Message, *, now: datetime) -> Ready:
    """Ask both gates about a message and read its number. Raises Refused."""
    template = _template(message)
    subject = subject_of(message)
    publish = elections.check(subject, message.unit_id, channel_of(subject.kind), now=now)
    contact = _contact(message, now)
    number = _number(message)
    out = Outgoing(
        number, _text(template, message), settings.SMS_SENDER, template.id_for(message.language), f"m-{message.ref}"
    )
    ready = Ready(
        message.pk, out, contact, publish, message.person_id, message.purpose, message.subject_hash, message.unit_id
    )
    ready.require_cleared(now)
    return ready


def _contact(message: Message, now: datetime) -> ContactVerdict | None:
    if message.person_id is None or not message.purpose:
        return None
    return may_contact(message.person_id, message.purpose, CHANNEL, now)


def channel_of(kind: str) -> gate.Channel:
    """An appeal by SMS is bulk, whoever it goes to."""
    return gate.SMS if kind == gate.Kind.APPEAL else gate.SMS_DIRECT


def subject_of(message: Message) -> Subject:
    """What the publishing gate must know of a message."""
    paper = message.certificate
    certificate = (
        Certificate(
            paper["number"], paper["committee"], datetime.fromisoformat(paper["valid_until"]), paper["file_hash"]
        )
        if paper
        else None
    )
    return Subject(message.kind, message.subject_hash, certificate=certificate)


def _template(message: Message) -> Template:
    template = templates().get(message.template)
    if template is None:
        raise Refused("no_template")
    return template


def _text(template: Template, message: Message) -> str:
    try:
        text = template.fill(message.language, message.params)
    except (KeyError, IndexError, ValueError):
        raise Refused("missing_value") from None
    if parts_of(text) > LONGEST_PARTS:
        raise Refused("too_long")
    return text


def _number(message: Message) -> str:
    """The number, opened at the last moment and kept nowhere."""
    if message.contact_point_id is not None:
        point: ContactPoint | Invitee | None = message.contact_point
    elif message.person_id is not None:
        point = (
            ContactPoint.objects.filter(person_id=message.person_id, kind="phone", valid_to=None).first()
        )  # fmt: skip
    else:
        point = message.invitee
    if point is None or point.cipher is None or point.key_version is None:
        raise Refused("no_number")
    if message.purpose != LEGAL and point.index is not None and is_stopped(bytes(point.index)):
        raise Refused("stopped")
    return secrets.decrypt(point.cipher, point.key_version, context="phone")


def try_providers(
    ready: Ready, providers: Sequence[Adapter], resting: set[str], *, timeout: float, now: datetime
) -> Tried:
    """Hand a cleared message to the first provider that takes it. Raises Refused without live verdicts."""
    ready.require_cleared(now)
    return hand_over(ready.out, providers, resting, timeout=timeout)


def hand_over(out: Outgoing, providers: Sequence[Adapter], resting: set[str], *, timeout: float) -> Tried:
    """Ask each fitting provider once. Only this room calls it: with a Ready message, or a login code.

    A provider that fails joins `resting`, which the messages sent beside this one share: only the first few of a
    batch wait for a provider that hangs.
    """
    try:
        ways = route(out.to, providers, resting)
    except SendFault as fault:
        return Tried(fault=fault)
    failed: list[tuple[str, str]] = []
    last = SendFault("no_provider")
    for way in ways:
        try:
            taken = way.send(_with_callback(out, way), timeout=timeout)
            return Tried(way.name, taken.provider_ref, failed=tuple(failed))
        except SendFault as fault:
            last = fault
            if fault.final:
                return Tried(provider=way.name, fault=fault, failed=tuple(failed))
            failed.append((way.name, fault.reason))
            resting.add(way.name)
    return Tried(provider=ways[-1].name, fault=last, failed=tuple(failed))


def _with_callback(out: Outgoing, way: Adapter) -> Outgoing:
    assert way.is_local or not is_demo(out.to)
    return Outgoing(out.to, out.text, out.sender, out.template_id, out.client_ref, callback_url(way.name))
