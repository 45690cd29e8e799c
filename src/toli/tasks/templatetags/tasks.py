"""Tags of the pages of tasks."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.template import Context

from toli.org import access
from toli.tasks import rules
from toli.tasks.models import Assignment

register = template.Library()

_TONES = {"verified": "good", "done": "good", "returned": "bad", "withdrawn": "none", "handed_in": "warn"}
State = Assignment.State


@register.filter
def tone(state: str) -> str:
    """The colour of a state's tag; its word says the same."""
    return f"tag-{_TONES[state]}" if state in _TONES else ""


@register.filter
def is_late(assignment: Assignment, now: datetime) -> bool:
    return rules.is_late(assignment, now=now)


@register.simple_tag(takes_context=True)
def acts_for(context: Context, assignment: Assignment) -> set[str]:
    """What this person may do about the share now: verify, remind, withdraw, hand_in_for. The services decide."""
    actor = context["request"].actor
    return {act for act, right in _RIGHTS.items() if _fits(assignment, act, actor.person_id) and access.may(
        actor, right, assignment.unit, assignment.wing_id
    )}  # fmt: skip


_RIGHTS = {
    "verify": "tasks.verify", "remind": "tasks.verify", "withdraw": "tasks.give", "hand_in_for": "tasks.hand_in_for",
}  # fmt: skip
_STATES = {
    "verify": {State.HANDED_IN},
    "remind": {State.GIVEN, State.ACCEPTED, State.RETURNED},
    "withdraw": {State.GIVEN, State.ACCEPTED, State.RETURNED, State.HANDED_IN},
    "hand_in_for": {State.GIVEN, State.ACCEPTED, State.RETURNED},
}


def _fits(assignment: Assignment, act: str, person_id: int | None) -> bool:
    if not assignment.is_work or assignment.state not in _STATES[act]:
        return False
    return act != "verify" or person_id not in rules.hands_on(assignment)
