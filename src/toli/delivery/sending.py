"""From a message to a provider: the verdicts, the text, the number, one try, and what came of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from django.conf import settings

from toli.consent.queries import is_stopped, may_contact
from toli.consent.rules import LEGAL, ContactVerdict
from toli.delivery.channels import POINTS
from toli.delivery.models import Message, Post
from toli.delivery.providers import Adapter, Begun, ManyWay, Media, Outgoing, Publisher, Request, SendFault, Taken
from toli.delivery.providers.lines import Lines
from toli.delivery.routes import callback_url, route
from toli.delivery.templates import Template, parts_of, templates
from toli.elections import gate
from toli.elections import queries as elections
from toli.elections.gate import Certificate, Subject, Verdict
from toli.kit import secrets
from toli.kit.phone import is_demo
from toli.people.models import ContactPoint, Invitee

CHANNEL = "sms"
LONGEST_PARTS = 6
FAULTS_IN_A_ROW = 10
"""After so many a provider is left alone for a while."""


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
    channel: str = CHANNEL
    point_id: int | None = None

    def require_cleared(self, now: datetime) -> None:
        """Raises Refused unless both gates let exactly this out now."""
        cleared = self.publish.is_for(self.subject_hash, self.unit_id, now)
        if not cleared:
            raise Refused(f"law:{self.publish.rule}", self.publish.until)
        if self.person_id is not None and self.purpose:  # what is about one's own sign-in has no purpose to agree to
            contact = self.contact
            if contact is None or not contact.is_for(self.person_id, self.purpose, self.channel, now):
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
    publish = elections.check(subject, message.unit_id, channel_of(subject.kind, message.channel), now=now)
    contact = _contact(message, now)
    address, point_id = _address(message)
    out = Outgoing(
        address, _text(template, message), settings.SMS_SENDER, template.id_for(message.language), f"m-{message.ref}",
        title=template.title(message.language), link=str(message.params.get("link", "")),
    )  # fmt: skip
    ready = Ready(
        message.pk, out, contact, publish, message.person_id, message.purpose, message.subject_hash, message.unit_id,
        message.channel, point_id,
    )  # fmt: skip
    ready.require_cleared(now)
    return ready


def _contact(message: Message, now: datetime) -> ContactVerdict | None:
    if message.person_id is None or not message.purpose:
        return None
    return may_contact(message.person_id, message.purpose, message.channel, now)


def channel_of(kind: str, channel: str = CHANNEL) -> gate.Channel:
    """An appeal by SMS is bulk, whoever it goes to; another way to one person is aimed at where the person is."""
    if channel != CHANNEL:
        return gate.Channel(channel)
    return gate.SMS if kind == gate.Kind.APPEAL else gate.SMS_DIRECT


def subject_of(message: Message | Post) -> Subject:
    """What the publishing gate must know of a message or post."""
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


def _address(message: Message) -> tuple[str, int | None]:
    """The number or address, opened at the last moment and kept nowhere, and the contact point it is of."""
    kind = POINTS.get(message.channel, "")
    if message.contact_point_id is not None:
        point: ContactPoint | Invitee | None = message.contact_point
    elif message.person_id is not None:
        live = ContactPoint.objects.filter(person_id=message.person_id, kind=kind, valid_to=None)
        point = live.order_by("-id").first()
    else:
        point = message.invitee
    if point is None or point.cipher is None or point.key_version is None:
        raise Refused("no_number" if kind == "phone" else "no_address")
    if message.purpose != LEGAL and point.index is not None and is_stopped(bytes(point.index)):
        raise Refused("stopped")
    address = secrets.decrypt(point.cipher, point.key_version, context=kind)
    return address, point.pk if isinstance(point, ContactPoint) else None


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
            assert isinstance(taken, Taken)  # a message to one person has no steps
            return Tried(way.name, taken.provider_ref, failed=tuple(failed))
        except SendFault as fault:
            last = fault
            if fault.final or (fault.unsure and not way.repeatable):
                return Tried(provider=way.name, fault=fault, failed=tuple(failed))
            failed.append((way.name, fault.reason))
            resting.add(way.name)
    return Tried(provider=ways[-1].name, fault=last, failed=tuple(failed))


def hand_over_many(
    ready: Sequence[Ready], way: ManyWay, lines: Lines, *, timeout: float, clock: Callable[[], datetime]
) -> list[Tried | Refused]:
    """Hand cleared messages to one provider over its open lines. Both verdicts are asked for each as its own turn
    comes, so that a silence that begins meanwhile stops the rest. After some faults in a row the rest is not asked.
    """
    state = _Run()

    def ask(one: Ready) -> Request:
        one.require_cleared(clock())
        route(one.out.to, [way])
        if state.faults >= FAULTS_IN_A_ROW:
            raise SendFault("resting")
        return way.request(_with_callback(one.out, way))

    came = lines.ask_all([partial(ask, one) for one in ready], way.read, state.note, timeout=timeout)
    return [one if isinstance(one, Refused) else _tried(way, one) for one in came]


@dataclass
class _Run:
    """How many faults of the provider came one after the other."""

    faults: int = 0

    def note(self, came: Taken | Exception) -> None:
        """What lies with the message and not with the provider does not count."""
        if isinstance(came, Taken):
            self.faults = 0
        elif isinstance(came, SendFault) and not came.final:
            self.faults += 1


def _tried(way: ManyWay, came: Taken | Exception) -> Tried:
    if isinstance(came, Taken):
        return Tried(way.name, came.provider_ref)
    if not isinstance(came, SendFault):
        raise came
    failed = () if came.final else ((way.name, came.reason),)
    return Tried(way.name, fault=came, failed=failed)


def _with_callback(out: Outgoing, way: Adapter) -> Outgoing:
    assert way.is_local or not is_demo(out.to)
    return replace(out, callback=callback_url(way.name))


@dataclass(frozen=True, slots=True)
class ReadyPost:
    """A post with its verdict: the only thing `publish` takes. What the public reads has no person to ask."""

    post_id: int
    out: Outgoing
    verdict: Verdict
    subject_hash: str
    unit_id: int | None

    def require_cleared(self, now: datetime) -> None:
        """Raises Refused unless the gate lets exactly this out now."""
        if not self.verdict.is_for(self.subject_hash, self.unit_id, now):
            raise Refused(f"law:{self.verdict.rule}", self.verdict.until)


def prepare_post(post: Post, *, now: datetime) -> ReadyPost:
    """Ask the gate about a post: its channel reaches everywhere, so every silent seat counts (rule 28). Raises
    Refused.
    """
    subject = replace(
        subject_of(post), paid=post.paid, ai=post.ai, topics=frozenset(post.topics),
        names_units=frozenset(post.names_units),
    )  # fmt: skip
    verdict = elections.check(subject, post.unit_id, gate.Channel(post.account.provider, aimed=False), now=now)
    out = replace(out_of(post), media=tuple(_media(one) for one in post.media), progress=post.progress)
    ready = ReadyPost(post.pk, out, verdict, post.subject_hash, post.unit_id)
    ready.require_cleared(now)
    return ready


def out_of(post: Post) -> Outgoing:
    """The words of a post, as a provider is asked whether it shows them."""
    media = tuple(Media(one["kind"], one["path"], one.get("url", "")) for one in post.media)
    return Outgoing(
        post.account.external_id, post.text, client_ref=f"p-{post.ref}", title=post.title, link=post.link, media=media
    )


def _media(one: Mapping[str, str]) -> Media:
    """A file of a post, if it is still the file that was approved. Raises Refused."""
    try:
        with Path(one["path"]).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise Refused("no_file") from None
    if found != one["hash"]:
        raise Refused("file_changed")
    return Media(one["kind"], one["path"], one.get("url", ""))


def publish(ready: ReadyPost, way: Publisher, *, timeout: float, now: datetime) -> Taken | Begun:
    """Do the next step of a cleared post. Raises Refused without a live verdict, or SendFault."""
    ready.require_cleared(now)
    return way.send(ready.out, timeout=timeout)
