"""The official accounts Toli may post to: their keys, and how those are."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from toli.accounts import queries as accounts
from toli.audit import services as audit
from toli.delivery import queries, routes
from toli.delivery.limits import posting_rules
from toli.delivery.models import Account
from toli.delivery.providers import SendFault, Standing
from toli.delivery.providers.http import is_this_machine
from toli.delivery.services.queueing import queue
from toli.kit import secrets
from toli.kit.actor import Actor, SystemActor
from toli.kit.dates import datetime_text
from toli.kit.errors import BadInput, WrongState
from toli.org import queries as org
from toli.org.models import Handle
from toli.people.models import Person

State = Account.State
AT_ONCE = 20


@transaction.atomic
def connect_account(
    *, actor: Actor, handle_ref: UUID, external_id: str, token: str, address: str = "", permission: str = "",
    now: datetime,
) -> Account:  # fmt: skip
    """Give Toli the key of a declared account, or a newer one. Raises NotFound, NeedsSecondFactor, WrongState or
    BadInput. An account that is not declared, or that nobody operates, has no key here (domain rule 12).
    """
    handle = org.get_handle(actor=actor, ref=handle_ref, right="delivery.connect", lock=True)
    provider = routes.provider_of(handle.platform)
    _check_declared(handle)
    _check_key(provider, external_id.strip(), token.strip(), address.strip(), permission.strip())
    sealed = secrets.encrypt(token.strip(), context="account")
    taken = Account.objects.filter(provider=provider, external_id=external_id.strip()).exclude(handle=handle)
    if taken.exists():
        raise BadInput(fields={"external_id": _("Another declared account has this id.")})
    account, _made = Account.objects.update_or_create(
        handle=handle,
        defaults={
            "provider": provider, "external_id": external_id.strip(), "address": address.strip(),
            "cipher": sealed.cipher, "key_version": sealed.key_version, "permission": permission.strip(),
            "state": State.WORKS, "ends_at": None, "checked_at": None, "last_fault": "",
            "connected_by_id": actor.person_id, "connected_at": now,
        },
    )  # fmt: skip
    data = {"platform": handle.platform, "handle": handle.handle}
    audit.record(actor, "delivery.account_connected", account, unit=handle.unit, data=data)
    return account


def _check_declared(handle: Handle) -> None:
    if handle.state != Handle.State.VERIFIED:
        raise WrongState(_("Two persons must have declared this account first."))
    if not org.operators_of(handle).exists():
        raise WrongState(_("Name who operates this account first: nothing is posted in nobody's name."))


def _check_key(provider: str, external_id: str, token: str, address: str, permission: str) -> None:
    if provider == "whatsapp" and len(permission) < 10:
        raise WrongState(
            _("WhatsApp keeps parties out. Record the platform's written permission: its number, date and who signed.")
        )
    if provider != "whatsapp" and not routes.is_listed(provider):
        raise WrongState(_("Toli cannot post to this platform."))
    faults = {}
    if not external_id or len(external_id) > 100:
        faults["external_id"] = _("Give the account's id as the platform numbers it.")
    if not token or len(token) > 4000 or not token.isascii():
        faults["token"] = _("Give the key as the platform shows it.")
    here = accounts.is_demo() and is_this_machine(address)
    if provider == "webhook" and not address.startswith("https://") and not here:
        faults["address"] = _("Give the address of the site with https.")
    if faults:
        raise BadInput(fields=faults)


@transaction.atomic
def take_account_away(*, actor: Actor, ref: UUID, now: datetime) -> Account:
    """Toli posts there no more and forgets the key; what waits is held back. Twice answers the same. Raises NotFound
    or NeedsSecondFactor.
    """
    account = queries.get_account(actor=actor, ref=ref, right="delivery.connect", lock=True)
    if account.state != State.AWAY:
        account.state, account.cipher, account.key_version = State.AWAY, None, None
        account.save(update_fields=["state", "cipher", "key_version"])
        handle = account.handle
        audit.record(actor, "delivery.account_taken_away", account, unit=handle.unit, data={"handle": handle.handle})
    return account


def watch_keys(*, now: datetime) -> int:
    """Ask each platform whether our key still opens the account, and tell its operators before it ends. How many."""
    before = now - posting_rules(now).look_every
    rows = Account.objects.filter(Q(checked_at=None) | Q(checked_at__lte=before)).exclude(state=State.AWAY)
    found = list(rows.select_related("handle__unit").order_by("checked_at")[:AT_ONCE])
    for account in found:
        _look(account, now)
    return len(found)


def _look(account: Account, now: datetime) -> None:
    """No transaction is open while a platform is asked."""
    try:
        standing = routes.publisher(account).standing(account.external_id, timeout=posting_rules(now).timeout)
    except SendFault as fault:
        if fault.reason in ("not_authorised", "no_key"):
            close_key(account, fault.reason, now=now)
        else:
            note_fault(account, fault.reason, now=now)
        return
    except secrets.SecretsError:
        close_key(account, "no_key", now=now)
        return
    _note_standing(account, standing, now)


@transaction.atomic
def _note_standing(account: Account, standing: Standing, now: datetime) -> None:
    rules = posting_rules(now)
    ends = standing.expires_at
    soon = ends is not None and ends <= now + rules.tell_before
    state = State.ENDING if soon else State.WORKS
    Account.objects.filter(pk=account.pk).exclude(state=State.AWAY).update(
        state=state, ends_at=ends, left_today=standing.left_today, checked_at=now
    )
    if ends is None or not soon:
        return
    if Account.objects.filter(Q(told_for=None) | ~Q(told_for=ends), pk=account.pk).update(told_for=ends):
        data = {"handle": account.handle.handle, "until": ends.isoformat()}
        audit.record(_ACTOR, "delivery.key_ends", account, unit=account.handle.unit, data=data)
        _tell_operators(account, "channel_key_ends", f"{ends.isoformat()}", ends, now)


_ACTOR = SystemActor(request_id="delivery.keys")


@transaction.atomic
def close_key(account: Account, reason: str, *, now: datetime) -> None:
    """The key opens nothing: what waits there waits for a new one, and its operators hear of it once."""
    rows = Account.objects.filter(pk=account.pk, state__in=[State.WORKS, State.ENDING])
    if rows.update(state=State.CLOSED, last_fault=reason, last_fault_at=now, checked_at=now):
        data = {"handle": account.handle.handle}
        audit.record(_ACTOR, "delivery.key_closed", account, unit=account.handle.unit, data=data)
        _tell_operators(account, "channel_key_closed", f"{account.connected_at.isoformat()}", now, now)
    else:
        Account.objects.filter(pk=account.pk).update(checked_at=now)


def note_fault(account: Account, reason: str, *, now: datetime) -> None:
    """What went wrong there last, for the desk."""
    Account.objects.filter(pk=account.pk).update(last_fault=reason, last_fault_at=now, checked_at=now)


def _tell_operators(account: Account, template: str, about: str, until: datetime, now: datetime) -> None:
    for person in _operators(account):
        language = person.holder.login.language if person.holder else "hi"
        params = {
            "account": account.handle.handle, "until": datetime_text(until, language),
            "link": f"{settings.PUBLIC_URL}/desk/channels/",
        }  # fmt: skip
        queue(
            template=template,
            person=person,
            key=f"{template}:{account.ref}:{about}:{person.pk}",
            params=params,
            now=now,
        )


def _operators(account: Account) -> list[Person]:
    rows = org.operators_of(account.handle).select_related("person__holder__login")
    return [row.person for row in rows]
