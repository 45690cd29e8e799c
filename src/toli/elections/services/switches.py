"""A rule of law is switched for a whole deployment by two persons, and off only after a wait. Nobody overrides one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.elections import queries
from toli.elections.law import switchable
from toli.elections.models import RuleSwitch, State
from toli.elections.services.by_two import require_another, take_off
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, WrongState

OFF_AFTER: Final = timedelta(hours=72)
"""Longer than any silence: a rule cannot be switched off in the night it is in the way."""
SHORTEST_REASON: Final = 15


@transaction.atomic
def propose_switch(*, actor: Actor, rule: str, off: bool, reason: str, now: datetime) -> RuleSwitch:
    """Ask to switch a rule off; or switch one on again, which holds at once and needs nobody else.

    Raises NotFound, NeedsSecondFactor, BadInput (no such rule, no reason, another waits) or WrongState.
    """
    queries.require_switch(actor)
    if rule not in switchable():
        raise BadInput(_("This rule cannot be switched."))
    if len(reason.strip()) < SHORTEST_REASON:
        raise BadInput(fields={"reason": _("Say whose advice this is and why, in a sentence.")})
    live = RuleSwitch.objects.select_for_update().filter(rule=rule, state=State.LIVE).first()
    if off == (live is not None and live.off):
        raise WrongState(_("This is how the rule stands already."))
    if off and RuleSwitch.objects.filter(rule=rule, state=State.PROPOSED).exists():
        raise BadInput(_("Another person has asked for this already; it waits for its second signature."))
    switch = RuleSwitch(
        rule=rule, off=off, state=State.PROPOSED, reason=reason.strip(), proposed_by_id=actor.person_id, proposed_at=now
    )
    if off:
        switch.save(force_insert=True)
        audit.record(actor, "elections.switch_proposed", switch, data={"rule": rule, "reason": switch.reason})
        return switch
    _replace(rule)
    switch.state, switch.holds_from = State.LIVE, now
    switch.save(force_insert=True)
    audit.record(actor, "elections.rule_switched_on", switch, data={"rule": rule, "reason": switch.reason})
    return switch


@transaction.atomic
def confirm_switch(*, actor: Actor, ref: UUID, now: datetime) -> RuleSwitch:
    """The second person signs: the rule is off from 72 hours later. Raises NotFound, NeedsSecondFactor, NotAllowed."""
    switch = queries.get_switch(actor=actor, ref=ref, lock=True)
    require_another(actor, switch)
    _replace(switch.rule)
    switch.state, switch.decided_by_id, switch.decided_at = State.LIVE, actor.person_id, now
    switch.holds_from = now + OFF_AFTER
    switch.save()
    audit.record(actor, "elections.rule_switched_off", switch, data={"rule": switch.rule, "reason": switch.reason})
    return switch


@transaction.atomic
def refuse_switch(*, actor: Actor, ref: UUID, now: datetime) -> RuleSwitch:
    """Take the request off the table; the proposer may do that too. Raises NotFound or NeedsSecondFactor."""
    switch = queries.get_switch(actor=actor, ref=ref, lock=True)
    take_off(switch, actor=actor, now=now)
    audit.record(actor, "elections.switch_refused", switch, data={"rule": switch.rule})
    return switch


def _replace(rule: str) -> None:
    RuleSwitch.objects.filter(rule=rule, state=State.LIVE).update(state=State.REPLACED)
