"""Every read of delivery: what waits, what went, and how the ways out are doing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, Count, Q, QuerySet, When

from toli.audit.queries import refs_touched
from toli.delivery.channels import BOT
from toli.delivery.limits import allowances, key_of, places_left, quiet_ends
from toli.delivery.models import Account, Budget, Message, Post, ProviderRest
from toli.elections import queries as elections
from toli.kit import secrets
from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access, paths
from toli.org.models import Appointment, Duty, Handle, Membership, SignInHelp, Unit
from toli.people.models import ContactPoint, Person

State = Message.State
MANY = 1_000_000
"""As good as no limit: for a way without an allowance."""


def resting(now: datetime) -> frozenset[str]:
    """Providers that failed just now: asked second."""
    return frozenset(ProviderRest.objects.filter(rests_until__gt=now).values_list("name", flat=True))


def outbox(actor: Actor, *, state: str = "", template: str = "") -> QuerySet[Message]:
    """Messages to people at home where the actor may look, newest first. No name, no number. Raises NotFound."""
    if not access.may_anywhere(actor, "delivery.view"):
        raise NotFound
    scope = access.visible(actor, "delivery.view")
    rows = Message.objects.select_related("unit").order_by("-created_at", "-id")
    if not scope.everywhere:
        here = Membership.objects.filter(scope.q("unit__path"), valid_to=None).values("person_id")
        rows = rows.filter(Q(person_id__in=here) | scope.q("unit__path"))
    rows = rows.filter(state=state) if state in State.values else rows
    return rows.filter(template=template) if template else rows


def get_message(*, actor: Actor, ref: UUID, right: str, lock: bool = False) -> Message:
    """A message of the outbox where the actor may look. Raises NotFound or NeedsSecondFactor."""
    rows = outbox(actor).filter(ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound
    access.require_second_factor(actor, right)
    return found


def counts(actor: Actor, *, now: datetime) -> Mapping[str, int]:
    """How many messages of the last seven days stand in each state, where the actor may look."""
    recent = outbox(actor).filter(created_at__gte=now - timedelta(days=7)).order_by()
    found = {row["state"]: row["n"] for row in recent.values("state").annotate(n=Count("id"))}
    return {state: found.get(state, 0) for state in State.values}


@dataclass(frozen=True, slots=True)
class Health:
    """One way out as the desk shows it."""

    channel: str
    name: str
    is_local: bool
    resting_until: datetime | None
    last_failure: str


def get_account(*, actor: Actor, ref: UUID, right: str = "delivery.view", lock: bool = False) -> Account:
    """One official account Toli posts to, where the actor has the right. Raises NotFound or NeedsSecondFactor."""
    rows = Account.objects.select_related("handle__unit").filter(
        access.visible(actor, right).q("handle__unit__path"), ref=ref
    )
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound
    access.require_second_factor(actor, right)
    return found


def accounts_seen(actor: Actor) -> QuerySet[Account]:
    """The accounts of the units I look after. Raises NotFound for who may not look anywhere."""
    if not access.may_anywhere(actor, "delivery.view"):
        raise NotFound
    rows = Account.objects.select_related("handle__unit").filter(
        access.visible(actor, "delivery.view").q("handle__unit__path")
    )
    return rows.order_by("provider", "id")


def get_post(*, actor: Actor, ref: UUID, lock: bool = False) -> Post:
    """One post of an account the actor may see. Raises NotFound."""
    rows = Post.objects.select_related("account__handle__unit").filter(
        access.visible(actor, "delivery.view").q("account__handle__unit__path"), ref=ref
    )
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound
    return found


def posts_of(account: Account) -> QuerySet[Post]:
    """What was asked to be posted there: what somebody must look at first, then the newest."""
    first = Case(When(state=Post.State.UNSURE, then=0), When(reason="by_hand", then=1), default=2)
    return account.posts.order_by(first, "-created_at", "-id")


def hashes_posted(refs: Collection[UUID]) -> set[str]:
    """Hashes of what these posts carried, of those that stand at their provider."""
    rows = Post.objects.filter(ref__in=list(refs), state=Post.State.POSTED)
    return set(rows.values_list("subject_hash", flat=True))


def post_counts(accounts: QuerySet[Account], *, now: datetime) -> Mapping[tuple[int, str], int]:
    """How many posts of the last seven days stand in each state, by account."""
    recent = Post.objects.filter(account__in=accounts, created_at__gte=now - timedelta(days=7))
    rows = recent.order_by().values("account_id", "state").annotate(n=Count("id"))
    return {(row["account_id"], row["state"]): row["n"] for row in rows}


def rests() -> Mapping[str, ProviderRest]:
    """Ways and accounts that failed, by name."""
    return {rest.name: rest for rest in ProviderRest.objects.all()}


def spent() -> Mapping[str, Budget]:
    """The allowances of ways and accounts, by key; those of persons are nobody's business here."""
    return {row.key: row for row in Budget.objects.exclude(key__startswith="person:")}


def handles_without_key(actor: Actor) -> QuerySet[Handle]:
    """Declared accounts that Toli has no key of, where the actor may give one."""
    connected = Account.objects.exclude(state=Account.State.AWAY).values("handle_id")
    rows = Handle.objects.select_related("unit").filter(
        access.visible(actor, "delivery.connect").q("unit__path"), state=Handle.State.VERIFIED
    )
    return rows.exclude(pk__in=connected).order_by("platform", "handle")


def person_at(*, kind: str, address: str) -> Person | None:
    """Whose chat or browser this is."""
    index = secrets.blind_index(address, context=kind)
    point = ContactPoint.objects.select_related("person").filter(kind=kind, index=index, valid_to=None).first()
    return point.person if point else None


def number_of(person: Person) -> str:
    """The person's number, to stop it at their own word; empty where there is none."""
    point = ContactPoint.objects.filter(person=person, kind="phone", valid_to=None).first()
    return secrets.decrypt(point.cipher, point.key_version, context="phone") if point else ""


def places_now(channel: str, *, now: datetime) -> int:
    """How many messages of a way may go at this moment; none in the quiet hours or while a provider asked for rest."""
    if quiet_ends(now) is not None:
        return 0
    rules = [one for one in allowances(channel, now) if one.per in ("way", "account")]
    keys = {key_of(one, account=BOT): one for one in rules}
    rows = {row.key: row for row in Budget.objects.filter(key__in=keys)}
    if any(row.rests_until and row.rests_until > now for row in rows.values()):
        return 0
    return min((places_left(rule, rows.get(key), now) for key, rule in keys.items()), default=MANY)


def health(now: datetime) -> list[Health]:
    """Each way to persons that this deployment has, and whether it rests after failures."""
    from toli.delivery import routes

    seen = rests()
    found = [
        (channel, way) for channel in ("sms", "voice", "push", "email", "telegram") for way in routes.ways(channel, now)
    ]
    return [_health(channel, way.name, way.is_local, seen.get(way.name), now) for channel, way in found]


def _health(channel: str, name: str, is_local: bool, rest: ProviderRest | None, now: datetime) -> Health:
    until = rest.rests_until if rest and rest.rests_until and rest.rests_until > now else None
    return Health(channel, name, is_local, until, rest.last_failure if rest and until else "")


def open_offers(record_ids: Collection[int]) -> list[Appointment]:
    """The seats these records offered, where the offer still waits for an answer."""
    rows = Appointment.objects.filter(ref__in=refs_touched(record_ids), state=Appointment.State.OFFERED)
    return list(rows.select_related("seat__unit", "person__holder__login"))


def helps_in(record_ids: Collection[int]) -> list[SignInHelp]:
    """The requests for help to sign in that these records are about."""
    rows = SignInHelp.objects.filter(ref__in=refs_touched(record_ids))
    return list(rows.select_related("person__holder__login", "old_contact"))


def outsiders_in_teams(seat: Unit) -> list[int]:
    """Person ids of those who sit in a team of this constituency or below and said that they do not vote there."""
    lo, hi = paths.subtree(seat.path)
    held = Appointment.objects.filter(
        state=Appointment.State.ACCEPTED, person_id__in=elections.outsiders(seat.pk), seat__closed_at=None,
        seat__unit__path__gte=lo, seat__unit__path__lt=hi,
    )  # fmt: skip
    return sorted(set(held.values_list("person_id", flat=True)))


@dataclass(frozen=True, slots=True)
class Moved:
    """How many waiting appeals other hours hold that did not hold them before, set free, or hold to another end."""

    held: int = 0
    freed: int = 0
    moved: int = 0


# When each appeal would go if no law held it, against the silence as it stands and as it would stand.
WEIGH = """
WITH waiting AS (
    SELECT CASE WHEN reason LIKE 'law:%%' THEN %(now)s::timestamptz
                ELSE greatest(next_try_at, %(now)s::timestamptz) END AS goes
    FROM delivery_message WHERE state = 'waiting' AND kind = 'appeal' AND unit_id = %(unit)s
), judged AS (
    SELECT coalesce(goes >= %(old_from)s::timestamptz AND goes < %(old_to)s::timestamptz, false) AS before,
           coalesce(goes >= %(new_from)s::timestamptz AND goes < %(new_to)s::timestamptz, false) AS after
    FROM waiting
)
SELECT count(*) FILTER (WHERE after AND NOT before), count(*) FILTER (WHERE before AND NOT after),
       count(*) FILTER (WHERE after AND before AND %(old_to)s::timestamptz IS DISTINCT FROM %(new_to)s::timestamptz)
FROM judged
"""
Hours = tuple[datetime, datetime] | None


def weigh(unit_id: int, old: Hours, new: Hours, *, now: datetime) -> Moved:
    """What other silence hours would do to the appeals that wait for a constituency. One statement."""
    (old_from, old_to), (new_from, new_to) = old or (None, None), new or (None, None)
    values: dict[str, Any] = {
        "unit": unit_id, "now": now, "old_from": old_from, "old_to": old_to, "new_from": new_from, "new_to": new_to,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(WEIGH, values)
        return Moved(*cursor.fetchone())


def off_duty(now: datetime) -> Q:
    """Messages to people who are not on duty, and to those who are no person yet."""
    return ~Q(person__in=Duty.objects.filter(until__gt=now).values("person")) | Q(person=None)
