"""The rules of law as this deployment has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from toli.elections.law import Rule, rules_on
from toli.elections.models import RuleSwitch
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.errors import NotFound
from toli.org import access

RIGHT = "elections.rules"


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule as the desk shows it. `switch` is the row in force, `proposed` one that waits for its second person."""

    rule: Rule
    switch: RuleSwitch | None
    proposed: RuleSwitch | None
    is_off: bool

    @property
    def can_switch(self) -> bool:
        return bool(self.rule.switch) and not self.rule.follows

    @property
    def goes_off(self) -> bool:
        """Signed by two, and waiting for its hour."""
        return self.switch is not None and self.switch.off and not self.is_off


def rule_lines(*, now: datetime) -> list[RuleLine]:
    """Every rule of the packs, by its number in the law sheet, with what this deployment decided on it."""
    rows = RuleSwitch.objects.filter(state__in=["live", "proposed"])
    live, proposed = ({row.rule: row for row in rows if row.state == state} for state in ("live", "proposed"))
    return [
        RuleLine(rule, live.get(rule.switch), proposed.get(rule.id), is_off(live.get(rule.switch), now))
        for rule in rules_on(local_day(now))
    ]


def is_off(switch: RuleSwitch | None, now: datetime) -> bool:
    return switch is not None and switch.off and switch.holds_from is not None and switch.holds_from <= now


def rules_switched_off(*, now: datetime) -> list[Rule]:
    """The rules this deployment does without, for a line on the calendar."""
    return [line.rule for line in rule_lines(now=now) if line.is_off]


def get_switch(*, actor: Actor, ref: UUID, lock: bool = False) -> RuleSwitch:
    """A switch that waits for its second person. Raises NotFound or NeedsSecondFactor."""
    require_switch(actor)
    rows = RuleSwitch.objects.filter(ref=ref, state="proposed")
    found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NotFound
    return found


def require_switch(actor: Actor) -> None:
    """Raises NotFound or NeedsSecondFactor unless the actor may switch rules of law."""
    if not access.may_anywhere(actor, RIGHT):
        raise NotFound
    access.require_second_factor(actor, RIGHT)
