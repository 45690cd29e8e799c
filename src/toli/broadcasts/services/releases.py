"""A release is made, changed, approved by another person, withdrawn."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.broadcasts import queries, rules
from toli.broadcasts.audience import Plan
from toli.broadcasts.models import Release
from toli.content.models import Item, Sheet
from toli.kit.actor import Actor
from toli.kit.errors import WrongState
from toli.org import access
from toli.org import services as org


@transaction.atomic
def make_release(*, actor: Actor, thing: Item | Sheet, plan: Plan, now: datetime) -> Release:
    """Plan to publish an item or a sheet; another person approves it. Raises NotAllowed, NotFound, BadInput or
    LimitReached."""
    access.require(actor, "broadcasts.release", thing.unit)
    rules.check_plan(plan, queries.scope_units(actor, plan.scope), now=now)
    rules.check_room(queries.releases_not_over(thing.unit, now=now))
    release = Release(unit=thing.unit, made_by_id=actor.person_id, made_at=now)
    release.item, release.sheet = (thing, None) if isinstance(thing, Item) else (None, thing)
    _put(release, plan, thing.ref)
    release.save(force_insert=True)
    audit.record(actor, "broadcasts.release_made", release, unit=release.unit, data={"hash": release.hash})
    _note(actor, now)
    return release


def _put(release: Release, plan: Plan, thing: UUID) -> None:
    release.scope, release.channels = sorted(set(plan.scope)), sorted(set(plan.channels))
    for name in ("tier", "starts_at", "ends_at", "quota"):
        setattr(release, name, getattr(plan, name))
    release.hash = plan.hash(thing)
    release.state = Release.State.SUBMITTED
    release.approved_by_id, release.approved_hash, release.approved_at = None, "", None


@transaction.atomic
def change_release(*, actor: Actor, ref: UUID, plan: Plan, now: datetime) -> Release:
    """Another audience, channel or time: the approval was for the old one and is gone at once."""
    release = queries.get_release(actor=actor, ref=ref, right="broadcasts.release", lock=True)
    rules.check_live(release)
    if queries.is_broadcast(release):
        raise WrongState(_("A broadcast is not changed. Cancel it and plan another."))
    rules.check_plan(plan, queries.scope_units(actor, plan.scope), now=now)
    thing = release.item or release.sheet
    assert thing is not None
    if plan.hash(thing.ref) == release.hash:
        return release
    _put(release, plan, thing.ref)
    release.made_by_id, release.made_at = actor.person_id, now
    release.save()
    audit.record(actor, "broadcasts.release_changed", release, unit=release.unit, data={"hash": release.hash})
    _note(actor, now)
    return release


@transaction.atomic
def approve_release(*, actor: Actor, ref: UUID, seen_hash: str, now: datetime) -> Release:
    """Say yes to the audience, channels and time that were seen. The approver needs the whole audience in charge.

    Raises NotFound, NeedsSecondFactor, WrongState when it changed since, NotAllowed for one's own.
    """
    release = queries.get_release(actor=actor, ref=ref, right="broadcasts.release", lock=True)
    queries.scope_units(actor, release.scope)
    rules.check_approvable(release, seen_hash=seen_hash, by=actor.person_id)
    release.state, release.approved_hash = Release.State.APPROVED, release.hash
    release.approved_by_id, release.approved_at = actor.person_id, now
    release.save()
    audit.record(actor, "broadcasts.release_approved", release, unit=release.unit, data={"hash": release.hash})
    _note(actor, now)
    return release


@transaction.atomic
def withdraw_release(*, actor: Actor, ref: UUID, now: datetime) -> Release:
    """Stop publishing. Needs no second factor: haste is lawful here."""
    release = queries.get_release(actor=actor, ref=ref, right="content.write", lock=True)
    rules.check_live(release)
    release.state, release.withdrawn_at = Release.State.WITHDRAWN, now
    release.save(update_fields=["state", "withdrawn_at"])
    audit.record(actor, "broadcasts.release_withdrawn", release, unit=release.unit, data={"hash": release.hash})
    _note(actor, now)
    return release


def _note(actor: Actor, now: datetime) -> None:
    if actor.person_id is not None:
        org.note_act(person_id=actor.person_id, now=now)
