"""Sessions and phones of one person: noted as they come in, listed, ended one by one or all at once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from toli.accounts import queries
from toli.accounts.models import Device, Holder
from toli.accounts.services.holders import end_sessions
from toli.audit.services import record
from toli.kit.actor import Actor
from toli.kit.errors import NotFound


def note_entry(*, session_key: str, holder_id: int, now: datetime) -> None:
    """Say whose session this is: a number may have five people, and each sees only their own."""
    UserSession.objects.filter(session_key=session_key).update(data={"holder": holder_id}, last_seen_at=now)


def note_seen(*, session_key: str, now: datetime) -> None:
    UserSession.objects.filter(session_key=session_key).update(last_seen_at=now)


@transaction.atomic
def end_entry(*, actor: Actor, holder: Holder, entry_id: int) -> None:
    """End one session of this person, from its next request on. Raises NotFound."""
    found = queries.entry(holder=holder, entry_id=entry_id)
    if found is None:
        raise NotFound
    Session.objects.filter(session_key=found.session_key).delete()
    UserSession.objects.filter(pk=found.pk).delete()
    record(actor, "accounts.ended_session", holder)


@transaction.atomic
def end_trust(*, actor: Actor, holder: Holder, ref: UUID) -> None:
    """Let a phone open with the PIN no more: it asks a code again. Raises NotFound."""
    mine = Device.objects.filter(ref=ref, holder=holder, trusted_until__isnull=False)
    if not mine.update(trusted_until=None):
        raise NotFound
    record(actor, "accounts.ended_trust", holder)


@transaction.atomic
def end_everywhere(*, actor: Actor, holder: Holder, now: datetime) -> None:
    """Sign this person out of every session and phone. The others of the number stay where they are."""
    end_sessions(actor=actor, holder_id=holder.pk, now=now)
    rows = UserSession.objects.filter(user_id=holder.login_id, data__holder=holder.pk)
    Session.objects.filter(session_key__in=rows.values("session_key")).delete()
    rows.delete()
